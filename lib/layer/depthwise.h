/* depthwise.h - what a separable convolution begins with. */
#ifndef CONVSCOPE_LAYER_DEPTHWISE_H
#define CONVSCOPE_LAYER_DEPTHWISE_H

#include "layer/op.h"

/* in_channels*multiplier; 0 when the input channels are not known. CVS_TOO_LARGE "size-overflow". */
cvs_status cvs__depthwise_channels(const cvs_inference *inference, int64_t *out, cvs_error *err);

/* in*multiplier*prod(o)*prod(k). False: overflow. */
bool cvs__depthwise_macs(const cvs_inference *inference, int64_t *macs);

#endif
