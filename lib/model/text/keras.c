/* keras.c - what Keras's code has beside layers: inputs, models of tensors, and the names that it gives. */
#include <string.h>

#include "model/keras.h"
#include "model/text/text.h"

/* ---- names ---------------------------------------------------------------------- */

const char *cvs__text_keras_name(cvs__text_reader *reader, const char *type) {
    cvs_text text = {0};
    const char *base = cvs__keras_snake_case(reader->arena, cvs__last_component(type));
    if (!base) return NULL;
    const int seen = cvs__names_find(&reader->counts, base), count = seen < 0 ? 0 : seen;
    if (!cvs__names_add(&reader->counts, base, count + 1)) return NULL;
    if (count == 0) return base;
    cvs_text_addf(&text, "%s_%d", base, count);
    return cvs__model_keep(reader->arena, &text);
}

/* ---- arguments --------------------------------------------------------------------- */

/* The argument of either name, or number `position` among those without one (-1: it always has one). */
static const cvs_node *argument(const cvs_node *call, const char *name, const char *other, int position) {
    const cvs_node *child = call->child;
    for (int at = 0; child; child = child->next, at++) {
        if (child->key ? strcmp(child->key, name) == 0 || strcmp(child->key, other) == 0 : at == position) return child;
    }
    return NULL;
}

/* ---- Input ------------------------------------------------------------------------- */

static bool stated_shape(const cvs_node *call, cvs_shape *out) {
    cvs_shape rest;
    if (cvs__keras_shape(argument(call, "batch_shape", "batch_input_shape", -1), out)) return true;
    const cvs_node *size = argument(call, "batch_size", "", -1);
    if (!cvs__keras_shape(argument(call, "shape", "input_shape", 0), &rest) || rest.rank == CVS_MAX_RANK) return false;
    out->rank = rest.rank + 1;
    out->dim[0] = size && size->kind == CVS_NODE_INT && size->integer >= 0 ? size->integer : CVS_DIM_UNKNOWN;
    memcpy(out->dim + 1, rest.dim, (size_t)rest.rank * sizeof *rest.dim);
    return true;
}

cvs_status cvs__text_keras_input(cvs__text_reader *reader, const cvs_node *call, int *tensor) {
    cvs_shape shape;
    const bool stated = stated_shape(call, &shape);
    const char *name = cvs__keras_text(call, "name");
    if (!name) name = cvs__text_keras_name(reader, "Input");
    if (!name) return cvs__model_no_memory(reader->err);
    return cvs__text_add_input(reader, name, stated ? &shape : NULL, tensor);
}

static cvs_status read_input(cvs__text_reader *reader, const cvs_node *call, cvs__value *out) {
    int *tensor = cvs_arena_take(reader->arena, sizeof *tensor);
    if (!tensor) return cvs__model_no_memory(reader->err);
    *out = (cvs__value){.kind = CVS__TENSORS, .tensors = tensor, .count = 1};
    return cvs__text_keras_input(reader, call, tensor);
}

/* ---- Model --------------------------------------------------------------------------- */

static int *copy_tensors(cvs_arena *arena, const cvs__value *value) {
    int *copy = cvs_arena_take(arena, (size_t)value->count * sizeof *copy + 1);
    if (copy && value->count > 0) memcpy(copy, value->tensors, (size_t)value->count * sizeof *copy);
    return copy;
}

static cvs_status read_graph(cvs__text_reader *reader, const cvs_node *call, cvs__value *out) {
    const cvs_node *in = argument(call, "inputs", "input", 0), *from = argument(call, "outputs", "output", 1);
    cvs__value inputs, outputs;
    if (!in || !from)
        return cvs__text_fail(reader, call, "inputs-of-a-model",
                              "Model() says which tensors go in and which come out: Model(inputs, outputs).");
    cvs_status status = cvs__text_tensors(reader, in, &inputs);
    if (status == CVS_OK) status = cvs__text_tensors(reader, from, &outputs);
    if (status != CVS_OK) return status;
    cvs__module *graph = cvs_arena_alloc(reader->arena, sizeof *graph);
    if (!graph) return cvs__model_no_memory(reader->err);
    const char *name = cvs__keras_text(call, "name");
    *graph = (cvs__module){.kind = CVS__GRAPH,
                           .name = name ? name : cvs__text_keras_name(reader, "Model"),
                           .type = call->text,
                           .node = call,
                           .layer = -1,
                           .inputs = copy_tensors(reader->arena, &inputs),
                           .outputs = copy_tensors(reader->arena, &outputs),
                           .input_count = inputs.count,
                           .output_count = outputs.count};
    if (!graph->name || !graph->inputs || !graph->outputs) return cvs__model_no_memory(reader->err);
    *out = (cvs__value){.kind = CVS__MODULE, .module = graph};
    return CVS_OK;
}

cvs_status cvs__text_keras(cvs__text_reader *reader, const cvs_node *call, cvs__value *out, bool *known) {
    const char *type = cvs__last_component(call->text);
    const bool input = strcmp(type, "Input") == 0,
               graph = strcmp(type, "Model") == 0 || strcmp(type, "Functional") == 0;
    *known = input || graph;
    if (input) return read_input(reader, call, out);
    return graph ? read_graph(reader, call, out) : CVS_OK;
}
