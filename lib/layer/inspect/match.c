#include <convscope/inspect.h>

#include "layer/layer_internal.h"

#include <string.h>

/*
 * The order in which layouts are tried, after the layer's own. Keras 1's "th" is PyTorch's layout: a Keras 1 layer is
 * taken at its word, for any other PyTorch is the likelier source.
 */
static const struct layout {
    cvs_framework framework;
    cvs_data_format format;
} layouts[] = {
    {CVS_KERAS, CVS_CHANNELS_LAST},  {CVS_PYTORCH, CVS_CHANNELS_LAST}, {CVS_ONNX, CVS_CHANNELS_LAST},
    {CVS_KERAS1, CVS_CHANNELS_LAST}, {CVS_KERAS1, CVS_CHANNELS_FIRST}, {CVS_TENSORFLOW, CVS_CHANNELS_LAST},
};
enum { LAYOUT_COUNT = sizeof layouts / sizeof *layouts };

/* Do both hold the same sizes in some order? */
static bool same_sizes(const cvs_shape *a, const cvs_shape *b) {
    if (a->rank != b->rank) return false;
    bool taken[CVS_MAX_RANK] = {false};
    for (int i = 0; i < a->rank; i++) {
        int j = 0;
        while (j < b->rank && (taken[j] || b->dim[j] != a->dim[i])) j++;
        if (j == b->rank) return false;
        taken[j] = true;
    }
    return true;
}

/* Put the user's sizes on the expected axes and mark those that differ; how many do. */
static int lay_over(cvs_match *match, const cvs_shape *shapes, size_t count) {
    int wrong = 0;
    memset(match->differs, 0, sizeof match->differs);
    match->given = match->expected;
    match->given.elements = match->given.parameters = 0;
    for (size_t w = 0; w < count; w++) {
        cvs_weight *weight = &match->given.weight[w];
        for (int axis = 0; axis < shapes[w].rank; axis++) {
            match->differs[w][axis] = weight->tensor.shape.dim[axis] != shapes[w].dim[axis];
            wrong += match->differs[w][axis];
        }
        weight->tensor.shape = shapes[w];
        if (cvs_shape_count(&shapes[w], &weight->count, NULL) != CVS_OK) weight->count = CVS_DIM_UNKNOWN;
    }
    return wrong;
}

static bool same_ranks(const cvs_weights *expected, const cvs_shape *shapes, size_t count) {
    if ((size_t)expected->count != count) return false;
    for (size_t w = 0; w < count; w++)
        if (expected->weight[w].tensor.shape.rank != shapes[w].rank) return false;
    return true;
}

/* Every tensor as expected, save that the order of one's axes is no framework's. */
static bool permuted(const cvs_weights *expected, const cvs_shape *shapes, size_t count) {
    if ((size_t)expected->count != count) return false;
    for (size_t w = 0; w < count; w++)
        if (!same_sizes(&expected->weight[w].tensor.shape, &shapes[w])) return false;
    return true;
}

bool cvs__match_is_old_keras(const cvs_inference *inference, const cvs_match *match) {
    const cvs_layer *layer = &inference->layer;
    const cvs_shape *given = &match->given.weight[0].tensor.shape;
    if (match->kind != CVS_MATCH_PERMUTATION || layer->framework != CVS_KERAS1 || layer->op != CVS_OP_CONV)
        return false;
    return layer->spatial_rank == 1 && given->rank == 4 && given->dim[0] == layer->filters &&
           given->dim[1] == layer->in_channels && given->dim[2] == layer->kernel[0] && given->dim[3] == 1;
}

typedef struct candidate {
    cvs_match match;
    int wrong; /* sizes that differ; -1: nothing comparable yet */
} candidate;

/* Compare with one layout; true when it fits exactly. */
static bool try_layout(const cvs_inference *inference, cvs_framework framework, cvs_data_format format,
                       const cvs_shape *shapes, size_t count, candidate *best) {
    cvs_inference viewed = *inference;
    viewed.layer.data_format = format;
    cvs_match match = {.kind = CVS_MATCH_EXACT, .framework = framework, .data_format = format};
    if (cvs_layer_weights(&viewed, framework, &match.expected, NULL) != CVS_OK) return false;
    if (!same_ranks(&match.expected, shapes, count)) return false;
    int wrong = lay_over(&match, shapes, count);
    if (wrong) match.kind = CVS_MATCH_SIZE;
    if (best->wrong < 0 || wrong < best->wrong) *best = (candidate){match, wrong};
    return wrong == 0;
}

static void keep_shapes(cvs_match *match, const cvs_shape *shapes, size_t count) {
    match->given = (cvs_weights){.count = (int)count};
    for (size_t w = 0; w < count; w++) {
        cvs_weight *weight = &match->given.weight[w];
        weight->name = "";
        weight->tensor.shape = shapes[w];
        for (int axis = 0; axis < shapes[w].rank; axis++) weight->tensor.axes[axis] = CVS_AXIS_OTHER;
        if (cvs_shape_count(&shapes[w], &weight->count, NULL) != CVS_OK) weight->count = CVS_DIM_UNKNOWN;
    }
}

cvs_status cvs_layer_match(const cvs_inference *inference, const cvs_shape *shapes, size_t count, cvs_match *out,
                           cvs_error *err) {
    const cvs_framework own = cvs__framework_of(&inference->layer);
    const cvs_data_format format = inference->layer.data_format;
    candidate best = {.wrong = -1};
    *out = (cvs_match){.kind = CVS_MATCH_NONE, .framework = own, .data_format = format};
    cvs_status status = cvs_layer_weights(inference, own, &out->expected, err);
    if (status != CVS_OK) return status;
    if (count > CVS_MAX_WEIGHTS) count = CVS_MAX_WEIGHTS;
    bool exact = try_layout(inference, own, format, shapes, count, &best);
    if (!exact && own == CVS_KERAS1)
        exact = try_layout(inference, own, format == CVS_CHANNELS_LAST ? CVS_CHANNELS_FIRST : CVS_CHANNELS_LAST, shapes,
                           count, &best);
    for (size_t i = 0; i < LAYOUT_COUNT && !exact; i++)
        exact = try_layout(inference, layouts[i].framework, layouts[i].format, shapes, count, &best);
    if (!exact && permuted(&out->expected, shapes, count)) {
        out->kind = CVS_MATCH_PERMUTATION;
        keep_shapes(out, shapes, count);
    } else if (best.wrong >= 0) {
        *out = best.match;
    } else {
        keep_shapes(out, shapes, count);
    }
    return CVS_OK;
}

int64_t cvs_multiplier_of(const cvs_inference *inference, const cvs_shape *kernel) {
    cvs_weights weights;
    if (inference->layer.op != CVS_OP_SEPARABLE_CONV) return 0;
    if (cvs_layer_weights(inference, CVS_FRAMEWORK_AUTO, &weights, NULL) != CVS_OK) return 0;
    const cvs_tensor_shape *own = &weights.weight[0].tensor;
    int64_t multiplier = 0;
    bool fits = kernel->rank == own->shape.rank;
    for (int axis = 0; axis < own->shape.rank && fits; axis++) {
        bool free = own->axes[axis] == CVS_AXIS_MULTIPLIER;
        if (free) multiplier = kernel->dim[axis];
        fits = free || kernel->dim[axis] == own->shape.dim[axis];
    }
    return fits && multiplier >= 1 && multiplier <= CVS_MAX_PARAMETER ? multiplier : 0;
}
