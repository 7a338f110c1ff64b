#include "model/onnx/values.h"

void cvs__onnx_strides(const cvs_shape *shape, int64_t strides[CVS_MAX_RANK]) {
    int64_t stride = 1;
    for (int i = shape->rank - 1; i >= 0; i--) {
        strides[i] = stride;
        stride *= shape->dim[i];
    }
}

void cvs__onnx_stretched(const cvs_shape *shape, const cvs_shape *to, int64_t strides[CVS_MAX_RANK]) {
    int64_t own[CVS_MAX_RANK];
    cvs__onnx_strides(shape, own);
    for (int i = 0; i < to->rank; i++) {
        const int axis = i - (to->rank - shape->rank);
        strides[i] = axis < 0 || shape->dim[axis] == 1 ? 0 : own[axis];
    }
}

int64_t cvs__onnx_place(const cvs_shape *shape, int64_t index, const int64_t strides[CVS_MAX_RANK]) {
    int64_t place = 0;
    for (int i = shape->rank - 1; i >= 0; i--) {
        place += index % shape->dim[i] * strides[i];
        index /= shape->dim[i];
    }
    return place;
}

void cvs__onnx_copy_value(cvs__onnx_call *call, int i) {
    const cvs__onnx_value *from = cvs__onnx_value_of(call, i);
    cvs__onnx_value *to = from ? cvs__onnx_room(call, 0) : NULL;
    for (int n = 0; to && n < to->count && n < from->count; n++) to->number[n] = from->number[n];
}

void cvs__onnx_pick_value(cvs__onnx_call *call, int i, int64_t first, const int64_t strides[CVS_MAX_RANK]) {
    const cvs__onnx_value *from = cvs__onnx_value_of(call, i);
    cvs__onnx_value *to = from ? cvs__onnx_room(call, 0) : NULL;
    if (!to) return;
    const cvs_shape *shape = &call->model->tensors[call->node->outputs[0]].shape;
    for (int n = 0; n < to->count; n++) {
        const int64_t place = first + cvs__onnx_place(shape, n, strides);
        if (place >= 0 && place < from->count) to->number[n] = from->number[place];
    }
}
