/* infer.h - steps of inference that operators share. */
#ifndef CONVSCOPE_LAYER_INFER_H
#define CONVSCOPE_LAYER_INFER_H

#include "layer/op.h"

/*
 * The input is a data tensor (batch, spatial..., channels in their place): check its rank, name its axes.
 * CVS_INVALID "asymmetric-rank", saying which axis seems to be missing.
 */
cvs_status cvs__infer_input(cvs_inference *inference, cvs_error *err);

/*
 * Settle layer.in_channels and the input's channel size from each other. Both stay open when neither is
 * known. CVS_INVALID "channel-mismatch".
 */
cvs_status cvs__infer_channels(cvs_inference *inference, cvs_error *err);

/*
 * Name the output's axes, its channel axis `axis`, and give it the input's batch size and `channels`. The spatial
 * sizes are left as they are.
 */
void cvs__infer_output(cvs_inference *inference, cvs_axis axis, cvs_dim channels);

/*
 * An operator that takes each channel by itself: cvs__infer_input(), cvs__infer_channels(), and an output with
 * the input's channels. The spatial sizes are left to do.
 */
cvs_status cvs__infer_each_channel(cvs_inference *inference, cvs_error *err);

/* Has the shape a rank that exists, and sizes of at least 1 where they are known? `at` points at it. */
cvs_status cvs__check_sizes(const cvs_symbols *symbols, const cvs_shape *input, const char *at, cvs_error *err);

/* A tensor that cannot be counted cannot exist either; an open size counts as 1. */
cvs_status cvs__check_elements(const cvs_symbols *symbols, const cvs_shape *shape, const char *which,
                               const char *pointer, cvs_error *err);

/* Write a shape as users do: "(None, 300, H)". Cut at the end of `out`. */
void cvs__shape_text(const cvs_symbols *symbols, const cvs_shape *shape, char *out, size_t size);

#endif
