/* validate.h - checks that operators share. Each returns CVS_OK or records one error. */
#ifndef CONVSCOPE_LAYER_VALIDATE_H
#define CONVSCOPE_LAYER_VALIDATE_H

#include "layer/op.h"

/* lowest <= value <= CVS_MAX_PARAMETER; `what` begins the sentence: "The number of filters". */
cvs_status cvs__check_range(int64_t value, int64_t lowest, const char *pointer, const char *what, cvs_error *err);

/* One number a spatial axis: {layer->stride, 1, "/stride", "stride"}. */
typedef struct cvs__list {
    const int64_t *number;
    int64_t lowest;
    const char *pointer, *called;
} cvs__list;

/* The same for every spatial axis. */
cvs_status cvs__check_list(const cvs_layer *layer, cvs__list list, cvs_error *err);

/* Convolutions: filters and groups at least 1, the input channels given or 0. */
cvs_status cvs__check_channels(const cvs_layer *layer, cvs_error *err);

/* Do the groups divide the filters and the input channels (0 while not known)? CVS_INVALID "group-divides". */
cvs_status cvs__check_groups(const cvs_layer *layer, cvs_error *err);

/* Is the padding (mode, fill, numbers) one that the layer's framework has? */
cvs_status cvs__check_padding(const cvs_layer *layer, cvs_error *err);

/* May the spatial rank be 0, meaning that of the input? */
bool cvs__rank_follows_input(cvs_op op);

/* On an axis of this size: has it the cells that the padding reflects or wraps around? "padding-exceeds-input" */
cvs_status cvs__check_fill_fits(const cvs_layer *layer, int axis, cvs_dim size, cvs_error *err);

#endif
