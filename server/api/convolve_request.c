#include "api/convolve_call.h"

#include "api/members.h"
#include "api/problem.h"

#include <stdio.h>
#include <string.h>

static cvs_status read_layer(convolve_call *call) {
    cvs_error *err = &call->json.error;
    const json_t *layer = members_get(call->json.root, "layer");
    if (!layer) {
        return cvs_fail(err, CVS_INVALID, "layer-missing", "/layer",
                        "Which layer? Add \"layer\", e.g. \"Conv2D(8, 3)\".");
    }
    cvs_framework framework;
    cvs_status status = framework_read(&call->json, &framework);
    return status == CVS_OK ? layer_read(&call->json, layer, &call->c.at, framework, &call->c.reading) : status;
}

static cvs_status read_algorithm(convolve_call *call) {
    const char *word = "auto";
    cvs_error *err = &call->json.error;
    cvs_status status = members_string(call->json.root, "", "algorithm", &word, err);
    return status == CVS_OK ? convolve_set_algorithm(&call->c, word, err) : status;
}

static cvs_status read_encoding(convolve_call *call) {
    static const char *const known[] = {"encoding", NULL};
    cvs_error *err = &call->json.error;
    const json_t *output = members_get(call->json.root, "output");
    if (!output) return CVS_OK;
    const char *word = "json";
    int choice;
    cvs_status status = members_check(output, "/output", known, err);
    if (status == CVS_OK) status = members_string(output, "/output", "encoding", &word, err);
    if (status == CVS_OK)
        status = members_choice(word, "/output/encoding", tensor_encoding_names, "unknown-encoding", &choice, err);
    if (status == CVS_OK) call->c.encoding = (tensor_encoding)choice;
    return status;
}

/* ---- the input -------------------------------------------------------------------- */

static cvs_status open_input(convolve_call *call) {
    cvs_error *err = &call->json.error;
    const json_t *input = members_get(call->json.root, "input");
    if (multipart_find(call->parts, "input")) return convolve_open_input_part(call);
    if (!input) {
        return cvs_fail(err, CVS_INVALID, "input-missing", "/input",
                        "What goes in? Add \"input\": nested arrays, or {\"shape\": [...], \"data\": [...]}.");
    }
    cvs_status status = tensor_open(input, &call->json.lifted, &call->c.input.source, err);
    if (status == CVS_OK && !call->c.input.source.has_shape) {
        status = cvs_fail(err, CVS_INVALID, "shape-missing", "", "A random input needs a \"shape\".");
    }
    if (status != CVS_OK) cvs_error_prefix(err, "/input");
    return status;
}

static cvs_status infer(convolve_call *call) {
    layer_place *at = &call->c.at;
    const tensor_form form = call->c.input.source.form;
    at->input_has_sizes = form != TENSOR_NESTED && form != TENSOR_BYTES;
    if (at->input_has_sizes) at->input_shape = "/input/shape";
    return convolve_infer(&call->c, &call->json.error);
}

/* ---- which maps and which cell ------------------------------------------------------ */

static int64_t filter_count(const convolve_call *call) {
    const cvs_tensor_shape *output = &call->c.inference.output;
    return output->shape.dim[convolve_filter_axis(output)];
}

static cvs_status check_filter(convolve_call *call, int64_t filter, const char *pointer) {
    int64_t count = filter_count(call);
    if (filter >= 0 && filter < count) return CVS_OK;
    cvs_error *err = &call->json.error;
    (void)cvs_fail(err, CVS_INVALID, "no-such-filter", pointer,
                   "There is no filter %lld: the layer has %lld, counted from 0.", (long long)filter, (long long)count);
    cvs_fail_value(err, "%lld", (long long)filter);
    cvs_fail_expected(err, "0 to %lld", (long long)count - 1);
    return CVS_INVALID;
}

static cvs_status read_filter(convolve_call *call, const json_t *json, size_t index, int64_t *out) {
    char pointer[32];
    snprintf(pointer, sizeof pointer, "/filters/%zu", index);
    if (!json_is_integer(json)) return members_wrong_type(json, pointer, "a filter's number", &call->json.error);
    *out = json_integer_value(json);
    return check_filter(call, *out, pointer);
}

static cvs_status read_filters(convolve_call *call) {
    cvs_error *err = &call->json.error;
    const json_t *filters = NULL;
    cvs_status status = members_array(call->json.root, "", "filters", &filters, err);
    if (status != CVS_OK || !filters) return status;
    call->filter_count = json_array_size(filters);
    if (call->filter_count > (uint64_t)filter_count(call)) {
        return cvs_fail(err, CVS_INVALID, "too-many-filters", "/filters",
                        "%zu maps are asked for, the layer has %lld filters.", call->filter_count,
                        (long long)filter_count(call));
    }
    int64_t *list = cvs_arena_alloc(&call->json.arena, call->filter_count * sizeof *list);
    if (!list) return problem_no_memory(err);
    for (size_t i = 0; i < call->filter_count && status == CVS_OK; i++) {
        status = read_filter(call, json_array_get(filters, i), i, &list[i]);
    }
    call->filters = list;
    return status;
}

static cvs_status check_sample(convolve_call *call) {
    int64_t samples = call->c.inference.output.shape.dim[0];
    if (call->trace.sample >= 0 && call->trace.sample < samples) return CVS_OK;
    return cvs_fail(&call->json.error, CVS_INVALID, "no-such-sample", "/trace/sample",
                    "There is no sample %lld: the input has %lld, counted from 0.", (long long)call->trace.sample,
                    (long long)samples);
}

static cvs_status read_trace(convolve_call *call) {
    static const char *const known[] = {"cell", "filter", "sample", NULL};
    cvs_error *err = &call->json.error;
    const json_t *trace = members_get(call->json.root, "trace");
    if (!trace) return CVS_OK;
    cvs_status status = members_check(trace, "/trace", known, err);
    if (status != CVS_OK) return status;
    const json_t *cell = members_get(trace, "cell");
    if (!cell) {
        return cvs_fail(err, CVS_INVALID, "cell-missing", "/trace/cell",
                        "Which output cell? Add \"cell\", its position along each spatial axis.");
    }
    call->trace.wanted = true;
    status = members_positions(cell, "/trace/cell", call->trace.cell, CVS_MAX_SPATIAL, &call->trace.cell_rank, err);
    if (status == CVS_OK) status = members_int(trace, "/trace", "filter", &call->trace.filter, err);
    if (status == CVS_OK) status = members_int(trace, "/trace", "sample", &call->trace.sample, err);
    if (status == CVS_OK) status = check_filter(call, call->trace.filter, "/trace/filter");
    return status == CVS_OK ? check_sample(call) : status;
}

cvs_status convolve_read(convolve_call *call) {
    cvs_status status = read_layer(call);
    if (status == CVS_OK) status = read_algorithm(call);
    if (status == CVS_OK) status = read_encoding(call);
    if (status == CVS_OK) status = open_input(call);
    if (status == CVS_OK) status = infer(call);
    if (status == CVS_OK) status = read_filters(call);
    if (status == CVS_OK) status = read_trace(call);
    return status;
}
