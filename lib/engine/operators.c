#include "plan.h"

static const cvs__operator *const rows[CVS_OP_COUNT] = {
    [CVS_OP_CONV] = &cvs__operator_conv,
    [CVS_OP_CONV_TRANSPOSE] = &cvs__operator_transposed,
    [CVS_OP_DEPTHWISE_CONV] = &cvs__operator_conv,
    [CVS_OP_SEPARABLE_CONV] = &cvs__operator_separable,
    [CVS_OP_MAX_POOL] = &cvs__operator_sliding_pool,
    [CVS_OP_AVERAGE_POOL] = &cvs__operator_sliding_pool,
    [CVS_OP_GLOBAL_MAX_POOL] = &cvs__operator_dividing_pool,
    [CVS_OP_GLOBAL_AVERAGE_POOL] = &cvs__operator_dividing_pool,
    [CVS_OP_ADAPTIVE_MAX_POOL] = &cvs__operator_dividing_pool,
    [CVS_OP_ADAPTIVE_AVERAGE_POOL] = &cvs__operator_dividing_pool,
    [CVS_OP_PAD] = &cvs__operator_pad,
    [CVS_OP_CROP] = &cvs__operator_pad,
    [CVS_OP_UPSAMPLE] = &cvs__operator_upsample,
    [CVS_OP_DENSE] = &cvs__operator_dense,
    [CVS_OP_FLATTEN] = &cvs__operator_copy,
    [CVS_OP_RESHAPE] = &cvs__operator_copy,
    [CVS_OP_PERMUTE] = &cvs__operator_permute,
    [CVS_OP_REPEAT] = &cvs__operator_repeat,
    [CVS_OP_BATCH_NORM] = &cvs__operator_batch_norm,
    [CVS_OP_LAYER_NORM] = &cvs__operator_norm,
    [CVS_OP_GROUP_NORM] = &cvs__operator_norm,
    [CVS_OP_ACTIVATION] = &cvs__operator_copy,
    [CVS_OP_DROPOUT] = &cvs__operator_copy,
};

const cvs__operator *cvs__operator_row(cvs_op op) { return (unsigned)op < CVS_OP_COUNT ? rows[op] : NULL; }
