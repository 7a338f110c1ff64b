#include "api/tensor_text.h"

#include "api/base64.h"

#include <convscope/number.h>

#include <string.h>

const char *const tensor_encoding_names[] = {"json", "nested", "base64", NULL};

tensor_text tensor_text_of(const float *data, const cvs_shape *shape, tensor_encoding encoding) {
    tensor_text text = {.data = data, .shape = *shape, .encoding = encoding, .count = 1};
    for (int axis = 0; axis < shape->rank; axis++) text.count *= (size_t)shape->dim[axis];
    return text;
}

/* A number and its comma; nested, the brackets that close and open beside it. */
size_t tensor_text_room(const tensor_text *text, size_t count) {
    enum { NUMBER = CVS_FLOAT_TEXT_MAX + 1, ENDS = 2 };
    if (text->encoding == TENSOR_BASE64_TEXT) return base64_encoded_size(count * sizeof(float)) + ENDS;
    if (text->encoding == TENSOR_JSON) return count * NUMBER + ENDS;
    const size_t rank = (size_t)text->shape.rank;
    const size_t row = rank > 0 && text->shape.dim[rank - 1] > 0 ? (size_t)text->shape.dim[rank - 1] : 1;
    return count * NUMBER + (count / row + 2) * 2 * rank + ENDS;
}

static char *put(char *out, char letter, int times) {
    memset(out, letter, (size_t)times);
    return out + times;
}

/* ---- nested arrays ------------------------------------------------------------------------ */

/* How many arrays begin with the element number `at`, and as many end before it; of the number after the last: all. */
static int arrays_at(const tensor_text *text, size_t at) {
    size_t inner = 1;
    int arrays = 0;
    for (int axis = text->shape.rank - 1; axis >= 0; axis--, arrays++) {
        inner *= (size_t)text->shape.dim[axis];
        if (at % inner != 0) break;
    }
    return arrays;
}

static char *put_before(const tensor_text *text, size_t at, char *out) {
    const int arrays = arrays_at(text, at);
    if (at > 0) {
        out = put(out, ']', arrays);
        *out++ = ',';
    }
    return put(out, '[', arrays);
}

static size_t write_nested(const tensor_text *text, size_t first, size_t count, char *out) {
    char *const begin = out;
    const int rank = text->shape.rank;
    const size_t row = rank > 0 ? (size_t)text->shape.dim[rank - 1] : 1, end = first + count;
    for (size_t at = first; at < end;) {
        const size_t left = row - at % row, numbers = left < end - at ? left : end - at;
        out = put_before(text, at, out);
        out += cvs_floats_to_text(text->data + at, numbers, out);
        at += numbers;
    }
    if (end == text->count) out = put(out, ']', rank);
    return (size_t)(out - begin);
}

/* ---- the other two -------------------------------------------------------------------------- */

static size_t write_flat(const tensor_text *text, size_t first, size_t count, char *out) {
    char *const begin = out;
    *out++ = first == 0 ? '[' : ',';
    out += cvs_floats_to_text(text->data + first, count, out);
    if (first + count == text->count) *out++ = ']';
    return (size_t)(out - begin);
}

static size_t write_base64(const tensor_text *text, size_t first, size_t count, char *out) {
    char *const begin = out;
    if (first == 0) *out++ = '"';
    base64_encode(text->data + first, count * sizeof(float), out);
    out += base64_encoded_size(count * sizeof(float));
    if (first + count == text->count) *out++ = '"';
    return (size_t)(out - begin);
}

size_t tensor_text_write(const tensor_text *text, size_t first, size_t count, char *out) {
    if (text->encoding == TENSOR_BASE64_TEXT) return write_base64(text, first, count, out);
    if (text->encoding == TENSOR_NESTED_JSON && text->count > 0) return write_nested(text, first, count, out);
    return write_flat(text, first, count, out);
}

void tensor_write(json_writer *writer, const tensor_text *text) {
    char *out = json_reserve_value(writer, tensor_text_room(text, text->count));
    if (out) json_commit(writer, tensor_text_write(text, 0, text->count, out));
}
