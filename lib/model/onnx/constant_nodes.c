/* constant_nodes.c - the constants of a graph: initializers, and what Constant nodes hold. */
#include <string.h>

#include "model/onnx/onnx.h"

static bool holds_constant(const Onnx__NodeProto *node) {
    return strcmp(cvs__onnx_text(node->op_type), "Constant") == 0 && !*cvs__onnx_text(node->domain) &&
           node->n_input == 0 && node->n_output == 1 && node->n_attribute >= 1;
}

/* `value`, `value_int`, `value_ints`, `value_float`, `value_floats` as a tensor; NULL: none of these. */
static Onnx__TensorProto *tensor_of(cvs__onnx_file *file, const Onnx__NodeProto *node, cvs_error *err) {
    const Onnx__AttributeProto *attribute = node->attribute[0];
    const char *name = cvs__onnx_text(attribute->name);
    if (strcmp(name, "value") == 0) return attribute->t;
    Onnx__TensorProto *made = cvs_arena_take(file->arena, sizeof *made + sizeof(int64_t));
    if (!made) {
        (void)cvs__model_no_memory(err);
        return NULL;
    }
    *made = (Onnx__TensorProto)ONNX__TENSOR_PROTO__INIT;
    int64_t *dims = (int64_t *)(void *)(made + 1);
    const bool reals = strncmp(name, "value_float", strlen("value_float")) == 0;
    const bool list = strcmp(name, "value_ints") == 0 || strcmp(name, "value_floats") == 0;
    if (!list && strcmp(name, "value_int") != 0 && strcmp(name, "value_float") != 0) return NULL;
    made->has_data_type = true;
    made->data_type = reals ? ONNX__TENSOR_PROTO__DATA_TYPE__FLOAT : ONNX__TENSOR_PROTO__DATA_TYPE__INT64;
    made->int64_data = list ? attribute->ints : (int64_t *)(uintptr_t)&attribute->i;
    made->float_data = list ? attribute->floats : (float *)(uintptr_t)&attribute->f;
    made->n_int64_data = reals ? 0 : list ? attribute->n_ints : 1;
    made->n_float_data = !reals ? 0 : list ? attribute->n_floats : 1;
    *dims = (int64_t)(reals ? made->n_float_data : made->n_int64_data);
    made->dims = dims;
    made->n_dims = list;
    return made;
}

static cvs_status add_constant(cvs__onnx_graph *graph, const char *name, const Onnx__TensorProto *proto,
                               cvs_error *err) {
    cvs__onnx_constant *constant = &graph->constants[graph->constant_count];
    cvs_status status = cvs__onnx_constant_of(graph->file, proto, constant, err);
    if (status != CVS_OK) return status;
    constant->name = name;
    if (!cvs__names_add(&graph->constant_names, name, graph->constant_count)) return cvs__model_no_memory(err);
    graph->constant_count++;
    return CVS_OK;
}

static cvs_status add_sparse(cvs__onnx_graph *graph, const Onnx__SparseTensorProto *sparse, cvs_error *err) {
    if (!sparse->values) return CVS_OK;
    const Onnx__TensorProto whole = {.base = sparse->values->base,
                                     .n_dims = sparse->n_dims,
                                     .dims = sparse->dims,
                                     .has_data_type = true,
                                     .data_type = sparse->values->data_type};
    return add_constant(graph, cvs__onnx_text(sparse->values->name), &whole, err);
}

cvs_status cvs__onnx_add_constants(cvs__onnx_graph *graph, cvs_error *err) {
    const Onnx__GraphProto *proto = graph->proto;
    size_t most = proto->n_initializer + proto->n_sparse_initializer + 1;
    for (size_t i = 0; i < proto->n_node; i++) most += holds_constant(proto->node[i]);
    cvs_status status = CVS_OK;
    graph->constants = cvs_arena_alloc(graph->file->arena, most * sizeof *graph->constants);
    if (!graph->constants) return cvs__model_no_memory(err);
    for (size_t i = 0; i < proto->n_initializer && status == CVS_OK; i++)
        status = add_constant(graph, cvs__onnx_text(proto->initializer[i]->name), proto->initializer[i], err);
    for (size_t i = 0; i < proto->n_sparse_initializer && status == CVS_OK; i++)
        status = add_sparse(graph, proto->sparse_initializer[i], err);
    for (size_t i = 0; i < proto->n_node && status == CVS_OK; i++) {
        if (!holds_constant(proto->node[i])) continue;
        const Onnx__TensorProto *tensor = tensor_of(graph->file, proto->node[i], err);
        if (err && err->status == CVS_NO_MEMORY) return CVS_NO_MEMORY;
        if (tensor) status = add_constant(graph, proto->node[i]->output[0], tensor, err);
    }
    return status;
}

bool cvs__onnx_is_constant(const cvs__onnx_graph *graph, const Onnx__NodeProto *node) {
    return holds_constant(node) && cvs__names_find(&graph->constant_names, node->output[0]) >= 0;
}
