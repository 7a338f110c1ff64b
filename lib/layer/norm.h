/* norm.h - which learned numbers a normalisation has, shared by batch, layer and group normalisation. */
#ifndef CONVSCOPE_LAYER_NORM_H
#define CONVSCOPE_LAYER_NORM_H

#include "layer/op.h"

/* The axis that a batch or group norm works on, in a tensor of `rank` axes; -1: there is no such axis. */
int cvs__norm_axis(const cvs_layer *layer, int rank);

/* Where a layer norm's axes begin; they are the last ones, or a single one. -1: there is no such axis. */
int cvs__layer_norm_first(const cvs_layer *layer, int rank);

/*
 * Has `framework` this normalisation with these of gamma and beta, and with or without running statistics? Fails with
 * `refusal`: CVS_INVALID for a layer of that framework, CVS_UNSUPPORTED for weights in its layout.
 */
cvs_status cvs__norm_check(const cvs_layer *layer, cvs_framework framework, cvs_status refusal, cvs_error *err);

/* Gamma and beta (those that there are), and batch normalisation's statistics, each over `axes` of the input. */
cvs_status cvs__norm_storage(const cvs_inference *inference, cvs_framework framework, const cvs__stored *over,
                             cvs__storage *out, cvs_error *err);

#endif
