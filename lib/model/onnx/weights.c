/*
 * weights.c - which constants are a model's parameters. Those that a layer reads where its operator has weights, each
 * counted once, at the first layer that reads it, however many do; in whatever form they come: transposed, cast,
 * dequantized. Operators that only may have weights, such as Add, have them where they are real numbers and more than
 * one: a 6 that a tensor is divided by is none.
 */
#include "base/checked.h"
#include "model/onnx/onnx.h"

enum { FLOAT = 1, FLOAT16 = 10, DOUBLE = 11, BFLOAT16 = 16 };

static bool is_real(int type) { return type == FLOAT || type == FLOAT16 || type == DOUBLE || type == BFLOAT16; }

/* ---- finding them, once --------------------------------------------------------------------- */

cvs__onnx_constant *cvs__onnx_constant_read(const cvs__onnx_graph *graph, const cvs__onnx_operand *operand) {
    return operand->constant ? operand->constant : operand->tensor >= 0 ? graph->origins[operand->tensor] : NULL;
}

static bool is_weight(const cvs__onnx_rule *rule, const cvs__onnx_constant *constant) {
    if (!constant || !constant->ranked) return false;
    return rule->kernel || (is_real(constant->value.type) && constant->count > 1);
}

/* True where there are weights, and every one is counted elsewhere. */
static bool count_weights(const cvs__onnx_graph *graph, cvs__onnx_node *node) {
    int found = 0;
    for (int i = 0; i < node->operand_count && i < (int)(8 * sizeof node->counts); i++) {
        cvs__onnx_constant *constant = cvs__onnx_constant_read(graph, &node->operands[i]);
        if (!(node->rule->weights >> i & 1U) || !is_weight(node->rule, constant)) continue;
        found++;
        if (!constant->counted) node->counts |= 1U << i;
        constant->counted = true;
    }
    return found > 0 && node->counts == 0;
}

void cvs__onnx_find_weights(cvs__onnx_graph *graph) {
    const cvs_model *model = graph->model;
    for (int i = 0; i < model->layer_count; i++) {
        cvs__onnx_node *node = (cvs__onnx_node *)(uintptr_t)model->parts[i].detail;
        if (!node->rule) continue;
        model->layers[i].shared = count_weights(graph, node);
        if (node->rule->reshapes && node->operand_count > 0 && node->output_count > 0 && node->outputs[0] >= 0)
            graph->origins[node->outputs[0]] = cvs__onnx_constant_read(graph, &node->operands[0]);
    }
}

/* ---- listing them ------------------------------------------------------------------------------ */

typedef struct listing {
    cvs__onnx_call *call;
    cvs_model_weight *list;
    int count, capacity;
    int64_t parameters, trainable, bytes;
} listing;

static void sum(int64_t *total, int64_t amount) {
    if (*total == CVS_DIM_UNKNOWN || !cvs__add(*total, amount, total)) *total = CVS_DIM_UNKNOWN;
}

static bool same_shape(const cvs_shape *a, const cvs_shape *b) {
    bool same = a->rank == b->rank;
    for (int i = 0; same && i < a->rank; i++) same = a->dim[i] == b->dim[i];
    return same;
}

/* What its axes are, if the node is an operator of layer.h that has a weight of this shape in this place. */
static void name_axes(const cvs_weights *known, int place, cvs_tensor_shape *tensor) {
    for (int i = 0; i < tensor->shape.rank; i++) tensor->axes[i] = CVS_AXIS_OTHER;
    if (place < known->count && same_shape(&known->weight[place].tensor.shape, &tensor->shape))
        *tensor = known->weight[place].tensor;
}

/* A batch norm's statistics are not trained. */
static bool is_statistic(const cvs_weights *known, int place) {
    return place < known->count && !known->weight[place].trainable;
}

static void list_own(listing *l, const cvs_weights *known) {
    const cvs__onnx_node *node = l->call->node;
    int place = 0;
    for (int i = 0; i < node->operand_count && i < (int)(8 * sizeof node->counts); i++) {
        if (!(l->call->rule->weights >> i & 1U)) continue;
        if (node->counts >> i & 1U) {
            const cvs__onnx_constant *constant = cvs__onnx_constant_read(node->graph, &node->operands[i]);
            cvs_model_weight *weight = &l->list[l->count++];
            *weight = (cvs_model_weight){.name = constant->name, .count = constant->count};
            weight->tensor.shape = constant->shape;
            weight->trainable = is_real(constant->value.type) && !is_statistic(known, place);
            name_axes(known, place, &weight->tensor);
            int64_t bytes = CVS_DIM_UNKNOWN;
            const int each = cvs__onnx_element_bytes(constant->value.type);
            if (each > 0 && !cvs__mul(constant->count, each, &bytes)) bytes = INT64_MAX;
            sum(&l->parameters, constant->count);
            sum(&l->trainable, weight->trainable ? constant->count : 0);
            sum(&l->bytes, bytes >= 0 ? bytes : constant->count);
        }
        place++;
    }
}

/* Those of the graphs in it. */
static void list_bodies(listing *l) {
    const cvs__onnx_node *node = l->call->node;
    for (int b = 0; b < node->body_count; b++) {
        const cvs_model *body = node->bodies[b]->model;
        for (int i = 0; i < body->layer_count; i++) {
            const cvs_model_layer *layer = &body->layers[i];
            for (int w = 0; w < layer->weight_count; w++) l->list[l->count++] = layer->weights[w];
            if (layer->parameters > 0) sum(&l->parameters, layer->parameters);
            if (layer->trainable > 0) sum(&l->trainable, layer->trainable);
            if (layer->cost.weights_bytes > 0) sum(&l->bytes, layer->cost.weights_bytes);
        }
    }
}

static int most_weights(const cvs__onnx_node *node) {
    int most = __builtin_popcount(node->counts);
    for (int b = 0; b < node->body_count; b++) {
        const cvs_model *body = node->bodies[b]->model;
        for (int i = 0; i < body->layer_count; i++) most += body->layers[i].weight_count;
    }
    return most;
}

cvs_status cvs__onnx_list_weights(cvs__onnx_call *call) {
    cvs_model_layer *layer = &call->model->layers[call->layer];
    listing l = {.call = call};
    cvs_weights known = {0};
    layer->parameters = layer->trainable = layer->cost.weights_bytes = call->rule ? 0 : CVS_DIM_UNKNOWN;
    if (!call->rule || (call->node->counts == 0 && call->node->body_count == 0)) return CVS_OK;
    l.list = cvs_arena_alloc(call->model->arena, ((size_t)most_weights(call->node) + 1) * sizeof *l.list);
    if (!l.list) return CVS_NO_MEMORY;
    if (layer->inference && cvs_layer_weights(layer->inference, CVS_FRAMEWORK_AUTO, &known, NULL) != CVS_OK)
        known.count = 0;
    list_own(&l, &known);
    list_bodies(&l);
    layer->weights = l.list;
    layer->weight_count = l.count;
    layer->parameters = l.parameters;
    layer->trainable = l.trainable;
    layer->cost.weights_bytes = l.bytes;
    return CVS_OK;
}
