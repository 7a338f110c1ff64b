/* stored.c - the weights that a model's file stores, beside those that its layers have. */
#include <string.h>

#include "model/graph.h"

cvs_status cvs__model_store(cvs_model *model, int layer, const cvs_shape *shape, cvs_error *err) {
    enum { FIRST = 4 };
    cvs__model_part *part = &model->parts[layer];
    if (part->stored_count == part->stored_capacity) {
        const int capacity = part->stored_capacity ? part->stored_capacity * 2 : FIRST;
        cvs_shape *larger = cvs_arena_take(model->arena, (size_t)capacity * sizeof *larger);
        if (!larger) return cvs__model_no_memory(err);
        if (part->stored_count > 0) memcpy(larger, part->stored, (size_t)part->stored_count * sizeof *larger);
        part->stored = larger;
        part->stored_capacity = capacity;
    }
    part->stored[part->stored_count++] = *shape;
    return CVS_OK;
}

/* ---- comparing ----------------------------------------------------------------------- */

/* A size that is not known fits any. */
static bool fits(const cvs_shape *stored, const cvs_shape *own) {
    bool same = stored->rank == own->rank;
    for (int i = 0; same && i < own->rank; i++) same = !cvs_dim_is_known(own->dim[i]) || stored->dim[i] == own->dim[i];
    return same;
}

static void show(const cvs_shape *shape, cvs_text *out) {
    cvs_text_add(out, "(");
    for (int i = 0; i < shape->rank; i++) {
        if (i > 0) cvs_text_add(out, ", ");
        if (cvs_dim_is_known(shape->dim[i]))
            cvs_text_add_int(out, shape->dim[i]);
        else
            cvs_text_add(out, "None");
    }
    cvs_text_add(out, shape->rank == 1 ? ",)" : ")");
}

static void fail_shape(cvs_model_layer *layer, const cvs_model_weight *weight, const cvs_shape *stored) {
    cvs_text file = {0}, own = {0};
    show(stored, &file);
    show(&weight->tensor.shape, &own);
    if (file.data && own.data && !file.failed && !own.failed) {
        cvs_fail(&layer->error, CVS_INVALID, "stored-weights", "",
                 "The file stores %s of %s as %s, but the layer's own is %s.", weight->name, layer->name, file.data,
                 own.data);
        cvs_fail_value(&layer->error, "%s", file.data);
        cvs_fail_expected(&layer->error, "%s", own.data);
    }
    cvs_text_free(&file);
    cvs_text_free(&own);
}

static void fail_count(cvs_model_layer *layer, int stored) {
    cvs_fail(&layer->error, CVS_INVALID, "stored-weights", "", "The file stores %d weight%s for %s, which has %d.",
             stored, stored == 1 ? "" : "s", layer->name, layer->weight_count);
    cvs_fail_value(&layer->error, "%d", stored);
    cvs_fail_expected(&layer->error, "%d", layer->weight_count);
}

void cvs__model_compare_stored(cvs_model *model, int number) {
    cvs_model_layer *layer = &model->layers[number];
    const cvs__model_part *part = &model->parts[number];
    if (part->stored_count == 0 || layer->shared || layer->parameters == CVS_DIM_UNKNOWN) return;
    if (part->stored_count != layer->weight_count) {
        fail_count(layer, part->stored_count);
    } else {
        for (int i = 0; i < layer->weight_count && layer->error.status == CVS_OK; i++)
            if (!fits(&part->stored[i], &layer->weights[i].tensor.shape))
                fail_shape(layer, &layer->weights[i], &part->stored[i]);
    }
    if (layer->error.status != CVS_OK) layer->state = CVS_MODEL_FAILED;
}
