/*
 * slim.h - an ONNX file without what shapes do not need.
 *
 * Nearly all of a file is numbers in tensors, and protobuf-c copies what it reads. So the file is copied here first,
 * field by field after protobuf's wire format (protobuf.dev, "Encoding"), and long runs of numbers are left out, as are
 * documentation, metadata and everything that the schema has not. What protobuf-c then has to read is small, and known
 * to be neither deep nor of many parts.
 */
#ifndef CONVSCOPE_MODEL_ONNX_SLIM_H
#define CONVSCOPE_MODEL_ONNX_SLIM_H

#include <convscope/base.h>

enum {
    CVS__ONNX_LONGEST_RUN = 1024, /* bytes of numbers that are kept: settings and sizes are short, weights are not */
    CVS__ONNX_MAX_NESTING = 64,   /* messages in messages */
    CVS__ONNX_MAX_PARTS = 1 << 21 /* fields that are kept */
};

/*
 * Append the slim copy of `length` bytes to `out`, which is then complete or failed. CVS_SYNTAX, with the offset, for
 * bytes that are no ONNX file or end too early; CVS_TOO_LARGE for too many parts, too many nodes, or too deep.
 */
cvs_status cvs__onnx_slim(const uint8_t *bytes, size_t length, cvs_text *out, cvs_error *err) CVS_NODISCARD;

#endif
