/* transposed.c - transposed convolution: the window run the other way. */
#include "teller.h"

/* The smallest output that a convolution with these settings would shrink to the input's size. */
static int64_t smallest_origin(const cvs_layer *layer, int axis, int64_t size) {
    int64_t stride = layer->stride[axis], start = (size - 1) * stride;
    if (cvs__is_same(layer->padding.mode)) return start + 1;
    return start + cvs__extent(layer->kernel[axis], layer->dilation[axis]) - layer->padding.before[axis] -
           layer->padding.after[axis];
}

/* The sizes that a convolution with these settings would shrink alike, this layer's output among them. */
static void say_choice(cvs__teller *teller, int axis) {
    const cvs_layer *layer = teller->layer;
    int64_t size = cvs__size_in(teller, axis), times = cvs__size_out(teller, axis), stride = layer->stride[axis];
    cvs__put(teller, EXPLAIN_VALUE_SIZE, size);
    cvs__put(teller, EXPLAIN_VALUE_TIMES, times);
    int64_t low = smallest_origin(layer, axis, size);
    bool usual = layer->padding.before[axis] != CVS_DIM_UNKNOWN && low > 0 && times >= low && times < low + stride;
    if (stride == 1 || !usual) return;
    cvs__put(teller, EXPLAIN_VALUE_LOW, low);
    cvs__put(teller, EXPLAIN_VALUE_HIGH, low + stride - 1);
    cvs__say(teller, EXPLAIN_TRANSPOSED_CHOICE);
}

/* o = (i - 1)*s + ke - p_before - p_after + p_out, step by step. */
static void say_size(cvs__teller *teller, int axis) {
    const cvs_layer *layer = teller->layer;
    int64_t before = layer->padding.before[axis], after = layer->padding.after[axis];
    int64_t size = cvs__size_in(teller, axis), times = cvs__size_out(teller, axis), added = layer->output_padding[axis];
    int64_t rest = times - added;
    cvs__put(teller, EXPLAIN_VALUE_STRIDE, layer->stride[axis]);
    cvs__put(teller, EXPLAIN_VALUE_REACH, cvs__extent(layer->kernel[axis], layer->dilation[axis]));
    cvs__put(teller, EXPLAIN_VALUE_TOTAL, rest + before + after);
    cvs__put(teller, EXPLAIN_VALUE_BEFORE, before);
    cvs__put(teller, EXPLAIN_VALUE_AFTER, after);
    cvs__put(teller, EXPLAIN_VALUE_REST, rest);
    cvs__put(teller, EXPLAIN_VALUE_ADDED, added);
    cvs__put(teller, EXPLAIN_VALUE_SIZE, size);
    cvs__put(teller, EXPLAIN_VALUE_TIMES, times);
    cvs__put_axis(teller, EXPLAIN_VALUE_AXIS, axis);
    cvs__say(teller, size == 1 ? EXPLAIN_TRANSPOSED_SIZE_ONE : EXPLAIN_TRANSPOSED_SIZE);
    if (before || after) cvs__say(teller, EXPLAIN_TRANSPOSED_CROPPED);
    if (added) cvs__say(teller, EXPLAIN_TRANSPOSED_ADDED);
}

static bool is_known(const cvs__teller *teller, int axis) {
    return cvs_dim_is_known(cvs__size_in(teller, axis)) && cvs_dim_is_known(cvs__size_out(teller, axis));
}

/* What Keras would make of output_padding=0, which is not the same as None: it counts from (i - 1)*s. */
static int64_t size_without_none(const cvs__teller *teller, int axis) {
    const cvs_layer *layer = teller->layer;
    int64_t extent = cvs__extent(layer->kernel[axis], layer->dilation[axis]);
    int64_t start = (cvs__size_in(teller, axis) - 1) * layer->stride[axis];
    return start + (cvs__is_same(layer->padding.mode) ? extent % 2 : extent);
}

static void say_none(cvs__teller *teller, int axis) {
    const cvs_layer *layer = teller->layer;
    if (layer->framework != CVS_KERAS || layer->has_output_padding || layer->has_output_size) return;
    int64_t other = size_without_none(teller, axis);
    if (other == cvs__size_out(teller, axis)) return;
    cvs__put(teller, EXPLAIN_VALUE_TIMES, cvs__size_out(teller, axis));
    cvs__put(teller, EXPLAIN_VALUE_OTHER, other);
    cvs__say(teller, EXPLAIN_TRANSPOSED_NONE);
}

static void tell_size(cvs__teller *teller) {
    int first = -1; /* the first axis whose sizes are known: what is chosen there goes for the others */
    cvs__tell(teller, "transposed-size");
    for (int axis = 0; axis < teller->layer->spatial_rank; axis++) {
        if (!is_known(teller, axis)) continue;
        if (first < 0) first = axis;
        say_size(teller, axis);
        if (axis == 0 && cvs__say_alike(teller)) break;
    }
    cvs__tell(teller, "transposed-choice");
    if (first >= 0) {
        cvs__put_axis(teller, EXPLAIN_VALUE_AXIS, first);
        say_choice(teller, first);
        say_none(teller, first);
    }
    cvs__say(teller, EXPLAIN_TRANSPOSED_NOT_INVERSE);
}

/* Is the pattern of what falls where the same along every axis? */
static bool axes_agree(const cvs_layer *layer) {
    for (int axis = 1; axis < layer->spatial_rank; axis++)
        if (layer->kernel[axis] != layer->kernel[0] || layer->stride[axis] != layer->stride[0] ||
            layer->dilation[axis] != layer->dilation[0])
            return false;
    return true;
}

/* Dilated kernels hit every stride-th cell in other patterns; only plain ones are counted here. */
static void tell_overlap(cvs__teller *teller) {
    const cvs_layer *layer = teller->layer;
    cvs__tell(teller, "overlap");
    for (int axis = 0; axis < layer->spatial_rank; axis++) {
        int64_t kernel = layer->kernel[axis], stride = layer->stride[axis];
        if (stride == 1 || layer->dilation[axis] > 1) continue;
        cvs__put(teller, EXPLAIN_VALUE_KERNEL, kernel);
        cvs__put(teller, EXPLAIN_VALUE_STRIDE, stride);
        cvs__put(teller, EXPLAIN_VALUE_SHARE, kernel / stride);
        cvs__put(teller, EXPLAIN_VALUE_SHARE_MORE, kernel / stride + 1);
        bool every = layer->spatial_rank > 1 && axes_agree(layer);
        cvs__put_axis(teller, EXPLAIN_VALUE_AXIS, every ? CVS__EVERY_AXIS : axis);
        if (kernel < stride)
            cvs__say(teller, EXPLAIN_TRANSPOSED_HOLES);
        else
            cvs__say(teller, kernel % stride ? EXPLAIN_TRANSPOSED_UNEVEN : EXPLAIN_TRANSPOSED_EVEN);
        if (axes_agree(layer)) return;
    }
}

static void tell_layout(cvs__teller *teller) {
    bool grouped = teller->layer->groups > 1;
    cvs__tell_axes(teller);
    cvs__put_string(teller, EXPLAIN_VALUE_LEFT, cvs_axis_name(grouped ? CVS_AXIS_FILTERS_PER_GROUP : CVS_AXIS_FILTERS));
    cvs__put_string(teller, EXPLAIN_VALUE_RIGHT, cvs_axis_name(CVS_AXIS_IN_CHANNELS));
    if (teller->layer->framework != CVS_KERAS1) cvs__say(teller, EXPLAIN_TRANSPOSED_LAYOUT);
}

void cvs__tell_conv_transpose(cvs__teller *teller) {
    const cvs_layer *layer = teller->layer;
    cvs__tell(teller, "transposed");
    cvs__put_span(teller, EXPLAIN_VALUE_SPAN, layer->kernel);
    cvs__put_span(teller, EXPLAIN_VALUE_STEP, layer->stride);
    cvs__put(teller, EXPLAIN_VALUE_FILTERS, layer->filters);
    cvs__put(teller, EXPLAIN_VALUE_PER_GROUP, layer->in_channels / layer->groups);
    cvs__say(teller, EXPLAIN_TRANSPOSED_SPREAD);
    if (layer->in_channels) cvs__say(teller, EXPLAIN_TRANSPOSED_SUM);
    cvs__tell_transposed_arithmetic(teller);
    tell_size(teller);
    tell_overlap(teller);
    if (!teller->weights.count) return;
    tell_layout(teller);
    cvs__tell_filter(teller);
    cvs__tell_parameters(teller);
    cvs__tell_cost(teller);
}
