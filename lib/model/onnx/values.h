/* values.h - computing along with small tensors of numbers. What cannot be computed is an open number, never an error.
 */
#ifndef CONVSCOPE_MODEL_ONNX_VALUES_H
#define CONVSCOPE_MODEL_ONNX_VALUES_H

#include "model/onnx/onnx.h"

/* TensorProto.DataType, as far as rules name them. */
enum { CVS__ONNX_FLOAT = 1, CVS__ONNX_UINT8 = 2, CVS__ONNX_INT32 = 6, CVS__ONNX_INT64 = 7, CVS__ONNX_BOOL = 9 };

/* What two numbers, or one, are turned into. */
typedef enum cvs__onnx_sum {
    CVS__ONNX_NO_SUM = 0, /* not computed along */
    CVS__ONNX_ADD,
    CVS__ONNX_SUBTRACT,
    CVS__ONNX_MULTIPLY,
    CVS__ONNX_DIVIDE, /* integers: towards 0; reals as they are */
    CVS__ONNX_MODULO, /* Python's: the sign of the divisor */
    CVS__ONNX_FMOD,   /* C's: that of the dividend */
    CVS__ONNX_MIN,
    CVS__ONNX_MAX,
    CVS__ONNX_EQUAL,
    CVS__ONNX_LESS,
    CVS__ONNX_LESS_OR_EQUAL,
    CVS__ONNX_GREATER,
    CVS__ONNX_GREATER_OR_EQUAL,
    CVS__ONNX_AND,
    CVS__ONNX_OR,
    CVS__ONNX_XOR,
    /* of one */
    CVS__ONNX_SAME,
    CVS__ONNX_NEGATE,
    CVS__ONNX_ABSOLUTE,
    CVS__ONNX_FLOOR,
    CVS__ONNX_CEIL,
    CVS__ONNX_NOT,
    CVS__ONNX_RELU,
    CVS__ONNX_TO_INTEGER, /* towards 0 */
    CVS__ONNX_TO_REAL,
    CVS__ONNX_TO_BOOL
} cvs__onnx_sum;

/* fold.c. `integers`: whether the tensors' type is one of integers. */
cvs__onnx_number cvs__onnx_fold_two(const cvs__onnx_call *call, cvs__onnx_sum sum, bool integers, cvs__onnx_number a,
                                    cvs__onnx_number b);
cvs__onnx_number cvs__onnx_fold_one(const cvs__onnx_call *call, cvs__onnx_sum sum, cvs__onnx_number a);

static inline cvs__onnx_number cvs__onnx_whole(int64_t value) {
    return (cvs__onnx_number){.kind = CVS__ONNX_INTEGER, .integer = value};
}
static inline cvs__onnx_number cvs__onnx_real_number(double value) {
    return (cvs__onnx_number){.kind = CVS__ONNX_REAL, .real = value};
}

/* ---- values.c ------------------------------------------------------------------------------------ */

/* How far apart neighbours on each axis of a row-major tensor are, whose sizes are known. */
void cvs__onnx_strides(const cvs_shape *shape, int64_t strides[CVS_MAX_RANK]);
/* The same as seen from a shape that it is stretched to: 0 on axes of size 1. */
void cvs__onnx_stretched(const cvs_shape *shape, const cvs_shape *to, int64_t strides[CVS_MAX_RANK]);
/* Where element `index` of `shape` is in a tensor with such strides. */
int64_t cvs__onnx_place(const cvs_shape *shape, int64_t index, const int64_t strides[CVS_MAX_RANK]);

/* Output 0 has input i's numbers, in their order. */
void cvs__onnx_copy_value(cvs__onnx_call *call, int i);
/* Number n of output 0 is the one of input i at `first` + its place by `strides`. */
void cvs__onnx_pick_value(cvs__onnx_call *call, int i, int64_t first, const int64_t strides[CVS_MAX_RANK]);

#endif
