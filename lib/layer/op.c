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
};

const cvs__op *cvs__op_row(cvs_op op) { return (unsigned)op < CVS_OP_COUNT ? rows[op] : NULL; }

cvs_layer cvs_layer_default(cvs_op op, int spatial_rank) {
    return (cvs_layer){
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
    };
}
