/*
 * arithmetic.c - one output number as a line of NumPy, in the user's own layouts:
 *     y[0, 0] = relu(numpy.sum(x[0:5, :] * kernel[:, 0, :, 0]) + bias[0])
 * It is true as it stands for one sample: x and y are without the batch axis, and the cell is the first one of
 * filter 0 (of a pool: of channel 0) whose window lies wholly inside the input.
 */
#include "teller.h"

/* The first output position whose window touches no padding, or -1. */
static int64_t first_inside(const cvs__teller *teller, int axis) {
    const cvs_layer *layer = teller->layer;
    int64_t before = layer->padding.before[axis], stride = layer->stride[axis];
    cvs_dim size = cvs__size_in(teller, axis);
    if (!cvs_dim_is_known(size)) return before == 0 ? 0 : -1;
    int64_t cell = (before + stride - 1) / stride, start = cell * stride - before;
    bool fits =
        cell < cvs__size_out(teller, axis) && start <= size - cvs__extent(layer->kernel[axis], layer->dilation[axis]);
    return fits ? cell : -1;
}

static void add_slice(cvs_text *out, int64_t start, int64_t kernel, int64_t dilation) {
    cvs__add_integer(out, start);
    cvs__add_string(out, ":");
    cvs__add_integer(out, start + cvs__extent(kernel, dilation));
    if (dilation == 1 || kernel == 1) return;
    cvs__add_string(out, ":");
    cvs__add_integer(out, dilation);
}

/* Pools and depthwise convolutions read one channel at a time. */
static bool reads_one_channel(cvs_op op) {
    return op == CVS_OP_MAX_POOL || op == CVS_OP_AVERAGE_POOL || op == CVS_OP_DEPTHWISE_CONV;
}

/* ":" or, of several groups, the channels of the first: "0:4"; of layers that read one: "0" */
static void add_channels(cvs_text *out, const cvs_layer *layer) {
    if (reads_one_channel(layer->op)) {
        cvs__add_string(out, "0");
        return;
    }
    if (layer->groups > 1) cvs__add_string(out, "0");
    cvs__add_string(out, ":");
    if (layer->groups > 1) cvs__add_integer(out, layer->in_channels / layer->groups);
}

/* "x[0:5, :]", or of one channel "x[0:5, 0]" */
static void add_input(cvs_text *out, const cvs_layer *layer, const int64_t *cell) {
    bool first = layer->data_format == CVS_CHANNELS_FIRST;
    cvs__add_string(out, "x[");
    if (first) add_channels(out, layer);
    for (int axis = 0; axis < layer->spatial_rank; axis++) {
        if (first || axis) cvs__add_string(out, ", ");
        add_slice(out, cell[axis] * layer->stride[axis] - layer->padding.before[axis], layer->kernel[axis],
                  layer->dilation[axis]);
    }
    if (!first) cvs__add_string(out, ", ");
    if (!first) add_channels(out, layer);
    cvs__add_string(out, "]");
}

/* "kernel[:, 0, :, 0]", "kernel[..., 0]", "weight[0]"; depthwise "kernel[..., 0, 0]", "weight[0, 0]" */
static void add_kernel(cvs_text *out, const cvs_weight *kernel, cvs_op op) {
    const cvs_tensor_shape *tensor = &kernel->tensor;
    bool unit = tensor->shape.rank > 1 && tensor->axes[1] == CVS_AXIS_UNIT, first = tensor->axes[0] == CVS_AXIS_FILTERS;
    cvs__add_string(out, kernel->name);
    if (op == CVS_OP_DEPTHWISE_CONV)
        cvs__add_string(out, first ? "[0, 0]" : "[..., 0, 0]");
    else
        cvs__add_string(out, first ? "[0]" : unit ? "[:, 0, :, 0]" : "[..., 0]");
}

/* The window times the kernel: where one has its channels first and the other last, x is turned round. */
static void add_product(cvs_text *out, const cvs__teller *teller, const int64_t *cell) {
    const cvs_weight *kernel = &teller->weights.weight[0];
    bool data_first = teller->layer->data_format == CVS_CHANNELS_FIRST;
    bool kernel_first = kernel->tensor.axes[0] == CVS_AXIS_FILTERS;
    bool turned = data_first != kernel_first && !reads_one_channel(teller->layer->op);
    cvs__add_string(out, turned ? "numpy.sum(numpy.moveaxis(" : "numpy.sum(");
    add_input(out, teller->layer, cell);
    if (turned) cvs__add_string(out, data_first ? ", 0, -1)" : ", -1, 0)");
    cvs__add_string(out, " * ");
    add_kernel(out, kernel, teller->layer->op);
    cvs__add_string(out, ")");
}

static void add_output(cvs_text *out, const cvs_layer *layer, const int64_t *cell) {
    bool first = layer->data_format == CVS_CHANNELS_FIRST;
    cvs__add_string(out, first ? "y[0, " : "y[");
    for (int axis = 0; axis < layer->spatial_rank; axis++) {
        if (axis) cvs__add_string(out, ", ");
        cvs__add_integer(out, cell[axis]);
    }
    cvs__add_string(out, first ? "] = " : ", 0] = ");
}

static void add_line(cvs_text *out, const cvs__teller *teller, const int64_t *cell) {
    const cvs_activation_kind kind = teller->layer->activation.kind;
    bool activated = kind != CVS_ACT_LINEAR && kind != CVS_ACT_SOFTMAX;
    add_output(out, teller->layer, cell);
    if (activated) cvs__add_string(out, cvs_activation_name(kind));
    if (activated) cvs__add_string(out, "(");
    add_product(out, teller, cell);
    if (teller->layer->use_bias) {
        cvs__add_string(out, " + ");
        cvs__add_string(out, teller->weights.weight[1].name);
        cvs__add_string(out, "[0]");
    }
    if (activated) cvs__add_string(out, ")");
}

static bool is_pointwise(const cvs_layer *layer) {
    for (int axis = 0; axis < layer->spatial_rank; axis++)
        if (layer->kernel[axis] > 1) return false;
    return true;
}

/* Along every axis the first output position whose window touches no padding; false when there is none. */
static bool find_cell(const cvs__teller *teller, int64_t *cell) {
    for (int axis = 0; axis < teller->layer->spatial_rank; axis++) {
        cell[axis] = first_inside(teller, axis);
        if (cell[axis] < 0) return false;
    }
    return true;
}

void cvs__tell_pool_arithmetic(cvs__teller *teller) {
    const cvs_layer *layer = teller->layer;
    int64_t cell[CVS_MAX_SPATIAL];
    if (!find_cell(teller, cell)) return;
    size_t from = teller->piece.length;
    bool largest = layer->op == CVS_OP_MAX_POOL;
    add_output(&teller->piece, layer, cell);
    cvs__add_string(&teller->piece, largest ? "numpy.max(" : layer->divisor ? "numpy.sum(" : "numpy.mean(");
    add_input(&teller->piece, layer, cell);
    cvs__add_string(&teller->piece, ")");
    if (!largest && layer->divisor) {
        cvs__add_string(&teller->piece, "/");
        cvs__add_integer(&teller->piece, layer->divisor);
    }
    cvs__put_piece(teller, EXPLAIN_VALUE_LINE, from);
    cvs__tell(teller, "arithmetic");
    cvs__say(teller, EXPLAIN_ARITHMETIC_LINE);
}

void cvs__say_activation(cvs__teller *teller) {
    const cvs_activation_kind kind = teller->layer->activation.kind;
    if (kind == CVS_ACT_LINEAR) return;
    cvs__put(teller, EXPLAIN_VALUE_FILTERS, teller->layer->filters);
    cvs__put_string(teller, EXPLAIN_VALUE_ACTIVATION, cvs_activation_name(kind));
    cvs__say(teller, kind == CVS_ACT_SOFTMAX ? EXPLAIN_ARITHMETIC_SOFTMAX : EXPLAIN_ARITHMETIC_ACTIVATION);
}

/* "[::-1]" where the kernel begins with its window, "[:, :, ::-1, ::-1]" where filters and channels come first. */
static void say_theano(cvs__teller *teller) {
    size_t from = teller->piece.length;
    int axes = teller->layer->spatial_rank;
    bool first = teller->weights.weight[0].tensor.axes[0] == CVS_AXIS_FILTERS;
    cvs__add_string(&teller->piece, first ? "[:, :" : "[::-1");
    for (int axis = first ? 0 : 1; axis < axes; axis++) cvs__add_string(&teller->piece, ", ::-1");
    cvs__add_string(&teller->piece, "]");
    cvs__put_piece(teller, EXPLAIN_VALUE_FLIP, from);
    cvs__put_string(teller, EXPLAIN_VALUE_KERNEL_NAME, teller->weights.weight[0].name);
    cvs__put_axes(teller, EXPLAIN_VALUE_SLIDE_AXES, 0);
    cvs__say(teller, EXPLAIN_ARITHMETIC_THEANO);
}

void cvs__tell_arithmetic(cvs__teller *teller) {
    int64_t cell[CVS_MAX_SPATIAL];
    if (!teller->weights.count || !find_cell(teller, cell)) return;
    size_t from = teller->piece.length;
    add_line(&teller->piece, teller, cell);
    cvs__put_piece(teller, EXPLAIN_VALUE_LINE, from);
    cvs__tell(teller, "arithmetic");
    cvs__say(teller, EXPLAIN_ARITHMETIC_LINE);
    cvs__say_activation(teller);
    if (teller->layer->framework == CVS_KERAS1 && !is_pointwise(teller->layer)) say_theano(teller);
}

/* ---- transposed: what one input cell adds ------------------------------------ */

/* Along every axis the first input position whose kernel lies wholly inside the output. */
static bool find_source(const cvs__teller *teller, int64_t *cell) {
    const cvs_layer *layer = teller->layer;
    for (int axis = 0; axis < layer->spatial_rank; axis++) {
        int64_t before = layer->padding.before[axis], stride = layer->stride[axis];
        cvs_dim size = cvs__size_in(teller, axis), result = cvs__size_out(teller, axis);
        if (!cvs_dim_is_known(size) || !cvs_dim_is_known(result) || before == CVS_DIM_UNKNOWN) return false;
        cell[axis] = (before + stride - 1) / stride;
        int64_t start = cell[axis] * stride - before;
        if (cell[axis] >= size || start > result - cvs__extent(layer->kernel[axis], layer->dilation[axis]))
            return false;
    }
    return true;
}

/* "y[0:3, 0:3, 0] += " */
static void add_target(cvs_text *out, const cvs_layer *layer, const int64_t *cell) {
    bool first = layer->data_format == CVS_CHANNELS_FIRST;
    cvs__add_string(out, first ? "y[0" : "y[");
    for (int axis = 0; axis < layer->spatial_rank; axis++) {
        if (first || axis) cvs__add_string(out, ", ");
        add_slice(out, cell[axis] * layer->stride[axis] - layer->padding.before[axis], layer->kernel[axis],
                  layer->dilation[axis]);
    }
    cvs__add_string(out, first ? "] += " : ", 0] += ");
}

/* "x[0, 0, :]" */
static void add_source(cvs_text *out, const cvs_layer *layer, const int64_t *cell) {
    bool first = layer->data_format == CVS_CHANNELS_FIRST;
    cvs__add_string(out, "x[");
    if (first) add_channels(out, layer);
    for (int axis = 0; axis < layer->spatial_rank; axis++) {
        if (first || axis) cvs__add_string(out, ", ");
        cvs__add_integer(out, cell[axis]);
    }
    if (!first) cvs__add_string(out, ", ");
    if (!first) add_channels(out, layer);
    cvs__add_string(out, "]");
}

/*
 * The kernel of filter 0 times the cell's channels: "kernel[..., 0, :] @ x[0, 0, :]" where the kernel ends with the
 * input channels, "numpy.tensordot(x[:, 0, 0], weight[:, 0], 1)" where it begins with them. False for other layouts.
 */
static bool add_share(cvs_text *out, const cvs__teller *teller, const int64_t *cell) {
    const cvs_weight *kernel = &teller->weights.weight[0];
    const cvs_layer *layer = teller->layer;
    bool last = kernel->tensor.axes[kernel->tensor.shape.rank - 1] == CVS_AXIS_IN_CHANNELS;
    if (!last && kernel->tensor.axes[0] != CVS_AXIS_IN_CHANNELS) return false;
    if (last && layer->groups > 1) return false;
    if (last) {
        cvs__add_string(out, kernel->name);
        cvs__add_string(out, "[..., 0, :] @ ");
        add_source(out, layer, cell);
        return true;
    }
    cvs__add_string(out, "numpy.tensordot(");
    add_source(out, layer, cell);
    cvs__add_string(out, ", ");
    cvs__add_string(out, kernel->name);
    cvs__add_string(out, "[");
    add_channels(out, layer);
    cvs__add_string(out, ", 0], 1)");
    return true;
}

void cvs__tell_transposed_arithmetic(cvs__teller *teller) {
    int64_t cell[CVS_MAX_SPATIAL];
    if (!teller->weights.count || !find_source(teller, cell)) return;
    size_t from = teller->piece.length;
    add_target(&teller->piece, teller->layer, cell);
    bool written = add_share(&teller->piece, teller, cell);
    cvs__put_piece(teller, EXPLAIN_VALUE_LINE, from);
    cvs__tell(teller, "arithmetic");
    if (written) cvs__say(teller, EXPLAIN_ARITHMETIC_ADDED);
    if (written) cvs__say_activation(teller);
}
