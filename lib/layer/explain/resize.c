/* resize.c - layers that only change how large the maps are: padding, cropping, upsampling. */
#include "teller.h"

static bool sizes_known(const cvs__teller *teller, int axis) {
    return cvs_dim_is_known(cvs__size_in(teller, axis)) && cvs_dim_is_known(cvs__size_out(teller, axis));
}

/* What `sentence` says of an axis, of every one along which something is added or cut. */
static void say_sums(cvs__teller *teller, int sentence) {
    const cvs_layer *layer = teller->layer;
    for (int axis = 0; axis < layer->spatial_rank; axis++) {
        int64_t before = layer->padding.before[axis], after = layer->padding.after[axis];
        if ((!before && !after) || !sizes_known(teller, axis)) continue;
        cvs__put(teller, EXPLAIN_VALUE_BEFORE, before);
        cvs__put(teller, EXPLAIN_VALUE_AFTER, after);
        cvs__put(teller, EXPLAIN_VALUE_SIZE, cvs__size_in(teller, axis));
        cvs__put(teller, EXPLAIN_VALUE_TIMES, cvs__size_out(teller, axis));
        cvs__put_axis(teller, EXPLAIN_VALUE_AXIS, axis);
        cvs__say(teller, sentence);
        if (axis == 0 && cvs__say_alike(teller)) return;
    }
}

void cvs__tell_pad(cvs__teller *teller) {
    cvs__tell(teller, "padding");
    cvs__put_pads(teller);
    cvs__put_phrase(teller, EXPLAIN_VALUE_FILL, EXPLAIN_FILL_ZEROS + (int)teller->layer->padding.fill);
    cvs__say(teller, EXPLAIN_PAD_ADDS);
    say_sums(teller, EXPLAIN_PAD_SUM);
    cvs__say(teller, EXPLAIN_UNTOUCHED);
}

void cvs__tell_crop(cvs__teller *teller) {
    cvs__tell(teller, "cropping");
    cvs__put_pads(teller);
    cvs__say(teller, EXPLAIN_CROP_CUTS);
    say_sums(teller, EXPLAIN_CROP_SUM);
    cvs__say(teller, EXPLAIN_UNTOUCHED);
}

static bool is_whole(double scale) {
    return scale >= 1 && scale < (double)CVS_MAX_PARAMETER && scale == (double)(int64_t)scale;
}

/* How the sizes of one axis come about. */
static void say_scale(cvs__teller *teller, int axis) {
    const cvs_layer *layer = teller->layer;
    double scale = layer->scale[axis];
    bool nearest = layer->interpolation == CVS_INTERPOLATION_NEAREST;
    cvs__put_axis(teller, EXPLAIN_VALUE_AXIS, axis);
    cvs__put(teller, EXPLAIN_VALUE_SIZE, cvs__size_in(teller, axis));
    cvs__put(teller, EXPLAIN_VALUE_TIMES, cvs__size_out(teller, axis));
    cvs__put_decimal(teller, EXPLAIN_VALUE_SCALE, scale);
    if (layer->has_output_size) {
        if (sizes_known(teller, axis)) cvs__say(teller, EXPLAIN_UPSAMPLE_GIVEN);
    } else if (!sizes_known(teller, axis)) {
        cvs__say(teller, EXPLAIN_UPSAMPLE_OPEN);
    } else if (is_whole(scale)) {
        cvs__say(teller, nearest ? EXPLAIN_UPSAMPLE_REPEATS : EXPLAIN_UPSAMPLE_WHOLE);
    } else {
        cvs__say(teller, EXPLAIN_UPSAMPLE_SCALED);
    }
}

static bool scales_alike(const cvs_layer *layer) {
    for (int axis = 1; axis < layer->spatial_rank; axis++)
        if (layer->scale[axis] != layer->scale[0]) return false;
    return true;
}

void cvs__tell_upsample(cvs__teller *teller) {
    const cvs_layer *layer = teller->layer;
    static const int mixing[CVS_INTERPOLATION_COUNT] = {[CVS_INTERPOLATION_NEAREST] = EXPLAIN_UPSAMPLE_NEAREST,
                                                        [CVS_INTERPOLATION_LINEAR] = EXPLAIN_UPSAMPLE_LINEAR,
                                                        [CVS_INTERPOLATION_CUBIC] = EXPLAIN_UPSAMPLE_CUBIC};
    cvs__tell(teller, "upsampling");
    cvs__say(teller, mixing[layer->interpolation]);
    for (int axis = 0; axis < layer->spatial_rank; axis++) {
        say_scale(teller, axis);
        if (axis == 0 && scales_alike(layer) && cvs__say_alike(teller)) break;
    }
    cvs__say(teller, EXPLAIN_UPSAMPLE_UNLIKE);
}
