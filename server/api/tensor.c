#include "api/tensor.h"

#include "api/base64.h"
#include "api/members.h"
#include "api/problem.h"
#include "api/random.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const tensor_members[] = {"shape", "data", "dtype", "base64", "random", NULL};

/* The pointer stays empty: callers put before it where the tensor stands. */
static cvs_status fail_type(const json_t *json, const char *what, const char *expected, cvs_error *err) {
    (void)cvs_fail(err, CVS_INVALID, "wrong-type", "", "%s must be %s, and is %s.", what, expected,
                   members_type_name(json));
    cvs_fail_value(err, "%s", members_type_name(json));
    cvs_fail_expected(err, "%s", expected);
    return CVS_INVALID;
}

/* ---- nested arrays -------------------------------------------------------- */

/* The shape along the first elements: what every other row has to agree with. */
static cvs_status outline(const json_t *json, cvs_shape *shape, cvs_error *err) {
    shape->rank = 0;
    while (json_is_array(json)) {
        if (shape->rank == CVS_MAX_RANK) {
            return cvs_fail(err, CVS_INVALID, "too-many-axes", "", "The arrays are nested deeper than %d.",
                            CVS_MAX_RANK);
        }
        shape->dim[shape->rank++] = (int64_t)json_array_size(json);
        json = json_array_get(json, 0);
    }
    return CVS_OK;
}

static void prefix_index(cvs_error *err, size_t index) {
    char step[24];
    snprintf(step, sizeof step, "/%zu", index);
    cvs_error_prefix(err, step);
}

/* Is `json`, at depth `axis`, an array of the outline's length, and all arrays in it as well? */
static cvs_status check_rows(const json_t *json, const cvs_shape *shape, int axis, cvs_error *err) {
    if (!json_is_array(json)) return fail_type(json, "A row", "an array, as its neighbours are", err);
    size_t size = json_array_size(json);
    if ((int64_t)size != shape->dim[axis]) {
        (void)cvs_fail(err, CVS_INVALID, "ragged-array", "", "This row is %zu long, the first one is %lld.", size,
                       (long long)shape->dim[axis]);
        cvs_fail_value(err, "%zu", size);
        cvs_fail_expected(err, "%lld", (long long)shape->dim[axis]);
        return CVS_INVALID;
    }
    if (axis == shape->rank - 1) return CVS_OK;
    for (size_t i = 0; i < size; i++) {
        cvs_status status = check_rows(json_array_get(json, i), shape, axis + 1, err);
        if (status != CVS_OK) {
            prefix_index(err, i);
            return status;
        }
    }
    return CVS_OK;
}

static cvs_status open_nested(const json_t *json, tensor_source *out, cvs_error *err) {
    out->form = TENSOR_NESTED;
    out->values = json;
    out->has_shape = true;
    cvs_status status = outline(json, &out->shape, err);
    if (status == CVS_OK) status = check_rows(json, &out->shape, 0, err);
    if (status == CVS_OK) status = cvs_shape_count(&out->shape, &out->count, err);
    return status;
}

/* ---- objects --------------------------------------------------------------- */

cvs_status tensor_read_shape(const json_t *json, cvs_shape *shape, cvs_error *err) {
    if (!json_is_array(json)) return members_wrong_type(json, "/shape", "an array of sizes", err);
    size_t rank = json_array_size(json);
    if (rank < 1 || rank > CVS_MAX_RANK) {
        return cvs_fail(err, CVS_INVALID, "wrong-rank", "/shape", "The shape has %zu axes, possible are 1 to %d.", rank,
                        CVS_MAX_RANK);
    }
    shape->rank = (int)rank;
    for (size_t i = 0; i < rank; i++) {
        char pointer[32];
        snprintf(pointer, sizeof pointer, "/shape/%zu", i);
        const json_t *size = json_array_get(json, i);
        if (!json_is_integer(size)) return members_wrong_type(size, pointer, "an integer of 0 or more", err);
        shape->dim[i] = json_integer_value(size);
        if (shape->dim[i] < 0) {
            return cvs_fail(err, CVS_INVALID, "size-negative", pointer, "The size %lld of axis %zu is negative.",
                            (long long)shape->dim[i], i);
        }
    }
    return CVS_OK;
}

static cvs_status wrong_length(int64_t wanted, int64_t found, const char *pointer, const char *what, cvs_error *err) {
    (void)cvs_fail(err, CVS_INVALID, "data-length-mismatch", pointer, "The shape holds %lld numbers, %s has %lld.",
                   (long long)wanted, what, (long long)found);
    cvs_fail_value(err, "%lld", (long long)found);
    cvs_fail_expected(err, "%lld", (long long)wanted);
    return CVS_INVALID;
}

static cvs_status open_flat(const json_t *data, const lifted_arrays *lifted, tensor_source *out, cvs_error *err) {
    out->form = TENSOR_FLAT;
    const lifted_array *array = lifted_find(lifted, data);
    if (array && array->shape.rank == 1) {
        out->numbers = array->values;
        return (int64_t)array->count == out->count
                   ? CVS_OK
                   : wrong_length(out->count, (int64_t)array->count, "/data", "\"data\"", err);
    }
    if (!json_is_array(data)) return members_wrong_type(data, "/data", "an array of numbers", err);
    int64_t found = (int64_t)json_array_size(data);
    return found == out->count ? CVS_OK : wrong_length(out->count, found, "/data", "\"data\"", err);
}

/* Whether so many bytes are the numbers that the shape holds. */
static cvs_status check_bytes(size_t size, const tensor_source *source, cvs_error *err) {
    int64_t bytes;
    if (!__builtin_mul_overflow(source->count, (int64_t)sizeof(float), &bytes) && (int64_t)size == bytes) return CVS_OK;
    return cvs_fail(err, CVS_INVALID, "data-length-mismatch", "/base64",
                    "The shape holds %lld float32 numbers of 4 bytes, this is %zu bytes.", (long long)source->count,
                    size);
}

static cvs_status open_base64(const json_t *object, const lifted_arrays *lifted, tensor_source *out, cvs_error *err) {
    out->form = TENSOR_BASE64;
    const char *dtype = "float32";
    cvs_status status = members_string(object, "", "dtype", &dtype, err);
    if (status != CVS_OK) return status;
    if (strcmp(dtype, "float32") != 0) {
        (void)cvs_fail(err, CVS_INVALID, "unknown-dtype", "/dtype", "The dtype \"%s\" is not known.", dtype);
        cvs_fail_expected(err, "float32");
        return CVS_INVALID;
    }
    const lifted_array *array = lifted_find(lifted, out->values);
    if (array) {
        out->numbers = array->values;
        return check_bytes(array->count * sizeof(float), out, err);
    }
    if (!json_is_string(out->values)) return members_wrong_type(out->values, "/base64", "a string", err);
    size_t size;
    if (!base64_decoded_size(json_string_value(out->values), json_string_length(out->values), &size)) {
        return cvs_fail(err, CVS_INVALID, "not-base64", "/base64",
                        "Base64 comes in groups of four letters; this has %zu letters.",
                        json_string_length(out->values));
    }
    return check_bytes(size, out, err);
}

static cvs_status open_random(const json_t *seed, tensor_source *out, cvs_error *err) {
    out->form = TENSOR_RANDOM;
    if (!json_is_integer(seed)) return members_wrong_type(seed, "/random", "an integer, the seed", err);
    out->seed = (uint64_t)json_integer_value(seed);
    return CVS_OK;
}

/* Exactly one of the three ways to say what the numbers are. */
static cvs_status only_one(const json_t *data, const json_t *base64, const json_t *random, cvs_error *err) {
    int ways = (data != NULL) + (base64 != NULL) + (random != NULL);
    if (ways == 1) return CVS_OK;
    return cvs_fail(err, CVS_INVALID, ways ? "tensor-ambiguous" : "tensor-without-data", "",
                    "A tensor object has one of \"data\", \"base64\" and \"random\"; this one has %s.",
                    ways ? "more" : "none");
}

static cvs_status open_object(const json_t *json, const lifted_arrays *lifted, tensor_source *out, cvs_error *err) {
    cvs_status status = members_check(json, "", tensor_members, err);
    if (status != CVS_OK) return status;
    const json_t *data = members_get(json, "data"), *base64 = members_get(json, "base64");
    const json_t *random = members_get(json, "random"), *shape = members_get(json, "shape");
    status = only_one(data, base64, random, err);
    if (status != CVS_OK) return status;
    if (!shape && !random) {
        return cvs_fail(err, CVS_INVALID, "shape-missing", "", "A tensor with \"%s\" needs a \"shape\".",
                        data ? "data" : "base64");
    }
    out->has_shape = shape != NULL;
    out->values = data ? data : base64;
    if (shape) {
        status = tensor_read_shape(shape, &out->shape, err);
        if (status == CVS_OK) status = cvs_shape_count(&out->shape, &out->count, err);
        if (status != CVS_OK) return status;
    }
    if (random) return open_random(random, out, err);
    return data ? open_flat(data, lifted, out, err) : open_base64(json, lifted, out, err);
}

static cvs_status open_lifted(const lifted_array *array, tensor_source *out) {
    out->numbers = array->values;
    out->has_shape = true;
    out->shape = array->shape;
    out->count = (int64_t)array->count;
    return CVS_OK;
}

cvs_status tensor_open(const json_t *json, const lifted_arrays *lifted, tensor_source *out, cvs_error *err) {
    *out = (tensor_source){.form = TENSOR_NESTED};
    const lifted_array *array = lifted_find(lifted, json);
    if (array) return open_lifted(array, out);
    if (json_is_array(json)) return open_nested(json, out, err);
    if (json_is_object(json)) return open_object(json, lifted, out, err);
    return fail_type(json, "A tensor", "nested arrays, or an object with \"shape\" and \"data\"", err);
}

/* ---- numbers beside their shape ---------------------------------------------- */

static bool is_nested(const json_t *data, const lifted_array *array) {
    return array ? array->shape.rank > 1 : json_is_array(data) && json_is_array(json_array_get(data, 0));
}

static cvs_status check_same_shape(const cvs_shape *found, const cvs_shape *wanted, cvs_error *err) {
    if (found->rank != wanted->rank) {
        return cvs_fail(err, CVS_INVALID, "data-shape-mismatch", "",
                        "The arrays are nested %d deep, the shape has %d axes; a flat array does as well.", found->rank,
                        wanted->rank);
    }
    for (int i = 0; i < found->rank; i++) {
        if (found->dim[i] == wanted->dim[i]) continue;
        (void)cvs_fail(err, CVS_INVALID, "data-shape-mismatch", "",
                       "The nested arrays have the size %lld along axis %d, the shape has %lld.",
                       (long long)found->dim[i], i, (long long)wanted->dim[i]);
        cvs_fail_value(err, "%lld", (long long)found->dim[i]);
        cvs_fail_expected(err, "%lld", (long long)wanted->dim[i]);
        return CVS_INVALID;
    }
    return CVS_OK;
}

cvs_status tensor_open_data(const json_t *data, const lifted_arrays *lifted, const cvs_shape *shape, tensor_source *out,
                            cvs_error *err) {
    const lifted_array *array = lifted_find(lifted, data);
    *out = (tensor_source){.values = data, .has_shape = true, .shape = *shape};
    if (!is_nested(data, array)) {
        cvs_status status = cvs_shape_count(shape, &out->count, err);
        return status == CVS_OK ? open_flat(data, lifted, out, err) : status;
    }
    cvs_status status = array ? open_lifted(array, out) : open_nested(data, out, err);
    if (status == CVS_OK) status = check_same_shape(&out->shape, shape, err);
    if (status != CVS_OK) cvs_error_prefix(err, "/data");
    return status;
}

cvs_status tensor_set_shape(tensor_source *source, const cvs_shape *shape, cvs_error *err) {
    if (source->has_shape) return CVS_OK;
    source->shape = *shape;
    source->has_shape = true;
    return cvs_shape_count(shape, &source->count, err);
}

/* ---- reading --------------------------------------------------------------- */

static cvs_status fail_number(const json_t *json, size_t index, cvs_error *err) {
    if (json_is_number(json)) {
        double value = json_number_value(json);
        (void)cvs_fail(err, CVS_INVALID, "number-out-of-range", "", "%g is beyond what float32 holds.", value);
        cvs_fail_value(err, "%g", value);
        cvs_fail_expected(err, "at most 3.4028235e38 in size");
    } else {
        (void)fail_type(json, "A tensor's element", "a number", err);
    }
    prefix_index(err, index);
    return CVS_INVALID;
}

static cvs_status read_row(const json_t *row, float *out, cvs_error *err) {
    size_t size = json_array_size(row);
    for (size_t i = 0; i < size; i++) {
        const json_t *json = json_array_get(row, i);
        out[i] = json_is_real(json) ? (float)json_real_value(json) : (float)json_integer_value(json);
        if (!json_is_number(json) || isinf(out[i])) return fail_number(json, i, err);
    }
    return CVS_OK;
}

static cvs_status read_nested(const json_t *json, const cvs_shape *shape, int axis, float **out, cvs_error *err) {
    size_t size = json_array_size(json);
    if (axis == shape->rank - 1) {
        cvs_status status = read_row(json, *out, err);
        *out += size;
        return status;
    }
    for (size_t i = 0; i < size; i++) {
        cvs_status status = read_nested(json_array_get(json, i), shape, axis + 1, out, err);
        if (status != CVS_OK) {
            prefix_index(err, i);
            return status;
        }
    }
    return CVS_OK;
}

static cvs_status read_base64(const json_t *json, float *out, cvs_error *err) {
    size_t bad;
    const char *text = json_string_value(json);
    if (!base64_decode(text, json_string_length(json), out, &bad)) {
        (void)cvs_fail(err, CVS_INVALID, "not-base64", "/base64", "Letter %zu does not belong in base64.", bad);
        return CVS_INVALID;
    }
    return CVS_OK;
}

cvs_status tensor_read(const tensor_source *source, float scale, float *out, cvs_error *err) {
    if (source->count == 0) return CVS_OK;
    cvs_status status = CVS_OK;
    switch (source->form) {
    case TENSOR_NESTED:
        return read_nested(source->values, &source->shape, 0, &out, err);
    case TENSOR_FLAT:
        status = read_row(source->values, out, err);
        if (status != CVS_OK) cvs_error_prefix(err, "/data");
        return status;
    case TENSOR_BASE64:
        return read_base64(source->values, out, err);
    case TENSOR_BYTES:
        return tensor_read_bytes(source, out, err);
    default:
        random_fill(source->seed, scale, out, (size_t)source->count);
        return CVS_OK;
    }
}

cvs_status tensor_load(const tensor_source *source, float scale, const float **values, float **memory, cvs_error *err) {
    *memory = NULL;
    *values = source->numbers;
    if (source->numbers) return CVS_OK;
    *memory = malloc((size_t)source->count * sizeof **memory);
    *values = *memory;
    if (!*memory) return problem_no_memory(err);
    return tensor_read(source, scale, *memory, err);
}
