#include "layer/layer_internal.h"

static const cvs_axis spatial_axes[CVS_MAX_SPATIAL][CVS_MAX_SPATIAL] = {
    {CVS_AXIS_LENGTH},
    {CVS_AXIS_HEIGHT, CVS_AXIS_WIDTH},
    {CVS_AXIS_DEPTH, CVS_AXIS_HEIGHT, CVS_AXIS_WIDTH},
};

static const cvs_axis kernel_axes[CVS_MAX_SPATIAL][CVS_MAX_SPATIAL] = {
    {CVS_AXIS_KERNEL_LENGTH},
    {CVS_AXIS_KERNEL_HEIGHT, CVS_AXIS_KERNEL_WIDTH},
    {CVS_AXIS_KERNEL_DEPTH, CVS_AXIS_KERNEL_HEIGHT, CVS_AXIS_KERNEL_WIDTH},
};

int cvs__channel_position(cvs_data_format format, int spatial_rank) {
    return format == CVS_CHANNELS_FIRST ? 1 : spatial_rank + 1;
}

int cvs__spatial_position(cvs_data_format format, int axis) { return axis + (format == CVS_CHANNELS_FIRST ? 2 : 1); }

cvs_axis cvs__spatial_axis(int spatial_rank, int axis) { return spatial_axes[spatial_rank - 1][axis]; }

cvs_axis cvs__kernel_axis(int spatial_rank, int axis) { return kernel_axes[spatial_rank - 1][axis]; }

int cvs__axis_of_kernel(int spatial_rank, cvs_axis kernel_axis) {
    for (int axis = 0; axis < spatial_rank; axis++)
        if (kernel_axes[spatial_rank - 1][axis] == kernel_axis) return axis;
    return -1;
}

void cvs__label_data(cvs_tensor_shape *tensor, cvs_data_format format, int spatial_rank, cvs_axis channels) {
    tensor->shape.rank = spatial_rank + 2;
    tensor->axes[0] = CVS_AXIS_BATCH;
    tensor->axes[cvs__channel_position(format, spatial_rank)] = channels;
    for (int axis = 0; axis < spatial_rank; axis++)
        tensor->axes[cvs__spatial_position(format, axis)] = cvs__spatial_axis(spatial_rank, axis);
}

cvs_framework cvs__framework_of(const cvs_layer *layer) {
    return layer->framework == CVS_FRAMEWORK_AUTO ? CVS_CONVSCOPE : layer->framework;
}
