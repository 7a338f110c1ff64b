#include "plan.h"

static const cvs__operator *const rows[CVS_OP_COUNT] = {
    [CVS_OP_CONV] = &cvs__operator_conv,
};

const cvs__operator *cvs__operator_row(cvs_op op) { return (unsigned)op < CVS_OP_COUNT ? rows[op] : NULL; }
