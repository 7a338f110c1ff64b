/* layer_node.c - layers of a model that are operators of layer.h. */
#include "model/graph.h"

#include <string.h>

/* ---- inputs ----------------------------------------------------------------- */

static bool is_merge(const cvs_layer *layer) { return layer->op >= CVS_OP_ADD; }

static cvs_status infer_merge(cvs_model *model, const cvs_layer *layer, const cvs_model_layer *seen, cvs_inference *out,
                              cvs_error *err) {
    cvs_shape *shapes = cvs_arena_take(model->arena, (size_t)seen->input_count * sizeof *shapes);
    if (!shapes) return cvs__model_no_memory(err);
    for (int i = 0; i < seen->input_count; i++) shapes[i] = model->tensors[seen->inputs[i]].shape;
    return cvs_infer_merge(layer, shapes, (size_t)seen->input_count, model->symbols, out, err);
}

static cvs_status infer_shape(cvs_model *model, const cvs_reading *reading, const cvs_model_layer *seen,
                              cvs_inference *out, cvs_error *err) {
    const cvs_layer *layer = &reading->layer;
    if (is_merge(layer) && seen->input_count > 1) return infer_merge(model, layer, seen, out, err);
    if (seen->input_count != 1)
        return cvs_fail(err, CVS_INVALID, "inputs-of-a-layer", "", "A %s reads one tensor, and this one reads %d.",
                        seen->type, seen->input_count);
    return cvs_infer_valid(layer, &model->tensors[seen->inputs[0]].shape, model->symbols, out, err);
}

/* ---- weights ----------------------------------------------------------------- */

static cvs_status list_weights(cvs_model *model, int layer, cvs_error *err) {
    cvs_model_layer *seen = &model->layers[layer];
    const bool frozen = model->parts[layer].frozen;
    cvs_weights weights;
    const cvs_status status = cvs_layer_weights(seen->inference, CVS_FRAMEWORK_AUTO, &weights, err);
    if (status != CVS_OK) return status;
    cvs_model_weight *list = cvs_arena_take(model->arena, ((size_t)weights.count + 1) * sizeof *list);
    if (!list) return cvs__model_no_memory(err);
    seen->parameters = weights.parameters;
    seen->trainable = 0;
    for (int i = 0; i < weights.count; i++) {
        const cvs_weight *w = &weights.weight[i];
        list[i] = (cvs_model_weight){w->name, w->tensor, w->count, w->trainable && !frozen};
        if (list[i].trainable) seen->trainable += w->count;
    }
    seen->weights = list;
    seen->weight_count = weights.count;
    return CVS_OK;
}

/* Weights that are not known, as those of a layer whose channels are not, leave the layer its shape. */
static cvs_status count_weights(cvs_model *model, int layer, cvs_error *err) {
    cvs_model_layer *seen = &model->layers[layer];
    if (seen->shared) return CVS_OK;
    cvs_error ignored = {0};
    const cvs_status status = list_weights(model, layer, &ignored);
    if (status == CVS_NO_MEMORY) return cvs__model_no_memory(err);
    if (status != CVS_OK) seen->parameters = seen->trainable = CVS_DIM_UNKNOWN;
    return CVS_OK;
}

/* ---- the operator -------------------------------------------------------------- */

static cvs_status infer_layer(cvs_model *model, int layer, cvs_error *err) {
    cvs__model_part *part = &model->parts[layer];
    cvs_model_layer *seen = &model->layers[layer];
    const cvs_reading *reading = part->detail;
    if (!part->inference) part->inference = cvs_arena_alloc(model->arena, sizeof *part->inference);
    if (!part->inference) return cvs__model_no_memory(err);
    cvs_status status = infer_shape(model, reading, seen, part->inference, err);
    if (status != CVS_OK) {
        cvs_reading_locate(reading, err);
        return status;
    }
    seen->inference = part->inference;
    cvs__model_set_shape(model, seen->outputs[0], &part->inference->output.shape);
    cvs_cost cost; /* one that is too large stays unknown, as it is until here */
    if (cvs_layer_cost(part->inference, &cost, NULL) == CVS_OK) seen->cost = cost;
    return count_weights(model, layer, err);
}

static void see_layer(const cvs_model *model, int layer, cvs_receptive_field *out) {
    cvs_layer_receptive_field(model->parts[layer].inference, out);
}

const cvs__model_op cvs__layer_op = {.infer = infer_layer, .see = see_layer};

/* ---- what cannot be read ------------------------------------------------------------ */

static cvs_status infer_unread(cvs_model *model, int layer, cvs_error *err) {
    const cvs_error *why = model->parts[layer].detail;
    *err = *why;
    return strcmp(why->code, "unknown-layer") == 0 ? CVS_UNSUPPORTED : why->status;
}

const cvs__model_op cvs__unread_op = {.infer = infer_unread};
