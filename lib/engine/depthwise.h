/*
 * depthwise.h - depthwise convolution, channels first: each channel through its filters, read where it lies. Masks keep
 * reads inside the lines, and lines of the padding are one line of zeros.
 */
#ifndef CONVSCOPE_ENGINE_DEPTHWISE_H
#define CONVSCOPE_ENGINE_DEPTHWISE_H

#include "plan.h"

/* Whether a layer can be computed this way: flat or a line, padded with zeros if at all, a stride of 1 or 2 along the
   lines and not too wide a kernel. */
bool cvs__depthwise_suits(const cvs__geometry *geometry);

extern const cvs__method cvs__method_depthwise;

#endif
