/* memory.c - what the tensors take while a model runs layer by layer, each freed after it was read for the last time.
 */
#include "model/graph.h"

#include "base/checked.h"

int64_t cvs_model_tensor_bytes(const cvs_model_tensor *tensor) {
    int64_t bytes = tensor->element_bytes;
    if (!tensor->ranked) return CVS_DIM_UNKNOWN;
    for (int axis = 1; axis < tensor->shape.rank; axis++) {
        if (!cvs_dim_is_known(tensor->shape.dim[axis])) return CVS_DIM_UNKNOWN;
        if (!cvs__mul(bytes, tensor->shape.dim[axis], &bytes)) return CVS_DIM_UNKNOWN;
    }
    return bytes;
}

/* Bytes that are alive, and how many tensors whose size is not known. */
typedef struct alive {
    int64_t bytes;
    int unknown;
} alive;

static void change(alive *now, int64_t bytes, int sign) {
    if (bytes == CVS_DIM_UNKNOWN || !cvs__add(now->bytes, sign * bytes, &now->bytes)) now->unknown += sign;
}

/* A layer's outputs are made while its inputs are there; then those go that nobody will read again. */
static void run(const cvs_model *model, cvs_model_layer *layer, int *reads, alive *now) {
    alive made = {0};
    for (int o = 0; o < layer->output_count; o++) {
        const int64_t bytes = cvs_model_tensor_bytes(&model->tensors[layer->outputs[o]]);
        change(&made, bytes, +1);
        change(now, bytes, +1);
    }
    layer->output_bytes = made.unknown ? CVS_DIM_UNKNOWN : made.bytes;
    layer->live_bytes = now->unknown || !reads ? CVS_DIM_UNKNOWN : now->bytes;
    for (int n = 0; reads && n < layer->input_count; n++)
        if (--reads[layer->inputs[n]] == 0) change(now, cvs_model_tensor_bytes(&model->tensors[layer->inputs[n]]), -1);
    for (int o = 0; o < layer->output_count; o++)
        if (model->tensors[layer->outputs[o]].readers == 0)
            change(now, cvs_model_tensor_bytes(&model->tensors[layer->outputs[o]]), -1);
}

void cvs__model_measure(cvs_model *model) {
    alive now = {0};
    int *reads = cvs_arena_take(model->arena, ((size_t)model->tensor_count + 1) * sizeof *reads);
    for (int t = 0; reads && t < model->tensor_count; t++) reads[t] = model->tensors[t].readers;
    for (int i = 0; i < model->inputs.count; i++)
        change(&now, cvs_model_tensor_bytes(&model->tensors[model->inputs.items[i]]), +1);
    for (int i = 0; i < model->layer_count; i++) run(model, &model->layers[i], reads, &now);
}
