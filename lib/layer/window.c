#include "layer/window.h"

#include "base/checked.h"
#include "layer/dim.h"
#include "layer/validate.h"

#include <math.h>
#include <stdio.h>

/* ---- without an input ----------------------------------------------------- */

/* The first axis with a number above 1, or -1. */
static int first_above_one(const cvs_layer *layer, const int64_t *list) {
    for (int axis = 0; axis < layer->spatial_rank; axis++)
        if (list[axis] > 1) return axis;
    return -1;
}

/* Keras 2 and 3, base_conv.py: "`strides > 1` not supported in conjunction with `dilation_rate > 1`". */
static cvs_status refuse_stride_with_dilation(const cvs_layer *layer, cvs_error *err) {
    int strided = first_above_one(layer, layer->stride), dilated = first_above_one(layer, layer->dilation);
    if (layer->framework != CVS_KERAS || strided < 0 || dilated < 0) return CVS_OK;
    char pointer[32];
    snprintf(pointer, sizeof pointer, "/dilation/%d", dilated);
    cvs_status status = cvs_fail(err, CVS_INVALID, "keras-stride-and-dilation", pointer,
                                 "Keras does not support a stride above 1 (here %lld) together with a dilation above 1 "
                                 "(here %lld), not even on different axes.",
                                 (long long)layer->stride[strided], (long long)layer->dilation[dilated]);
    cvs_fail_value(err, "%lld", (long long)layer->dilation[dilated]);
    cvs_fail_expected(err, "stride 1 with this dilation, or dilation 1 with this stride");
    return status;
}

/* torch.nn.Conv*: "padding='same' is not supported for strided convolutions". */
static cvs_status refuse_same_with_stride(const cvs_layer *layer, cvs_error *err) {
    int axis = first_above_one(layer, layer->stride);
    if (layer->framework != CVS_PYTORCH || layer->padding.mode != CVS_PAD_SAME || axis < 0) return CVS_OK;
    int64_t stride = layer->stride[axis], extent = cvs__extent(layer->kernel[axis], layer->dilation[axis]);
    char pointer[32];
    snprintf(pointer, sizeof pointer, "/stride/%d", axis);
    cvs_status status = cvs_fail(err, CVS_INVALID, "torch-same-with-stride", pointer,
                                 "PyTorch refuses padding='same' for strided convolutions, and the stride along %s is "
                                 "%lld.",
                                 cvs_axis_name(cvs__spatial_axis(layer->spatial_rank, axis)), (long long)stride);
    cvs_fail_value(err, "%lld", (long long)stride);
    if (extent % 2)
        cvs_fail_expected(err, "stride 1, or padding %lld on this axis, which gives ceil(n/%lld) too",
                          (long long)(extent / 2), (long long)stride);
    else
        cvs_fail_expected(err, "stride 1, or a padding layer before it: a kernel that spans %lld needs unequal ends",
                          (long long)extent);
    return status;
}

cvs_status cvs__window_validate(const cvs_layer *layer, cvs_error *err) {
    const cvs__list kernel = {layer->kernel, 1, "/kernel", "kernel"};
    const cvs__list stride = {layer->stride, 1, "/stride", "stride"};
    const cvs__list dilation = {layer->dilation, 1, "/dilation", "dilation"};
    cvs_status status = cvs__check_list(layer, kernel, err);
    if (status == CVS_OK) status = cvs__check_list(layer, stride, err);
    if (status == CVS_OK) status = cvs__check_list(layer, dilation, err);
    if (status == CVS_OK) status = cvs__check_padding(layer, err);
    if (status == CVS_OK) status = refuse_stride_with_dilation(layer, err);
    if (status == CVS_OK) status = refuse_same_with_stride(layer, err);
    return status;
}

/* ---- on an input ---------------------------------------------------------- */

static bool is_same(cvs_padding_mode mode) { return mode == CVS_PAD_SAME || mode == CVS_PAD_SAME_LOWER; }

/*
 * Padding in all that makes o = ceil(i/s), or CVS_DIM_UNKNOWN where it depends on a size that is not known. At
 * stride 1 it does not, nor for a kernel of 1, which never reaches past the edge.
 */
static int64_t total_for_same(cvs_dim size, int64_t extent, int64_t stride) {
    if (stride == 1 || extent == 1) return extent - 1;
    if (!cvs_dim_is_known(size)) return CVS_DIM_UNKNOWN;
    int64_t last = (size - 1) % stride + 1; /* i - (o - 1)*s: cells from the last window's start */
    return extent > last ? extent - last : 0;
}

static void settle_padding(cvs_layer *layer, int axis, cvs_dim size) {
    int64_t extent = cvs__extent(layer->kernel[axis], layer->dilation[axis]);
    int64_t before = layer->padding.before[axis], after = layer->padding.after[axis];
    cvs_padding_mode mode = layer->padding.mode;
    if (mode == CVS_PAD_VALID) before = after = 0;
    if (mode == CVS_PAD_FULL) before = after = extent - 1;
    if (mode == CVS_PAD_CAUSAL) before = extent - 1, after = 0;
    if (is_same(mode)) {
        int64_t total = total_for_same(size, extent, layer->stride[axis]);
        int64_t less = total / 2, more = total - less;
        if (total == CVS_DIM_UNKNOWN) less = more = CVS_DIM_UNKNOWN;
        before = mode == CVS_PAD_SAME ? less : more;
        after = mode == CVS_PAD_SAME ? more : less;
    }
    layer->padding.before[axis] = before;
    layer->padding.after[axis] = after;
}

/* A pool in ceil mode: a window that begins in its padded input may end past it. */
static bool rounds_up(const cvs_layer *layer) {
    bool pools = layer->op == CVS_OP_MAX_POOL || layer->op == CVS_OP_AVERAGE_POOL;
    return pools && layer->ceil_mode && !is_same(layer->padding.mode);
}

/* How far a window may reach past the padded input: with less than a stride's rest, the next window would not. */
static int64_t overhang(const cvs_layer *layer, int axis) { return rounds_up(layer) ? layer->stride[axis] - 1 : 0; }

/*
 * PyTorch and ONNX ignore a window that begins in the padding after. Rounded up, only the last can, and only
 * when s > ke - p_after; what remains are the windows that begin before, ceil((i + p_before)/s) of them.
 */
static bool may_drop_last(const cvs_layer *layer, int axis) {
    int64_t extent = cvs__extent(layer->kernel[axis], layer->dilation[axis]);
    return rounds_up(layer) && !layer->ceil_keeps_last && layer->stride[axis] > extent - layer->padding.after[axis];
}

/* The number of windows as a function of the size. `same` is ceil(i/s) by definition and needs no padding numbers. */
static cvs__affine windows_along(const cvs_layer *layer, int axis) {
    int64_t extent = cvs__extent(layer->kernel[axis], layer->dilation[axis]), stride = layer->stride[axis];
    int64_t before = layer->padding.before[axis], after = layer->padding.after[axis];
    if (is_same(layer->padding.mode)) return (cvs__affine){1, stride - 1, stride, 0};
    if (may_drop_last(layer, axis)) return (cvs__affine){1, before + stride - 1, stride, 0};
    return (cvs__affine){1, before + after - extent + overhang(layer, axis), stride, 1};
}

/* Where the one axis of a 1D layer is too short and the channels would do, they are likely to be meant. */
static void hint_at_channels(const cvs_layer *layer, int64_t smallest, char *hint, size_t size) {
    long long channels = layer->in_channels;
    if (layer->spatial_rank > 1 || channels < smallest) return;
    bool last = layer->data_format == CVS_CHANNELS_LAST;
    snprintf(hint, size,
             " The %lld stands on the channel axis, which no window slides along; %lld steps of one channel would be "
             "(batch, %lld, %lld).",
             channels, channels, last ? channels : 1, last ? 1 : channels);
}

static cvs_status refuse_kernel(const cvs_layer *layer, int axis, int64_t size, int64_t padded, cvs_error *err) {
    int64_t kernel = layer->kernel[axis], dilation = layer->dilation[axis], extent = cvs__extent(kernel, dilation);
    int64_t past = overhang(layer, axis), smallest = extent - (padded - size) - past;
    int64_t padding = padded - size, largest = (padded + past - 1) / dilation + 1;
    const char *name = cvs_axis_name(cvs__spatial_axis(layer->spatial_rank, axis));
    char pointer[32], spans[96] = "", cells[64] = "", hint[192] = "";
    snprintf(pointer, sizeof pointer, "/kernel/%d", axis);
    if (dilation > 1)
        snprintf(spans, sizeof spans, " and, with dilation %lld, spans %lld cells", (long long)dilation,
                 (long long)extent);
    if (padding) snprintf(cells, sizeof cells, " (%lld with padding)", (long long)padded);
    hint_at_channels(layer, smallest, hint, sizeof hint);
    cvs_status status =
        cvs_fail(err, CVS_INVALID, "kernel-larger-than-input", pointer,
                 "Along %s the kernel is %lld%s, but the input has only %lld%s: it fits nowhere. The "
                 "smallest input for this kernel is %lld, the largest kernel for this input is %lld.%s",
                 name, (long long)kernel, spans, (long long)size, cells, (long long)smallest, (long long)largest, hint);
    cvs_fail_value(err, "%lld", (long long)kernel);
    cvs_fail_expected(err, "a kernel of at most %lld or an input of at least %lld", (long long)largest,
                      (long long)smallest);
    return status;
}

static cvs_status slide_known(const cvs_layer *layer, int axis, int64_t size, cvs_dim *out, cvs_error *err) {
    int64_t extent = cvs__extent(layer->kernel[axis], layer->dilation[axis]), padded = 0;
    if (!cvs__add(size, layer->padding.before[axis], &padded) ||
        !cvs__add(padded, layer->padding.after[axis], &padded)) {
        return cvs_fail(err, CVS_TOO_LARGE, "size-overflow", "",
                        "Along %s the padded input has more than 2^63 - 1 cells.",
                        cvs_axis_name(cvs__spatial_axis(layer->spatial_rank, axis)));
    }
    if (padded < extent - overhang(layer, axis)) return refuse_kernel(layer, axis, size, padded, err);
    return cvs__dim_affine(NULL, size, windows_along(layer, axis), out, err);
}

static cvs_status slide(cvs_inference *inference, int axis, cvs_symbols *symbols, cvs_error *err) {
    cvs_layer *layer = &inference->layer;
    int position = cvs__spatial_position(layer->data_format, axis);
    cvs_dim size = inference->input.shape.dim[position], *out = &inference->output.shape.dim[position];
    settle_padding(layer, axis, size);
    cvs_status status = cvs_dim_is_known(size) ? slide_known(layer, axis, size, out, err)
                                               : cvs__dim_affine(symbols, size, windows_along(layer, axis), out, err);
    return status == CVS_OK ? cvs__check_fill_fits(layer, axis, size, err) : status;
}

cvs_status cvs__window_infer(cvs_inference *inference, cvs_symbols *symbols, cvs_error *err) {
    cvs_status status = CVS_OK;
    for (int axis = 0; axis < inference->layer.spatial_rank && status == CVS_OK; axis++)
        status = slide(inference, axis, symbols, err);
    return status;
}

/* ---- what follows ---------------------------------------------------------- */

void cvs__window_receptive_field(const cvs_inference *inference, cvs_receptive_field *out) {
    const cvs_layer *layer = &inference->layer;
    *out = (cvs_receptive_field){.rank = layer->spatial_rank};
    for (int axis = 0; axis < layer->spatial_rank; axis++) {
        int64_t before = layer->padding.before[axis];
        out->size[axis] = cvs__extent(layer->kernel[axis], layer->dilation[axis]);
        out->jump[axis] = layer->stride[axis];
        out->start[axis] = before == CVS_DIM_UNKNOWN ? (double)NAN : (double)(out->size[axis] - 1) / 2 - (double)before;
    }
}

static void step_of_same(const cvs_inference *inference, int axis, cvs_dim size, cvs_text *out) {
    cvs_text_add(out, "ceil(");
    cvs__dim_format_operand(inference->symbols, size, "n", out);
    cvs_text_addf(out, "/%lld)", (long long)inference->layer.stride[axis]);
}

static void step_of_window(const cvs_inference *inference, int axis, cvs_dim size, cvs_text *out) {
    const cvs_layer *layer = &inference->layer;
    cvs_text_add(out, rounds_up(layer) ? "ceil((" : "floor((");
    cvs__dim_format_term(inference->symbols, size, "n", out);
    cvs_text_addf(out, " + %lld + %lld - %lld*(%lld - 1) - 1)/%lld) + 1", (long long)layer->padding.before[axis],
                  (long long)layer->padding.after[axis], (long long)layer->dilation[axis],
                  (long long)layer->kernel[axis], (long long)layer->stride[axis]);
}

/* The windows that begin before the padding after. */
static void step_of_starts(const cvs_inference *inference, int axis, cvs_dim size, cvs_text *out) {
    cvs_text_add(out, "ceil((");
    cvs__dim_format_term(inference->symbols, size, "n", out);
    cvs_text_addf(out, " + %lld)/%lld)", (long long)inference->layer.padding.before[axis],
                  (long long)inference->layer.stride[axis]);
}

static const char *formula_of(const cvs_layer *layer, int axis) {
    if (is_same(layer->padding.mode) || layer->padding.mode == CVS_PAD_CAUSAL) return "ceil(n/s)";
    if (may_drop_last(layer, axis))
        return "min(ceil((n + p_before + p_after - d*(k - 1) - 1)/s) + 1, ceil((n + p_before)/s))";
    if (rounds_up(layer)) return "ceil((n + p_before + p_after - d*(k - 1) - 1)/s) + 1";
    return "floor((n + p_before + p_after - d*(k - 1) - 1)/s) + 1";
}

void cvs__window_step(const cvs_inference *inference, int axis, cvs_step *step, cvs_text *substitution) {
    const cvs_layer *layer = &inference->layer;
    int position = cvs__spatial_position(layer->data_format, axis);
    cvs_dim size = inference->input.shape.dim[position];
    bool by_ceil = is_same(layer->padding.mode) || layer->padding.mode == CVS_PAD_CAUSAL;
    *step = (cvs_step){
        .axis = cvs__spatial_axis(layer->spatial_rank, axis),
        .formula = formula_of(layer, axis),
        .result = inference->output.shape.dim[position],
    };
    if (by_ceil) {
        step_of_same(inference, axis, size, substitution);
    } else if (may_drop_last(layer, axis)) {
        cvs_text_add(substitution, "min(");
        step_of_window(inference, axis, size, substitution);
        cvs_text_add(substitution, ", ");
        step_of_starts(inference, axis, size, substitution);
        cvs_text_add(substitution, ")");
    } else {
        step_of_window(inference, axis, size, substitution);
    }
}
