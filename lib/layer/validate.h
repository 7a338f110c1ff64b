/* validate.h - checks that operators share. Each returns CVS_OK or records one error. */
#ifndef CONVSCOPE_LAYER_VALIDATE_H
#define CONVSCOPE_LAYER_VALIDATE_H

#include "layer/op.h"

static inline bool cvs__in_range(int64_t value, int64_t lowest) {
    return value >= lowest && value <= CVS_MAX_PARAMETER;
}

/* The value is out of range; `what` begins the sentence: "The number of filters". */
cvs_status cvs__refuse_number(int64_t value, int64_t lowest, const char *pointer, const char *what, cvs_error *err);

/* lowest <= value <= CVS_MAX_PARAMETER. These checks run for every layer, hence inline. */
static inline cvs_status cvs__check_range(int64_t value, int64_t lowest, const char *pointer, const char *what,
                                          cvs_error *err) {
    return cvs__in_range(value, lowest) ? CVS_OK : cvs__refuse_number(value, lowest, pointer, what, err);
}

/* One number a spatial axis: {layer->stride, 1, "/stride", "stride"}. */
typedef struct cvs__list {
    const int64_t *number;
    int64_t lowest;
    const char *pointer, *called;
} cvs__list;

/* The number of this axis is out of range. */
cvs_status cvs__refuse_in_list(const cvs_layer *layer, const cvs__list *list, int axis, cvs_error *err);

/* The same for every spatial axis. */
static inline cvs_status cvs__check_list(const cvs_layer *layer, cvs__list list, cvs_error *err) {
    int axis = 0;
    while (axis < layer->spatial_rank && cvs__in_range(list.number[axis], list.lowest)) axis++;
    return axis >= layer->spatial_rank ? CVS_OK : cvs__refuse_in_list(layer, &list, axis, err);
}

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
