#include "layer/perturb.h"

#include <math.h>

static int64_t size_of(const cvs_tensor_shape *tensor, cvs_data_format format, int axis) {
    bool gone = tensor->shape.rank == 2; /* a global pool's */
    return gone ? 1 : tensor->shape.dim[axis + (format == CVS_CHANNELS_FIRST ? 2 : 1)];
}

int64_t input_size(const cvs_inference *inference, int axis) {
    return size_of(&inference->input, inference->layer.data_format, axis);
}

int64_t output_size(const cvs_inference *inference, int axis) {
    return size_of(&inference->output, inference->layer.data_format, axis);
}

int64_t walk_to(cvs_fill fill, int64_t position, int64_t size) {
    if (position >= 0 && position < size) return position;
    if (fill == CVS_FILL_ZEROS) return -1;
    bool below = position < 0;
    int64_t at = below ? 0 : size - 1, steps = below ? -position : position - at, towards = below ? 1 : -1;
    if (fill == CVS_FILL_CIRCULAR) at = below ? size : -1, towards = -towards;
    for (int64_t step = 0; step < steps && fill != CVS_FILL_REPLICATE; step++) at += towards;
    return at;
}

/* ---- windows ---- */

static double window_at(const cvs_layer *layer, int axis, const line *in, int64_t start) {
    bool largest = layer->op == CVS_OP_MAX_POOL;
    double value = largest ? -HUGE_VAL : 0;
    for (int64_t tap = 0; tap < layer->kernel[axis]; tap++, start += layer->dilation[axis]) {
        int64_t source = walk_to(layer->padding.fill, start, in->size);
        if (source < 0) continue;
        value = largest ? fmax(value, in->cell[source]) : value + in->cell[source];
    }
    return value;
}

static void slide(const cvs_layer *layer, int axis, const line *in, line *out) {
    int64_t start = -layer->padding.before[axis];
    for (int64_t cell = 0; cell < out->size; cell++, start += layer->stride[axis])
        out->cell[cell] = window_at(layer, axis, in, start);
}

static void scatter(const cvs_layer *layer, int axis, const line *in, line *out) {
    for (int64_t cell = 0; cell < out->size; cell++) out->cell[cell] = 0;
    for (int64_t x = 0; x < in->size; x++)
        for (int64_t tap = 0; tap < layer->kernel[axis]; tap++) {
            int64_t cell = x * layer->stride[axis] + tap * layer->dilation[axis] - layer->padding.before[axis];
            if (cell >= 0 && cell < out->size) out->cell[cell] += in->cell[x];
        }
}

/* AdaptiveAvgPool, AdaptiveMaxPool and, with one cell, the global pools. */
static void adapt(bool largest, const line *in, line *out) {
    for (int64_t cell = 0; cell < out->size; cell++) {
        double value = largest ? -HUGE_VAL : 0;
        /* The inputs that have a part between cell/o and (cell + 1)/o of the whole. */
        for (int64_t x = cell * in->size / out->size; x * out->size < (cell + 1) * in->size; x++) {
            value = largest ? fmax(value, in->cell[x]) : value + in->cell[x];
        }
        out->cell[cell] = value;
    }
}

/* ---- resizing ---- */

static double clamped(const line *in, int64_t x) { return in->cell[x < 0 ? 0 : x >= in->size ? in->size - 1 : x]; }

/* Keys' kernel with a = -0.75, as torch.nn.functional.interpolate has it. */
static double cubic_weight(double distance) {
    const double a = -0.75, x = fabs(distance);
    if (x <= 1) return ((a + 2) * x - (a + 3)) * x * x + 1;
    return x < 2 ? ((a * x - 5 * a) * x + 8 * a) * x - 4 * a : 0;
}

static void resize(const cvs_layer *layer, int axis, const line *in, line *out) {
    double ratio = layer->has_output_size ? (double)in->size / (double)out->size : 1 / layer->scale[axis];
    for (int64_t cell = 0; cell < out->size; cell++) {
        double centre = ((double)cell + 0.5) * ratio - 0.5;
        centre = fabs(centre - round(centre)) < 1e-9 ? round(centre) : centre;
        int64_t left = (int64_t)floor(centre);
        double right = centre - (double)left;
        out->cell[cell] = 0;
        if (layer->interpolation == CVS_INTERPOLATION_NEAREST)
            out->cell[cell] = clamped(in, (int64_t)floor((double)cell * ratio + 1e-9));
        else if (layer->interpolation == CVS_INTERPOLATION_LINEAR)
            out->cell[cell] = (1 - right) * clamped(in, left) + right * clamped(in, left + 1);
        else
            for (int64_t x = left - 1; x <= left + 2; x++)
                out->cell[cell] += cubic_weight(centre - (double)x) * clamped(in, x);
    }
}

static void shift(const cvs_layer *layer, int64_t by, const line *in, line *out) {
    for (int64_t cell = 0; cell < out->size; cell++) {
        int64_t source = walk_to(layer->padding.fill, cell + by, in->size);
        out->cell[cell] = source < 0 ? 0 : in->cell[source];
    }
}

void run_axis(const cvs_inference *inference, int axis, const line *in, line *out) {
    const cvs_layer *layer = &inference->layer;
    out->size = output_size(inference, axis);
    switch (layer->op) {
    case CVS_OP_CONV_TRANSPOSE:
        scatter(layer, axis, in, out);
        break;
    case CVS_OP_GLOBAL_MAX_POOL:
    case CVS_OP_ADAPTIVE_MAX_POOL:
        adapt(true, in, out);
        break;
    case CVS_OP_GLOBAL_AVERAGE_POOL:
    case CVS_OP_ADAPTIVE_AVERAGE_POOL:
        adapt(false, in, out);
        break;
    case CVS_OP_UPSAMPLE:
        resize(layer, axis, in, out);
        break;
    case CVS_OP_PAD:
        shift(layer, -layer->padding.before[axis], in, out);
        break;
    case CVS_OP_CROP:
        shift(layer, layer->padding.before[axis], in, out);
        break;
    default:
        slide(layer, axis, in, out);
    }
}
