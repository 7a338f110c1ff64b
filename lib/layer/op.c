#include "layer/op.h"

static const cvs__op *const rows[CVS_OP_COUNT] = {
    [CVS_OP_CONV] = &cvs__op_conv,
    [CVS_OP_CONV_TRANSPOSE] = &cvs__op_transposed,
    [CVS_OP_DEPTHWISE_CONV] = &cvs__op_depthwise,
    [CVS_OP_SEPARABLE_CONV] = &cvs__op_separable,
    [CVS_OP_MAX_POOL] = &cvs__op_pool,
    [CVS_OP_AVERAGE_POOL] = &cvs__op_pool,
    [CVS_OP_GLOBAL_MAX_POOL] = &cvs__op_global_pool,
    [CVS_OP_GLOBAL_AVERAGE_POOL] = &cvs__op_global_pool,
    [CVS_OP_ADAPTIVE_MAX_POOL] = &cvs__op_adaptive_pool,
    [CVS_OP_ADAPTIVE_AVERAGE_POOL] = &cvs__op_adaptive_pool,
    [CVS_OP_PAD] = &cvs__op_pad,
    [CVS_OP_CROP] = &cvs__op_crop,
    [CVS_OP_UPSAMPLE] = &cvs__op_upsample,
    [CVS_OP_DENSE] = &cvs__op_dense,
    [CVS_OP_FLATTEN] = &cvs__op_flatten,
    [CVS_OP_RESHAPE] = &cvs__op_reshape,
    [CVS_OP_PERMUTE] = &cvs__op_permute,
    [CVS_OP_REPEAT] = &cvs__op_repeat,
    [CVS_OP_BATCH_NORM] = &cvs__op_norm,
    [CVS_OP_LAYER_NORM] = &cvs__op_layer_norm,
    [CVS_OP_GROUP_NORM] = &cvs__op_norm,
    [CVS_OP_ACTIVATION] = &cvs__op_activation,
    [CVS_OP_DROPOUT] = &cvs__op_dropout,
    [CVS_OP_ADD] = &cvs__op_merge,
    [CVS_OP_MULTIPLY] = &cvs__op_merge,
    [CVS_OP_AVERAGE] = &cvs__op_merge,
    [CVS_OP_MAXIMUM] = &cvs__op_merge,
    [CVS_OP_CONCATENATE] = &cvs__op_merge,
};

const cvs__op *cvs__op_row(cvs_op op) { return (unsigned)op < CVS_OP_COUNT ? rows[op] : NULL; }

void cvs__layer_start(cvs_layer *layer, cvs_op op, int spatial_rank) {
    *layer = (cvs_layer){
        .op = op,
        .spatial_rank = spatial_rank,
        .stride = {1, 1, 1},
        .dilation = {1, 1, 1},
        .groups = 1,
        .use_bias = true,
        .multiplier = 1,
        .start_axis = 1,
        .end_axis = -1,
        .axis = -1,
        .scale_weight = true,
        .center_weight = true,
        .running_stats = true,
        .epsilon = 1e-3F,
    };
}

cvs_layer cvs_layer_default(cvs_op op, int spatial_rank) {
    cvs_layer layer;
    cvs__layer_start(&layer, op, spatial_rank);
    return layer;
}
