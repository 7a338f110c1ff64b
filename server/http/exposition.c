#include "http/exposition.h"

/* Microseconds as seconds: "0.000123". */
static void add_seconds(cvs_text *text, uint64_t us) {
    cvs_text_addf(text, "%llu.%06u", (unsigned long long)(us / 1000000), (unsigned)(us % 1000000));
}

void exposition_family(exposition *out, const char *name, exposition_type type, const char *help) {
    static const char *const types[] = {"counter", "gauge", "histogram"};
    const char *suffix = type == EXPOSITION_COUNTER && !out->openmetrics ? "_total" : "";
    out->family = name;
    cvs_text_addf(&out->text, "# HELP %s%s %s\n# TYPE %s%s %s\n", name, suffix, help, name, suffix, types[type]);
}

void exposition_begin(exposition *out, const char *suffix) {
    cvs_text_add(&out->text, out->family);
    cvs_text_add(&out->text, suffix);
    out->labelled = false;
}

/* A backslash stands before a quotation mark, before another and for a line end. */
static void add_escaped(cvs_text *text, const char *value) {
    for (; *value; value++) {
        if (*value == '"' || *value == '\\' || *value == '\n') cvs_text_add(text, "\\");
        cvs_text_append(text, *value == '\n' ? "n" : value, 1);
    }
}

void exposition_label(exposition *out, const char *name, const char *value) {
    cvs_text_addf(&out->text, "%c%s=\"", out->labelled ? ',' : '{', name);
    add_escaped(&out->text, value);
    cvs_text_add(&out->text, "\"");
    out->labelled = true;
}

static void end_labels(exposition *out) { cvs_text_add(&out->text, out->labelled ? "} " : " "); }

void exposition_count(exposition *out, uint64_t value) {
    end_labels(out);
    cvs_text_addf(&out->text, "%llu\n", (unsigned long long)value);
}

void exposition_number(exposition *out, double value) {
    end_labels(out);
    cvs_text_addf(&out->text, "%.15g\n", value);
}

void exposition_counter(exposition *out, const char *name, const char *help, uint64_t value) {
    exposition_family(out, name, EXPOSITION_COUNTER, help);
    exposition_begin(out, "_total");
    exposition_count(out, value);
}

void exposition_gauge(exposition *out, const char *name, const char *help, double value) {
    exposition_family(out, name, EXPOSITION_GAUGE, help);
    exposition_begin(out, "");
    exposition_number(out, value);
}

static void begin_labelled(exposition *out, const char *suffix, const exposition_pair *labels) {
    exposition_begin(out, suffix);
    for (; labels->name; labels++) exposition_label(out, labels->name, labels->value);
}

void exposition_histogram(exposition *out, const exposition_pair *labels, const http_histogram_counts *counts) {
    uint64_t within = 0;
    for (int i = 0; i < HTTP_BUCKETS; i++) {
        within += counts->bucket[i];
        begin_labelled(out, "_bucket", labels);
        exposition_label(out, "le", i < HTTP_BOUNDS ? http_bounds[i].seconds : "+Inf");
        exposition_count(out, within);
    }
    begin_labelled(out, "_sum", labels);
    end_labels(out);
    add_seconds(&out->text, counts->sum_us);
    cvs_text_add(&out->text, "\n");
    begin_labelled(out, "_count", labels);
    exposition_count(out, counts->count);
}

void exposition_end(exposition *out) {
    if (out->openmetrics) cvs_text_add(&out->text, "# EOF\n");
}
