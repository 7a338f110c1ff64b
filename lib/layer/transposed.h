/* transposed.h - the sizes of a transposed convolution, which each framework has its own words for. */
#ifndef CONVSCOPE_LAYER_TRANSPOSED_H
#define CONVSCOPE_LAYER_TRANSPOSED_H

#include "layer/op.h"

/*
 * Along one spatial axis: settle the layer's crop (padding) and output padding and make the output's size.
 * Codes: padding-exceeds-output, output-size-range, size-overflow.
 */
cvs_status cvs__transposed_size(cvs_inference *inference, int axis, cvs_symbols *symbols, cvs_error *err);

void cvs__transposed_step(const cvs_inference *inference, int axis, cvs_step *step, cvs_text *substitution);

#endif
