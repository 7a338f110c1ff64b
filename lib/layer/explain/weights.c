/* weights.c - the weights of a convolution: every axis, one filter's share and its map, how many they are. */
#include "base/checked.h"
#include "teller.h"

enum { MANY_CHANNELS = 32 };

static const cvs_weight *kernel_of(const cvs__teller *teller) { return &teller->weights.weight[0]; }

/* ---- every axis by position ------------------------------------------------ */

void cvs__put_axis_list(cvs__teller *teller, const cvs_tensor_shape *tensor) {
    size_t from = teller->piece.length;
    for (int i = 0; i < tensor->shape.rank; i++) {
        cvs__put(teller, EXPLAIN_VALUE_POSITION, i);
        cvs__put_string(teller, EXPLAIN_VALUE_AXIS_NAME, cvs_axis_name(tensor->axes[i]));
        cvs__put(teller, EXPLAIN_VALUE_SIZE, tensor->shape.dim[i]);
        cvs__write(teller, i ? EXPLAIN_AXES_NEXT : EXPLAIN_AXES_FIRST);
    }
    cvs__put_piece(teller, EXPLAIN_VALUE_AXES, from);
}

static bool places_known(const cvs__teller *teller) {
    for (int axis = 0; axis < teller->layer->spatial_rank; axis++)
        if (!cvs_dim_is_known(cvs__size_out(teller, axis))) return false;
    return true;
}

/* The axis that beginners take for a size of the output. */
static void say_channels(cvs__teller *teller) {
    const cvs_tensor_shape *tensor = &kernel_of(teller)->tensor;
    for (int i = 0; i < tensor->shape.rank; i++) {
        bool channels = tensor->axes[i] == CVS_AXIS_IN_CHANNELS || tensor->axes[i] == CVS_AXIS_IN_CHANNELS_PER_GROUP;
        bool spread = tensor->axes[i] == CVS_AXIS_IN_CHANNELS && teller->layer->groups > 1;
        if (!channels || spread || tensor->shape.dim[i] == 1) continue;
        cvs__put(teller, EXPLAIN_VALUE_POSITION, i);
        cvs__put_string(teller, EXPLAIN_VALUE_AXIS_NAME, cvs_axis_name(tensor->axes[i]));
        cvs__put(teller, EXPLAIN_VALUE_SIZE, tensor->shape.dim[i]);
        cvs__say(teller, EXPLAIN_AXES_CHANNELS);
    }
}

void cvs__tell_axes(cvs__teller *teller) {
    const cvs_weight *kernel = kernel_of(teller);
    bool biased = teller->weights.count > 1;
    cvs__tell(teller, "weight-axes");
    cvs__put_places(teller, EXPLAIN_VALUE_PLACES);
    cvs__put_string(teller, EXPLAIN_VALUE_KERNEL_NAME, kernel->name);
    cvs__put_shape(teller, EXPLAIN_VALUE_KERNEL_SHAPE, &kernel->tensor);
    cvs__put_axis_list(teller, &kernel->tensor);
    if (biased) {
        cvs__put_string(teller, EXPLAIN_VALUE_BIAS_NAME, teller->weights.weight[1].name);
        cvs__put_shape(teller, EXPLAIN_VALUE_BIAS_SHAPE, &teller->weights.weight[1].tensor);
    }
    cvs__say(teller, biased ? EXPLAIN_AXES_KERNEL_BIAS : EXPLAIN_AXES_KERNEL);
    say_channels(teller);
    cvs__say(teller, places_known(teller) ? EXPLAIN_AXES_NOT_OUTPUT : EXPLAIN_AXES_NOT_OUTPUT_OPEN);
}

/* Keras 1's 1D kernel: the axis that is always 1. */
static void tell_unit(cvs__teller *teller) {
    const cvs_tensor_shape *tensor = &kernel_of(teller)->tensor;
    for (int i = 0; i < tensor->shape.rank; i++) {
        if (tensor->axes[i] != CVS_AXIS_UNIT) continue;
        cvs__tell(teller, "unit-axis");
        cvs__put(teller, EXPLAIN_VALUE_POSITION, i);
        cvs__put_shape_without(teller, EXPLAIN_VALUE_SHAPE, tensor, i);
        cvs__say(teller, EXPLAIN_UNIT_WHY);
        cvs__say(teller, EXPLAIN_UNIT_LATER);
    }
}

/* ---- had the channels been steps -------------------------------------------- */

/* How often the window fits along `size` cells of the only spatial axis; 0: not at all. */
static int64_t places_along(const cvs_layer *layer, int64_t size) {
    int64_t stride = layer->stride[0];
    if (cvs__is_same(layer->padding.mode)) return (size - 1) / stride + 1;
    int64_t pads = layer->padding.before[0] + layer->padding.after[0], room = 0;
    if (!cvs__add(size, pads - cvs__extent(layer->kernel[0], layer->dilation[0]), &room)) return 0;
    return room < 0 ? 0 : room / stride + 1;
}

/* A shape of the swapped layer: `tensor` with other sizes where the caller says so. */
static void put_swapped(cvs__teller *teller, int value, const cvs_tensor_shape *tensor, cvs_dim length,
                        cvs_dim channels) {
    cvs_tensor_shape swapped = *tensor;
    for (int i = 0; i < swapped.shape.rank; i++) {
        cvs_axis axis = swapped.axes[i];
        if (axis == CVS_AXIS_LENGTH) swapped.shape.dim[i] = length;
        if (axis == CVS_AXIS_CHANNELS || axis == CVS_AXIS_IN_CHANNELS) swapped.shape.dim[i] = channels;
    }
    cvs__put_shape(teller, value, &swapped);
}

static void tell_swap(cvs__teller *teller) {
    const cvs_layer *layer = teller->layer;
    int64_t channels = layer->in_channels, parameters = 0;
    if (layer->spatial_rank != 1 || layer->groups > 1 || channels < MANY_CHANNELS || layer->kernel[0] == 1) return;
    int64_t places = places_along(layer, channels);
    if (places == 0 || !cvs__mul(layer->kernel[0] + layer->use_bias, layer->filters, &parameters)) return;
    cvs__tell(teller, "channel-swap");
    cvs__put(teller, EXPLAIN_VALUE_SWAPPED_PLACES, places);
    put_swapped(teller, EXPLAIN_VALUE_SWAPPED_INPUT, &teller->inference->input, channels, 1);
    put_swapped(teller, EXPLAIN_VALUE_SWAPPED_OUTPUT, &teller->inference->output, places, 1);
    put_swapped(teller, EXPLAIN_VALUE_SWAPPED_KERNEL, &kernel_of(teller)->tensor, CVS_DIM_UNKNOWN, 1);
    cvs__put_amount(teller, EXPLAIN_VALUE_PARAMETERS, teller->weights.parameters);
    cvs__put_amount(teller, EXPLAIN_VALUE_SWAPPED_PARAMETERS, parameters);
    cvs__say(teller, EXPLAIN_SWAP_QUESTION);
    cvs__say(teller, EXPLAIN_SWAP_ANSWER);
    cvs__say(teller, EXPLAIN_SWAP_PARAMETERS);
}

/* ---- one filter -------------------------------------------------------------- */

/* How the framework's users come by the output of a layer inside their model. */
static int sentence_to_run(cvs_framework framework) {
    switch (framework) {
    case CVS_KERAS1:
        return EXPLAIN_FILTER_RUN_KERAS1;
    case CVS_KERAS:
        return EXPLAIN_FILTER_RUN_KERAS;
    case CVS_PYTORCH:
        return EXPLAIN_FILTER_RUN_PYTORCH;
    case CVS_ONNX:
        return EXPLAIN_FILTER_RUN_ONNX;
    default:
        return -1;
    }
}

/* Where `axis` stands in the weight, or -1. */
static int position_in(const cvs_weight *weight, cvs_axis axis) {
    const cvs_tensor_shape *tensor = &weight->tensor;
    for (int i = 0; i < tensor->shape.rank; i++)
        if (tensor->axes[i] == axis) return i;
    return -1;
}

/* "kernel[..., 7]", "weight[7]", "weight[:, 7]", "kernel[..., 7, :]": the filters stand at `position`. */
static void put_filter(cvs__teller *teller, const cvs_weight *weight, int64_t filter, int position) {
    int behind = weight->tensor.shape.rank - 1 - position;
    size_t from = teller->piece.length;
    cvs__add_string(&teller->piece, weight->name);
    cvs__add_string(&teller->piece, position == 0 ? "[" : position == 1 ? "[:, " : "[..., ");
    cvs__add_integer(&teller->piece, filter);
    cvs__add_string(&teller->piece, position > 1 && behind == 1 ? ", :]" : "]");
    cvs__put_piece(teller, EXPLAIN_VALUE_FILTER_KERNEL, from);
    cvs__put_shape_without(teller, EXPLAIN_VALUE_FILTER_SHAPE, &weight->tensor, position);
}

/* A depthwise kernel that ends with (in_channels, multiplier): output channel c*m + j is "kernel[..., c, j]". */
static bool put_channel_kernel(cvs__teller *teller, int64_t filter) {
    cvs_tensor_shape rest = kernel_of(teller)->tensor;
    int64_t multiplier = teller->layer->multiplier;
    if (rest.shape.rank < 3 || rest.axes[rest.shape.rank - 1] != CVS_AXIS_MULTIPLIER) return false;
    size_t from = teller->piece.length;
    cvs__add_string(&teller->piece, kernel_of(teller)->name);
    cvs__add_string(&teller->piece, "[..., ");
    cvs__add_integer(&teller->piece, filter / multiplier);
    cvs__add_string(&teller->piece, ", ");
    cvs__add_integer(&teller->piece, filter % multiplier);
    cvs__add_string(&teller->piece, "]");
    cvs__put_piece(teller, EXPLAIN_VALUE_FILTER_KERNEL, from);
    rest.shape.rank -= 2;
    cvs__put_shape(teller, EXPLAIN_VALUE_FILTER_SHAPE, &rest);
    return true;
}

/* A transposed kernel that begins with (in_channels, filters_per_group): filter 3 of 2 a group is "weight[8:16, 1]". */
static bool put_group_kernel(cvs__teller *teller, int64_t filter) {
    const cvs_layer *layer = teller->layer;
    cvs_tensor_shape rest = kernel_of(teller)->tensor;
    if (rest.shape.rank < 3 || rest.axes[1] != CVS_AXIS_FILTERS_PER_GROUP) return false;
    int64_t filters = layer->filters / layer->groups, channels = layer->in_channels / layer->groups;
    int64_t first = filter / filters * channels;
    size_t from = teller->piece.length;
    cvs__add_string(&teller->piece, kernel_of(teller)->name);
    cvs__add_string(&teller->piece, "[");
    cvs__add_integer(&teller->piece, first);
    cvs__add_string(&teller->piece, ":");
    cvs__add_integer(&teller->piece, first + channels);
    cvs__add_string(&teller->piece, ", ");
    cvs__add_integer(&teller->piece, filter % filters);
    cvs__add_string(&teller->piece, "]");
    cvs__put_piece(teller, EXPLAIN_VALUE_FILTER_KERNEL, from);
    rest.shape.dim[0] = channels;
    cvs__put_shape_without(teller, EXPLAIN_VALUE_FILTER_SHAPE, &rest, 1);
    return true;
}

/* The weights of one output channel where a slice shows them; false when none does. */
static bool put_share(cvs__teller *teller, int64_t filter) {
    int position = position_in(kernel_of(teller), CVS_AXIS_FILTERS);
    if (position >= 0) put_filter(teller, kernel_of(teller), filter, position);
    return position >= 0 || put_channel_kernel(teller, filter) || put_group_kernel(teller, filter);
}

/* "y[..., 7]" or "y[:, 7]" */
static void put_map(cvs__teller *teller, int64_t filter) {
    const cvs_layer *layer = teller->layer;
    size_t from = teller->piece.length;
    cvs__add_string(&teller->piece, layer->data_format == CVS_CHANNELS_FIRST ? "y[:, " : "y[..., ");
    cvs__add_integer(&teller->piece, filter);
    cvs__add_string(&teller->piece, "]");
    cvs__put_piece(teller, EXPLAIN_VALUE_FILTER_MAP, from);
    cvs__put_shape_without(teller, EXPLAIN_VALUE_MAP_SHAPE, &teller->inference->output,
                           cvs__channel_position(layer->data_format, layer->spatial_rank));
}

void cvs__tell_map(cvs__teller *teller, int64_t filters) {
    int64_t filter = filters > 7 ? 7 : filters - 1;
    cvs__tell(teller, "one-filter");
    cvs__put(teller, EXPLAIN_VALUE_FILTER, filter);
    put_map(teller, filter);
    cvs__say(teller, EXPLAIN_CHANNELWISE_MAP);
}

void cvs__say_mixing(cvs__teller *teller, int64_t filters) {
    const cvs_weight *pointwise = &teller->weights.weight[1];
    int64_t filter = filters > 7 ? 7 : filters - 1;
    int position = position_in(pointwise, CVS_AXIS_FILTERS);
    if (position < 0) return;
    put_filter(teller, pointwise, filter, position);
    cvs__say(teller, EXPLAIN_SEPARABLE_FILTER);
}

void cvs__tell_filter(cvs__teller *teller) {
    const cvs_layer *layer = teller->layer;
    int64_t filter = layer->filters > 7 ? 7 : layer->filters - 1;
    int run = sentence_to_run(layer->framework);
    if (!put_share(teller, filter)) {
        cvs__tell_map(teller, layer->filters);
        return;
    }
    cvs__tell(teller, "one-filter");
    cvs__put(teller, EXPLAIN_VALUE_FILTER, filter);
    put_map(teller, filter);
    cvs__say(teller, layer->use_bias ? EXPLAIN_FILTER_WEIGHTS_BIAS : EXPLAIN_FILTER_WEIGHTS);
    cvs__say(teller, EXPLAIN_FILTER_MAP);
    if (run >= 0) cvs__say(teller, run);
}

/* ---- how many ------------------------------------------------------------------ */

static void put_factors(cvs__teller *teller) {
    const cvs_layer *layer = teller->layer;
    size_t from = teller->piece.length;
    for (int axis = 0; axis < layer->spatial_rank; axis++) {
        cvs__add_integer(&teller->piece, layer->kernel[axis]);
        cvs__add_string(&teller->piece, " × ");
    }
    cvs__add_integer(&teller->piece, layer->in_channels / layer->groups);
    cvs__put_piece(teller, EXPLAIN_VALUE_FACTORS, from);
}

void cvs__tell_parameters(cvs__teller *teller) {
    const cvs_layer *layer = teller->layer;
    cvs__tell(teller, "parameters");
    put_factors(teller);
    cvs__put_amount(teller, EXPLAIN_VALUE_PARAMETERS, teller->weights.parameters);
    cvs__put_amount(teller, EXPLAIN_VALUE_TAPS, kernel_of(teller)->count / layer->filters);
    cvs__say(teller, layer->use_bias ? EXPLAIN_PARAMETERS_BIAS : EXPLAIN_PARAMETERS_PLAIN);
    cvs__say(teller, EXPLAIN_PARAMETERS_SHARED_1D + layer->spatial_rank - 1);
}

void cvs__tell_weights(cvs__teller *teller) {
    if (!teller->weights.count) return;
    cvs__tell_axes(teller);
    tell_unit(teller);
    tell_swap(teller);
    cvs__tell_filter(teller);
    cvs__tell_parameters(teller);
}
