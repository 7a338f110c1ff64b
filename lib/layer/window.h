/* window.h - a kernel sliding along spatial axes: what convolution and pooling have in common. */
#ifndef CONVSCOPE_LAYER_WINDOW_H
#define CONVSCOPE_LAYER_WINDOW_H

#include "layer/op.h"

/*
 * Kernel, stride, dilation and padding in range, and no combination that the layer's framework refuses.
 * Codes: bad-hyperparameter, padding-..., keras-stride-and-dilation, torch-same-with-stride.
 */
cvs_status cvs__window_validate(const cvs_layer *layer, cvs_error *err);

/*
 * Slide along every spatial axis of the (labelled) input: fill in the padding's numbers and the output's
 * spatial sizes. Codes: kernel-larger-than-input, padding-exceeds-input, size-overflow.
 */
cvs_status cvs__window_infer(cvs_inference *inference, cvs_symbols *symbols, cvs_error *err);

void cvs__window_receptive_field(const cvs_inference *inference, cvs_receptive_field *out);
void cvs__window_step(const cvs_inference *inference, int axis, cvs_step *step, cvs_text *substitution);

#endif
