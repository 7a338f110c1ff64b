#include "api/base64.h"
#include "api/tensor.h"

#include <stdlib.h>
#include <string.h>

const char *const tensor_encoding_names[] = {"json", "nested", "base64", NULL};

static int64_t count_from(const cvs_shape *shape, int axis) {
    int64_t count = 1;
    for (; axis < shape->rank; axis++) count *= shape->dim[axis];
    return count;
}

static void write_nested(json_writer *writer, const float *data, const cvs_shape *shape, int axis) {
    if (axis == shape->rank) {
        json_write_float(writer, *data);
        return;
    }
    json_begin_array(writer);
    if (axis == shape->rank - 1) {
        json_write_floats(writer, data, (size_t)shape->dim[axis]);
    } else {
        int64_t stride = count_from(shape, axis + 1);
        for (int64_t i = 0; i < shape->dim[axis]; i++) write_nested(writer, data + i * stride, shape, axis + 1);
    }
    json_end_array(writer);
}

static void write_base64(json_writer *writer, const float *data, size_t count) {
    size_t size = base64_encoded_size(count * sizeof(float));
    char *out = json_reserve_value(writer, size + 2);
    if (!out) return;
    out[0] = '"';
    base64_encode(data, count * sizeof(float), out + 1);
    out[size + 1] = '"';
    json_commit(writer, size + 2);
}

void tensor_write(json_writer *writer, const float *data, const cvs_shape *shape, tensor_encoding encoding) {
    size_t count = (size_t)count_from(shape, 0);
    if (encoding == TENSOR_NESTED_JSON) {
        write_nested(writer, data, shape, 0);
    } else if (encoding == TENSOR_BASE64_TEXT) {
        write_base64(writer, data, count);
    } else {
        json_begin_array(writer);
        json_write_floats(writer, data, count);
        json_end_array(writer);
    }
}
