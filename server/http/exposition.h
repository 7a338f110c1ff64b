/*
 * exposition.h - figures as text for Prometheus: its own format, version 0.0.4, or OpenMetrics 1.0, which differs in
 * the names of families and in its end.
 */
#ifndef CONVSCOPE_HTTP_EXPOSITION_H
#define CONVSCOPE_HTTP_EXPOSITION_H

#include "http/histogram.h"

#include <convscope/base.h>

typedef struct exposition {
    cvs_text text; /* the caller's to free; `failed` says that memory ran out */
    bool openmetrics;
    const char *family; /* the one begun last */
    bool labelled;      /* the sample that was begun has a label */
} exposition;

typedef enum exposition_type { EXPOSITION_COUNTER, EXPOSITION_GAUGE, EXPOSITION_HISTOGRAM } exposition_type;

/* Begin a family: "convscope_http_requests", a counter without the "_total" of its samples. Both texts are static, and
 * `help` has no backslash and no line end in it. */
void exposition_family(exposition *out, const char *name, exposition_type type, const char *help);

/* One sample of the family: its `suffix` ("", "_total", "_bucket"), any number of labels, its value. */
void exposition_begin(exposition *out, const char *suffix);
void exposition_label(exposition *out, const char *name, const char *value);
void exposition_count(exposition *out, uint64_t value);
void exposition_number(exposition *out, double value); /* finite */

/* A family of one sample without labels. */
void exposition_counter(exposition *out, const char *name, const char *help, uint64_t value);
void exposition_gauge(exposition *out, const char *name, const char *help, double value);

/* A label of all samples of one histogram. */
typedef struct exposition_pair {
    const char *name, *value;
} exposition_pair;

/* All samples of a histogram, in seconds, with these labels (NULL in the place of a name ends them). */
void exposition_histogram(exposition *out, const exposition_pair *labels, const http_histogram_counts *counts);

/* After the last family. */
void exposition_end(exposition *out);

#endif
