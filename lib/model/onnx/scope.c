/* scope.c - a graph as a model: what goes in and out of it, and what is there before shapes are found. */
#include <string.h>

#include "model/onnx/onnx.h"

/* ---- in and out ------------------------------------------------------------------------ */

/* Until IR 3 initializers are listed as inputs too. */
static cvs_status add_inputs(cvs__onnx_graph *graph, cvs_error *err) {
    for (size_t i = 0; i < graph->proto->n_input; i++) {
        const char *name = cvs__onnx_text(graph->proto->input[i]->name);
        int number;
        if (cvs__names_find(&graph->constant_names, name) >= 0) continue;
        cvs_status status = cvs__model_tensor(graph->model, name, &number, err);
        if (status == CVS_OK) status = cvs__model_add_input(graph->model, number, NULL, err);
        if (status != CVS_OK) return status;
    }
    return CVS_OK;
}

static cvs_status add_outputs(cvs__onnx_graph *graph, cvs_error *err) {
    for (size_t i = 0; i < graph->proto->n_output; i++) {
        const char *name = cvs__onnx_text(graph->proto->output[i]->name);
        cvs__onnx_operand found;
        int number = -1;
        cvs_status status = cvs__onnx_resolve(graph, name, &found, err);
        if (status != CVS_OK) return status;
        if (found.constant && cvs__names_find(&graph->model->tensor_names, name) < 0)
            status = cvs__onnx_add_copy(graph, name, err);
        if (status == CVS_OK) status = cvs__model_tensor(graph->model, name, &number, err);
        if (status == CVS_OK) status = cvs__model_add_output(graph->model, number, err);
        if (status != CVS_OK) return status;
    }
    return CVS_OK;
}

/* ---- what the file says of tensors ------------------------------------------------------- */

static void declare(cvs__onnx_graph *graph, Onnx__ValueInfoProto *const *infos, size_t count) {
    for (size_t i = 0; i < count; i++) {
        const int tensor = cvs__names_find(&graph->model->tensor_names, cvs__onnx_text(infos[i]->name));
        if (tensor >= 0 && infos[i]->type) graph->declared[tensor] = infos[i]->type;
    }
}

static cvs_status make_room(cvs__onnx_graph *graph, cvs_error *err) {
    const size_t count = (size_t)graph->model->tensor_count + 1;
    cvs_arena *arena = graph->file->arena;
    graph->values = cvs_arena_alloc(arena, count * sizeof *graph->values);
    graph->declared = cvs_arena_alloc(arena, count * sizeof(void *));
    graph->origins = cvs_arena_alloc(arena, count * sizeof(void *));
    if (!graph->values || !graph->declared || !graph->origins) return cvs__model_no_memory(err);
    declare(graph, graph->proto->value_info, graph->proto->n_value_info);
    declare(graph, graph->proto->output, graph->proto->n_output);
    declare(graph, graph->proto->input, graph->proto->n_input);
    return CVS_OK;
}

/* Recursion, by way of nodes, is bounded by CVS_MODEL_MAX_DEPTH. */
cvs_status cvs__onnx_read_graph(cvs__onnx_graph *graph, cvs_error *err) {
    graph->model = cvs__model_create(graph->file->arena, CVS_ONNX);
    if (!graph->model) return cvs__model_no_memory(err);
    graph->model->name = cvs__onnx_text(graph->proto->name);
    graph->model->begin = cvs__onnx_begin;
    graph->model->source = graph;
    graph->constant_names.arena = graph->file->arena;
    cvs_status status = cvs__onnx_add_constants(graph, err);
    if (status == CVS_OK) status = add_inputs(graph, err);
    if (status == CVS_OK) status = cvs__onnx_add_nodes(graph, err);
    if (status == CVS_OK) status = add_outputs(graph, err);
    if (status == CVS_OK) status = cvs__model_finish(graph->model, err);
    if (status == CVS_OK) status = make_room(graph, err);
    if (status == CVS_OK) cvs__onnx_find_weights(graph);
    return status;
}

/* ---- before shapes are found --------------------------------------------------------------- */

cvs_status cvs__onnx_begin(cvs_model *model, cvs_error *err) {
    cvs__onnx_graph *graph = model->source;
    graph->inputs = CVS__ONNX_NOT_ASKED;
    if (!graph->outer) graph->file->work = 0;
    for (int t = 0; t < model->tensor_count; t++) {
        graph->values[t].count = -1;
        graph->values[t].type = cvs__onnx_declared_type(graph->declared[t]);
        const int bytes = cvs__onnx_element_bytes(graph->values[t].type);
        if (bytes > 0) model->tensors[t].element_bytes = bytes;
    }
    for (int i = 0; i < model->inputs.count; i++) {
        const int tensor = model->inputs.items[i];
        cvs_shape shape;
        bool declared = false;
        const cvs_status status = cvs__onnx_declared_shape(graph, tensor, &shape, &declared, err);
        if (status != CVS_OK) return status;
        if (declared) cvs__model_set_shape(model, tensor, &shape);
    }
    return CVS_OK;
}
