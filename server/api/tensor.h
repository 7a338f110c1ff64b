/*
 * tensor.h - TENSOR on the wire: nested arrays, {"shape", "data"}, {"shape", "dtype", "base64"} or {"random": seed};
 * and beside JSON, plain bytes.
 *
 * Reading takes two steps, so that sizes are checked before anything is allocated: tensor_open() finds out the form
 * and the shape and proves that the numbers are there, tensor_read() reads them.
 */
#ifndef CONVSCOPE_TENSOR_H
#define CONVSCOPE_TENSOR_H

#include "api/lifted.h"

#include <convscope/layer.h>
#include <jansson.h>

typedef enum tensor_form { TENSOR_NESTED, TENSOR_FLAT, TENSOR_BASE64, TENSOR_RANDOM, TENSOR_BYTES } tensor_form;

/* IEEE 754 binary16, 32 and 64; integers with and without a sign; a byte that is 0 or not. */
typedef enum tensor_element {
    TENSOR_F32 = 0,
    TENSOR_F16,
    TENSOR_BF16, /* the upper half of a binary32 */
    TENSOR_F64,
    TENSOR_I8,
    TENSOR_I16,
    TENSOR_I32,
    TENSOR_I64,
    TENSOR_U8,
    TENSOR_U16,
    TENSOR_U32,
    TENSOR_U64,
    TENSOR_BOOL
} tensor_element;

/* In bytes. */
size_t tensor_element_size(tensor_element element);

/* Numbers without a text. A zeroed one with data and size is little-endian float32, row-major. */
typedef struct tensor_bytes {
    const void *data; /* at any address; borrowed */
    size_t size;      /* in bytes */
    tensor_element element;
    bool big_endian;
    bool column_major; /* the first axis lies closest, as in Fortran */
} tensor_bytes;

/* A tensor that was looked at and not yet read. */
typedef struct tensor_source {
    tensor_form form;
    const json_t *values; /* the nested or flat array, or the base64 string; borrowed */
    tensor_bytes bytes;
    const float *numbers; /* the elements, when they need not be read: lifted, or bytes that are them; borrowed */
    bool has_shape;       /* false only for {"random": seed} without a "shape" */
    cvs_shape shape;      /* every size known */
    int64_t count;        /* of the elements */
    uint64_t seed;        /* of a random tensor */
} tensor_source;

/*
 * Look at `json`, a value of the envelope that `lifted` (NULL: none) belongs to. CVS_INVALID with a pointer below
 * `json` for what is no TENSOR: ragged rows, a number of elements that is not the shape's, unknown members. Allocates
 * nothing.
 */
cvs_status tensor_open(const json_t *json, const lifted_arrays *lifted, tensor_source *out,
                       cvs_error *err) CVS_NODISCARD;

/* An array of 1 to CVS_MAX_RANK sizes, each 0 or more; errors point at "/shape" or below. */
cvs_status tensor_read_shape(const json_t *json, cvs_shape *shape, cvs_error *err) CVS_NODISCARD;

/*
 * Look at the numbers of a tensor whose shape, every size known, stands apart from them: `data` is a flat array, or
 * nested ones of just that shape. CVS_INVALID with a pointer at "/data" or below.
 */
cvs_status tensor_open_data(const json_t *data, const lifted_arrays *lifted, const cvs_shape *shape, tensor_source *out,
                            cvs_error *err) CVS_NODISCARD;

/*
 * Look at bytes that hold a tensor of this shape, every size known. CVS_INVALID without a pointer, code
 * "data-length-mismatch", when they are more or fewer than it takes.
 */
cvs_status tensor_open_bytes(const tensor_bytes *bytes, const cvs_shape *shape, tensor_source *out,
                             cvs_error *err) CVS_NODISCARD;

/* Give a random tensor that has none its shape. */
cvs_status tensor_set_shape(tensor_source *source, const cvs_shape *shape, cvs_error *err) CVS_NODISCARD;

/*
 * Read the source->count elements, which were not lifted, into `out`; random ones lie in [-scale, scale). CVS_INVALID
 * with a pointer to the element for what is not a number, or beyond float32 (code "number-out-of-range"). Of bytes, NaN
 * and infinity are taken as they are, and the pointer is empty.
 */
cvs_status tensor_read(const tensor_source *source, float scale, float *out, cvs_error *err) CVS_NODISCARD;

/* tensor_bytes.c: the same for TENSOR_BYTES. */
cvs_status tensor_read_bytes(const tensor_source *source, float *out, cvs_error *err) CVS_NODISCARD;

/*
 * The same, but *values are the elements where they are: those that were lifted stay there, others are read into
 * *memory, the caller's to free() in any case. CVS_NO_MEMORY without a pointer.
 */
cvs_status tensor_load(const tensor_source *source, float scale, const float **values, float **memory,
                       cvs_error *err) CVS_NODISCARD;

#endif
