#include "api/convolve.h"

#include "api/members.h"

#include <stdio.h>
#include <string.h>

static cvs_status read_layer(convolution *c) {
    cvs_error *err = &c->call.error;
    const json_t *layer = members_get(c->call.root, "layer");
    if (!layer) {
        return cvs_fail(err, CVS_INVALID, "layer-missing", "/layer",
                        "Which layer? Add \"layer\", e.g. \"Conv2D(8, 3)\".");
    }
    cvs_framework framework;
    cvs_status status = framework_read(&c->call, &framework);
    return status == CVS_OK ? layer_read(&c->call, layer, &c->at, framework, &c->reading) : status;
}

static cvs_status read_algorithm(convolution *c) {
    static const char *const names[] = {"auto", "direct", "im2col", "winograd", NULL};
    const char *word = "auto";
    int choice;
    cvs_error *err = &c->call.error;
    cvs_status status = members_string(c->call.root, "", "algorithm", &word, err);
    if (status == CVS_OK) status = members_choice(word, "/algorithm", names, "unknown-algorithm", &choice, err);
    if (status == CVS_OK) (void)cvs_algorithm_from_name(names[choice], &c->algorithm);
    return status;
}

static cvs_status read_encoding(convolution *c) {
    static const char *const known[] = {"encoding", NULL};
    cvs_error *err = &c->call.error;
    const json_t *output = members_get(c->call.root, "output");
    if (!output) return CVS_OK;
    const char *word = "json";
    int choice;
    cvs_status status = members_check(output, "/output", known, err);
    if (status == CVS_OK) status = members_string(output, "/output", "encoding", &word, err);
    if (status == CVS_OK)
        status = members_choice(word, "/output/encoding", tensor_encoding_names, "unknown-encoding", &choice, err);
    if (status == CVS_OK) c->encoding = (tensor_encoding)choice;
    return status;
}

/* ---- the input -------------------------------------------------------------------- */

static cvs_status open_input(convolution *c) {
    cvs_error *err = &c->call.error;
    const json_t *input = members_get(c->call.root, "input");
    if (!input) {
        return cvs_fail(err, CVS_INVALID, "input-missing", "/input",
                        "What goes in? Add \"input\": nested arrays, or {\"shape\": [...], \"data\": [...]}.");
    }
    cvs_status status = tensor_open(input, &c->input_source, err);
    if (status == CVS_OK && !c->input_source.has_shape) {
        status = cvs_fail(err, CVS_INVALID, "shape-missing", "", "A random input needs a \"shape\".");
    }
    if (status != CVS_OK) cvs_error_prefix(err, "/input");
    return status;
}

static cvs_status infer(convolution *c) {
    c->at.input_has_sizes = c->input_source.form != TENSOR_NESTED;
    if (c->at.input_has_sizes) c->at.input_shape = "/input/shape";
    cvs_error *err = &c->call.error;
    cvs_status status = cvs_infer(&c->reading.layer, &c->input_source.shape, NULL, &c->inference, err);
    if (status != CVS_OK) layer_locate(err, &c->reading, &c->at);
    return status;
}

/* ---- which maps and which cell ------------------------------------------------------ */

static int64_t filter_count(const convolution *c) {
    const cvs_tensor_shape *output = &c->inference.output;
    return output->shape.dim[convolve_filter_axis(output)];
}

static cvs_status check_filter(convolution *c, int64_t filter, const char *pointer) {
    int64_t count = filter_count(c);
    if (filter >= 0 && filter < count) return CVS_OK;
    cvs_error *err = &c->call.error;
    (void)cvs_fail(err, CVS_INVALID, "no-such-filter", pointer,
                   "There is no filter %lld: the layer has %lld, counted from 0.", (long long)filter, (long long)count);
    cvs_fail_value(err, "%lld", (long long)filter);
    cvs_fail_expected(err, "0 to %lld", (long long)count - 1);
    return CVS_INVALID;
}

static cvs_status read_filter(convolution *c, const json_t *json, size_t index, int64_t *out) {
    char pointer[32];
    snprintf(pointer, sizeof pointer, "/filters/%zu", index);
    if (!json_is_integer(json)) return members_wrong_type(json, pointer, "a filter's number", &c->call.error);
    *out = json_integer_value(json);
    return check_filter(c, *out, pointer);
}

static cvs_status read_filters(convolution *c) {
    cvs_error *err = &c->call.error;
    const json_t *filters = NULL;
    cvs_status status = members_array(c->call.root, "", "filters", &filters, err);
    if (status != CVS_OK || !filters) return status;
    c->filter_count = json_array_size(filters);
    if (c->filter_count > (uint64_t)filter_count(c)) {
        return cvs_fail(err, CVS_INVALID, "too-many-filters", "/filters",
                        "%zu maps are asked for, the layer has %lld filters.", c->filter_count,
                        (long long)filter_count(c));
    }
    int64_t *list = cvs_arena_alloc(&c->call.arena, c->filter_count * sizeof *list);
    if (!list) return cvs_fail(err, CVS_NO_MEMORY, "no-memory", "", "Memory is short; try again later.");
    for (size_t i = 0; i < c->filter_count && status == CVS_OK; i++) {
        status = read_filter(c, json_array_get(filters, i), i, &list[i]);
    }
    c->filters = list;
    return status;
}

static cvs_status check_sample(convolution *c) {
    int64_t samples = c->inference.output.shape.dim[0];
    if (c->trace.sample >= 0 && c->trace.sample < samples) return CVS_OK;
    return cvs_fail(&c->call.error, CVS_INVALID, "no-such-sample", "/trace/sample",
                    "There is no sample %lld: the input has %lld, counted from 0.", (long long)c->trace.sample,
                    (long long)samples);
}

static cvs_status read_trace(convolution *c) {
    static const char *const known[] = {"cell", "filter", "sample", NULL};
    cvs_error *err = &c->call.error;
    const json_t *trace = members_get(c->call.root, "trace");
    if (!trace) return CVS_OK;
    cvs_status status = members_check(trace, "/trace", known, err);
    if (status != CVS_OK) return status;
    const json_t *cell = members_get(trace, "cell");
    if (!cell) {
        return cvs_fail(err, CVS_INVALID, "cell-missing", "/trace/cell",
                        "Which output cell? Add \"cell\", its position along each spatial axis.");
    }
    c->trace.wanted = true;
    status = members_positions(cell, "/trace/cell", c->trace.cell, CVS_MAX_SPATIAL, &c->trace.cell_rank, err);
    if (status == CVS_OK) status = members_int(trace, "/trace", "filter", &c->trace.filter, err);
    if (status == CVS_OK) status = members_int(trace, "/trace", "sample", &c->trace.sample, err);
    if (status == CVS_OK) status = check_filter(c, c->trace.filter, "/trace/filter");
    return status == CVS_OK ? check_sample(c) : status;
}

cvs_status convolve_read(convolution *c) {
    cvs_status status = read_layer(c);
    if (status == CVS_OK) status = read_algorithm(c);
    if (status == CVS_OK) status = read_encoding(c);
    if (status == CVS_OK) status = open_input(c);
    if (status == CVS_OK) status = infer(c);
    if (status == CVS_OK) status = read_filters(c);
    if (status == CVS_OK) status = read_trace(c);
    return status;
}
