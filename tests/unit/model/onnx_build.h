/*
 * onnx_build.h - ONNX models written out by a program, and read back through the bytes of a file.
 *
 *     onnx_build b = onnx_begin(13);
 *     onnx_input(&b, "x", "N,3,8,8");
 *     onnx_weights(&b, "w", "4,3,3,3");
 *     onnx_node(&b, "Conv", "x w", "y");
 *     onnx_ints(&b, "pads", "1,1,1,1");       an attribute of the node that was added last
 *     onnx_output(&b, "y");
 *     read_model m = onnx_end(&b);
 *
 * Names are separated by spaces, "-" is an input that is left out; a shape's sizes by commas: numbers, names or "?".
 */
#ifndef CONVSCOPE_TESTS_ONNX_BUILD_H
#define CONVSCOPE_TESTS_ONNX_BUILD_H

#include "model/onnx/onnx.pb-c.h"
#include "model_text.h"

typedef struct onnx_graph {
    Onnx__GraphProto proto;
    Onnx__NodeProto *last; /* the node that attributes go to */
} onnx_graph;

typedef struct onnx_build {
    cvs_arena *arena;
    int64_t opset;
    onnx_graph graph;
} onnx_build;

onnx_build onnx_begin(int64_t opset);
/* A graph that becomes an attribute of one of b's nodes, with onnx_body(). */
onnx_build onnx_begin_body(const onnx_build *b);
void onnx_input(onnx_build *b, const char *name, const char *shape);
void onnx_output(onnx_build *b, const char *name);
/* The same with a shape that is declared. */
void onnx_output_declared(onnx_build *b, const char *name, const char *shape);
/* A line of value_info. */
void onnx_declare(onnx_build *b, const char *name, const char *shape);
/* Initializers: float32 without data, and int64 with it. A shape "" is a scalar. */
Onnx__TensorProto *onnx_weights(onnx_build *b, const char *name, const char *shape);
Onnx__TensorProto *onnx_integers(onnx_build *b, const char *name, const char *shape, const char *numbers);
void onnx_node(onnx_build *b, const char *type, const char *inputs, const char *outputs);
void onnx_int(onnx_build *b, const char *attribute, int64_t value);
void onnx_ints(onnx_build *b, const char *attribute, const char *values);
void onnx_text(onnx_build *b, const char *attribute, const char *value);
void onnx_body(onnx_build *b, const char *attribute, const onnx_build *body);

/* One that is whole: a convolution, and a Reshape to a constant. */
onnx_build onnx_small_network(void);

/* The bytes of the file, in the build's arena. */
uint8_t *onnx_bytes(onnx_build *b, size_t *length);
/* The model that is read from them; inferred, with names for sizes, unless `model` is NULL. Frees the build. */
read_model onnx_end(onnx_build *b);

#endif
