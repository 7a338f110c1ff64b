/* tensor_bytes.c - numbers of any width as they lie in memory or in a file, into float32. */
#include "api/tensor.h"

#include <math.h>
#include <string.h>

/* Once for the whole program: base64, raw bodies and files hold float32 as it lies in memory. */
_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "float32 on the wire is little-endian, as it is in memory");

size_t tensor_element_size(tensor_element element) {
    static const size_t sizes[] = {
        [TENSOR_F16] = 2, [TENSOR_BF16] = 2, [TENSOR_F32] = 4,  [TENSOR_F64] = 8, [TENSOR_I8] = 1,
        [TENSOR_I16] = 2, [TENSOR_I32] = 4,  [TENSOR_I64] = 8,  [TENSOR_U8] = 1,  [TENSOR_U16] = 2,
        [TENSOR_U32] = 4, [TENSOR_U64] = 8,  [TENSOR_BOOL] = 1,
    };
    return sizes[element];
}

static bool is_plain(const tensor_bytes *bytes) {
    return bytes->element == TENSOR_F32 && !bytes->big_endian && !bytes->column_major;
}

/* float32 at an address for float32, in the order of a tensor: they need not be read at all. */
static bool can_stay(const tensor_bytes *bytes) {
    return is_plain(bytes) && (uintptr_t)bytes->data % _Alignof(float) == 0;
}

cvs_status tensor_open_bytes(const tensor_bytes *bytes, const cvs_shape *shape, tensor_source *out, cvs_error *err) {
    const size_t width = tensor_element_size(bytes->element);
    *out = (tensor_source){.form = TENSOR_BYTES, .bytes = *bytes, .has_shape = true, .shape = *shape};
    cvs_status status = cvs_shape_count(shape, &out->count, err);
    if (status != CVS_OK) return status;
    int64_t wanted;
    if (__builtin_mul_overflow(out->count, (int64_t)width, &wanted)) wanted = INT64_MAX;
    if ((uint64_t)wanted != bytes->size) {
        (void)cvs_fail(err, CVS_INVALID, "data-length-mismatch", "",
                       "The shape holds %lld numbers of %zu bytes, these are %zu bytes.", (long long)out->count, width,
                       bytes->size);
        cvs_fail_value(err, "%zu", bytes->size);
        cvs_fail_expected(err, "%lld", (long long)wanted);
        return CVS_INVALID;
    }
    if (can_stay(bytes)) out->numbers = bytes->data;
    return CVS_OK;
}

/* ---- one number ------------------------------------------------------------------------ */

/* IEEE 754 binary16; each of its values is one of float32. */
static float half_to_float(uint16_t half) {
    const uint32_t sign = (uint32_t)(half & 0x8000) << 16, exponent = half >> 10 & 0x1f, fraction = half & 0x3ff;
    uint32_t bits = sign | (exponent + 112) << 23 | fraction << 13;
    if (exponent == 0x1f) bits = sign | UINT32_C(0x7f800000) | fraction << 13;
    float value;
    memcpy(&value, &bits, sizeof value);
    if (exponent == 0) value = copysignf((float)fraction * 0x1p-24F, value);
    return value;
}

static float double_to_float(uint64_t bits) {
    double value;
    memcpy(&value, &bits, sizeof value);
    return (float)value;
}

static float word_to_float(uint32_t bits) {
    float value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

/* `bits` are those of one element, right-aligned. */
static inline float bits_to_float(uint64_t bits, tensor_element element) {
    switch (element) {
    case TENSOR_F16:
        return half_to_float((uint16_t)bits);
    case TENSOR_BF16:
        return word_to_float((uint32_t)bits << 16);
    case TENSOR_F32:
        return word_to_float((uint32_t)bits);
    case TENSOR_F64:
        return double_to_float(bits);
    case TENSOR_I8:
        return (float)(int8_t)bits;
    case TENSOR_I16:
        return (float)(int16_t)bits;
    case TENSOR_I32:
        return (float)(int32_t)bits;
    case TENSOR_I64:
        return (float)(int64_t)bits;
    case TENSOR_BOOL:
        return bits != 0;
    default:
        return (float)bits;
    }
}

static inline uint64_t load_bits(const char *at, size_t width, bool big_endian) {
    uint64_t bits = 0;
    memcpy(&bits, at, width);
    return big_endian ? __builtin_bswap64(bits) >> (64 - 8 * width) : bits;
}

/* ---- all of them ----------------------------------------------------------------------- */

/* Elements that lie `step` apart, from number `first` on. */
typedef struct run {
    const tensor_bytes *bytes;
    size_t first, step, count;
} run;

static const char *place_of(const run *r, size_t i) {
    return (const char *)r->bytes->data + (r->first + i * r->step) * tensor_element_size(r->bytes->element);
}

/* Called with constants, it is one tight loop a kind of element. */
static inline __attribute__((always_inline)) void convert(const run *r, tensor_element element, float *out) {
    const size_t width = tensor_element_size(element), step = r->step * width;
    const bool big_endian = r->bytes->big_endian;
    const char *at = place_of(r, 0);
    for (size_t i = 0; i < r->count; i++) out[i] = bits_to_float(load_bits(at + i * step, width, big_endian), element);
}

static void convert_run(const run *r, float *out) {
    switch (r->bytes->element) {
    case TENSOR_F16:
        convert(r, TENSOR_F16, out);
        break;
    case TENSOR_BF16:
        convert(r, TENSOR_BF16, out);
        break;
    case TENSOR_F32:
        convert(r, TENSOR_F32, out);
        break;
    case TENSOR_F64:
        convert(r, TENSOR_F64, out);
        break;
    case TENSOR_I8:
        convert(r, TENSOR_I8, out);
        break;
    case TENSOR_I16:
        convert(r, TENSOR_I16, out);
        break;
    case TENSOR_I32:
        convert(r, TENSOR_I32, out);
        break;
    case TENSOR_I64:
        convert(r, TENSOR_I64, out);
        break;
    case TENSOR_U8:
        convert(r, TENSOR_U8, out);
        break;
    case TENSOR_U16:
        convert(r, TENSOR_U16, out);
        break;
    case TENSOR_U32:
        convert(r, TENSOR_U32, out);
        break;
    case TENSOR_U64:
        convert(r, TENSOR_U64, out);
        break;
    case TENSOR_BOOL:
        convert(r, TENSOR_BOOL, out);
        break;
    }
}

/* A finite double may be too large. */
static cvs_status check_range(const run *r, const float *read, cvs_error *err) {
    if (r->bytes->element != TENSOR_F64) return CVS_OK;
    for (size_t i = 0; i < r->count; i++) {
        const char *at = place_of(r, i);
        const uint64_t bits = load_bits(at, sizeof(double), r->bytes->big_endian);
        double value;
        memcpy(&value, &bits, sizeof value);
        if (!isinf(read[i]) || isinf(value)) continue;
        (void)cvs_fail(err, CVS_INVALID, "number-out-of-range", "",
                       "%g, at byte %td of the numbers, is beyond float32.", value, at - (const char *)r->bytes->data);
        cvs_fail_value(err, "%g", value);
        cvs_fail_expected(err, "at most 3.4028235e38 in size");
        return CVS_INVALID;
    }
    return CVS_OK;
}

static cvs_status read_run(const run *r, float *out, cvs_error *err) {
    convert_run(r, out);
    return check_range(r, out, err);
}

/* Go on to the next index of all axes but the last; `first` counts elements whose first axis lies closest. */
static void next_row(const cvs_shape *shape, int64_t *index, size_t *first) {
    size_t stride = 1;
    int axis = shape->rank - 2;
    for (int i = 0; i < axis; i++) stride *= (size_t)shape->dim[i];
    for (; axis >= 0; axis--) {
        *first += stride;
        if (++index[axis] < shape->dim[axis]) return;
        *first -= stride * (size_t)shape->dim[axis];
        index[axis] = 0;
        if (axis > 0) stride /= (size_t)shape->dim[axis - 1];
    }
}

static cvs_status read_columns(const tensor_source *source, float *out, cvs_error *err) {
    const cvs_shape *shape = &source->shape;
    const size_t length = (size_t)shape->dim[shape->rank - 1], rows = (size_t)source->count / length;
    run r = {.bytes = &source->bytes, .step = rows, .count = length};
    int64_t index[CVS_MAX_RANK] = {0};
    cvs_status status = CVS_OK;
    for (size_t row = 0; row < rows && status == CVS_OK; row++) {
        status = read_run(&r, out + row * length, err);
        next_row(shape, index, &r.first);
    }
    return status;
}

cvs_status tensor_read_bytes(const tensor_source *source, float *out, cvs_error *err) {
    if (is_plain(&source->bytes)) {
        memcpy(out, source->bytes.data, source->bytes.size);
        return CVS_OK;
    }
    if (source->bytes.column_major && source->shape.rank > 1) return read_columns(source, out, err);
    const run all = {.bytes = &source->bytes, .step = 1, .count = (size_t)source->count};
    return read_run(&all, out, err);
}
