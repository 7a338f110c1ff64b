/* constants.c - tensors of the file: their shapes, and the numbers of small ones. */
#include <string.h>

#include "base/checked.h"
#include "model/onnx/onnx.h"

/* ---- types -------------------------------------------------------------------------- */

enum { FLOAT = 1, UINT8, INT8, UINT16, INT16, INT32, INT64, STRING, BOOL, FLOAT16, DOUBLE, UINT32, UINT64 };

int cvs__onnx_element_bytes(int type) {
    /* The numbers of TensorProto.DataType: behind 16 come the 8 bit floats of IR 9 and 10, and 4 bit integers. */
    static const unsigned char bytes[] = {0, 4, 1, 1, 2, 2, 4, 8, 0, 1, 2, 8, 4, 8, 8, 16, 2, 1, 1, 1, 1};
    return type >= 0 && (size_t)type < sizeof bytes ? bytes[type] : 0;
}

bool cvs__onnx_is_integer(int type) {
    return (type >= UINT8 && type <= INT64) || type == BOOL || type == UINT32 || type == UINT64;
}

/* ---- numbers ------------------------------------------------------------------------ */

static uint64_t little_endian(const uint8_t *bytes, int size) {
    uint64_t value = 0;
    for (int i = 0; i < size; i++) value |= (uint64_t)bytes[i] << (8 * i);
    return value;
}

static cvs__onnx_number real(double value) { return (cvs__onnx_number){.kind = CVS__ONNX_REAL, .real = value}; }

static cvs__onnx_number integer(int64_t value) {
    return (cvs__onnx_number){.kind = CVS__ONNX_INTEGER, .integer = value};
}

/* Integers of `size` bytes, with or without a sign; one that int64_t cannot hold is not known. */
static cvs__onnx_number integer_of(uint64_t bits, int type) {
    switch (type) {
    case INT8:
        return integer((int8_t)bits);
    case INT16:
        return integer((int16_t)bits);
    case INT32:
        return integer((int32_t)bits);
    case UINT64:
        return bits > INT64_MAX ? (cvs__onnx_number){.kind = CVS__ONNX_OPEN} : integer((int64_t)bits);
    default:
        return integer((int64_t)bits);
    }
}

static cvs__onnx_number raw_number(const uint8_t *bytes, int type) {
    const int size = cvs__onnx_element_bytes(type);
    const uint64_t bits = little_endian(bytes, size);
    float single;
    double wide;
    const uint32_t half = (uint32_t)bits;
    memcpy(&single, &half, sizeof single);
    memcpy(&wide, &bits, sizeof wide);
    if (type == FLOAT) return real((double)single);
    if (type == DOUBLE) return real(wide);
    return integer_of(bits, type);
}

/* Number i of the tensor, from whichever field it has. */
static cvs__onnx_number number_at(const Onnx__TensorProto *proto, int type, size_t i) {
    if (proto->has_raw_data) return raw_number(proto->raw_data.data + i * (size_t)cvs__onnx_element_bytes(type), type);
    if (type == FLOAT) return real((double)proto->float_data[i]);
    if (type == DOUBLE) return real(proto->double_data[i]);
    if (type == INT64) return integer(proto->int64_data[i]);
    if (type == UINT32 || type == UINT64) return integer_of(proto->uint64_data[i], UINT64);
    return integer(proto->int32_data[i]);
}

static size_t stored(const Onnx__TensorProto *proto, int type) {
    const int size = cvs__onnx_element_bytes(type);
    if (proto->has_raw_data) return size ? proto->raw_data.len / (size_t)size : 0;
    if (type == FLOAT) return proto->n_float_data;
    if (type == DOUBLE) return proto->n_double_data;
    if (type == INT64) return proto->n_int64_data;
    return type == UINT32 || type == UINT64 ? proto->n_uint64_data : proto->n_int32_data;
}

static cvs_status read_numbers(cvs__onnx_file *file, const Onnx__TensorProto *proto, cvs__onnx_constant *out,
                               cvs_error *err) {
    cvs__onnx_value *value = &out->value;
    enum { MOST_REALS = 64 }; /* scales and bounds; what is longer are weights */
    const bool reals = value->type == FLOAT || value->type == DOUBLE;
    value->count = -1;
    if (!reals && !cvs__onnx_is_integer(value->type)) return CVS_OK;
    if (out->count > (reals ? MOST_REALS : CVS__ONNX_MAX_VALUE)) return CVS_OK;
    if (out->count > 0 && stored(proto, value->type) != (size_t)out->count) return CVS_OK;
    value->count = value->capacity = (int)out->count;
    value->number = cvs_arena_take(file->arena, ((size_t)out->count + 1) * sizeof *value->number);
    if (!value->number) return cvs__model_no_memory(err);
    for (int i = 0; i < value->count; i++) value->number[i] = number_at(proto, value->type, (size_t)i);
    return CVS_OK;
}

/* ---- shapes ------------------------------------------------------------------------- */

static cvs_status read_shape(const Onnx__TensorProto *proto, cvs__onnx_constant *out, cvs_error *err) {
    out->count = 1;
    out->ranked = proto->n_dims <= CVS_MAX_RANK;
    out->shape.rank = out->ranked ? (int)proto->n_dims : 0;
    for (size_t i = 0; i < proto->n_dims; i++) {
        const int64_t size = proto->dims[i];
        if (size < 0)
            return cvs_fail(err, CVS_INVALID, "negative-size", "", "The tensor %.100s has a size of %lld.",
                            cvs__onnx_text(proto->name), (long long)size);
        if (!cvs__mul(out->count, size, &out->count))
            return cvs_fail(err, CVS_TOO_LARGE, "too-many-elements", "",
                            "The sizes of the tensor %.100s multiply to more than 2^63 - 1.",
                            cvs__onnx_text(proto->name));
        if (out->ranked) out->shape.dim[i] = size;
    }
    return CVS_OK;
}

/* Within the model's own folder, as onnx.proto asks: relative, and never up. */
static bool stays_inside(const char *path) {
    if (*path == '/' || strchr(path, '\\') || strchr(path, ':')) return false;
    for (const char *part = path; part; part = strchr(part, '/') ? strchr(part, '/') + 1 : NULL)
        if (strncmp(part, "..", 2) == 0 && (part[2] == '/' || part[2] == '\0')) return false;
    return true;
}

/* Files beside the model are not opened: a name is checked, no more. */
static cvs_status check_external(const Onnx__TensorProto *proto, cvs_error *err) {
    for (size_t i = 0; i < proto->n_external_data; i++) {
        const Onnx__StringStringEntryProto *entry = proto->external_data[i];
        if (strcmp(cvs__onnx_text(entry->key), "location") != 0 || stays_inside(cvs__onnx_text(entry->value))) continue;
        cvs_fail(err, CVS_INVALID, "external-data-outside", "",
                 "The tensor %.100s has its data in %.100s, which is not in the folder of the model.",
                 cvs__onnx_text(proto->name), cvs__onnx_text(entry->value));
        cvs_fail_value(err, "%.100s", cvs__onnx_text(entry->value));
        cvs_fail_expected(err, "a path below the model's folder, without \"..\"");
        return CVS_INVALID;
    }
    return CVS_OK;
}

cvs_status cvs__onnx_constant_of(cvs__onnx_file *file, const Onnx__TensorProto *proto, cvs__onnx_constant *out,
                                 cvs_error *err) {
    *out = (cvs__onnx_constant){.name = cvs__onnx_text(proto->name),
                                .value = {.type = proto->has_data_type ? proto->data_type : 0}};
    cvs_status status = read_shape(proto, out, err);
    if (status == CVS_OK) status = check_external(proto, err);
    return status == CVS_OK ? read_numbers(file, proto, out, err) : status;
}
