/*
 * view.c - a node as an operator of layer.h. It is written as people write it, {"op_type", "attributes",
 * "weights_shape", "bias"}, and read by the dialect, so that ONNX's rules for attributes exist once.
 */
#include <string.h>

#include "dialect/node.h"
#include "model/onnx/onnx.h"

/* ---- the description -------------------------------------------------------------------------- */

typedef struct describing {
    cvs__onnx_call *call;
    cvs_arena *arena;
    uint64_t sum; /* over all in it that may change from one time to the next: FNV-1a */
    bool failed;  /* no memory */
} describing;

/* A dict or a list that grows at its end. */
typedef struct growing {
    cvs_node *node, *last;
} growing;

static void add_to_sum(describing *d, int64_t number) {
    const unsigned char *bytes = (const unsigned char *)&number;
    for (size_t i = 0; i < sizeof number; i++) d->sum = (d->sum ^ bytes[i]) * UINT64_C(1099511628211);
}

/* NULL: no memory. */
static cvs_node *add(describing *d, growing *to, const char *key, cvs_node_kind kind) {
    cvs_node *node = to->node ? cvs__node_new(d->arena, kind, CVS__JSON_PLACE) : NULL;
    d->failed |= !node;
    if (!node) return NULL;
    node->key = key;
    cvs__node_append(to->node, to->last, node);
    to->last = node;
    return node;
}

static void add_integer(describing *d, growing *to, const char *key, int64_t integer) {
    cvs_node *node = add(d, to, key, CVS_NODE_INT);
    if (node) node->integer = integer;
}

static void add_real(describing *d, growing *to, const char *key, double real) {
    cvs_node *node = add(d, to, key, CVS_NODE_REAL);
    if (node) node->real = real;
}

static void add_text(describing *d, growing *to, const char *key, const char *text, size_t length) {
    cvs_node *node = add(d, to, key, CVS_NODE_STRING);
    const char *copy = cvs_arena_copy(d->arena, text, length);
    d->failed |= !copy;
    if (!node || !copy) return;
    node->text = copy;
    node->text_length = length;
}

/* ---- attributes --------------------------------------------------------------------------------- */

static void add_attribute(describing *d, growing *to, const Onnx__AttributeProto *attribute) {
    growing list = {0};
    if (cvs__onnx_is_integer_attribute(attribute)) {
        add_integer(d, to, attribute->name, attribute->i);
    } else if (attribute->has_f) {
        add_real(d, to, attribute->name, (double)attribute->f);
    } else if (attribute->has_s) {
        add_text(d, to, attribute->name, (const char *)attribute->s.data, attribute->s.len);
    } else {
        list.node = add(d, to, attribute->name, CVS_NODE_LIST);
        for (size_t i = 0; i < attribute->n_ints; i++) add_integer(d, &list, NULL, attribute->ints[i]);
        for (size_t i = 0; i < attribute->n_floats; i++) add_real(d, &list, NULL, (double)attribute->floats[i]);
    }
}

static bool says_something(const Onnx__AttributeProto *attribute, const char *without) {
    if (!attribute->name || (without && strcmp(attribute->name, without) == 0)) return false;
    return cvs__onnx_is_integer_attribute(attribute) || attribute->has_f || attribute->has_s || attribute->n_ints > 0 ||
           attribute->n_floats > 0;
}

/* Attributes that became inputs: of which operator, which input, in which opsets. */
static const struct {
    const char *layer, *name;
    int input, from, to;
} moved[] = {
    {"Pad", "pads", 1, 11, 99},      {"Pad", "value", 2, 11, 99},    {"Resize", "scales", 1, 7, 10},
    {"Resize", "scales", 2, 11, 99}, {"Resize", "sizes", 3, 11, 99}, {"Clip", "min", 1, 11, 99},
    {"Clip", "max", 2, 11, 99},      {"Reshape", "shape", 1, 7, 99}, {"Dropout", "ratio", 1, 12, 99},
};

static void add_number(describing *d, growing *to, const char *key, const cvs__onnx_number *number) {
    int64_t bits = number->integer;
    if (number->kind == CVS__ONNX_REAL) memcpy(&bits, &number->real, sizeof bits);
    add_to_sum(d, bits);
    if (number->kind == CVS__ONNX_REAL)
        add_real(d, to, key, number->real);
    else if (number->kind == CVS__ONNX_INTEGER)
        add_integer(d, to, key, number->integer);
    else
        add(d, to, key, CVS_NODE_NULL);
}

static void add_moved(describing *d, growing *to, const char *name, int input) {
    const cvs__onnx_value *value = cvs__onnx_value_of(d->call, input);
    const cvs_shape *shape = cvs__onnx_shape(d->call, input);
    if (!value || (shape->rank == 1 && value->count == 0)) return;
    if (shape->rank == 0) {
        add_number(d, to, name, &value->number[0]);
        return;
    }
    growing list = {.node = add(d, to, name, CVS_NODE_LIST)};
    for (int i = 0; i < value->count && i <= 2 * CVS_MAX_RANK; i++) add_number(d, &list, NULL, &value->number[i]);
}

static void add_attributes(describing *d, growing *to) {
    const cvs__onnx_node *node = d->call->node;
    const int64_t opset = cvs__onnx_opset(d->call) < 99 ? cvs__onnx_opset(d->call) : 99;
    for (size_t i = 0; i < node->proto->n_attribute && !d->failed; i++)
        if (says_something(node->proto->attribute[i], d->call->without))
            add_attribute(d, to, node->proto->attribute[i]);
    for (size_t i = 0; i < sizeof moved / sizeof *moved; i++)
        if (strcmp(moved[i].layer, d->call->rule->layer) == 0 && opset >= moved[i].from && opset <= moved[i].to)
            add_moved(d, to, moved[i].name, moved[i].input);
}

static void add_weights(describing *d, growing *to) {
    const cvs__onnx_rule *rule = d->call->rule;
    const bool bias = rule->bias_at > 0 && cvs__onnx_has(d->call, rule->bias_at);
    if (rule->weights_at > 0) {
        const cvs_shape *shape = cvs__onnx_shape(d->call, rule->weights_at);
        growing list = {.node = add(d, to, "weights_shape", CVS_NODE_LIST)};
        for (int i = 0; i < shape->rank; i++) {
            add_integer(d, &list, NULL, shape->dim[i]);
            add_to_sum(d, shape->dim[i]);
        }
    }
    if (!bias) return;
    cvs_node *there = add(d, to, "bias", CVS_NODE_BOOL);
    if (there) there->boolean = true;
}

static cvs_node *describe(describing *d) {
    growing root = {.node = cvs__node_new(d->arena, CVS_NODE_DICT, CVS__JSON_PLACE)};
    add_text(d, &root, "op_type", d->call->rule->layer, strlen(d->call->rule->layer));
    growing attributes = {.node = add(d, &root, "attributes", CVS_NODE_DICT)};
    if (attributes.node) add_attributes(d, &attributes);
    add_weights(d, &root);
    return d->failed ? NULL : root.node;
}

/* ---- reading, and putting it on its inputs ------------------------------------------------------- */

static cvs_status read(cvs__onnx_call *call, cvs_error *err) {
    cvs__onnx_node *node = call->node;
    cvs_arena scratch = cvs_arena_make(0);
    describing d = {.call = call, .arena = &scratch, .sum = UINT64_C(14695981039346656037)};
    scratch.allowance = call->model->arena->allowance;
    const cvs_node *root = describe(&d);
    cvs_status status = root ? CVS_OK : cvs__model_no_memory(err);
    if (status == CVS_OK && (!node->reading || node->reading_of != d.sum)) {
        cvs_reading *reading = cvs_arena_take(call->model->arena, sizeof *reading);
        node->reading = NULL;
        status = reading ? cvs_dialect_read(&scratch, root, CVS_ONNX, reading, err) : cvs__model_no_memory(err);
        if (status == CVS_OK) {
            node->reading = reading;
            node->reading_of = d.sum;
            reading->bindings = NULL; /* they are in the scratch */
        }
    }
    cvs_arena_free(&scratch);
    return status;
}

static bool is_merge(const cvs_layer *layer) { return layer->op >= CVS_OP_ADD; }

static cvs_status put(cvs__onnx_call *call, cvs_inference *out, cvs_error *err) {
    cvs_model *model = call->model;
    const cvs_layer *layer = &call->node->reading->layer;
    const cvs_model_layer *seen = &model->layers[call->layer];
    if (!is_merge(layer)) return cvs_infer_valid(layer, cvs__onnx_shape(call, 0), model->symbols, out, err);
    if (seen->input_count != call->node->operand_count || seen->input_count < 2)
        return cvs_fail(err, CVS_UNSUPPORTED, "merge-of-a-constant", "", "Only tensors are merged.");
    cvs_shape *shapes = cvs_arena_take(model->arena, (size_t)seen->input_count * sizeof *shapes);
    if (!shapes) return cvs__model_no_memory(err);
    for (int i = 0; i < seen->input_count; i++) shapes[i] = model->tensors[seen->inputs[i]].shape;
    return cvs_infer_merge(layer, shapes, (size_t)seen->input_count, model->symbols, out, err);
}

static cvs_status look(cvs__onnx_call *call, cvs_error *err) {
    cvs__model_part *part = &call->model->parts[call->layer];
    call->node->sees_layer = false;
    cvs_status status = read(call, err);
    if (status != CVS_OK) return status;
    if (!part->inference) part->inference = cvs_arena_alloc(call->model->arena, sizeof *part->inference);
    if (!part->inference) return cvs__model_no_memory(err);
    return put(call, part->inference, err);
}

/* Convolutions' work; other operators of layer.h have none, or their rule has counted it. */
static void keep(cvs__onnx_call *call) {
    cvs__model_part *part = &call->model->parts[call->layer];
    cvs_model_layer *layer = &call->model->layers[call->layer];
    cvs_cost cost = {.macs = CVS_DIM_UNKNOWN, .bias_adds = CVS_DIM_UNKNOWN};
    call->node->sees_layer = true;
    layer->inference = part->inference;
    if (call->counts_work) return;
    call->counts_work = true;
    if (cvs_layer_cost(part->inference, &cost, NULL) != CVS_OK) cost.macs = cost.bias_adds = CVS_DIM_UNKNOWN;
    layer->cost.macs = cost.macs;
    layer->cost.bias_adds = cost.bias_adds;
}

cvs_status cvs__onnx_through_layer(cvs__onnx_call *call) {
    cvs_status status = look(call, call->err);
    if (status != CVS_OK) return status;
    status = cvs__onnx_give_shape(call, &call->model->parts[call->layer].inference->output.shape);
    if (status == CVS_OK && call->rule->kernel) keep(call);
    return status;
}

static bool same_output(const cvs__onnx_call *call) {
    const cvs_shape *seen = &call->model->parts[call->layer].inference->output.shape;
    const cvs_shape *given = &call->model->tensors[call->node->outputs[0]].shape;
    bool same = seen->rank == given->rank;
    for (int i = 0; same && i < seen->rank; i++) same = seen->dim[i] == given->dim[i];
    return same;
}

cvs_status cvs__onnx_view(cvs__onnx_call *call) {
    const cvs__onnx_rule *rule = call->rule;
    const cvs__onnx_node *node = call->node;
    if (!rule->layer || call->model->layers[call->layer].inference || node->output_count == 0 || node->outputs[0] < 0)
        return CVS_OK;
    if (rule->weights_at > 0 && !cvs__onnx_constant_read(node->graph, &node->operands[rule->weights_at])) return CVS_OK;
    cvs_error ignored = {0};
    const cvs_status status = look(call, &ignored);
    if (status == CVS_NO_MEMORY) return status;
    if (status == CVS_OK && same_output(call)) keep(call);
    return CVS_OK;
}
