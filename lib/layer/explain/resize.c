/* resize.c - layers that only change how large the maps are: padding, cropping, upsampling. */
#include "teller.h"

/* The first axis along which something is added or cut, its numbers put in; -1 when there is none to speak of. */
static int put_changed_axis(cvs__teller *teller) {
    const cvs_layer *layer = teller->layer;
    for (int axis = 0; axis < layer->spatial_rank; axis++) {
        int64_t before = layer->padding.before[axis], after = layer->padding.after[axis];
        if (!before && !after) continue;
        if (!cvs_dim_is_known(cvs__size_in(teller, axis)) || !cvs_dim_is_known(cvs__size_out(teller, axis))) continue;
        cvs__put(teller, EXPLAIN_VALUE_BEFORE, before);
        cvs__put(teller, EXPLAIN_VALUE_AFTER, after);
        cvs__put(teller, EXPLAIN_VALUE_SIZE, cvs__size_in(teller, axis));
        cvs__put(teller, EXPLAIN_VALUE_TIMES, cvs__size_out(teller, axis));
        cvs__put_axis(teller, EXPLAIN_VALUE_AXIS, axis);
        return axis;
    }
    return -1;
}

void cvs__tell_pad(cvs__teller *teller) {
    cvs__tell(teller, "padding");
    cvs__put_pads(teller);
    cvs__put_phrase(teller, EXPLAIN_VALUE_FILL, EXPLAIN_FILL_ZEROS + (int)teller->layer->padding.fill);
    cvs__say(teller, EXPLAIN_PAD_ADDS);
    if (put_changed_axis(teller) >= 0) cvs__say(teller, EXPLAIN_PAD_SUM);
    cvs__say(teller, EXPLAIN_UNTOUCHED);
}

void cvs__tell_crop(cvs__teller *teller) {
    cvs__tell(teller, "cropping");
    cvs__put_pads(teller);
    cvs__say(teller, EXPLAIN_CROP_CUTS);
    if (put_changed_axis(teller) >= 0) cvs__say(teller, EXPLAIN_CROP_SUM);
    cvs__say(teller, EXPLAIN_UNTOUCHED);
}

static int sentence_for(cvs_interpolation interpolation, double scale) {
    switch (interpolation) {
    case CVS_INTERPOLATION_LINEAR:
        return EXPLAIN_UPSAMPLE_LINEAR;
    case CVS_INTERPOLATION_CUBIC:
        return EXPLAIN_UPSAMPLE_CUBIC;
    default:
        return scale == (double)(int64_t)scale ? EXPLAIN_UPSAMPLE_NEAREST : EXPLAIN_UPSAMPLE_NEAR;
    }
}

/* With a given output size the scale is what it comes to: out/in. */
static double scale_of(const cvs__teller *teller, int axis) {
    const cvs_layer *layer = teller->layer;
    cvs_dim size = cvs__size_in(teller, axis), times = cvs__size_out(teller, axis);
    if (!layer->has_output_size) return layer->scale[axis];
    return cvs_dim_is_known(size) && cvs_dim_is_known(times) && size ? (double)times / (double)size : 0;
}

void cvs__tell_upsample(cvs__teller *teller) {
    const cvs_layer *layer = teller->layer;
    double scale = scale_of(teller, 0);
    bool known = cvs_dim_is_known(cvs__size_in(teller, 0)) && cvs_dim_is_known(cvs__size_out(teller, 0));
    cvs__tell(teller, "upsampling");
    cvs__put_axis(teller, EXPLAIN_VALUE_AXIS, 0);
    cvs__put_decimal(teller, EXPLAIN_VALUE_SCALE, scale);
    if (scale > 0 && scale < (double)CVS_MAX_PARAMETER) cvs__say(teller, sentence_for(layer->interpolation, scale));
    if (known && !layer->has_output_size) {
        cvs__put(teller, EXPLAIN_VALUE_SIZE, cvs__size_in(teller, 0));
        cvs__put(teller, EXPLAIN_VALUE_TIMES, cvs__size_out(teller, 0));
        cvs__say(teller, EXPLAIN_UPSAMPLE_SIZE);
    }
    cvs__say(teller, EXPLAIN_UPSAMPLE_UNLIKE);
}
