/* keras_write.c - what Keras, of either generation, needs before a layer can be written. */
#include "layer/layer_internal.h"
#include "layer/norm.h"

#include "dialect/keras_arguments.h"
#include "dialect/writer.h"

/* ---- padding ---- */

static bool has_mode(const cvs_layer *layer, cvs_padding_mode mode) {
    bool keras1 = layer->framework == CVS_KERAS1;
    bool causal = layer->op == CVS_OP_CONV || layer->op == CVS_OP_SEPARABLE_CONV;
    return mode == CVS_PAD_VALID || mode == CVS_PAD_SAME ||
           (mode == CVS_PAD_FULL && keras1 && layer->op == CVS_OP_CONV) ||
           (mode == CVS_PAD_CAUSAL && !keras1 && layer->spatial_rank == 1 && causal);
}

/* Keras 1 pads and cuts some ranks by numbers that stand for both ends. */
static cvs_status adapt_pads(cvs__plan *plan, cvs_error *err) {
    const cvs_layer *layer = &plan->layer;
    if (layer->framework == CVS_KERAS1 && layer->op == CVS_OP_PAD && layer->spatial_rank == 3 && !cvs__pads_even(layer))
        return cvs__cannot(plan, &(cvs__obstacle){"padding-uneven", "/padding", .sentence = EXPLAIN_CANNOT_PADS_UNEVEN},
                           err);
    if (!cvs__pads_known(layer)) return cvs__pads_unknown(plan, err);
    cvs_status status = cvs__only_zeros(plan, err);
    plan->layer.padding.fill = CVS_FILL_ZEROS;
    return status;
}

static cvs_status adapt_padding(cvs__plan *plan, cvs_error *err) {
    cvs_layer *layer = &plan->layer;
    cvs_status status = cvs__only_zeros(plan, err);
    if (status) return status;
    layer->padding.fill = CVS_FILL_ZEROS;
    if (has_mode(layer, layer->padding.mode)) return CVS_OK;
    if (!cvs__pads_known(layer)) return cvs__pads_unknown(plan, err);
    cvs_padding_mode mode = cvs__pads_mode(layer);
    if (!has_mode(layer, mode)) return cvs__pads_apart(plan, CVS_OP_PAD, err);
    layer->padding = (cvs_padding){.mode = mode};
    return CVS_OK;
}

/* ---- activations ---- */

/* Where an activation is an argument, but not this one: a layer of its own. */
static cvs_status adapt_argument(cvs__plan *plan, cvs_error *err) {
    bool word = cvs__activation_word(plan->layer.framework, &plan->layer.activation) != NULL;
    return word ? CVS_OK : cvs__activation_apart(plan, err);
}

/* The order of axes makes a difference to a softmax only. */
static cvs_status adapt_activation(cvs__plan *plan, cvs_error *err) {
    cvs_layer *layer = &plan->layer;
    const cvs_activation *activation = &layer->activation;
    if (activation->kind != CVS_ACT_SOFTMAX) layer->data_format = CVS_CHANNELS_LAST;
    bool own_layer = activation->kind == CVS_ACT_LEAKY_RELU || activation->kind == CVS_ACT_ELU;
    if (own_layer || cvs__activation_word(layer->framework, activation)) return CVS_OK;
    return cvs__cannot(plan,
                       &(cvs__obstacle){"activation-unavailable", "/activation", .sentence = EXPLAIN_CANNOT_ACTIVATION,
                                        .term = cvs_activation_name(activation->kind)},
                       err);
}

/* ---- the whole ---- */

static cvs_status adapt_sum(cvs__plan *plan, cvs_status (*adapt)(cvs__plan *, cvs_error *), cvs_error *err) {
    cvs_status status = adapt_argument(plan, err);
    return status ? status : adapt(plan, err);
}

/* Keras 1 leaves sequences of vectors to TimeDistributed. */
static cvs_status adapt_dense(cvs__plan *plan, cvs_error *err) {
    int rank = plan->inference->input.shape.rank;
    if (plan->layer.framework == CVS_KERAS1 && rank != 2)
        return cvs__cannot(
            plan, &(cvs__obstacle){"matrix-only", "/op", .sentence = EXPLAIN_CANNOT_MATRIX_KERAS1, .amount = rank},
            err);
    return adapt_argument(plan, err);
}

/* Keras turns a picture with its channels first around before it flattens it; others do not. */
static cvs_status adapt_flatten(cvs__plan *plan) {
    cvs__plan_flatten(plan);
    if (plan->inference->layer.framework != CVS_KERAS) plan->layer.data_format = CVS_CHANNELS_LAST;
    return CVS_OK;
}

/* Keras normalises the one axis that it names; others have to normalise one then. */
static cvs_status adapt_layer_norm(cvs__plan *plan, cvs_error *err) {
    cvs_layer *layer = &plan->layer;
    int last = plan->inference->input.shape.rank - 1;
    int first = cvs__layer_norm_first(&plan->inference->layer, last + 1);
    if (!cvs__is_keras(plan->inference->layer.framework)) layer->axis = first == last ? -1 : first;
    if (layer->target_rank > 1)
        return cvs__cannot(plan,
                           &(cvs__obstacle){"several-axes-normalized", "/axis", .sentence = EXPLAIN_CANNOT_NORM_AXES,
                                            .amount = layer->target_rank},
                           err);
    layer->target_rank = 0;
    return CVS_OK;
}

cvs_status cvs__keras_adapt(cvs__plan *plan, cvs_error *err) {
    switch (plan->layer.op) {
    case CVS_OP_CONV:
    case CVS_OP_DEPTHWISE_CONV:
    case CVS_OP_SEPARABLE_CONV:
        return adapt_sum(plan, adapt_padding, err);
    case CVS_OP_CONV_TRANSPOSE:
        return adapt_sum(plan, cvs__keras_adapt_transposed, err);
    case CVS_OP_DENSE:
        return adapt_dense(plan, err);
    case CVS_OP_MAX_POOL:
    case CVS_OP_AVERAGE_POOL:
        return cvs__keras_adapt_pool(plan, err);
    case CVS_OP_PAD:
    case CVS_OP_CROP:
        return adapt_pads(plan, err);
    case CVS_OP_UPSAMPLE:
        return cvs__keras_adapt_upsample(plan, err);
    case CVS_OP_ACTIVATION:
        return adapt_activation(plan, err);
    case CVS_OP_FLATTEN:
        return adapt_flatten(plan);
    case CVS_OP_DROPOUT:
        cvs__plan_dropout(plan);
        return CVS_OK;
    case CVS_OP_LAYER_NORM:
        return adapt_layer_norm(plan, err);
    default:
        return CVS_OK;
    }
}
