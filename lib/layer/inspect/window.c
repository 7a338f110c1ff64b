#include <convscope/inspect.h>

#include "layer/layer_internal.h"

static int64_t least(int64_t a, int64_t b) { return a < b ? a : b; }
static int64_t most(int64_t a, int64_t b) { return a > b ? a : b; }

/* How many of first, first + step, ... (count of them) lie below `bound`. */
static int64_t below(const cvs_window *window, int64_t bound) {
    if (window->first >= bound) return 0;
    return least((bound - 1 - window->first) / window->step + 1, window->count);
}

/* Convolutions and pools: tap t of cell c reads c*s - p_before + t*d. */
static void sliding_window(const cvs_layer *layer, int axis, int64_t cell, int64_t size, cvs_window *window) {
    window->first = cell * layer->stride[axis] - layer->padding.before[axis];
    window->step = layer->dilation[axis];
    window->count = layer->kernel[axis];
    window->first_tap = 0;
    window->tap_step = 1;
    window->before = below(window, 0);
    window->after = window->count - below(window, size);
}

/* x with a*x = gcd(a, m) modulo m, by the extended Euclidean algorithm; *divisor is that gcd. */
static int64_t inverse(int64_t a, int64_t m, int64_t *divisor) {
    int64_t r0 = a, r1 = m, x0 = 1, x1 = 0;
    while (r1) {
        int64_t quotient = r0 / r1, r2 = r0 - quotient * r1, x2 = x0 - quotient * x1;
        r0 = r1, r1 = r2, x0 = x1, x1 = x2;
    }
    *divisor = r0;
    return x0;
}

/*
 * Transposed: input x reaches cells x*s + t*d - p_before, so cell c is fed by the taps with t*d = c + p_before
 * modulo s. They are t0, t0 + s/g, ... with g = gcd(d, s); their inputs fall by d/g.
 */
static void transposed_window(const cvs_layer *layer, int axis, int64_t cell, int64_t size, cvs_window *window) {
    const int64_t s = layer->stride[axis], d = layer->dilation[axis], k = layer->kernel[axis];
    const int64_t reach = cell + layer->padding.before[axis];
    int64_t divisor;
    const int64_t x = inverse(d % s, s, &divisor);
    *window = (cvs_window){.axis = window->axis, .step = 1, .tap_step = 1};
    if (reach % divisor) return;
    const int64_t tap_period = s / divisor, input_period = d / divisor;
    int64_t t0 = (int64_t)((__int128)(reach / divisor % tap_period) * (x % tap_period) % tap_period);
    if (t0 < 0) t0 += tap_period;
    /* Tap t0 + n*tap_period reads (reach - t0*d)/s - n*input_period: keep the n whose input exists. */
    const int64_t highest = (int64_t)(((__int128)reach - (__int128)t0 * d) / s);
    if (t0 >= k || highest < 0 || (__int128)t0 * d > reach) return;
    const int64_t n_first = highest >= size ? (highest - size) / input_period + 1 : 0;
    const int64_t n_last = least((k - 1 - t0) / tap_period, highest / input_period);
    if (n_last < n_first) return;
    window->count = n_last - n_first + 1;
    window->first = highest - n_last * input_period;
    window->step = input_period;
    window->first_tap = t0 + n_last * tap_period;
    window->tap_step = -tap_period;
}

static bool has_window(cvs_op op) {
    switch (op) {
    case CVS_OP_CONV:
    case CVS_OP_CONV_TRANSPOSE:
    case CVS_OP_DEPTHWISE_CONV:
    case CVS_OP_SEPARABLE_CONV:
    case CVS_OP_MAX_POOL:
    case CVS_OP_AVERAGE_POOL:
        return true;
    default:
        return false;
    }
}

static cvs_status check_cell(int axis, int64_t cell, int64_t input, int64_t output, int64_t padding, cvs_error *err) {
    char pointer[16] = "/cell/0";
    pointer[6] = (char)('0' + axis);
    if (!cvs_dim_is_known(input) || !cvs_dim_is_known(output) || padding == CVS_DIM_UNKNOWN)
        return cvs_fail(err, CVS_UNSUPPORTED, "window-unknown", pointer,
                        "which inputs a cell reads depends on the input's size on this axis, which is not known");
    if (cell < 0 || cell >= output) {
        cvs_fail(err, CVS_INVALID, "cell-outside-output", pointer,
                 "the output has %lld positions on this axis, so there is no position %lld", (long long)output,
                 (long long)cell);
        cvs_fail_value(err, "%lld", (long long)cell);
        cvs_fail_expected(err, "0 to %lld", (long long)output - 1);
        return CVS_INVALID;
    }
    return CVS_OK;
}

cvs_status cvs_layer_window(const cvs_inference *inference, const int64_t *cell, cvs_window *windows, cvs_error *err) {
    const cvs_layer *layer = &inference->layer;
    if (!has_window(layer->op))
        return cvs_fail(err, CVS_UNSUPPORTED, "no-window", "", "%s layers have no sliding window",
                        cvs_op_name(layer->op));
    for (int axis = 0; axis < layer->spatial_rank; axis++) {
        const int position = cvs__spatial_position(layer->data_format, axis);
        const int64_t size = inference->input.shape.dim[position];
        cvs_status status =
            check_cell(axis, cell[axis], size, inference->output.shape.dim[position], layer->padding.before[axis], err);
        if (status != CVS_OK) return status;
        windows[axis].axis = inference->input.axes[position];
        if (layer->op == CVS_OP_CONV_TRANSPOSE)
            transposed_window(layer, axis, cell[axis], size, &windows[axis]);
        else
            sliding_window(layer, axis, cell[axis], size, &windows[axis]);
    }
    return CVS_OK;
}

int64_t cvs_padding_source(cvs_fill fill, int64_t position, int64_t size) {
    if (position >= 0 && position < size) return position;
    switch (fill) {
    case CVS_FILL_REFLECT:
        return position < 0 ? -position : 2 * (size - 1) - position;
    case CVS_FILL_REPLICATE:
        return most(0, least(position, size - 1));
    case CVS_FILL_CIRCULAR:
        return position < 0 ? position + size : position - size;
    case CVS_FILL_ZEROS:
        break;
    }
    return -1;
}
