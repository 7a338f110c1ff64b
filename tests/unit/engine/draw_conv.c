#include "draw_layer.h"
#include "trial.h"

static int64_t draw(uint64_t *state, int64_t low, int64_t high) { return random_in(state, low, high); }

/* Small sizes are the ones that go wrong: mostly a few, now and then enough for several tiles. */
static void draw_axis(uint64_t *state, int rank, int a, cvs_layer *layer, int64_t *in) {
    static const int64_t largest[] = {40, 13, 6};
    *in = draw(state, 1, largest[rank - 1]);
    layer->kernel[a] = draw(state, 1, rank == 3 ? 3 : 5);
    layer->stride[a] = draw(state, 0, 2) ? 1 : draw(state, 2, 4);
    layer->dilation[a] = draw(state, 0, 2) ? 1 : draw(state, 2, 3);
    int64_t most = draw(state, 0, 2) ? draw(state, 0, 3) : draw(state, 0, 9);
    if (layer->padding.fill == CVS_FILL_REFLECT && most >= *in) most = *in - 1;
    if (layer->padding.fill == CVS_FILL_CIRCULAR && most > *in) most = *in;
    layer->padding.before[a] = draw(state, 0, most);
    layer->padding.after[a] = draw(state, 0, most);
}

static cvs_layer draw_layer(uint64_t *state, cvs_shape *input) {
    static const cvs_framework frameworks[] = {CVS_KERAS, CVS_KERAS1, CVS_PYTORCH, CVS_ONNX, CVS_CONVSCOPE};
    const int rank = (int)draw(state, 1, 3);
    cvs_layer layer = cvs_layer_default(CVS_OP_CONV, rank);
    layer.framework = frameworks[draw(state, 0, 4)];
    layer.data_format = draw(state, 0, 1) ? CVS_CHANNELS_FIRST : CVS_CHANNELS_LAST;
    layer.padding.mode = CVS_PAD_EXPLICIT;
    layer.padding.fill = (cvs_fill)(draw(state, 0, 1) ? 0 : draw(state, 1, 3));
    layer.groups = draw(state, 0, 2) ? 1 : draw(state, 2, 5);
    layer.filters = layer.groups * draw(state, 1, layer.groups > 1 ? 4 : 19);
    layer.in_channels = layer.groups * draw(state, 1, layer.groups > 1 ? 3 : 9);
    layer.use_bias = draw(state, 0, 1);
    layer.activation.kind = draw(state, 0, 1) ? CVS_ACT_RELU : CVS_ACT_LINEAR;
    const bool first = layer.data_format == CVS_CHANNELS_FIRST;
    *input = (cvs_shape){.rank = rank + 2, .dim = {draw(state, 1, 2)}};
    input->dim[first ? 1 : rank + 1] = layer.in_channels;
    for (int a = 0; a < rank; a++) draw_axis(state, rank, a, &layer, &input->dim[a + (first ? 2 : 1)]);
    return layer;
}

/* Draw until the layer is possible: the kernel may not fit, the framework may not have it. */
cvs_inference draw_conv(uint64_t *state) {
    for (;;) {
        cvs_shape input;
        cvs_inference inference;
        cvs_weights weights;
        const cvs_layer layer = draw_layer(state, &input);
        if (cvs_infer(&layer, &input, NULL, &inference, NULL) != CVS_OK) continue;
        if (cvs_layer_weights(&inference, CVS_FRAMEWORK_AUTO, &weights, NULL) == CVS_OK) return inference;
    }
}
