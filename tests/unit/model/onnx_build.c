#include "onnx_build.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

onnx_build onnx_begin(int64_t opset) {
    onnx_build b = {.arena = malloc(sizeof *b.arena), .opset = opset};
    *b.arena = cvs_arena_make(0);
    b.graph.proto = (Onnx__GraphProto)ONNX__GRAPH_PROTO__INIT;
    return b;
}

onnx_build onnx_begin_body(const onnx_build *b) {
    onnx_build body = *b;
    body.graph = (onnx_graph){.proto = ONNX__GRAPH_PROTO__INIT};
    return body;
}

static char *copy(onnx_build *b, const char *text) { return cvs_arena_copy(b->arena, text, strlen(text)); }

/* One more in a list of pointers: the old list stays in the arena. */
static void append(onnx_build *b, void *list, size_t *count, void *item) {
    void **old, **longer = cvs_arena_alloc(b->arena, (*count + 1) * sizeof(void *));
    memcpy(&old, list, sizeof old);
    if (*count > 0) memcpy(longer, old, *count * sizeof(void *));
    longer[(*count)++] = item;
    memcpy(list, &longer, sizeof longer);
}

/* The words of a text, which is cut up. */
static char *next_word(char **rest, const char *separator) {
    char *word;
    do word = strsep(rest, separator);
    while (word && !*word);
    return word;
}

/* ---- tensors ------------------------------------------------------------------------------- */

static Onnx__TypeProto *type_of(onnx_build *b, const char *shape) {
    Onnx__TypeProto *type = cvs_arena_alloc(b->arena, sizeof *type);
    Onnx__TypeProto__Tensor *tensor = cvs_arena_alloc(b->arena, sizeof *tensor);
    Onnx__TensorShapeProto *sizes = cvs_arena_alloc(b->arena, sizeof *sizes);
    *type = (Onnx__TypeProto)ONNX__TYPE_PROTO__INIT;
    *tensor = (Onnx__TypeProto__Tensor)ONNX__TYPE_PROTO__TENSOR__INIT;
    *sizes = (Onnx__TensorShapeProto)ONNX__TENSOR_SHAPE_PROTO__INIT;
    type->value_case = ONNX__TYPE_PROTO__VALUE_TENSOR_TYPE;
    type->tensor_type = tensor;
    tensor->has_elem_type = true;
    tensor->elem_type = ONNX__TENSOR_PROTO__DATA_TYPE__FLOAT;
    tensor->shape = sizes;
    char *rest = copy(b, shape);
    for (char *size = next_word(&rest, ","); size; size = next_word(&rest, ",")) {
        Onnx__TensorShapeProto__Dimension *dim = cvs_arena_alloc(b->arena, sizeof *dim);
        char *end;
        *dim = (Onnx__TensorShapeProto__Dimension)ONNX__TENSOR_SHAPE_PROTO__DIMENSION__INIT;
        const int64_t number = strtoll(size, &end, 10);
        if (!*end) {
            dim->value_case = ONNX__TENSOR_SHAPE_PROTO__DIMENSION__VALUE_DIM_VALUE;
            dim->dim_value = number;
        } else if (strcmp(size, "?") != 0) {
            dim->value_case = ONNX__TENSOR_SHAPE_PROTO__DIMENSION__VALUE_DIM_PARAM;
            dim->dim_param = size;
        }
        append(b, &sizes->dim, &sizes->n_dim, dim);
    }
    return type;
}

static Onnx__ValueInfoProto *info_of(onnx_build *b, const char *name, const char *shape) {
    Onnx__ValueInfoProto *info = cvs_arena_alloc(b->arena, sizeof *info);
    *info = (Onnx__ValueInfoProto)ONNX__VALUE_INFO_PROTO__INIT;
    info->name = copy(b, name);
    if (shape) info->type = type_of(b, shape);
    return info;
}

void onnx_input(onnx_build *b, const char *name, const char *shape) {
    append(b, &b->graph.proto.input, &b->graph.proto.n_input, info_of(b, name, shape));
}

void onnx_output(onnx_build *b, const char *name) { onnx_output_declared(b, name, NULL); }

void onnx_output_declared(onnx_build *b, const char *name, const char *shape) {
    append(b, &b->graph.proto.output, &b->graph.proto.n_output, info_of(b, name, shape));
}

void onnx_declare(onnx_build *b, const char *name, const char *shape) {
    append(b, &b->graph.proto.value_info, &b->graph.proto.n_value_info, info_of(b, name, shape));
}

static int64_t *numbers_of(onnx_build *b, const char *text, size_t *count) {
    int64_t *numbers = cvs_arena_alloc(b->arena, (strlen(text) + 1) * sizeof *numbers);
    char *rest = copy(b, text);
    *count = 0;
    for (char *number = next_word(&rest, ","); number; number = next_word(&rest, ","))
        numbers[(*count)++] = strtoll(number, NULL, 10);
    return numbers;
}

Onnx__TensorProto *onnx_weights(onnx_build *b, const char *name, const char *shape) {
    Onnx__TensorProto *tensor = cvs_arena_alloc(b->arena, sizeof *tensor);
    *tensor = (Onnx__TensorProto)ONNX__TENSOR_PROTO__INIT;
    tensor->name = copy(b, name);
    tensor->has_data_type = true;
    tensor->data_type = ONNX__TENSOR_PROTO__DATA_TYPE__FLOAT;
    tensor->dims = numbers_of(b, shape, &tensor->n_dims);
    append(b, &b->graph.proto.initializer, &b->graph.proto.n_initializer, tensor);
    return tensor;
}

Onnx__TensorProto *onnx_integers(onnx_build *b, const char *name, const char *shape, const char *numbers) {
    Onnx__TensorProto *tensor = onnx_weights(b, name, shape);
    tensor->data_type = ONNX__TENSOR_PROTO__DATA_TYPE__INT64;
    tensor->int64_data = numbers_of(b, numbers, &tensor->n_int64_data);
    return tensor;
}

/* ---- nodes ------------------------------------------------------------------------------------ */

void onnx_node(onnx_build *b, const char *type, const char *inputs, const char *outputs) {
    Onnx__NodeProto *node = cvs_arena_alloc(b->arena, sizeof *node);
    *node = (Onnx__NodeProto)ONNX__NODE_PROTO__INIT;
    node->op_type = copy(b, type);
    char *rest = copy(b, inputs), *names = copy(b, outputs);
    for (char *name = next_word(&rest, " "); name; name = next_word(&rest, " "))
        append(b, &node->input, &node->n_input, strcmp(name, "-") == 0 ? copy(b, "") : name);
    for (char *name = next_word(&names, " "); name; name = next_word(&names, " "))
        append(b, &node->output, &node->n_output, name);
    append(b, &b->graph.proto.node, &b->graph.proto.n_node, node);
    b->graph.last = node;
}

static Onnx__AttributeProto *attribute_of(onnx_build *b, const char *name, Onnx__AttributeProto__AttributeType type) {
    Onnx__AttributeProto *attribute = cvs_arena_alloc(b->arena, sizeof *attribute);
    *attribute = (Onnx__AttributeProto)ONNX__ATTRIBUTE_PROTO__INIT;
    attribute->name = copy(b, name);
    attribute->has_type = true;
    attribute->type = type;
    append(b, &b->graph.last->attribute, &b->graph.last->n_attribute, attribute);
    return attribute;
}

void onnx_int(onnx_build *b, const char *name, int64_t value) {
    Onnx__AttributeProto *attribute = attribute_of(b, name, ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__INT);
    attribute->has_i = true;
    attribute->i = value;
}

void onnx_ints(onnx_build *b, const char *name, const char *values) {
    Onnx__AttributeProto *attribute = attribute_of(b, name, ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__INTS);
    attribute->ints = numbers_of(b, values, &attribute->n_ints);
}

void onnx_text(onnx_build *b, const char *name, const char *value) {
    Onnx__AttributeProto *attribute = attribute_of(b, name, ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__STRING);
    attribute->has_s = true;
    attribute->s = (ProtobufCBinaryData){strlen(value), (uint8_t *)copy(b, value)};
}

void onnx_body(onnx_build *b, const char *name, const onnx_build *body) {
    Onnx__AttributeProto *attribute = attribute_of(b, name, ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__GRAPH);
    attribute->g = cvs_arena_alloc(b->arena, sizeof *attribute->g);
    *attribute->g = body->graph.proto;
}

/* ---- the file ------------------------------------------------------------------------------------ */

uint8_t *onnx_bytes(onnx_build *b, size_t *length) {
    Onnx__ModelProto model = ONNX__MODEL_PROTO__INIT;
    Onnx__OperatorSetIdProto opset = ONNX__OPERATOR_SET_ID_PROTO__INIT, *opsets = &opset;
    opset.has_version = true;
    opset.version = b->opset;
    model.n_opset_import = 1;
    model.opset_import = &opsets;
    model.graph = &b->graph.proto;
    *length = onnx__model_proto__get_packed_size(&model);
    uint8_t *bytes = cvs_arena_alloc(b->arena, *length + 1);
    onnx__model_proto__pack(&model, bytes);
    return bytes;
}

read_model onnx_end(onnx_build *b) {
    read_model read = {.arena = malloc(sizeof *read.arena)};
    size_t length;
    *read.arena = cvs_arena_make(0);
    uint8_t *file = onnx_bytes(b, &length), *bytes = malloc(length + 1);
    memcpy(bytes, file, length);
    if (cvs_model_read_onnx(read.arena, bytes, length, &read.model, &read.error) != CVS_OK) read.model = NULL;
    free(bytes); /* nothing of it may be needed any more */
    read.symbols = cvs_symbols_create(read.arena);
    if (read.model) ck_assert_int_eq(cvs_model_infer(read.model, NULL, 0, read.symbols, &read.error), CVS_OK);
    cvs_arena_free(b->arena);
    free(b->arena);
    return read;
}

/* ---- an example ---- */

onnx_build onnx_small_network(void) {
    onnx_build b = onnx_begin(13);
    onnx_input(&b, "x", "N,3,8,8");
    onnx_weights(&b, "w", "4,3,3,3");
    onnx_integers(&b, "target", "2", "0,-1");
    onnx_node(&b, "Conv", "x w", "y");
    onnx_ints(&b, "pads", "1,1,1,1");
    onnx_node(&b, "Reshape", "y target", "z");
    onnx_output_declared(&b, "z", "N,256");
    return b;
}
