/* any_rank.h - what operators share that read tensors of any number of axes: their rows set cvs__op.any_rank. */
#ifndef CONVSCOPE_LAYER_ANY_RANK_H
#define CONVSCOPE_LAYER_ANY_RANK_H

#include "layer/op.h"

/*
 * Name the axes of a tensor by its rank: (batch, features); with 3 to 5 axes a data tensor of `format`; beyond,
 * batch and axes without a meaning.
 */
void cvs__label_any(cvs_tensor_shape *tensor, cvs_data_format format);

/* The spatial axes that a tensor so named has: 0 to 3. */
int cvs__spatial_rank_of(const cvs_tensor_shape *tensor);

/* A position from the start for one that may count from the end; -1 when there is no such axis. */
int cvs__resolve_axis(int axis, int rank);

/* Name the input's axes. CVS_INVALID "asymmetric-rank" when it has fewer than `least` axes or more than `most`. */
cvs_status cvs__infer_any_input(cvs_inference *inference, int least, int most, cvs_error *err);

/* The output is as the input, which has its names, and the layer has the input's spatial axes. */
void cvs__infer_same_shape(cvs_inference *inference);

/* Each output sees the input in its own place: size 1, jump 1, start 0 along every spatial axis. */
void cvs__same_receptive_field(const cvs_inference *inference, cvs_receptive_field *out);
void cvs__same_step(const cvs_inference *inference, int axis, cvs_step *step, cvs_text *substitution);

/* Where spatial axes lose their meaning there is no receptive field: rank 0. */
void cvs__no_receptive_field(const cvs_inference *inference, cvs_receptive_field *out);

#endif
