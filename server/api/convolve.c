#include "api/convolve.h"

#include "api/members.h"
#include "api/problem.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* ---- the layer on its input ---------------------------------------------------------- */

int convolve_filter_axis(const cvs_tensor_shape *output) {
    int channels = output->shape.rank - 1;
    for (int i = 0; i < output->shape.rank; i++) {
        if (output->axes[i] == CVS_AXIS_FILTERS) return i;
        if (output->axes[i] == CVS_AXIS_CHANNELS) channels = i;
    }
    return channels;
}

cvs_status convolve_set_algorithm(convolution *c, const char *word, cvs_error *err) {
    static const char *const names[] = {"auto", "direct", "im2col", "winograd", NULL};
    int choice;
    cvs_status status = members_choice(word, c->algorithm_at, names, "unknown-algorithm", &choice, err);
    if (status == CVS_OK) (void)cvs_algorithm_from_name(names[choice], &c->algorithm);
    return status;
}

cvs_status convolve_infer(convolution *c, cvs_error *err) {
    cvs_status status = cvs_infer(&c->reading.layer, &c->input.source.shape, NULL, &c->inference, err);
    if (status == CVS_OK) status = cvs_layer_weights(&c->inference, CVS_FRAMEWORK_AUTO, &c->needed, err);
    if (status != CVS_OK) layer_locate(err, &c->reading, &c->at);
    return status;
}

/* ---- limits ----------------------------------------------------------------------- */

/* One figure that the request asks for, against its limit. */
typedef struct demand {
    const char *code, *pointer, *what;
    int64_t figure, limit;
    const char *option; /* of the server, that sets the limit */
} demand;

static cvs_status check_demand(demand d, cvs_error *err) {
    if (d.figure <= d.limit) return CVS_OK;
    (void)cvs_fail(err, CVS_TOO_LARGE, d.code, d.pointer, "%s: %lld; the limit is %lld (%s).", d.what,
                   (long long)d.figure, (long long)d.limit, d.option);
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
static cvs_status count_macs(convolution *c, int64_t *macs, cvs_error *err) {
    cvs_cost cost; /* of one sample */
    cvs_status status = cvs_layer_cost(&c->inference, &cost, err);
    if (status != CVS_OK) return status;
    if (__builtin_mul_overflow(cost.macs, c->inference.input.shape.dim[0], macs)) *macs = INT64_MAX;
    c->macs = *macs;
    if (cost.macs == 0) *macs = count_reads(c);
    return CVS_OK;
}

/* Everything that is known before a byte of it is allocated. */
static cvs_status check_limits(convolution *c, cvs_error *err) {
    const int64_t elements = c->context->limits.output_elements, macs_limit = c->context->limits.macs;
    const int64_t weights_limit = as_count(c->context->limits.workspace_bytes / sizeof(float));
    const demand input = {"input-too-large",     c->input.pointer, "Elements of the input",
                          c->input.source.count, elements,         "--max-elements"};
    int64_t macs = 0;
    cvs_status status = cvs_shape_count(&c->inference.output.shape, &c->output_count, err);
    const demand output = {"output-too-large", "",       "Elements of the output",
                           c->output_count,    elements, "--max-elements"};
    const demand weights = {"weights-too-large", c->weights_at, "Weights",
                            c->needed.elements,  weights_limit, "--max-workspace, 4 bytes each"};
    if (status == CVS_OK) status = check_demand(input, err);
    if (status == CVS_OK) status = check_demand(output, err);
    if (status == CVS_OK) status = count_macs(c, &macs, err);
    const demand work = {"too-many-macs", "", "Multiply-adds, or inputs read", macs, macs_limit, "--max-macs"};
    if (status == CVS_OK) status = check_demand(work, err);
    return status == CVS_OK ? check_demand(weights, err) : status;
}

/* ---- memory ------------------------------------------------------------------------ */

/* Of the plan before it is made: Winograd's method has the most, (6/3)^2 numbers for every weight. */
static size_t guess_plan(const convolution *c) {
    enum { FOR_EACH_WEIGHT = 5 * sizeof(float), BESIDES = 1 << 20 };
    return (size_t)c->needed.elements * FOR_EACH_WEIGHT + BESIDES;
}

static size_t to_be_read(const convolve_tensor *tensor) {
    return tensor->source.numbers ? 0 : (size_t)tensor->source.count * sizeof *tensor->values;
}

/* Ask for all that is known to be needed; what is known only with the plan comes later. */
static cvs_status ask_for_memory(convolution *c, cvs_error *err) {
    const size_t output = (size_t)c->output_count * sizeof *c->output;
    size_t bytes = to_be_read(&c->input) + guess_plan(c);
    for (int i = 0; i < c->needed.count; i++) bytes += to_be_read(&c->weights[i]);
    cvs_status status = api_account_ask(c->account, bytes + output, err);
    if (status == CVS_OK) c->lent = bytes;
    return status;
}

/* The plan is there: its own size instead of the guess, and the workspace. */
static cvs_status ask_for_workspace(convolution *c, size_t workspace, cvs_error *err) {
    const size_t plan = cvs_plan_bytes(c->plan), guess = guess_plan(c), less = guess > plan ? guess - plan : 0;
    const size_t more = workspace + (plan > guess ? plan - guess : 0);
    api_account_give(c->account, less);
    c->lent -= less;
    cvs_status status = api_account_ask(c->account, more, err);
    if (status == CVS_OK) c->lent += more;
    return status;
}

/* ---- computing ---------------------------------------------------------------------- */

cvs_status convolve_load(convolve_tensor *tensor, float scale, cvs_error *err) {
    cvs_status status = tensor_load(&tensor->source, scale, &tensor->values, &tensor->memory, err);
    if (status != CVS_OK) cvs_error_prefix(err, tensor->pointer);
    return status;
}

static cvs_status make_plan(convolution *c, cvs_error *err) {
    cvs_tensor tensors[CVS_MAX_WEIGHTS];
    for (int i = 0; i < c->needed.count; i++) {
        tensors[i] = (cvs_tensor){c->weights[i].values, c->needed.weight[i].tensor.shape};
    }
    cvs_status status = cvs_plan_create(c->context->engine, &c->inference, tensors, (size_t)c->needed.count,
                                        c->algorithm, &c->plan, err);
    if (status == CVS_OK) return CVS_OK;
    /* The algorithm stands beside the layer, all else that may be wrong in it. */
    if (strcmp(err->pointer, "/algorithm") == 0) {
        snprintf(err->pointer, sizeof err->pointer, "%s", c->algorithm_at);
    } else {
        layer_locate(err, &c->reading, &c->at);
    }
    return status;
}

static cvs_status make_room(convolution *c, cvs_error *err) {
    enum { ALIGNMENT = 64 };
    size_t bytes = cvs_plan_workspace_bytes(c->plan);
    cvs_status status = check_demand((demand){"workspace-too-large", "", "Bytes of working memory", as_count(bytes),
                                              as_count(c->context->limits.workspace_bytes), "--max-workspace"},
                                     err);
    if (status == CVS_OK) status = ask_for_workspace(c, bytes, err);
    if (status != CVS_OK) return status;
    if (bytes > 0) c->workspace = aligned_alloc(ALIGNMENT, (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT);
    c->output = malloc((size_t)c->output_count * sizeof *c->output);
    return (bytes > 0 && !c->workspace) || !c->output ? problem_no_memory(err) : CVS_OK;
}

static cvs_status execute(convolution *c, cvs_error *err) {
    struct timespec start, end;
    clock_gettime(CLOCK_MONOTONIC, &start);
    const bool whole = cvs_plan_execute_until(c->plan, c->input.values, c->output, c->workspace, c->interrupt);
    clock_gettime(CLOCK_MONOTONIC, &end);
    c->compute_us = (double)(end.tv_sec - start.tv_sec) * 1e6 + (double)(end.tv_nsec - start.tv_nsec) / 1e3;
    return whole ? CVS_OK : cvs_fail(err, CVS_INTERRUPTED, "interrupted", "", "The computation was ended early.");
}

cvs_status convolve_compute(convolution *c, cvs_error *err) {
    cvs_status status = check_limits(c, err);
    if (status == CVS_OK) status = ask_for_memory(c, err);
    if (status == CVS_OK) status = convolve_load(&c->input, 1, err);
    if (status == CVS_OK) status = convolve_read_weights(c, err);
    if (status == CVS_OK) status = make_plan(c, err);
    if (status == CVS_OK) status = make_room(c, err);
    return status == CVS_OK ? execute(c, err) : status;
}

void convolve_free(convolution *c) {
    api_account_give(c->account, c->lent);
    cvs_plan_free(c->plan);
    for (int i = 0; i < CVS_MAX_WEIGHTS; i++) free(c->weights[i].memory);
    free(c->input.memory);
    free(c->output);
    free(c->workspace);
}
