/* channelwise.c - convolutions that keep channels apart: depthwise, and separable, which mixes them afterwards. */
#include "base/checked.h"
#include "teller.h"

static int64_t kernel_cells(const cvs_layer *layer) {
    int64_t cells = 1;
    for (int axis = 0; axis < layer->spatial_rank; axis++)
        if (!cvs__mul(cells, layer->kernel[axis], &cells)) return 0;
    return cells;
}

static void put_channelwise(cvs__teller *teller) {
    const cvs_layer *layer = teller->layer;
    size_t from = teller->piece.length;
    cvs__put(teller, EXPLAIN_VALUE_CHANNELS, layer->in_channels);
    cvs__put(teller, EXPLAIN_VALUE_MULTIPLIER, layer->multiplier);
    cvs__put_span(teller, EXPLAIN_VALUE_SPAN, layer->kernel);
    for (int axis = 0; axis < layer->spatial_rank; axis++) {
        if (axis) cvs__add_string(&teller->piece, " × ");
        cvs__add_integer(&teller->piece, layer->kernel[axis]);
    }
    cvs__put_piece(teller, EXPLAIN_VALUE_FACTORS, from);
}

/* Every weight with its shape, in the framework's order. */
static void tell_tensors(cvs__teller *teller) {
    size_t from = teller->piece.length;
    for (int i = 0; i < teller->weights.count; i++) {
        const cvs_weight *weight = &teller->weights.weight[i];
        cvs__put_string(teller, EXPLAIN_VALUE_AXIS_NAME, weight->name);
        cvs__put_shape(teller, EXPLAIN_VALUE_SHAPE, &weight->tensor);
        cvs__write(teller, i ? EXPLAIN_TENSORS_NEXT : EXPLAIN_TENSORS_FIRST);
    }
    cvs__put_piece(teller, EXPLAIN_VALUE_AXES, from);
    cvs__tell(teller, "weight-axes");
    cvs__say(teller, EXPLAIN_TENSORS_LIST);
    for (int i = 0; i < teller->weights.count; i++) {
        const cvs_weight *weight = &teller->weights.weight[i];
        if (weight->tensor.shape.rank == 1) continue;
        cvs__put_string(teller, EXPLAIN_VALUE_KERNEL_NAME, weight->name);
        cvs__put_shape(teller, EXPLAIN_VALUE_KERNEL_SHAPE, &weight->tensor);
        cvs__put_axis_list(teller, &weight->tensor);
        cvs__say(teller, EXPLAIN_TENSORS_ONE);
    }
}

static void tell_depthwise_parameters(cvs__teller *teller, int64_t filters) {
    cvs__tell(teller, "parameters");
    cvs__put_amount(teller, EXPLAIN_VALUE_TAPS, kernel_cells(teller->layer));
    cvs__put(teller, EXPLAIN_VALUE_FILTERS, filters);
    cvs__put_amount(teller, EXPLAIN_VALUE_PARAMETERS, teller->weights.parameters);
    cvs__say(teller, teller->layer->use_bias ? EXPLAIN_DEPTHWISE_PARAMETERS_BIAS : EXPLAIN_DEPTHWISE_PARAMETERS);
    cvs__say(teller, EXPLAIN_PARAMETERS_SHARED_1D + teller->layer->spatial_rank - 1);
}

/* Without the number of channels nothing can be counted. */
static void tell_open_channels(cvs__teller *teller) {
    cvs__put(teller, EXPLAIN_VALUE_MULTIPLIER, teller->layer->multiplier);
    cvs__put_span(teller, EXPLAIN_VALUE_SPAN, teller->layer->kernel);
    cvs__tell(teller, "depthwise");
    cvs__say(teller, EXPLAIN_DEPTHWISE_OPEN);
}

void cvs__tell_depthwise(cvs__teller *teller) {
    const cvs_layer *layer = teller->layer;
    int64_t filters = 0;
    if (teller->weights.count && cvs__mul(layer->in_channels, layer->multiplier, &filters)) {
        put_channelwise(teller);
        cvs__put(teller, EXPLAIN_VALUE_FILTERS, filters);
        cvs__tell(teller, "depthwise");
        cvs__say(teller, EXPLAIN_DEPTHWISE_OWN);
        cvs__say(teller, layer->multiplier == 1 ? EXPLAIN_DEPTHWISE_ALIKE : EXPLAIN_DEPTHWISE_COUNT);
        if (layer->in_channels > 1) cvs__say(teller, EXPLAIN_DEPTHWISE_NO_MIX);
        tell_tensors(teller);
        cvs__put_string(teller, EXPLAIN_VALUE_BIAS_NAME, teller->weights.weight[teller->weights.count - 1].name);
        cvs__tell_filter(teller);
        tell_depthwise_parameters(teller, filters);
    } else {
        tell_open_channels(teller);
    }
    cvs__tell_slide(teller);
    cvs__tell_arithmetic(teller);
    cvs__tell_border(teller);
    cvs__tell_reach(teller);
    cvs__tell_cost(teller);
}

/* A plain convolution of the same reach: (k... × in + bias) × filters; 0 when that overflows. */
static int64_t plain_parameters(const cvs_layer *layer) {
    int64_t plain = 0;
    bool fits = cvs__mul(kernel_cells(layer), layer->in_channels, &plain) && cvs__add(plain, layer->use_bias, &plain) &&
                cvs__mul(plain, layer->filters, &plain);
    return fits ? plain : 0;
}

void cvs__tell_separable(cvs__teller *teller) {
    const cvs_layer *layer = teller->layer;
    int64_t maps = 0;
    if (teller->weights.count && cvs__mul(layer->in_channels, layer->multiplier, &maps)) {
        put_channelwise(teller);
        cvs__put(teller, EXPLAIN_VALUE_MAPS, maps);
        cvs__put(teller, EXPLAIN_VALUE_FILTERS, layer->filters);
        cvs__put_amount(teller, EXPLAIN_VALUE_PARAMETERS, teller->weights.parameters);
        cvs__put_amount(teller, EXPLAIN_VALUE_PLAIN_PARAMETERS, plain_parameters(layer));
        cvs__tell(teller, "separable");
        cvs__say(teller, EXPLAIN_SEPARABLE_STEPS);
        if (plain_parameters(layer)) cvs__say(teller, EXPLAIN_SEPARABLE_PARAMETERS);
        cvs__say_activation(teller);
        tell_tensors(teller);
        cvs__tell_map(teller, layer->filters);
        cvs__say_mixing(teller, layer->filters);
    }
    cvs__tell_slide(teller);
    cvs__tell_border(teller);
    cvs__tell_reach(teller);
    cvs__tell_cost(teller);
}
