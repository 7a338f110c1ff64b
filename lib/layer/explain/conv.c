/* conv.c - what a convolution is made of: filters that span all channels, the maps they leave, groups. */
#include "base/checked.h"
#include "teller.h"

static bool all_are(const int64_t *list, int count, int64_t number) {
    for (int i = 0; i < count; i++)
        if (list[i] != number) return false;
    return true;
}

/* Why channels do not survive. */
static void tell_depth(cvs__teller *teller) {
    const cvs_layer *layer = teller->layer;
    cvs__tell(teller, "depth");
    cvs__put_span(teller, EXPLAIN_VALUE_SPAN, layer->kernel);
    cvs__put_axes(teller, EXPLAIN_VALUE_SLIDE_AXES, 0);
    if (!teller->weights.count) {
        cvs__say(teller, EXPLAIN_DEPTH_OPEN);
        return;
    }
    int64_t per_group = layer->in_channels / layer->groups;
    cvs__put(teller, EXPLAIN_VALUE_CHANNELS, layer->in_channels);
    cvs__put(teller, EXPLAIN_VALUE_PER_GROUP, per_group);
    cvs__put_amount(teller, EXPLAIN_VALUE_TAPS, teller->weights.weight[0].count / layer->filters);
    if (layer->in_channels == 1)
        cvs__say(teller, EXPLAIN_DEPTH_ONE);
    else if (per_group == 1)
        cvs__say(teller, EXPLAIN_DEPTH_SINGLE);
    else if (layer->groups > 1)
        cvs__say(teller, EXPLAIN_DEPTH_GROUP);
    else
        cvs__say(teller, EXPLAIN_DEPTH_ALL);
    if (per_group == 1) {
        cvs__say(teller, EXPLAIN_DEPTH_SLIDE);
        return;
    }
    cvs__put(teller, EXPLAIN_VALUE_FILTERS, layer->filters);
    cvs__say(teller, EXPLAIN_DEPTH_SUM);
    cvs__say(teller, per_group == layer->filters ? EXPLAIN_DEPTH_ALIKE : EXPLAIN_DEPTH_GONE);
}

/* How many come out. */
static void tell_maps(cvs__teller *teller) {
    const cvs_layer *layer = teller->layer;
    int64_t product = 0, per_group = layer->in_channels / layer->groups;
    cvs__tell(teller, "maps");
    cvs__put(teller, EXPLAIN_VALUE_FILTERS, layer->filters);
    cvs__put_places(teller, EXPLAIN_VALUE_PLACES);
    cvs__say(teller, layer->filters == 1 ? EXPLAIN_MAPS_ONE : EXPLAIN_MAPS_MANY);
    if (!teller->weights.count || per_group == 1 || !cvs__mul(layer->filters, per_group, &product)) return;
    cvs__put_amount(teller, EXPLAIN_VALUE_PRODUCT, product);
    if (layer->filters > 1) cvs__say(teller, EXPLAIN_MAPS_NOT_PRODUCT);
}

static void tell_groups(cvs__teller *teller) {
    const cvs_layer *layer = teller->layer;
    if (layer->groups == 1 || !teller->weights.count) return;
    int64_t filters = layer->filters / layer->groups, channels = layer->in_channels / layer->groups;
    cvs__tell(teller, "groups");
    cvs__put(teller, EXPLAIN_VALUE_GROUPS, layer->groups);
    cvs__put(teller, EXPLAIN_VALUE_GROUP_FILTERS, filters);
    cvs__put(teller, EXPLAIN_VALUE_LAST_FILTER, filters - 1);
    cvs__put(teller, EXPLAIN_VALUE_LAST_CHANNEL, channels - 1);
    if (layer->groups == layer->in_channels) {
        cvs__say(teller, EXPLAIN_GROUPS_DEPTHWISE);
        if (layer->groups > 1) cvs__say(teller, EXPLAIN_GROUPS_NO_MIX);
    } else {
        if (filters == 1)
            cvs__say(teller, EXPLAIN_GROUPS_SINGLE);
        else
            cvs__say(teller, layer->groups == 2 ? EXPLAIN_GROUPS_HALVES : EXPLAIN_GROUPS_SPLIT);
        cvs__say(teller, EXPLAIN_GROUPS_FEWER);
    }
}

static void tell_dilation(cvs__teller *teller) {
    const cvs_layer *layer = teller->layer;
    for (int axis = 0; axis < layer->spatial_rank; axis++) {
        int64_t kernel = layer->kernel[axis], dilation = layer->dilation[axis];
        if (dilation == 1 || kernel == 1) continue;
        cvs__tell(teller, "dilation");
        cvs__put(teller, EXPLAIN_VALUE_DILATION, dilation);
        cvs__put(teller, EXPLAIN_VALUE_KERNEL, kernel);
        int counted = cvs__counted(teller, axis);
        cvs__put_cells(teller, EXPLAIN_VALUE_EXTENT, counted, cvs__extent(kernel, dilation));
        cvs__put_axis(teller, EXPLAIN_VALUE_AXIS, counted);
        cvs__put_positions(teller, EXPLAIN_VALUE_POSITIONS, counted, (cvs__positions){0, dilation, kernel});
        cvs__say(teller, EXPLAIN_DILATION_SPREAD);
        cvs__say(teller, EXPLAIN_DILATION_FREE);
        return;
    }
}

static bool is_whole_input(const cvs__teller *teller) {
    const cvs_layer *layer = teller->layer;
    for (int axis = 0; axis < layer->spatial_rank; axis++)
        if (cvs__size_in(teller, axis) != layer->kernel[axis] || cvs__size_out(teller, axis) != 1 ||
            layer->padding.before[axis] || layer->padding.after[axis])
            return false;
    return true;
}

/* Kernels that are another layer in disguise: 1×1, and one as large as the input. */
static void tell_kinship(cvs__teller *teller) {
    const cvs_layer *layer = teller->layer;
    int64_t per_sample = 0;
    if (!teller->weights.count || layer->groups > 1) return;
    cvs__tell(teller, "kinship");
    if (all_are(layer->kernel, layer->spatial_rank, 1)) {
        cvs__say(teller, EXPLAIN_KINSHIP_POINTWISE);
    } else if (is_whole_input(teller)) {
        per_sample = teller->weights.weight[0].count / layer->filters;
        cvs__put_amount(teller, EXPLAIN_VALUE_TAPS, per_sample);
        cvs__say(teller, EXPLAIN_KINSHIP_DENSE);
    }
}

/* The input's shape as frameworks with the channels first have it. */
static void put_channels_first(cvs__teller *teller) {
    cvs_tensor_shape turned = teller->inference->input;
    int last = turned.shape.rank - 1;
    for (int i = last; i > 1; i--) {
        turned.shape.dim[i] = teller->inference->input.shape.dim[i - 1];
        turned.axes[i] = teller->inference->input.axes[i - 1];
    }
    turned.shape.dim[1] = teller->inference->input.shape.dim[last];
    turned.axes[1] = teller->inference->input.axes[last];
    cvs__put_shape(teller, EXPLAIN_VALUE_SHAPE, &turned);
}

/* Where data_format matters and where it does not. */
static void tell_format(cvs__teller *teller) {
    const cvs_layer *layer = teller->layer;
    if (!teller->weights.count) return;
    cvs__tell(teller, "format");
    bool first = layer->data_format == CVS_CHANNELS_FIRST;
    if (layer->framework == CVS_KERAS && first) cvs__say(teller, EXPLAIN_FORMAT_DATA_ONLY);
    if (layer->framework == CVS_KERAS1 && first && layer->spatial_rank > 1) cvs__say(teller, EXPLAIN_FORMAT_TH);
    if (first) return;
    put_channels_first(teller);
    cvs__say(teller, EXPLAIN_FORMAT_PORT);
}

void cvs__tell_conv(cvs__teller *teller) {
    tell_depth(teller);
    tell_maps(teller);
    cvs__tell_weights(teller);
    cvs__tell_slide(teller);
    cvs__tell_arithmetic(teller);
    cvs__tell_border(teller);
    tell_dilation(teller);
    tell_groups(teller);
    tell_kinship(teller);
    cvs__tell_reach(teller);
    cvs__tell_cost(teller);
    tell_format(teller);
}
