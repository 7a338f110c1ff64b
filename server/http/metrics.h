/*
 * metrics.h - what is counted of requests, for GET /metrics (scrape.h).
 *
 * Every CPU counts in memory of its own, so that threads do not take a cache line from each other with every request;
 * reading adds them up. Nothing is locked. What stands in a label is one of a few values known beforehand, whatever
 * clients send: so memory and answers stay small.
 */
#ifndef CONVSCOPE_HTTP_METRICS_H
#define CONVSCOPE_HTTP_METRICS_H

#include "http/histogram.h"

#include <stdbool.h>
#include <stddef.h>

typedef enum http_verb {
    HTTP_VERB_GET = 0,
    HTTP_VERB_HEAD,
    HTTP_VERB_POST,
    HTTP_VERB_OPTIONS,
    HTTP_VERB_OTHER, /* also where a request came to no method */
    HTTP_VERBS
} http_verb;

http_verb http_verb_of(const char *method); /* NULL is HTTP_VERB_OTHER */
/* "GET"; "other". */
const char *http_verb_name(http_verb verb);

/* The statuses that are told apart: those answered here. Others are one. */
enum { HTTP_STATUSES = 23, HTTP_STATUS_CLASSES = 4 };
extern const int http_statuses[HTTP_STATUSES];

/* One request that is over. */
typedef struct http_sample {
    size_t place; /* of its path: an index below the number of places */
    http_verb verb;
    int status; /* 0: there was no answer */
    bool cut;   /* the answer has not gone out as a whole */
    bool queued;
    int64_t duration_us; /* from the end of its request line to that of its answer */
    int64_t queue_us;    /* if it was queued: from then until its turn, or until it was refused */
    uint64_t received;   /* bytes of its body, as they came */
    uint64_t sent;       /* bytes of the answer's body */
    uint64_t macs;       /* multiply-adds computed for it */
} http_sample;

typedef struct http_metrics http_metrics;

/* For paths of so many places, on so many CPUs (more share). NULL when there is no memory. */
http_metrics *http_metrics_create(size_t places, unsigned cpus);
void http_metrics_free(http_metrics *metrics); /* NULL is fine */

/* Any thread. */
void http_metrics_count(http_metrics *metrics, const http_sample *sample);

/* One of many requests in a body, answered with that status after so many multiply-adds; any thread. */
void http_metrics_count_line(http_metrics *metrics, int status, uint64_t macs);

/* ---- reading: any thread, while others count ------------------------------- */

/* The last status stands for those that are not in http_statuses. */
typedef struct http_place_counts {
    uint64_t requests[HTTP_VERBS][HTTP_STATUSES + 1];
    http_histogram_counts duration[HTTP_STATUS_CLASSES]; /* of statuses from 200, 300, 400, 500 on */
    uint64_t received, sent;
    uint64_t unanswered, cut;
} http_place_counts;

void http_metrics_read_place(const http_metrics *metrics, size_t place, http_place_counts *out);

typedef struct http_work_counts {
    http_histogram_counts queued;
    uint64_t lines, bad_lines, macs;
} http_work_counts;

void http_metrics_read_work(const http_metrics *metrics, http_work_counts *out);

#endif
