/*
 * tensor_text.h - a tensor as one JSON value: flat, as nested arrays, or as base64. It is written in runs of elements,
 * any of which can be written by itself: several cores write one tensor, while it is sent.
 */
#ifndef CONVSCOPE_TENSOR_TEXT_H
#define CONVSCOPE_TENSOR_TEXT_H

#include "api/json_writer.h"

#include <convscope/layer.h>

/* How tensors are written: flat, nested arrays, or little-endian float32 as base64. */
typedef enum tensor_encoding { TENSOR_JSON = 0, TENSOR_NESTED_JSON, TENSOR_BASE64_TEXT } tensor_encoding;

/* "json", "nested", "base64", NULL. */
extern const char *const tensor_encoding_names[];

typedef struct tensor_text {
    const float *data; /* row-major in `shape`; borrowed */
    cvs_shape shape;   /* every size known; no size but the first is 0 */
    tensor_encoding encoding;
    size_t count; /* of the elements */
} tensor_text;

tensor_text tensor_text_of(const float *data, const cvs_shape *shape, tensor_encoding encoding);

/* A run begins at a multiple of this many elements: three float32 are sixteen letters of base64. */
enum { TENSOR_RUN_STEP = 3 };

/* The most bytes that a run of `count` elements takes. */
size_t tensor_text_room(const tensor_text *text, size_t count);

/*
 * Write the elements [first, first + count) at `out`, with all that stands before each of them, and behind the last
 * one what ends the value: runs in a row are the whole text. The bytes written. An empty tensor is one run of none.
 */
size_t tensor_text_write(const tensor_text *text, size_t first, size_t count, char *out);

/* The whole of it as the next JSON value. */
void tensor_write(json_writer *writer, const tensor_text *text);

#endif
