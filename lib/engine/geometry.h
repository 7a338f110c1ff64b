/*
 * geometry.h - a convolution as the loops see it: always three spatial axes, all sizes plain numbers.
 *
 * Axis 0 is depth, 1 height, 2 width (or length); a layer with fewer has ones in front. Output cell o of an axis
 * reads, for tap t, the input cell o*stride + t*dilation - before; outside 0..in - 1 the fill says what stands there.
 * A part of a transposed convolution may have a negative `before`: it skips cells.
 */
#ifndef CONVSCOPE_ENGINE_GEOMETRY_H
#define CONVSCOPE_ENGINE_GEOMETRY_H

#include <convscope/layer.h>

typedef struct cvs__spatial {
    int64_t in, out, kernel, stride, dilation, before;
} cvs__spatial;

typedef struct cvs__geometry {
    bool channels_first;
    bool unpadded; /* no output cell reads outside the input */
    cvs_fill fill;
    int64_t batch, groups;
    int64_t channels, group_channels; /* of the input, and of one group */
    int64_t filters, group_filters;
    cvs__spatial axis[CVS_MAX_SPATIAL];
    int64_t taps;                /* kernel cells */
    int64_t depth;               /* terms of one sum: group_channels*taps */
    int64_t in_cells, out_cells; /* of one channel */
} cvs__geometry;

/* Are all sizes of input and output known? CVS_INVALID with a pointer to what is not ("/input_shape/1"). */
cvs_status cvs__check_sizes_known(const cvs_inference *inference, cvs_error *err) CVS_NODISCARD;

/* Have input and output as many bytes as can be addressed? CVS_TOO_LARGE. */
cvs_status cvs__check_addressable(const cvs_inference *inference, cvs_error *err) CVS_NODISCARD;

/*
 * Of a convolution, transposed, depthwise or plain, whose input and output passed both checks. A depthwise one is one
 * with a group for each channel. CVS_TOO_LARGE when the weights cannot be addressed.
 */
cvs_status cvs__geometry_make(const cvs_inference *inference, cvs__geometry *out, cvs_error *err) CVS_NODISCARD;

/* The axes of an operator that slides a window. */
void cvs__geometry_axes(const cvs_inference *inference, cvs__spatial axes[CVS_MAX_SPATIAL]);

/* The sizes that follow from the axes, the groups and the channels: unpadded, taps, depth and cells. CVS_TOO_LARGE. */
cvs_status cvs__geometry_count(cvs__geometry *geometry, cvs_error *err) CVS_NODISCARD;

/* The input cell that stands at `position` (which may lie outside) of an axis with `in` cells, or -1 for a zero. */
static inline int64_t cvs__source_cell(cvs_fill fill, int64_t position, int64_t in) {
    if (position >= 0 && position < in) return position;
    switch (fill) {
    case CVS_FILL_ZEROS:
        return -1;
    case CVS_FILL_REFLECT:
        return position < 0 ? -position : 2 * (in - 1) - position;
    case CVS_FILL_REPLICATE:
        return position < 0 ? 0 : in - 1;
    case CVS_FILL_CIRCULAR:
        return position < 0 ? position + in : position - in;
    }
    return -1;
}

/* Outputs [*first, *last) of an axis read inside the input with tap `tap`; the others read what the fill gives.
   0 <= *first <= *last <= out. */
void cvs__inside(const cvs__spatial *axis, int64_t tap, int64_t *first, int64_t *last);

#endif
