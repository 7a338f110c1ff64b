/* graph.c - a GraphProto as a cvs_model: what goes in, what is constant, which node reads what. */
#include <stdio.h>
#include <string.h>

#include "model/onnx/onnx.h"

/* ---- names ------------------------------------------------------------------------- */

static cvs_status capture(cvs__onnx_graph *graph, const char *name, int outer, cvs__onnx_operand *out, cvs_error *err) {
    if (graph->capture_count == graph->capture_capacity) {
        const int capacity = graph->capture_capacity ? 2 * graph->capture_capacity : 8;
        cvs__onnx_capture *longer = cvs_arena_take(graph->file->arena, (size_t)capacity * sizeof *longer);
        if (!longer) return cvs__model_no_memory(err);
        if (graph->capture_count > 0) memcpy(longer, graph->captures, (size_t)graph->capture_count * sizeof *longer);
        graph->captures = longer;
        graph->capture_capacity = capacity;
    }
    cvs_status status = cvs__model_tensor(graph->model, name, &out->tensor, err);
    if (status == CVS_OK) status = cvs__model_add_input(graph->model, out->tensor, NULL, err);
    if (status == CVS_OK) graph->captures[graph->capture_count++] = (cvs__onnx_capture){out->tensor, outer};
    return status;
}

/* Is it here? Recursion is bounded by CVS_MODEL_MAX_DEPTH. */
static bool find(cvs__onnx_graph *graph, const char *name, cvs__onnx_operand *out) {
    const int constant = cvs__names_find(&graph->constant_names, name);
    *out = (cvs__onnx_operand){.tensor = -1};
    if (constant >= 0)
        out->constant = &graph->constants[constant];
    else
        out->tensor = cvs__names_find(&graph->model->tensor_names, name);
    return constant >= 0 || out->tensor >= 0;
}

static cvs_status look_around(cvs__onnx_graph *graph, const char *name, cvs__onnx_operand *out, cvs_error *err) {
    if (find(graph, name, out) || !graph->outer) return CVS_OK;
    cvs_status status = look_around(graph->outer, name, out, err);
    if (status != CVS_OK || out->tensor < 0) return status;
    return capture(graph, name, out->tensor, out, err);
}

cvs_status cvs__onnx_resolve(cvs__onnx_graph *graph, const char *name, cvs__onnx_operand *out, cvs_error *err) {
    cvs_status status = look_around(graph, name, out, err);
    if (status != CVS_OK || out->constant || out->tensor >= 0) return status;
    return cvs_fail(err, CVS_INVALID, "tensor-unknown", "",
                    "The tensor \"%.100s\" is read, which no node makes and which is no input or initializer.", name);
}

/* ---- nodes -------------------------------------------------------------------------- */

static cvs_status read_body(cvs__onnx_node *node, const Onnx__GraphProto *proto, cvs_error *err) {
    cvs__onnx_graph *outer = node->graph, *body = cvs_arena_alloc(outer->file->arena, sizeof *body);
    if (!body) return cvs__model_no_memory(err);
    const bool loop = strcmp(cvs__onnx_text(node->proto->op_type), "If") != 0;
    *body = (cvs__onnx_graph){
        .file = outer->file, .proto = proto, .outer = outer, .depth = outer->depth + 1, .loops = outer->loops + loop};
    if (body->depth > CVS_MODEL_MAX_DEPTH || body->loops > CVS__ONNX_MAX_LOOPS)
        return cvs_fail(err, CVS_TOO_LARGE, "too-deep", "",
                        "Graphs in graphs may be %d deep, loops in loops %d; the node %s is deeper.",
                        CVS_MODEL_MAX_DEPTH, CVS__ONNX_MAX_LOOPS, cvs__onnx_text(node->proto->name));
    node->bodies[node->body_count++] = body;
    return cvs__onnx_read_graph(body, err);
}

static cvs_status read_bodies(cvs__onnx_node *node, cvs_error *err) {
    const Onnx__NodeProto *proto = node->proto;
    cvs_status status = CVS_OK;
    node->bodies = cvs_arena_alloc(node->graph->file->arena, (proto->n_attribute + 1) * sizeof(void *));
    if (!node->bodies) return cvs__model_no_memory(err);
    for (size_t i = 0; i < proto->n_attribute && status == CVS_OK; i++)
        if (proto->attribute[i]->g) status = read_body(node, proto->attribute[i]->g, err);
    return status;
}

/* How many numbers a layer's list of inputs may have: its own, and what its bodies read. */
static size_t most_inputs(const cvs__onnx_node *node) {
    size_t most = node->proto->n_input + 1;
    for (int i = 0; i < node->body_count; i++) most += (size_t)node->bodies[i]->capture_count;
    return most;
}

static cvs_status resolve_inputs(cvs__onnx_node *node, int *inputs, int *count, cvs_error *err) {
    const Onnx__NodeProto *proto = node->proto;
    *count = 0;
    for (size_t i = 0; i < proto->n_input; i++) {
        cvs__onnx_operand *operand = &node->operands[i];
        *operand = (cvs__onnx_operand){.tensor = -1};
        if (!*proto->input[i]) continue;
        const cvs_status status = cvs__onnx_resolve(node->graph, proto->input[i], operand, err);
        if (status != CVS_OK) return status;
        if (operand->tensor >= 0) inputs[(*count)++] = operand->tensor;
    }
    for (int b = 0; b < node->body_count; b++)
        for (int c = 0; c < node->bodies[b]->capture_count; c++)
            inputs[(*count)++] = node->bodies[b]->captures[c].outer;
    return CVS_OK;
}

static cvs_status resolve_outputs(cvs__onnx_node *node, int *outputs, int *count, cvs_error *err) {
    *count = 0;
    for (size_t i = 0; i < node->proto->n_output; i++) {
        node->outputs[i] = -1;
        if (!*node->proto->output[i]) continue;
        const cvs_status status = cvs__model_tensor(node->graph->model, node->proto->output[i], &node->outputs[i], err);
        if (status != CVS_OK) return status;
        outputs[(*count)++] = node->outputs[i];
    }
    return CVS_OK;
}

/* "Conv", or "com.microsoft.FusedConv". In the arena; NULL: no memory. */
static const char *type_of(cvs_arena *arena, const Onnx__NodeProto *proto) {
    const char *domain = cvs__onnx_text(proto->domain);
    if (!*domain || strcmp(domain, "ai.onnx") == 0) return cvs__onnx_text(proto->op_type);
    cvs_text text = {0};
    cvs_text_addf(&text, "%s.%s", domain, cvs__onnx_text(proto->op_type));
    return cvs__model_keep(arena, &text);
}

static cvs_status add_node(cvs__onnx_node *node, size_t index, cvs_error *err) {
    const Onnx__NodeProto *proto = node->proto;
    cvs_arena *arena = node->graph->file->arena;
    const size_t outs = proto->n_output + 1;
    int *inputs = cvs_arena_take(arena, most_inputs(node) * sizeof *inputs);
    int *outputs = cvs_arena_take(arena, 2 * outs * sizeof *outputs);
    node->operands = cvs_arena_take(arena, (proto->n_input + 1) * sizeof *node->operands);
    const char *type = type_of(arena, proto);
    if (!inputs || !outputs || !node->operands || !type) return cvs__model_no_memory(err);
    node->outputs = outputs + outs;
    node->operand_count = (int)proto->n_input;
    node->output_count = (int)proto->n_output;
    node->rule = type == cvs__onnx_text(proto->op_type) ? cvs__onnx_rule_of(type) : NULL;
    char name[96];
    snprintf(name, sizeof name, "%.64s_%zu", type, index);
    cvs__model_draft draft = {.name = *cvs__onnx_text(proto->name) ? proto->name : name,
                              .type = type,
                              .inputs = inputs,
                              .outputs = outputs,
                              .op = &cvs__onnx_op,
                              .detail = node,
                              .first_use = -1};
    cvs_status status = resolve_inputs(node, inputs, &draft.input_count, err);
    if (status == CVS_OK) status = resolve_outputs(node, outputs, &draft.output_count, err);
    return status == CVS_OK ? cvs__model_add(node->graph->model, &draft, NULL, err) : status;
}

/* How many layers and tensors the nodes make at most. */
static void count_outputs(const cvs__onnx_graph *graph, size_t *layers, size_t *tensors) {
    *layers = *tensors = 0;
    for (size_t i = 0; i < graph->proto->n_node; i++) {
        if (cvs__onnx_is_constant(graph, graph->proto->node[i])) continue;
        ++*layers;
        *tensors += graph->proto->node[i]->n_output;
    }
}

/* All tensors first: a node, or a graph in one, may stand before those that it reads from. */
static cvs_status add_tensors(cvs__onnx_graph *graph, cvs_error *err) {
    int number;
    size_t layers, tensors;
    count_outputs(graph, &layers, &tensors);
    if (tensors > CVS_MODEL_MAX_TENSORS) tensors = CVS_MODEL_MAX_TENSORS;
    cvs_status status = cvs__model_reserve(graph->model, (int)layers, graph->model->tensor_count + (int)tensors, err);
    for (size_t i = 0; i < graph->proto->n_node && status == CVS_OK; i++) {
        const Onnx__NodeProto *proto = graph->proto->node[i];
        for (size_t o = 0; o < proto->n_output && status == CVS_OK; o++)
            if (*proto->output[o] && !cvs__onnx_is_constant(graph, proto))
                status = cvs__model_tensor(graph->model, proto->output[o], &number, err);
    }
    return status;
}

static cvs__onnx_node *new_node(cvs__onnx_graph *graph, const Onnx__NodeProto *proto) {
    cvs__onnx_node *node = cvs_arena_alloc(graph->file->arena, sizeof *node);
    if (!node) return NULL;
    node->graph = graph;
    node->proto = proto;
    return node;
}

cvs_status cvs__onnx_add_nodes(cvs__onnx_graph *graph, cvs_error *err) {
    cvs_status status = add_tensors(graph, err);
    for (size_t i = 0; i < graph->proto->n_node && status == CVS_OK; i++) {
        const Onnx__NodeProto *proto = graph->proto->node[i];
        if (cvs__onnx_is_constant(graph, proto)) continue;
        cvs__onnx_node *node = new_node(graph, proto);
        if (!node) return cvs__model_no_memory(err);
        status = read_bodies(node, err);
        if (status == CVS_OK) status = add_node(node, i, err);
    }
    return status;
}

/* An output that is a constant is made by a node nobody wrote: Identity. */
cvs_status cvs__onnx_add_copy(cvs__onnx_graph *graph, const char *name, cvs_error *err) {
    cvs_arena *arena = graph->file->arena;
    Onnx__NodeProto *proto = cvs_arena_take(arena, sizeof *proto);
    char **names = cvs_arena_take(arena, sizeof *names), *type = cvs_arena_copy(arena, "Identity", strlen("Identity"));
    cvs__onnx_node *node = new_node(graph, proto);
    if (!proto || !names || !type || !node) return cvs__model_no_memory(err);
    *names = cvs_arena_copy(arena, name, strlen(name));
    if (!*names) return cvs__model_no_memory(err);
    *proto = (Onnx__NodeProto)ONNX__NODE_PROTO__INIT;
    proto->op_type = type;
    proto->name = *names;
    proto->n_input = proto->n_output = 1;
    proto->input = proto->output = names;
    return add_node(node, 0, err);
}
