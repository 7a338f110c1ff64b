/*
 * each_last.h - direct convolution, channels last, for depthwise layers and others with few channels and filters a
 * group. The input is read where it lies.
 *
 * Neighbouring cells of an output line read, with one tap, cells of the input that are a fixed distance apart, as long
 * as that tap stays inside the line: these cells go to the tile together. The few near the ends of a line, where the
 * fill says what is read, go one by one.
 */
#ifndef CONVSCOPE_ENGINE_EACH_LAST_H
#define CONVSCOPE_ENGINE_EACH_LAST_H

#include "plan.h"

bool cvs__each_last_suits(const cvs__geometry *geometry);

extern const cvs__method cvs__method_each_last;

#endif
