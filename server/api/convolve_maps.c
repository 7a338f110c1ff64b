/* convolve_maps.c - feature maps out of the output: those of the filters that were asked for. */
#include "api/convolve_call.h"

#include <stdlib.h>
#include <string.h>

map_layout convolve_map_layout(const cvs_tensor_shape *output) {
    int axis = convolve_filter_axis(output);
    map_layout layout = {.outer = 1, .inner = 1};
    for (int i = 0; i < output->shape.rank; i++) {
        if (i < axis) layout.outer *= output->shape.dim[i];
        if (i > axis) layout.inner *= output->shape.dim[i];
        if (i == axis) continue;
        layout.map.axes[layout.map.shape.rank] = output->axes[i];
        layout.map.shape.dim[layout.map.shape.rank++] = output->shape.dim[i];
    }
    layout.count = layout.outer * layout.inner;
    layout.step = layout.inner * output->shape.dim[axis];
    return layout;
}

void convolve_gather_map(const float *output, const map_layout *layout, int64_t filter, float *map) {
    const float *from = output + filter * layout->inner;
    for (int64_t i = 0; i < layout->outer; i++) {
        memcpy(map + i * layout->inner, from + i * layout->step, (size_t)layout->inner * sizeof *map);
    }
}

convolve_numbers convolve_stack_maps(const convolve_call *call) {
    const cvs_tensor_shape *output = &call->c.inference.output;
    const map_layout layout = convolve_map_layout(output);
    const int64_t filters = (int64_t)call->filter_count;
    convolve_numbers stack = {.count = filters * layout.count};
    stack.tensor.axes[0] = output->axes[convolve_filter_axis(output)];
    stack.tensor.shape = (cvs_shape){.rank = 1 + layout.map.shape.rank, .dim = {filters}};
    for (int i = 0; i < layout.map.shape.rank; i++) {
        stack.tensor.axes[1 + i] = layout.map.axes[i];
        stack.tensor.shape.dim[1 + i] = layout.map.shape.dim[i];
    }
    const size_t bytes = (size_t)stack.count * sizeof *stack.values;
    stack.values = api_account_take(call->c.account, bytes) ? malloc(bytes) : NULL;
    for (int64_t i = 0; i < filters && stack.values; i++) {
        convolve_gather_map(call->c.output, &layout, call->filters[i], stack.values + i * layout.count);
    }
    return stack;
}
