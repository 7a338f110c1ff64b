/* apply.c - modules applied to tensors: each comes to steps of single layers. */
#include <string.h>

#include "model/text/text.h"

/* Keras writes "encoder/conv1", PyTorch "layer1.0.conv1". */
static const char *between(const cvs__text_reader *reader) { return reader->framework == CVS_PYTORCH ? "." : "/"; }

static cvs_status fail_inputs(cvs__text_reader *reader, const cvs__module *module, int reads, int given) {
    return cvs__text_fail(reader, module->node, "inputs-of-a-model", "%s reads %d tensor%s, and is given %d.",
                          module->type, reads, reads == 1 ? "" : "s", given);
}

static cvs_status one_tensor(cvs__text_reader *reader, int tensor, cvs__value *out) {
    int *kept = cvs_arena_take(reader->arena, sizeof *kept);
    if (!kept) return cvs__model_no_memory(reader->err);
    *kept = tensor;
    *out = (cvs__value){.kind = CVS__TENSORS, .tensors = kept, .count = 1};
    return CVS_OK;
}

/* ---- sequences ---------------------------------------------------------------------- */

/* What a member's own parts begin with; of a leaf its name. */
static const char *path_of(cvs__text_reader *reader, const cvs__member *member, const char *path) {
    const char *name = member->module->name ? member->module->name : member->label;
    return cvs__text_join(reader, path, between(reader), name);
}

cvs_status cvs__text_apply_member(cvs__text_reader *reader, const cvs__member *member, const char *path, int *tensor) {
    const cvs__value inputs = {.kind = CVS__TENSORS, .tensors = tensor, .count = 1};
    cvs__value made;
    const char *name = path_of(reader, member, path);
    if (!name) return cvs__model_no_memory(reader->err);
    if (member->module->kind == CVS__INPUT) return CVS_OK;
    if (member->module->kind == CVS__LEAF) return cvs__text_add_step(reader, member->module, name, &inputs, tensor);
    const cvs_status status = cvs__text_apply(reader, member->module, name, &inputs, &made);
    if (status != CVS_OK) return status;
    if (made.count != 1) return fail_inputs(reader, member->module, 1, made.count);
    *tensor = made.tensors[0];
    return CVS_OK;
}

static cvs_status apply_sequence(cvs__text_reader *reader, const cvs__module *module, const char *path, int *tensor) {
    cvs_status status = CVS_OK;
    for (const cvs__member *member = module->first; member && status == CVS_OK; member = member->next)
        status = cvs__text_apply_member(reader, member, path, tensor);
    return status;
}

/* ---- graphs -------------------------------------------------------------------------- */

/* A graph that is applied to other tensors than those it was made of: its steps once more. */
typedef struct replay {
    cvs__text_reader *reader;
    const cvs__module *graph;
    int *now; /* of each tensor: the one that stands for it now; -1 needed, -2 not */
    int steps;
} replay;

enum { NEEDED = -1, NOT_NEEDED = -2 };

static void find_needed(replay *r) {
    const cvs__text_reader *reader = r->reader;
    for (int i = 0; i < r->graph->output_count; i++)
        if (r->now[r->graph->outputs[i]] == NOT_NEEDED) r->now[r->graph->outputs[i]] = NEEDED;
    for (int step = r->steps - 1; step >= 0; step--) {
        const cvs__step *seen = &reader->steps[step];
        for (int i = 0; r->now[seen->output] == NEEDED && i < seen->input_count; i++)
            if (r->now[seen->inputs[i]] == NOT_NEEDED) r->now[seen->inputs[i]] = NEEDED;
    }
}

static cvs_status replay_step(replay *r, int number, const char *path) {
    const cvs__step step = r->reader->steps[number]; /* which move when there are more */
    int *inputs = cvs_arena_take(r->reader->arena, (size_t)step.input_count * sizeof *inputs);
    const char *name = cvs__text_join(r->reader, path, between(r->reader), step.name);
    if (!inputs || !name) return cvs__model_no_memory(r->reader->err);
    for (int i = 0; i < step.input_count; i++) {
        inputs[i] = r->now[step.inputs[i]];
        if (inputs[i] < 0)
            return cvs__text_fail(r->reader, r->graph->node, "tensor-unknown",
                                  "This model needs %s, which is not among its inputs.",
                                  r->reader->tensors[step.inputs[i]].name);
    }
    const cvs__value value = {.kind = CVS__TENSORS, .tensors = inputs, .count = step.input_count};
    return cvs__text_add_step(r->reader, step.leaf, name, &value, &r->now[step.output]);
}

static cvs_status apply_graph(cvs__text_reader *reader, const cvs__module *graph, const char *path,
                              const cvs__value *inputs, cvs__value *out) {
    const int tensors = reader->tensor_count;
    replay r = {reader, graph, cvs_arena_take(reader->arena, (size_t)tensors * sizeof *r.now + 1), reader->step_count};
    int *made = cvs_arena_take(reader->arena, (size_t)graph->output_count * sizeof *made + 1);
    if (!r.now || !made) return cvs__model_no_memory(reader->err);
    if (inputs->count != graph->input_count) return fail_inputs(reader, graph, graph->input_count, inputs->count);
    cvs_status status = cvs__text_work(reader, r.steps + tensors);
    for (int i = 0; i < tensors; i++) r.now[i] = NOT_NEEDED;
    for (int i = 0; i < inputs->count; i++) r.now[graph->inputs[i]] = inputs->tensors[i];
    find_needed(&r);
    for (int step = 0; step < r.steps && status == CVS_OK; step++)
        if (r.now[reader->steps[step].output] == NEEDED) status = replay_step(&r, step, path);
    for (int i = 0; i < graph->output_count && status == CVS_OK; i++) {
        made[i] = r.now[graph->outputs[i]];
        if (made[i] < 0)
            status =
                cvs__text_fail(reader, graph->node, "tensor-unknown", "This model gives out %s, which nothing makes.",
                               reader->tensors[graph->outputs[i]].name);
    }
    *out = (cvs__value){.kind = CVS__TENSORS, .tensors = made, .count = graph->output_count};
    return status;
}

/* ---- the whole ------------------------------------------------------------------------- */

/* The name of a leaf that is called by itself, and what the names in a model begin with. */
static const char *own_name(const cvs__module *module) {
    return module->name ? module->name : cvs__last_component(module->type);
}

static cvs_status apply_to_one(cvs__text_reader *reader, cvs__module *module, const char *path, int *tensor) {
    return module->kind == CVS__SEQUENCE ? apply_sequence(reader, module, path, tensor)
                                         : cvs__text_apply_custom(reader, module, path, tensor);
}

static cvs_status apply(cvs__text_reader *reader, cvs__module *module, const char *path, const cvs__value *inputs,
                        cvs__value *out) {
    int tensor = inputs->tensors[0];
    if (module->kind == CVS__GRAPH) return apply_graph(reader, module, path, inputs, out);
    if (module->kind == CVS__LEAF) {
        const cvs_status status = cvs__text_add_step(reader, module, path, inputs, &tensor);
        return status == CVS_OK ? one_tensor(reader, tensor, out) : status;
    }
    if (inputs->count != 1) return fail_inputs(reader, module, 1, inputs->count);
    const cvs_status status = apply_to_one(reader, module, path, &tensor);
    return status == CVS_OK ? one_tensor(reader, tensor, out) : status;
}

cvs_status cvs__text_apply(cvs__text_reader *reader, cvs__module *module, const char *path, const cvs__value *inputs,
                           cvs__value *out) {
    cvs_status status = cvs__text_enter(reader, module->node);
    if (status != CVS_OK) return status;
    status = apply(reader, module, *path ? path : own_name(module), inputs, out);
    cvs__text_leave(reader);
    return status;
}

/* ---- a sequence's own ends ---------------------------------------------------------------- */

/* PyTorch's modules do not say what they read, but the first one with weights says how many channels. */
static cvs_status open_by_entry(cvs__text_reader *reader, cvs__module *module, int *tensor) {
    cvs__module *entry;
    cvs_shape shape = {.rank = 2};
    cvs_status status = cvs__text_entry(reader, module, &entry);
    if (status != CVS_OK || !entry) return status == CVS_OK ? cvs__text_add_input(reader, NULL, NULL, tensor) : status;
    const cvs_layer *layer = &entry->reading->layer;
    const bool spatial = layer->op != CVS_OP_DENSE && layer->spatial_rank > 0;
    if (spatial) shape.rank += layer->spatial_rank;
    for (int axis = 0; axis < shape.rank; axis++) shape.dim[axis] = CVS_DIM_UNKNOWN;
    shape.dim[1] = layer->in_channels;
    status = cvs__text_add_input(reader, NULL, &shape, tensor);
    if (status != CVS_OK) return status;
    reader->tensors[*tensor].channels = layer->in_channels;
    reader->tensors[*tensor].spatial = spatial;
    return CVS_OK;
}

/* The layer that a sequence begins with, or NULL. */
static cvs__module *first_leaf(cvs__module *module) {
    cvs__module *first = module;
    for (int depth = 0; first && first->kind == CVS__SEQUENCE && depth < CVS_NODE_MAX_DEPTH; depth++)
        first = first->first ? first->first->module : NULL;
    return first;
}

/* The input that a sequence states: by Input(), its first layer, or build(). */
static cvs_status open_input(cvs__text_reader *reader, cvs__module *module, int *tensor) {
    cvs__module *first = first_leaf(module);
    if (reader->framework == CVS_PYTORCH) return open_by_entry(reader, module, tensor);
    if (first && first->kind == CVS__INPUT) return cvs__text_keras_input(reader, first->node, tensor);
    const cvs_shape *shape = module->built;
    cvs_status status = first && first->kind == CVS__LEAF ? cvs__text_describe(reader, first) : CVS_OK;
    if (status != CVS_OK) return status;
    if (first && first->reading && first->reading->has_input_shape) shape = &first->reading->input_shape;
    const char *name = first && first->name ? cvs__text_join(reader, first->name, "_", "input") : "input";
    return name ? cvs__text_add_input(reader, name, shape, tensor) : cvs__model_no_memory(reader->err);
}

cvs_status cvs__text_open(cvs__text_reader *reader, cvs__module *module) {
    if (module->inputs) return CVS_OK;
    int *ends = cvs_arena_take(reader->arena, 2 * sizeof *ends);
    if (!ends) return cvs__model_no_memory(reader->err);
    cvs_status status = open_input(reader, module, &ends[0]);
    ends[1] = ends[0];
    if (status == CVS_OK && module->kind == CVS__LEAF)
        status =
            cvs__text_add_step(reader, module, own_name(module), &(cvs__value){CVS__TENSORS, ends, 1, NULL}, &ends[1]);
    else if (status == CVS_OK)
        status = apply_to_one(reader, module, "", &ends[1]);
    if (status != CVS_OK) return status;
    module->inputs = &ends[0];
    module->outputs = &ends[1];
    module->input_count = module->output_count = 1;
    return CVS_OK;
}
