/* onnx_arguments.h - the lists of attributes of ONNX nodes. */
#ifndef CONVSCOPE_DIALECT_ONNX_ARGUMENTS_H
#define CONVSCOPE_DIALECT_ONNX_ARGUMENTS_H

#include "dialect/table.h"

/* onnx_weights.c: members beside the attributes */
extern const cvs__argument cvs__onnx_weights[];
extern const cvs__argument cvs__onnx_factor[];

/* onnx_windows.c */
extern const cvs__argument cvs__onnx_conv[];
extern const cvs__argument cvs__onnx_transposed[];
extern const cvs__argument cvs__onnx_max_pool[];
extern const cvs__argument cvs__onnx_average_pool[];
extern const cvs__argument cvs__onnx_nothing[];
extern const cvs__argument cvs__onnx_pad[];
extern const cvs__argument cvs__onnx_resize[];

extern const cvs__type cvs__type_onnx_all_pads; /* padding, of all axes; a negative one crops */
extern const cvs__type cvs__type_onnx_scales;   /* scale, of all axes */

/* onnx_others.c */
extern const cvs__argument cvs__onnx_gemm[];
extern const cvs__argument cvs__onnx_flatten[];
extern const cvs__argument cvs__onnx_reshape[];
extern const cvs__argument cvs__onnx_transpose[];
extern const cvs__argument cvs__onnx_batch_norm[];
extern const cvs__argument cvs__onnx_layer_norm[];
extern const cvs__argument cvs__onnx_center[];
extern const cvs__argument cvs__onnx_group_norm[];
extern const cvs__argument cvs__onnx_alpha[];
extern const cvs__argument cvs__onnx_hard_sigmoid[];
extern const cvs__argument cvs__onnx_clip[];
extern const cvs__argument cvs__onnx_gelu[];
extern const cvs__argument cvs__onnx_softmax[];
extern const cvs__argument cvs__onnx_dropout[];
extern const cvs__argument cvs__onnx_concat[];

#endif
