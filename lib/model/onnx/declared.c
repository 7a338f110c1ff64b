/*
 * declared.c - what a file itself says of its tensors: of inputs, outputs and, in value_info, of those between. It is
 * what is known where no rule tells a shape, and is held against the rules elsewhere.
 */
#include <string.h>

#include "model/onnx/onnx.h"

/* ---- names of sizes: any text in ONNX, an identifier in cvs_symbols ----------------------- */

enum { LONGEST_NAME = 31 };

static bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
static bool is_digit(char c) { return c >= '0' && c <= '9'; }

/* "batch-size" as batch_size, or batch_size_2 when that is another size's. */
static const char *write_name(cvs__onnx_file *file, const char *name) {
    enum { ROOM_FOR_NUMBER = 8 };
    char written[LONGEST_NAME + 1] = {0};
    size_t length = 0;
    if (!is_letter(*name)) written[length++] = '_';
    for (; *name && length < LONGEST_NAME - ROOM_FOR_NUMBER; name++)
        written[length++] = is_letter(*name) || is_digit(*name) ? *name : '_';
    return cvs__names_unique(&file->written_names, written, '_');
}

static bool room_for_name(cvs__onnx_file *file) {
    if (file->size_name_count < file->size_name_capacity) return true;
    const int capacity = file->size_name_capacity ? 2 * file->size_name_capacity : 8;
    const char **longer = cvs_arena_take(file->arena, (size_t)capacity * sizeof *longer);
    if (!longer) return false;
    if (file->size_name_count > 0) memcpy(longer, file->size_name, (size_t)file->size_name_count * sizeof *longer);
    file->size_name = longer;
    file->size_name_capacity = capacity;
    return true;
}

static cvs_status name_size(cvs__onnx_file *file, const char *name, const char **out, cvs_error *err) {
    int number = cvs__names_find(&file->size_names, name);
    if (number < 0) {
        number = file->size_name_count;
        if (!room_for_name(file)) return cvs__model_no_memory(err);
        file->size_name[number] = write_name(file, name);
        if (!file->size_name[number] || !cvs__names_add(&file->size_names, name, number) ||
            !cvs__names_add(&file->written_names, file->size_name[number], number))
            return cvs__model_no_memory(err);
        file->size_name_count++;
    }
    *out = file->size_name[number];
    return CVS_OK;
}

/* ---- shapes ---------------------------------------------------------------------------------- */

/* Too many names leave those beyond without one. */
static cvs_status read_dim(cvs__onnx_graph *graph, const Onnx__TensorShapeProto__Dimension *dim, cvs_dim *out,
                           cvs_error *err) {
    *out = CVS_DIM_UNKNOWN;
    if (dim->value_case == ONNX__TENSOR_SHAPE_PROTO__DIMENSION__VALUE_DIM_VALUE && dim->dim_value >= 0)
        *out = dim->dim_value;
    if (dim->value_case != ONNX__TENSOR_SHAPE_PROTO__DIMENSION__VALUE_DIM_PARAM || !*dim->dim_param ||
        !graph->model->symbols)
        return CVS_OK;
    const char *name = NULL;
    const cvs_status status = name_size(graph->file, dim->dim_param, &name, err);
    if (status != CVS_OK) return status;
    cvs_error ignored = {0};
    if (cvs_symbols_name(graph->model->symbols, name, out, &ignored) == CVS_OK) return CVS_OK;
    *out = CVS_DIM_UNKNOWN;
    return ignored.status == CVS_NO_MEMORY ? cvs__model_no_memory(err) : CVS_OK;
}

static const Onnx__TypeProto__Tensor *tensor_type(const Onnx__TypeProto *type) {
    return type && type->value_case == ONNX__TYPE_PROTO__VALUE_TENSOR_TYPE ? type->tensor_type : NULL;
}

cvs_status cvs__onnx_declared_shape(cvs__onnx_graph *graph, int tensor, cvs_shape *out, bool *declared,
                                    cvs_error *err) {
    const Onnx__TypeProto__Tensor *type = tensor_type(graph->declared[tensor]);
    *declared = type && type->shape && type->shape->n_dim <= CVS_MAX_RANK;
    if (!*declared) return CVS_OK;
    *out = (cvs_shape){.rank = (int)type->shape->n_dim};
    for (int i = 0; i < out->rank; i++) {
        const cvs_status status = read_dim(graph, type->shape->dim[i], &out->dim[i], err);
        if (status != CVS_OK) return status;
    }
    return CVS_OK;
}

int cvs__onnx_declared_type(const Onnx__TypeProto *type) {
    const Onnx__TypeProto__Tensor *tensor = tensor_type(type);
    return tensor && tensor->has_elem_type ? tensor->elem_type : 0;
}

/* ---- declared and found ------------------------------------------------------------------------ */

static bool agree(const cvs_shape *a, const cvs_shape *b) {
    if (a->rank != b->rank) return false;
    for (int i = 0; i < a->rank; i++)
        if (cvs_dim_is_known(a->dim[i]) && cvs_dim_is_known(b->dim[i]) && a->dim[i] != b->dim[i]) return false;
    return true;
}

/* Sizes in value_info are those of the inputs that the file itself names: on others they say nothing. */
static cvs_status ask_inputs(cvs__onnx_graph *graph, cvs_error *err) {
    const cvs_model *model = graph->model;
    if (graph->inputs != CVS__ONNX_NOT_ASKED) return CVS_OK;
    graph->inputs = CVS__ONNX_AS_DECLARED;
    for (int i = 0; i < model->inputs.count; i++) {
        const int tensor = model->inputs.items[i];
        cvs_shape shape;
        bool declared = false;
        const cvs_status status = cvs__onnx_declared_shape(graph, tensor, &shape, &declared, err);
        if (status != CVS_OK) return status;
        if (declared && model->tensors[tensor].ranked && !agree(&shape, &model->tensors[tensor].shape))
            graph->inputs = CVS__ONNX_OTHER_INPUTS;
    }
    return CVS_OK;
}

static void fill_in(cvs_shape *found, const cvs_shape *declared) {
    for (int i = 0; i < found->rank; i++)
        if (found->dim[i] == CVS_DIM_UNKNOWN) found->dim[i] = declared->dim[i];
}

static cvs_status compare(cvs__onnx_graph *graph, int number, cvs_error *err) {
    cvs_model_tensor *tensor = &graph->model->tensors[number];
    cvs_shape shape;
    bool declared = false;
    const cvs_status status = cvs__onnx_declared_shape(graph, number, &shape, &declared, err);
    if (status != CVS_OK || !declared) return status;
    if (!tensor->ranked) {
        cvs__model_set_shape(graph->model, number, &shape);
    } else if (agree(&tensor->shape, &shape)) {
        fill_in(&tensor->shape, &shape);
    } else {
        cvs_shape *kept = cvs_arena_take(graph->file->arena, sizeof *kept);
        if (!kept) return cvs__model_no_memory(err);
        *kept = shape;
        tensor->contradicted = kept;
    }
    return CVS_OK;
}

cvs_status cvs__onnx_use_declared(const cvs__onnx_call *call, cvs_error *err) {
    cvs__onnx_graph *graph = call->node->graph, *outermost = graph;
    while (outermost->outer) outermost = outermost->outer;
    cvs_status status = ask_inputs(outermost, err);
    for (int o = 0; o < call->node->output_count && status == CVS_OK; o++)
        if (call->node->outputs[o] >= 0 && outermost->inputs == CVS__ONNX_AS_DECLARED)
            status = compare(graph, call->node->outputs[o], err);
    return status;
}
