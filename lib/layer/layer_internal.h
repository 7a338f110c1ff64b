/*
 * layer_internal.h - what the rooms beside and above lib/layer share with it:
 * where an axis stands, what it is called, how far a kernel reaches.
 */
#ifndef CONVSCOPE_LAYER_INTERNAL_H
#define CONVSCOPE_LAYER_INTERNAL_H

#include <convscope/inspect.h>
#include <convscope/layer.h>

/* Position of the channel axis in a data tensor of `spatial_rank` + 2 axes. */
int cvs__channel_position(cvs_data_format format, int spatial_rank);

/* Position of spatial axis `axis` (0..spatial_rank - 1) in a data tensor. */
int cvs__spatial_position(cvs_data_format format, int axis);

/* CVS_AXIS_LENGTH | HEIGHT, WIDTH | DEPTH, HEIGHT, WIDTH; the second the same of a kernel. */
cvs_axis cvs__spatial_axis(int spatial_rank, int axis);
cvs_axis cvs__kernel_axis(int spatial_rank, int axis);

/* The spatial axis that one of the CVS_AXIS_KERNEL_* belongs to, or -1 when it is none of `spatial_rank`. */
int cvs__axis_of_kernel(int spatial_rank, cvs_axis kernel_axis);

/* Name the axes of a data tensor and set its rank: batch, the spatial ones, and `channels` where it belongs. */
void cvs__label_data(cvs_tensor_shape *tensor, cvs_data_format format, int spatial_rank, cvs_axis channels);

/* How a sentence calls a framework: "Keras", "Keras 1", "PyTorch", "ONNX", "Convscope", "TensorFlow". */
const char *cvs__framework_title(cvs_framework framework);

/* Make `layer` what cvs_layer_default() returns, in its place: layers are large. */
void cvs__layer_start(cvs_layer *layer, cvs_op op, int spatial_rank);

/* Whose rules hold: the layer's framework, CVS_CONVSCOPE when it names none. */
cvs_framework cvs__framework_of(const cvs_layer *layer);

/* Of any version. */
static inline bool cvs__is_keras(cvs_framework framework) { return framework == CVS_KERAS || framework == CVS_KERAS1; }

/* ke = d*(k - 1) + 1. No overflow for arguments within CVS_MAX_PARAMETER. */
static inline int64_t cvs__extent(int64_t kernel, int64_t dilation) { return dilation * (kernel - 1) + 1; }

/* Greatest common divisor; gcd(0, b) is b. */
static inline uint64_t cvs__gcd(uint64_t a, uint64_t b) {
    while (b) {
        uint64_t rest = a % b;
        a = b;
        b = rest;
    }
    return a;
}

/* ---- chain.c ------------------------------------------------------------- */

/* A cell of `field` seen through `next`, which has at least as many axes: see chain.h. False when a figure overflows.
 */
bool cvs__field_extend(cvs_receptive_field *field, const cvs_receptive_field *next);

/* ---- inspect/match.c ------------------------------------------------------ */

/* A 1D kernel in the order of files that Keras 1.1 and older wrote, (filters, in_channels, length, 1): a permutation.
 */
bool cvs__match_is_old_keras(const cvs_inference *inference, const cvs_match *match);

#endif
