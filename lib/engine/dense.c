/* dense.c - dense layers: a convolution of kernel 1 over all rows, the axes before the last as one line of cells. */
#include "plan.h"

/* The kernel's axes by the names that a convolution has for them. */
static cvs_tensor_shape as_kernel(const cvs_tensor_shape *dense) {
    cvs_tensor_shape kernel = *dense;
    for (int i = 0; i < kernel.shape.rank; i++)
        kernel.axes[i] = dense->axes[i] == CVS_AXIS_UNITS ? CVS_AXIS_FILTERS : CVS_AXIS_IN_CHANNELS;
    return kernel;
}

static cvs_status make(cvs_plan *plan, const cvs_weights *expected, const cvs_tensor *given, cvs_error *err) {
    const cvs_layer *layer = &plan->inference.layer;
    const cvs_shape *input = &plan->inference.input.shape;
    const cvs__spatial none = {.in = 1, .out = 1, .kernel = 1, .stride = 1, .dilation = 1};
    const cvs_tensor_shape axes = as_kernel(&expected->weight[0].tensor);
    const cvs__kernel kernel = {&axes, given[0].data, expected->count > 1 ? given[1].data : NULL};
    cvs__geometry *g = &plan->geometry;
    int64_t rows = 1;
    for (int i = 0; i < input->rank - 1; i++) rows *= input->dim[i];
    *g = (cvs__geometry){
        .batch = 1, .groups = 1, .channels = layer->in_channels, .filters = layer->filters, .axis = {none, none, none}};
    g->axis[2].in = g->axis[2].out = rows;
    cvs_status status = cvs__geometry_count(g, err);
    return status == CVS_OK ? cvs__conv_settle(plan, &kernel, err) : status;
}

const cvs__operator cvs__operator_dense = {make, cvs__conv_run, .activates = true};
