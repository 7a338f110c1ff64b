/* plan.c - what the dialects' adapt() share: is the padding known, even, a mode in disguise? */
#include <stdio.h>
#include <string.h>

#include "layer/layer_internal.h"

#include "dialect/keras_arguments.h"
#include "dialect/writer.h"

/* What separates lines, or the nodes of an array. */
static const char *separator(const cvs__plan *plan) {
    return cvs__dialect_of(plan->layer.framework)->positional ? "\n" : ", ";
}

static void join(cvs__plan *plan, char *place, size_t size, const char *first, const char *second) {
    char joined[sizeof plan->before];
    int length = snprintf(joined, sizeof joined, "%s%s%s", first, *first && *second ? separator(plan) : "", second);
    plan->failed |= length < 0 || (size_t)length >= size;
    if (!plan->failed) memcpy(place, joined, (size_t)length + 1);
}

void cvs__plan_before(cvs__plan *plan, cvs_text *text) {
    plan->failed |= text->failed;
    if (!plan->failed) join(plan, plan->before, sizeof plan->before, plan->before, text->data);
    cvs_text_free(text);
}

void cvs__plan_after(cvs__plan *plan, cvs_text *text) {
    plan->failed |= text->failed;
    if (!plan->failed) join(plan, plan->after, sizeof plan->after, text->data, plan->after);
    cvs_text_free(text);
}

bool cvs__pads_known(const cvs_layer *layer) {
    for (int axis = 0; axis < layer->spatial_rank; axis++)
        if (layer->padding.before[axis] < 0 || layer->padding.after[axis] < 0) return false;
    return true;
}

bool cvs__pads_zero(const cvs_layer *layer) {
    for (int axis = 0; axis < layer->spatial_rank; axis++)
        if (layer->padding.before[axis] || layer->padding.after[axis]) return false;
    return true;
}

bool cvs__pads_even(const cvs_layer *layer) {
    for (int axis = 0; axis < layer->spatial_rank; axis++)
        if (layer->padding.before[axis] != layer->padding.after[axis]) return false;
    return true;
}

bool cvs__strides_are_one(const cvs_layer *layer) {
    for (int axis = 0; axis < layer->spatial_rank; axis++)
        if (layer->stride[axis] != 1) return false;
    return true;
}

/* Are the pads `before` and `after`, of each axis's ke - 1? */
static bool pads_are(const cvs_layer *layer, int64_t (*before)(int64_t), int64_t (*after)(int64_t)) {
    for (int axis = 0; axis < layer->spatial_rank; axis++) {
        int64_t rest = cvs__extent(layer->kernel[axis], layer->dilation[axis]) - 1;
        if (layer->padding.before[axis] != before(rest) || layer->padding.after[axis] != after(rest)) return false;
    }
    return true;
}

static int64_t none(int64_t rest) { return 0; }
static int64_t all(int64_t rest) { return rest; }
static int64_t smaller_half(int64_t rest) { return rest / 2; }
static int64_t larger_half(int64_t rest) { return rest - rest / 2; }

cvs_padding_mode cvs__pads_mode(const cvs_layer *layer) {
    if (cvs__pads_zero(layer)) return CVS_PAD_VALID;
    if (cvs__strides_are_one(layer) && pads_are(layer, smaller_half, larger_half)) return CVS_PAD_SAME;
    if (layer->spatial_rank == 1 && pads_are(layer, all, none)) return CVS_PAD_CAUSAL;
    return pads_are(layer, all, all) ? CVS_PAD_FULL : CVS_PAD_EXPLICIT;
}

cvs_status cvs__pads_unknown(const cvs__plan *plan, cvs_error *err) {
    return cvs_fail(err, CVS_UNSUPPORTED, "padding-depends-on-input", "/padding",
                    "%s needs the padding in numbers, but those that \"%s\" gives with this stride depend on the "
                    "input's size, which is not known",
                    cvs__framework_title(plan->layer.framework), cvs_padding_mode_name(plan->layer.padding.mode));
}

cvs_status cvs__only_zeros(const cvs__plan *plan, cvs_error *err) {
    cvs_fill fill = plan->layer.padding.fill;
    if (fill == CVS_FILL_ZEROS || cvs__pads_zero(&plan->layer)) return CVS_OK;
    return cvs_fail(err, CVS_UNSUPPORTED, "padding-fill-unavailable", "/padding/fill",
                    "%s pads a layer with zeros only; PyTorch alone has \"%s\"",
                    cvs__framework_title(plan->layer.framework), cvs_fill_name(fill));
}
