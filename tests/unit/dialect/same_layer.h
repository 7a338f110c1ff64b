/* same_layer.h - do two layers, of two frameworks perhaps, do the same to the same input? */
#ifndef CONVSCOPE_TESTS_DIALECT_SAME_LAYER_H
#define CONVSCOPE_TESTS_DIALECT_SAME_LAYER_H

#include "support.h"

/* The same shape for a layer with another order of axes. */
cvs_shape reorder(const cvs_shape *shape, cvs_data_format from, cvs_data_format to);

/*
 * Are the layer's tensors turned around for `framework`, when that has no channels last? Those without a window stay as
 * they are elsewhere; a norm, or what is put one after another, along axis 1 does so everywhere.
 */
bool turns_for(const cvs_inference *layer, cvs_framework framework);

/* The test fails, with `text`, where `back` is another layer than `layer`. */
void check_same_layer(const cvs_inference *layer, const cvs_inference *back, const char *text);
void check_same_output(const cvs_inference *layer, const cvs_inference *back, const char *text);

#endif
