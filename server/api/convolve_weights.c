/*
 * convolve_weights.c - the weights of a convolution: which are needed, whether those given are they, their numbers.
 */
#include "api/convolve.h"

#include "api/problem.h"

#include <convscope/inspect.h>

#include <math.h>
#include <stdio.h>
#include <string.h>

/* ---- in words ------------------------------------------------------------------------- */

/* "(5, 1, 300, 111)", "(111,)" */
static void shape_text(const cvs_shape *shape, cvs_text *out) {
    cvs_text_add(out, "(");
    for (int i = 0; i < shape->rank; i++) {
        if (i > 0) cvs_text_add(out, ", ");
        cvs_text_add_int(out, shape->dim[i]);
    }
    cvs_text_add(out, shape->rank == 1 ? ",)" : ")");
}

/* "kernel (5, 1, 300, 111) = (kernel_length, unit, in_channels, filters)" */
static void weight_text(const cvs_weight *weight, cvs_text *out) {
    cvs_text_addf(out, "%s ", weight->name);
    shape_text(&weight->tensor.shape, out);
    cvs_text_add(out, " = (");
    for (int i = 0; i < weight->tensor.shape.rank; i++) {
        cvs_text_addf(out, "%s%s", i > 0 ? ", " : "", cvs_axis_name(weight->tensor.axes[i]));
    }
    cvs_text_add(out, ")");
}

cvs_status convolve_fail_needed(convolution *c, const char *code, const char *pointer, const char *what,
                                cvs_error *err) {
    cvs_text needed = {0};
    for (int i = 0; i < c->needed.count; i++) {
        if (i > 0) cvs_text_add(&needed, "; ");
        weight_text(&c->needed.weight[i], &needed);
    }
    if (needed.failed) {
        cvs_text_free(&needed);
        return problem_no_memory(err);
    }
    const char *list = needed.data ? needed.data : "none";
    (void)cvs_fail(err, CVS_INVALID, code, pointer, "%s The layer needs %s.%s", what, list,
                   c->weights_advice ? c->weights_advice : "");
    cvs_fail_expected(err, "%s", list);
    cvs_text_free(&needed);
    c->needed_should_show = true;
    return CVS_INVALID;
}

static cvs_status wrong_shape(const convolution *c, int index, cvs_error *err) {
    const cvs_weight *weight = &c->needed.weight[index];
    cvs_text needed = {0}, found = {0};
    weight_text(weight, &needed);
    shape_text(&c->weights[index].source.shape, &found);
    const char *shape = found.failed ? "another shape" : found.data, *list = needed.failed ? weight->name : needed.data;
    (void)cvs_fail(err, CVS_INVALID, "weights-shape-mismatch", c->weights[index].pointer,
                   "This has the shape %s, needed is %s.", shape, list);
    cvs_fail_value(err, "%s", shape);
    cvs_fail_expected(err, "%s", list);
    cvs_text_free(&needed);
    cvs_text_free(&found);
    return CVS_INVALID;
}

/* ---- looking ------------------------------------------------------------------------ */

int convolve_find_weight(const convolution *c, const char *name) {
    static const char *const common[] = {"kernel", "bias"};
    const int count = c->needed.count;
    for (int i = 0; i < count; i++) {
        if (strcmp(name, c->needed.weight[i].name) == 0) return i;
    }
    for (int i = 0; i < count && count <= 2; i++) {
        if (strcmp(name, common[i]) == 0) return i;
    }
    return -1;
}

int convolve_weight_names(const convolution *c, const char *names[CONVOLVE_MOST_NAMES]) {
    static const char *const common[] = {"kernel", "bias"};
    int count = 0;
    for (int i = 0; i < c->needed.count; i++) names[count++] = c->needed.weight[i].name;
    for (int i = 0; i < 2; i++) {
        const int found = convolve_find_weight(c, common[i]);
        if (found >= 0 && strcmp(names[found], common[i]) != 0) names[count++] = common[i];
    }
    return count;
}

/* A multiplier that the layer leaves out is that of the weights. */
static cvs_status settle_multiplier(convolution *c, cvs_error *err) {
    const convolve_tensor *first = &c->weights[0];
    bool open = c->inference.layer.op == CVS_OP_SEPARABLE_CONV && !cvs_reading_says(&c->reading, "multiplier");
    if (!open || !first->given || !first->source.has_shape) return CVS_OK;
    int64_t multiplier = cvs_multiplier_of(&c->inference, &first->source.shape);
    if (multiplier <= 1) return CVS_OK;
    c->reading.layer.multiplier = multiplier;
    return convolve_infer(c, err);
}

static bool same_shape(const cvs_shape *a, const cvs_shape *b) {
    return a->rank == b->rank && memcmp(a->dim, b->dim, (size_t)a->rank * sizeof *a->dim) == 0;
}

static cvs_status check_weight(convolution *c, int index, cvs_error *err) {
    convolve_tensor *weight = &c->weights[index];
    const cvs_shape *needed = &c->needed.weight[index].tensor.shape;
    if (!weight->given) {
        char what[64];
        snprintf(what, sizeof what, "The weight \"%s\" is missing.", c->needed.weight[index].name);
        return convolve_fail_needed(c, "weights-missing", weight->pointer, what, err);
    }
    cvs_status status = tensor_set_shape(&weight->source, needed, err);
    if (status != CVS_OK) cvs_error_prefix(err, weight->pointer);
    return status != CVS_OK || same_shape(&weight->source.shape, needed) ? status : wrong_shape(c, index, err);
}

cvs_status convolve_check_weights(convolution *c, cvs_error *err) {
    cvs_status status = settle_multiplier(c, err);
    for (int i = 0; i < c->needed.count && status == CVS_OK; i++) status = check_weight(c, i, err);
    return status;
}

/* ---- reading ------------------------------------------------------------------------ */

/*
 * Random kernels keep the size of what they read: uniform in +-sqrt(3/n) has the variance 1/n, n the number of inputs
 * that one output sums (LeCun et al., "Efficient BackProp", 1998, section 4.6).
 */
static float random_scale(const cvs_tensor_shape *kernel) {
    double inputs = 1;
    for (int i = 0; i < kernel->shape.rank; i++) {
        cvs_axis axis = kernel->axes[i];
        bool counts_outputs = axis == CVS_AXIS_FILTERS || axis == CVS_AXIS_FILTERS_PER_GROUP ||
                              axis == CVS_AXIS_MULTIPLIER || axis == CVS_AXIS_UNITS;
        if (!counts_outputs) inputs *= (double)kernel->shape.dim[i];
    }
    return (float)sqrt(3 / inputs);
}

/* The statistics and factors of a norm are of size 1, and its variance, the last weight, is positive. */
static void draw_positive(convolution *c, int index) {
    const cvs_layer *layer = &c->inference.layer;
    convolve_tensor *weight = &c->weights[index];
    bool variance = layer->op == CVS_OP_BATCH_NORM && layer->running_stats && index == c->needed.count - 1;
    if (!variance || weight->source.form != TENSOR_RANDOM) return;
    for (int64_t i = 0; i < weight->source.count; i++) weight->memory[i] = fabsf(weight->memory[i]);
}

cvs_status convolve_read_weights(convolution *c, cvs_error *err) {
    float scale = 1;
    for (int i = 0; i < c->needed.count; i++) {
        const cvs_tensor_shape *tensor = &c->needed.weight[i].tensor;
        if (tensor->shape.rank > 1) scale = random_scale(tensor); /* and of the bias that follows */
        cvs_status status = convolve_load(&c->weights[i], scale, err);
        if (status != CVS_OK) return status;
        draw_positive(c, i);
    }
    return CVS_OK;
}
