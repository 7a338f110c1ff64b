/*
 * convolve.c - POST /v1/convolve: a layer with its weights on an input, computed.
 */
#include "api/convolve.h"

#include "api/problem.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

static const char *const convolve_members[] = {"layer",     "framework", "input", "weights", "filters",
                                               "algorithm", "output",    "trace", NULL};
_Static_assert(sizeof convolve_members / sizeof *convolve_members <= CALL_MOST_MEMBERS, "a call has room for them");

/* ---- limits ----------------------------------------------------------------------- */

/* One figure that the request asks for, against its limit. */
typedef struct demand {
    const char *code, *pointer, *what;
    int64_t figure, limit;
} demand;

static cvs_status check_demand(convolution *c, demand d) {
    if (d.figure <= d.limit) return CVS_OK;
    cvs_error *err = &c->call.error;
    (void)cvs_fail(err, CVS_TOO_LARGE, d.code, d.pointer, "%s: %lld; the limit is %lld.", d.what, (long long)d.figure,
                   (long long)d.limit);
    cvs_fail_value(err, "%lld", (long long)d.figure);
    cvs_fail_expected(err, "at most %lld", (long long)d.limit);
    return CVS_TOO_LARGE;
}

static int64_t as_count(size_t size) { return size > INT64_MAX ? INT64_MAX : (int64_t)size; }

/* Where layers without a kernel spend their time: every output reads the inputs that it sees. */
static int64_t count_reads(const convolution *c) {
    const cvs_layer *layer = &c->inference.layer;
    const int first = layer->data_format == CVS_CHANNELS_FIRST ? 2 : 1;
    cvs_receptive_field field;
    int64_t reads = c->output_count;
    cvs_layer_receptive_field(&c->inference, &field);
    for (int i = 0; i < field.rank; i++) {
        const int64_t cells = c->inference.input.shape.dim[first + i];
        if (__builtin_mul_overflow(reads, field.size[i] < cells ? field.size[i] : cells, &reads)) return INT64_MAX;
    }
    return reads;
}

/* Of all samples together; INT64_MAX also stands for more. */
static cvs_status count_macs(convolution *c, int64_t *macs) {
    cvs_cost cost; /* of one sample */
    cvs_status status = cvs_layer_cost(&c->inference, &cost, &c->call.error);
    if (status != CVS_OK) return status;
    if (__builtin_mul_overflow(cost.macs, c->inference.input.shape.dim[0], macs)) *macs = INT64_MAX;
    if (cost.macs == 0) *macs = count_reads(c);
    return CVS_OK;
}

/* Everything that is known before a byte of it is allocated. */
static cvs_status check_limits(convolution *c) {
    const api_context *context = c->call.context;
    int64_t macs = 0, elements = context->limits.output_elements;
    int64_t weights = as_count(context->limits.workspace_bytes / sizeof(float));
    cvs_status status = cvs_shape_count(&c->inference.output.shape, &c->output_count, &c->call.error);
    if (status == CVS_OK)
        status = check_demand(
            c, (demand){"input-too-large", "/input", "Elements of the input", c->input_source.count, elements});
    if (status == CVS_OK)
        status = check_demand(c, (demand){"output-too-large", "", "Elements of the output", c->output_count, elements});
    if (status == CVS_OK) status = count_macs(c, &macs);
    if (status == CVS_OK)
        status =
            check_demand(c, (demand){"too-many-macs", "", "Multiply-adds, or inputs read", macs, context->limits.macs});
    if (status == CVS_OK)
        status = check_demand(c, (demand){"weights-too-large", "/weights", "Weights", c->needed.parameters, weights});
    return status;
}

/* ---- computing ---------------------------------------------------------------------- */

static cvs_status no_memory(convolution *c) {
    return cvs_fail(&c->call.error, CVS_NO_MEMORY, "no-memory", "", "Memory is short; try again later.");
}

static cvs_status read_input(convolution *c) {
    c->input = malloc((size_t)c->input_source.count * sizeof *c->input);
    if (!c->input) return no_memory(c);
    cvs_status status = tensor_read(&c->input_source, 1, c->input, &c->call.error);
    if (status != CVS_OK) cvs_error_prefix(&c->call.error, "/input");
    return status;
}

static cvs_status make_plan(convolution *c) {
    cvs_tensor tensors[CVS_MAX_WEIGHTS];
    for (int i = 0; i < c->needed.count; i++) {
        tensors[i] = (cvs_tensor){c->weights[i], c->needed.weight[i].tensor.shape};
    }
    cvs_status status = cvs_plan_create(c->call.context->engine, &c->inference, tensors, (size_t)c->needed.count,
                                        c->algorithm, &c->plan, &c->call.error);
    /* The algorithm stands beside the layer, all else that may be wrong in it. */
    if (status != CVS_OK && strcmp(c->call.error.pointer, "/algorithm") != 0)
        layer_locate(&c->call.error, &c->reading, &c->at);
    return status;
}

static cvs_status make_room(convolution *c) {
    enum { ALIGNMENT = 64 };
    size_t bytes = cvs_plan_workspace_bytes(c->plan);
    cvs_status status = check_demand(c, (demand){"workspace-too-large", "", "Bytes of working memory", as_count(bytes),
                                                 as_count(c->call.context->limits.workspace_bytes)});
    if (status != CVS_OK) return status;
    if (bytes > 0) c->workspace = aligned_alloc(ALIGNMENT, (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT);
    c->output = malloc((size_t)c->output_count * sizeof *c->output);
    return (bytes > 0 && !c->workspace) || !c->output ? no_memory(c) : CVS_OK;
}

static void execute(convolution *c) {
    struct timespec start, end;
    clock_gettime(CLOCK_MONOTONIC, &start);
    cvs_plan_execute(c->plan, c->input, c->output, c->workspace);
    clock_gettime(CLOCK_MONOTONIC, &end);
    c->compute_us = (double)(end.tv_sec - start.tv_sec) * 1e6 + (double)(end.tv_nsec - start.tv_nsec) / 1e3;
}

static cvs_status compute(convolution *c) {
    cvs_status status = check_limits(c);
    if (status == CVS_OK) status = read_input(c);
    if (status == CVS_OK) status = convolve_read_weights(c);
    if (status == CVS_OK) status = make_plan(c);
    if (status == CVS_OK) status = make_room(c);
    if (status == CVS_OK) execute(c);
    return status;
}

/* ---- the endpoint --------------------------------------------------------------------- */

static void free_convolution(convolution *c) {
    cvs_plan_free(c->plan);
    for (int i = 0; i < CVS_MAX_WEIGHTS; i++) free(c->weights[i]);
    free(c->input);
    free(c->output);
    free(c->workspace);
    call_close(&c->call);
}

/* The problem; where weights are missing, with the list of those that are needed. */
static void refuse(const convolution *c, bool list_needed, api_response *response) {
    json_writer needed = {0};
    size_t length;
    if (list_needed) convolve_write_needed(c, &needed);
    char *list = json_writer_take(&needed, &length);
    problem_respond(response, problem_status(c->call.error.status), &c->call.error, "weights", list);
    free(list);
}

void api_convolve(const api_context *context, const api_request *request, api_response *response) {
    convolution c = {.at = {.layer = "/layer", .input_shape = "/input"}};
    if (!call_open(&c.call, context, request, convolve_members, response)) return;
    bool list_needed = false;
    json_writer writer = {0};
    cvs_status status = convolve_read(&c);
    if (status == CVS_OK) status = convolve_open_weights(&c, &list_needed);
    if (status == CVS_OK) status = convolve_check_trace(&c);
    if (status == CVS_OK) status = compute(&c);
    if (status == CVS_OK) status = convolve_write(&c, &writer);
    if (status == CVS_OK) {
        call_respond(&writer, response);
    } else {
        refuse(&c, list_needed, response);
    }
    json_writer_free(&writer);
    free_convolution(&c);
}
