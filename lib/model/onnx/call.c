/* call.c - what rules ask of a node and tell about it. */
#include <stdarg.h>
#include <stdio.h>

#include "model/onnx/onnx.h"

int64_t cvs__onnx_opset(const cvs__onnx_call *call) { return call->node->graph->file->opset; }

static const cvs__onnx_operand *operand(const cvs__onnx_call *call, int i) {
    return i < call->node->operand_count ? &call->node->operands[i] : NULL;
}

bool cvs__onnx_has(const cvs__onnx_call *call, int i) {
    const cvs__onnx_operand *read = operand(call, i);
    return read && (read->constant || read->tensor >= 0);
}

const cvs_shape *cvs__onnx_shape(const cvs__onnx_call *call, int i) {
    if (!cvs__onnx_has(call, i)) return NULL;
    const cvs__onnx_operand *read = operand(call, i);
    return read->constant ? &read->constant->shape : &call->model->tensors[read->tensor].shape;
}

static const cvs__onnx_value *known_of(const cvs__onnx_call *call, int i) {
    if (!cvs__onnx_has(call, i)) return NULL;
    const cvs__onnx_operand *read = operand(call, i);
    return read->constant ? &read->constant->value : &call->node->graph->values[read->tensor];
}

const cvs__onnx_value *cvs__onnx_value_of(const cvs__onnx_call *call, int i) {
    const cvs__onnx_value *known = known_of(call, i);
    return known && known->count >= 0 ? known : NULL;
}

int cvs__onnx_type(const cvs__onnx_call *call, int i) {
    const cvs__onnx_value *known = known_of(call, i);
    return known ? known->type : 0;
}

/* ---- outputs -------------------------------------------------------------------------- */

static int output(const cvs__onnx_call *call, int o) {
    return o < call->node->output_count ? call->node->outputs[o] : -1;
}

cvs_status cvs__onnx_give(cvs__onnx_call *call, int o, const cvs_shape *shape, int type) {
    const int tensor = output(call, o);
    if (tensor < 0) return CVS_OK;
    cvs__model_set_shape(call->model, tensor, shape);
    cvs__onnx_value *value = &call->node->graph->values[tensor];
    if (type > 0) value->type = type;
    const int bytes = cvs__onnx_element_bytes(value->type);
    if (bytes > 0) call->model->tensors[tensor].element_bytes = bytes;
    return CVS_OK;
}

cvs_status cvs__onnx_give_shape(cvs__onnx_call *call, const cvs_shape *shape) {
    return cvs__onnx_give(call, 0, shape, cvs__onnx_type(call, 0));
}

cvs__onnx_value *cvs__onnx_room(cvs__onnx_call *call, int o) {
    const int tensor = output(call, o);
    cvs__onnx_file *file = call->node->graph->file;
    int64_t count = 0;
    if (tensor < 0 || cvs_shape_count(&call->model->tensors[tensor].shape, &count, NULL) != CVS_OK) return NULL;
    cvs__onnx_value *value = &call->node->graph->values[tensor];
    if (count > CVS__ONNX_MAX_VALUE) return NULL;
    if (count > value->capacity || !value->number) {
        if (count > CVS__ONNX_MAX_NUMBERS - file->numbers) return NULL;
        value->number = cvs_arena_take(file->arena, ((size_t)count + 1) * sizeof *value->number);
        if (!value->number) return NULL;
        value->capacity = (int)count;
        file->numbers += (int)count;
    }
    value->count = (int)count;
    file->work += (int)count / CVS__ONNX_NUMBERS_A_NODE;
    for (int i = 0; i < value->count; i++) value->number[i] = (cvs__onnx_number){.kind = CVS__ONNX_OPEN};
    return value;
}

/* ---- errors ----------------------------------------------------------------------------- */

cvs_status cvs__onnx_fail(const cvs__onnx_call *call, const char *code, const char *format, ...) {
    char message[sizeof call->err->message];
    va_list list;
    va_start(list, format);
    vsnprintf(message, sizeof message, format, list);
    va_end(list);
    return cvs_fail(call->err, CVS_INVALID, code, "", "%s", message);
}

cvs_status cvs__onnx_rank_unknown(const cvs__onnx_call *call) {
    return cvs_fail(call->err, CVS_UNSUPPORTED, "depends-on-data", "",
                    "How many axes come out of this %s depends on numbers that are known only when the model runs.",
                    cvs__onnx_text(call->node->proto->op_type));
}

cvs_status cvs__onnx_too_many_axes(const cvs__onnx_call *call, int axes) {
    return cvs_fail(call->err, CVS_UNSUPPORTED, "too-many-axes", "", "There would be %d axes, more than %d.", axes,
                    CVS_MAX_RANK);
}

cvs_status cvs__onnx_axis(const cvs__onnx_call *call, int64_t axis, int rank, int *out) {
    if (axis < -rank || axis >= rank)
        return cvs__onnx_fail(call, "axis-out-of-range", "There is no axis %lld among %d.", (long long)axis, rank);
    *out = (int)(axis < 0 ? axis + rank : axis);
    return CVS_OK;
}

cvs_status cvs__onnx_setting(const cvs__onnx_call *call, const char *name, int input, int64_t out[CVS_MAX_RANK],
                             int *count) {
    if (!cvs__onnx_has(call, input)) return cvs__onnx_integers(call, name, CVS_MAX_RANK, out, count);
    const cvs__onnx_value *value = cvs__onnx_value_of(call, input);
    *count = CVS__ONNX_UNKNOWN_SETTING;
    if (!value) return CVS_OK;
    if (value->count > CVS_MAX_RANK)
        return cvs__onnx_fail(call, "wrong-length", "%s has %d numbers, but a tensor at most %d axes.", name,
                              value->count, CVS_MAX_RANK);
    for (int i = 0; i < value->count; i++) {
        if (value->number[i].kind != CVS__ONNX_INTEGER) return CVS_OK;
        out[i] = value->number[i].integer;
    }
    *count = value->count;
    return CVS_OK;
}
