/*
 * tensor.h - TENSOR on the wire: nested arrays, {"shape", "data"}, {"shape", "dtype", "base64"} or {"random": seed}.
 *
 * Reading takes two steps, so that sizes are checked before anything is allocated: tensor_open() finds out the form
 * and the shape and proves that the numbers are there, tensor_read() reads them.
 */
#ifndef CONVSCOPE_TENSOR_H
#define CONVSCOPE_TENSOR_H

#include "api/json_writer.h"

#include <convscope/layer.h>
#include <jansson.h>

typedef enum tensor_form { TENSOR_NESTED, TENSOR_FLAT, TENSOR_BASE64, TENSOR_RANDOM } tensor_form;

/* A tensor that was looked at and not yet read. */
typedef struct tensor_source {
    tensor_form form;
    const json_t *values; /* the nested or flat array, or the base64 string; borrowed */
    bool has_shape;       /* false only for {"random": seed} without a "shape" */
    cvs_shape shape;      /* every size known */
    int64_t count;        /* of the elements */
    uint64_t seed;        /* of a random tensor */
} tensor_source;

/*
 * Look at `json`. CVS_INVALID with a pointer below `json` for what is no TENSOR: ragged rows, a number of elements
 * that is not the shape's, unknown members. Allocates nothing.
 */
cvs_status tensor_open(const json_t *json, tensor_source *out, cvs_error *err) CVS_NODISCARD;

/* Give a random tensor that has none its shape. */
cvs_status tensor_set_shape(tensor_source *source, const cvs_shape *shape, cvs_error *err) CVS_NODISCARD;

/*
 * Read source->count elements into `out`; random ones lie in [-scale, scale). CVS_INVALID with a pointer to the element
 * for what is not a number, or beyond float32 (code "number-out-of-range").
 */
cvs_status tensor_read(const tensor_source *source, float scale, float *out, cvs_error *err) CVS_NODISCARD;

/* How tensors are written: flat, nested arrays, or little-endian float32 as base64. */
typedef enum tensor_encoding { TENSOR_JSON = 0, TENSOR_NESTED_JSON, TENSOR_BASE64_TEXT } tensor_encoding;

/* "json", "nested", "base64", NULL. */
extern const char *const tensor_encoding_names[];

/* `data`, row-major in `shape` (every size known), as one JSON value. */
void tensor_write(json_writer *writer, const float *data, const cvs_shape *shape, tensor_encoding encoding);

#endif
