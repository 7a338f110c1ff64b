#include "maps.h"

cvs__maps cvs__maps_of(const cvs_inference *inference) {
    const cvs_layer *layer = &inference->layer;
    const cvs_shape *input = &inference->input.shape, *output = &inference->output.shape;
    const bool channels_first = layer->data_format == CVS_CHANNELS_FIRST;
    const int first = cvs__first_axis(layer), offset = channels_first ? 2 : 1;
    const int64_t channels = input->dim[channels_first ? 1 : input->rank - 1];
    cvs__maps maps = {
        .planes = input->dim[0] * (channels_first ? channels : 1),
        .inner = channels_first ? 1 : channels,
        .in = {1, 1, 1},
        .out = {1, 1, 1},
    };
    for (int i = 0; i < layer->spatial_rank; i++) {
        maps.in[first + i] = input->dim[offset + i];
        if (output->rank == input->rank) maps.out[first + i] = output->dim[offset + i];
    }
    maps.in_floats = maps.in[0] * maps.in[1] * maps.in[2] * maps.inner;
    maps.out_floats = maps.out[0] * maps.out[1] * maps.out[2] * maps.inner;
    return maps;
}
