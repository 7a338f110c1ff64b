#include "layer/rules/rule.h"

#include "base/checked.h"

/* Sums of a few sizes below this stay far from int64's end. */
#define LARGEST_SIZE (INT64_C(1) << 60)

static cvs_dim number_or_unknown(cvs_dim dim) { return cvs_dim_is_known(dim) ? dim : CVS_DIM_UNKNOWN; }

static bool in_bounds(int64_t value) { return value >= 0 && value < LARGEST_SIZE; }

static cvs__letters letters_of(const cvs_inference *inference, int axis) {
    const cvs_layer *layer = &inference->layer;
    int position = cvs__spatial_position(layer->data_format, axis);
    cvs__letters at = {
        .i = number_or_unknown(inference->input.shape.dim[position]),
        .o = number_or_unknown(inference->output.shape.dim[position]),
        .k = layer->kernel[axis],
        .d = layer->dilation[axis],
        .ke = cvs__extent(layer->kernel[axis], layer->dilation[axis]),
        .s = layer->stride[axis],
        .pb = layer->padding.before[axis],
        .pe = layer->padding.after[axis],
    };
    at.padded = in_bounds(at.pb) && in_bounds(at.pe);
    at.sized = at.padded && at.i >= 1 && at.o >= 1 && at.i < LARGEST_SIZE && at.o < LARGEST_SIZE;
    return at;
}

cvs__subject cvs__subject_make(const cvs_inference *inference) {
    const cvs_layer *layer = &inference->layer;
    int channels = cvs__channel_position(layer->data_format, layer->spatial_rank);
    cvs__subject subject = {
        .inference = inference,
        .rank = layer->spatial_rank,
        .channels = number_or_unknown(inference->input.shape.dim[channels]),
        .filters = number_or_unknown(inference->output.shape.dim[channels]),
    };
    for (int axis = 0; axis < subject.rank; axis++) subject.axis[axis] = letters_of(inference, axis);
    return subject;
}
