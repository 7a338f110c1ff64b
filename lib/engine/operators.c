#include "plan.h"

static const cvs__operator *const rows[CVS_OP_COUNT] = {
    [CVS_OP_CONV] = &cvs__operator_conv,           [CVS_OP_CONV_TRANSPOSE] = &cvs__operator_transposed,
    [CVS_OP_DEPTHWISE_CONV] = &cvs__operator_conv, [CVS_OP_SEPARABLE_CONV] = &cvs__operator_separable,
    [CVS_OP_DENSE] = &cvs__operator_dense,
};

const cvs__operator *cvs__operator_row(cvs_op op) { return (unsigned)op < CVS_OP_COUNT ? rows[op] : NULL; }
