/* upsample.c - maps enlarged by a factor, o = floor(i*scale), or to a size. */
#include "layer/dim.h"
#include "layer/infer.h"
#include "layer/validate.h"

#include <math.h>
#include <stdio.h>

enum { MOST_PARTS = 1000, FINEST_BITS = 20 };

/* From here on not every integer is a double: floor(i*scale) would be of another i. */
#define LARGEST_EXACT (INT64_C(1) << 53)

static bool is_whole(double scale) { return scale == floor(scale); }

/* ---- without an input ------------------------------------------------------------- */

static cvs_status refuse_scale(const cvs_layer *layer, int axis, const char *must, cvs_error *err) {
    char pointer[32];
    snprintf(pointer, sizeof pointer, "/scale/%d", axis);
    cvs_status status =
        cvs_fail(err, CVS_INVALID, "upsample-scale", pointer, "The scale along %s is %g; it must be %s.",
                 cvs_axis_name(cvs__spatial_axis(layer->spatial_rank, axis)), layer->scale[axis], must);
    cvs_fail_value(err, "%g", layer->scale[axis]);
    cvs_fail_expected(err, "%s", must);
    return status;
}

static cvs_status check_factor(const cvs_layer *layer, int axis, cvs_error *err) {
    double scale = layer->scale[axis];
    if (layer->has_output_size) {
        char pointer[32];
        snprintf(pointer, sizeof pointer, "/output_size/%d", axis);
        return cvs__check_range(layer->output_size[axis], 1, pointer, "The output size", err);
    }
    if (!(scale > 0 && scale <= (double)CVS_MAX_PARAMETER))
        return refuse_scale(layer, axis, "above 0 and below 2^31", err);
    if (cvs__is_keras(layer->framework) && !is_whole(scale))
        return refuse_scale(layer, axis, "a whole number, as Keras repeats rows and columns", err);
    return CVS_OK;
}

static cvs_status check_interpolation(const cvs_layer *layer, cvs_error *err) {
    if ((unsigned)layer->interpolation >= CVS_INTERPOLATION_COUNT)
        return cvs_fail(err, CVS_INVALID, "unknown-value", "/interpolation", "%d is no interpolation.",
                        (int)layer->interpolation);
    if (layer->framework != CVS_KERAS1 || layer->interpolation == CVS_INTERPOLATION_NEAREST) return CVS_OK;
    cvs_status status = cvs_fail(err, CVS_INVALID, "interpolation-unavailable", "/interpolation",
                                 "Keras 1 only repeats rows and columns, it does not interpolate.");
    cvs_fail_expected(err, "nearest");
    return status;
}

static cvs_status upsample_validate(const cvs_layer *layer, cvs_error *err) {
    cvs_status status = cvs__check_range(layer->in_channels, 0, "/in_channels", "The number of input channels", err);
    if (status == CVS_OK) status = check_interpolation(layer, err);
    for (int axis = 0; axis < layer->spatial_rank && status == CVS_OK; axis++) status = check_factor(layer, axis, err);
    return status;
}

/* ---- on an input ---------------------------------------------------------------------- */

/* The scale as parts/of with the smallest `of`; the nearest 2^-20 when it is none of a few parts. */
static void fraction_of(double scale, int64_t *parts, int64_t *of) {
    for (*of = 1; *of <= MOST_PARTS; ++*of) {
        *parts = llround(scale * (double)*of);
        if ((double)*parts / (double)*of == scale) return;
    }
    *of = 1 << FINEST_BITS;
    *parts = llround(scale * (double)*of);
    if (*parts == 0) *parts = 1;
    int64_t common = (int64_t)cvs__gcd((uint64_t)*parts, (uint64_t)*of);
    *parts /= common;
    *of /= common;
}

static cvs_status refuse_size(const cvs_layer *layer, int axis, int64_t size, double product, cvs_error *err) {
    char pointer[32];
    snprintf(pointer, sizeof pointer, "/scale/%d", axis);
    const char *name = cvs_axis_name(cvs__spatial_axis(layer->spatial_rank, axis));
    if (product >= 1)
        return cvs_fail(err, CVS_TOO_LARGE, "size-overflow", pointer, "Along %s %lld cells times %g are too many.",
                        name, (long long)size, layer->scale[axis]);
    cvs_status status =
        cvs_fail(err, CVS_INVALID, "upsample-empty", pointer, "Along %s floor(%lld*%g) = 0: nothing is left.", name,
                 (long long)size, layer->scale[axis]);
    cvs_fail_value(err, "%g", layer->scale[axis]);
    cvs_fail_expected(err, "at least 1/%lld", (long long)size);
    return status;
}

/*
 * floor(i*scale) in floating point, as the frameworks compute it; as an expression only where the arithmetic is
 * exact: whole numbers of halves, quarters, eighths, ...
 */
static cvs_status scaled(const cvs_layer *layer, int axis, cvs_symbols *symbols, cvs_dim size, cvs_dim *out,
                         cvs_error *err) {
    double scale = layer->scale[axis];
    if (cvs_dim_is_known(size) && !is_whole(scale)) {
        double product = floor((double)size * scale);
        if (product < 1 || size >= LARGEST_EXACT || product >= (double)LARGEST_EXACT)
            return refuse_size(layer, axis, size, product, err);
        *out = (cvs_dim)product;
        return CVS_OK;
    }
    int64_t parts, of;
    fraction_of(scale, &parts, &of);
    bool exact = (double)parts / (double)of == scale && (of & (of - 1)) == 0;
    return cvs__dim_affine(symbols, exact ? size : CVS_DIM_UNKNOWN, (cvs__affine){parts, 0, of, 0}, out, err);
}

static cvs_status upsample_infer(cvs_inference *inference, cvs_symbols *symbols, cvs_error *err) {
    const cvs_layer *layer = &inference->layer;
    cvs_status status = cvs__infer_each_channel(inference, err);
    for (int axis = 0; axis < layer->spatial_rank && status == CVS_OK; axis++) {
        int position = cvs__spatial_position(layer->data_format, axis);
        cvs_dim size = inference->input.shape.dim[position], *out = &inference->output.shape.dim[position];
        if (layer->has_output_size)
            *out = layer->output_size[axis];
        else
            status = scaled(layer, axis, symbols, size, out, err);
    }
    return status;
}

/* ---- what follows ------------------------------------------------------------------------ */

/* Inputs that one output is mixed from: one where `of`/`parts`, an odd whole number, puts all outputs on inputs. */
static int64_t reach_of(cvs_interpolation interpolation, int64_t parts, int64_t of) {
    static const int64_t reach[] = {
        [CVS_INTERPOLATION_NEAREST] = 1, [CVS_INTERPOLATION_LINEAR] = 2, [CVS_INTERPOLATION_CUBIC] = 4};
    return parts == 1 && of % 2 ? 1 : reach[interpolation];
}

/*
 * Outputs lie i/o apart, and the first half of that from the edge of the input, which is at -1/2. Nearest takes input
 * floor(j*of/parts) for output j: 0, 1/parts, 2/parts, ... before j*of/parts, on average (parts - 1)/(2*parts).
 */
static double start_of(cvs_interpolation interpolation, int64_t parts, int64_t of) {
    bool nearest = interpolation == CVS_INTERPOLATION_NEAREST;
    return ((double)(nearest ? 1 : of) / (double)parts - 1) / 2;
}

/* o outputs from corner to corner lie (i - 1)/(o - 1) apart; a single one stands on the first corner. */
static void between_corners(const cvs_inference *inference, int axis, int64_t *parts, int64_t *of) {
    int position = cvs__spatial_position(inference->layer.data_format, axis);
    int64_t gaps = inference->input.shape.dim[position] - 1, steps = inference->output.shape.dim[position] - 1;
    int64_t common = gaps > 0 && steps > 0 ? (int64_t)cvs__gcd((uint64_t)gaps, (uint64_t)steps) : 1;
    *parts = steps > 0 ? steps / common : 1;
    *of = steps > 0 ? gaps / common : 0;
}

static void upsample_receptive_field(const cvs_inference *inference, cvs_receptive_field *out) {
    const cvs_layer *layer = &inference->layer;
    *out = (cvs_receptive_field){.rank = layer->spatial_rank};
    for (int axis = 0; axis < layer->spatial_rank; axis++) {
        cvs_dim size = inference->input.shape.dim[cvs__spatial_position(layer->data_format, axis)];
        int64_t parts = 1, of = 1;
        bool aligned = layer->align_corners && layer->interpolation != CVS_INTERPOLATION_NEAREST;
        bool known = (!layer->has_output_size && !aligned) || cvs_dim_is_known(size);
        if (aligned && known) {
            between_corners(inference, axis, &parts, &of);
        } else if (!layer->has_output_size) {
            fraction_of(layer->scale[axis], &parts, &of);
        } else if (known) {
            int64_t common = (int64_t)cvs__gcd((uint64_t)size, (uint64_t)layer->output_size[axis]);
            parts = layer->output_size[axis] / common;
            of = size / common;
        }
        out->size[axis] = !known                  ? reach_of(layer->interpolation, 1, 2)
                          : aligned && parts == 1 ? 1
                                                  : reach_of(layer->interpolation, parts, of);
        out->jump[axis] = known ? of : CVS_DIM_UNKNOWN;
        out->jump_divisor[axis] = parts;
        out->start[axis] = aligned ? 0 : known ? start_of(layer->interpolation, parts, of) : (double)NAN;
    }
}

static void upsample_step(const cvs_inference *inference, int axis, cvs_step *step, cvs_text *substitution) {
    const cvs_layer *layer = &inference->layer;
    int position = cvs__spatial_position(layer->data_format, axis);
    *step = (cvs_step){
        .axis = cvs__spatial_axis(layer->spatial_rank, axis),
        .formula = layer->has_output_size ? "o" : "floor(n*scale)",
        .result = inference->output.shape.dim[position],
    };
    if (layer->has_output_size) {
        cvs_text_add_int(substitution, step->result);
        return;
    }
    cvs_text_add(substitution, "floor(");
    cvs__dim_format_operand(inference->symbols, inference->input.shape.dim[position], "n", substitution);
    cvs_text_addf(substitution, "*%.15g)", layer->scale[axis]);
}

const cvs__op cvs__op_upsample = {
    .validate = upsample_validate,
    .infer = upsample_infer,
    .storage = cvs__no_weights,
    .work = cvs__no_work,
    .receptive_field = upsample_receptive_field,
    .step = upsample_step,
};
