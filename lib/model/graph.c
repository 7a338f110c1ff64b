#include "model/graph.h"

#include <stdio.h>
#include <string.h>

cvs_status cvs__model_no_memory(cvs_error *err) {
    return cvs_fail(err, CVS_NO_MEMORY, "no-memory", "", "no memory for the model");
}

const char *cvs__model_keep(cvs_arena *arena, cvs_text *text) {
    const char *copy = text->failed ? NULL : cvs_arena_copy(arena, text->data ? text->data : "", text->length);
    cvs_text_free(text);
    return copy;
}

cvs_model *cvs__model_create(cvs_arena *arena, cvs_framework framework) {
    cvs_model *model = cvs_arena_alloc(arena, sizeof *model);
    if (!model) return NULL;
    model->arena = arena;
    model->framework = framework;
    model->name = "";
    model->layer_names.arena = model->tensor_names.arena = arena;
    return model;
}

/* Room for one item more in an array of `count`, in use: what it was in before stays in the arena. */
static bool grow(cvs_arena *arena, void **items, int count, int capacity, size_t size) {
    void *larger = cvs_arena_alloc(arena, (size_t)capacity * size);
    if (!larger) return false;
    if (count > 0) memcpy(larger, *items, (size_t)count * size);
    *items = larger;
    return true;
}

static int larger_capacity(int capacity) {
    enum { FIRST = 16 };
    return capacity ? capacity * 2 : FIRST;
}

static bool add_number(cvs_model *model, cvs__numbers *numbers, int number) {
    if (numbers->count == numbers->capacity) {
        const int capacity = larger_capacity(numbers->capacity);
        void *items = numbers->items;
        if (!grow(model->arena, &items, numbers->count, capacity, sizeof *numbers->items)) return false;
        numbers->items = items;
        numbers->capacity = capacity;
    }
    numbers->items[numbers->count++] = number;
    return true;
}

/* ---- tensors ---------------------------------------------------------------------- */

static bool grow_tensors(cvs_model *model, int capacity) {
    const int count = model->tensor_count;
    void *tensors = model->tensors, *stated = model->stated, *fields = model->fields;
    if (!grow(model->arena, &tensors, count, capacity, sizeof *model->tensors) ||
        !grow(model->arena, &stated, count, capacity, sizeof *model->stated) ||
        !grow(model->arena, &fields, count, capacity, sizeof *model->fields))
        return false;
    model->tensors = tensors;
    model->stated = stated;
    model->fields = fields;
    model->tensor_capacity = capacity;
    return true;
}

static bool room_for_tensor(cvs_model *model) {
    return model->tensor_count < model->tensor_capacity || grow_tensors(model, larger_capacity(model->tensor_capacity));
}

cvs_status cvs__model_tensor(cvs_model *model, const char *name, int *number, cvs_error *err) {
    enum { FLOAT_BYTES = 4 };
    *number = cvs__names_find(&model->tensor_names, name);
    if (*number >= 0) return CVS_OK;
    if (model->tensor_count == CVS_MODEL_MAX_TENSORS)
        return cvs_fail(err, CVS_TOO_LARGE, "too-many-tensors", "", "A model may have at most %d tensors.",
                        CVS_MODEL_MAX_TENSORS);
    const char *copy = cvs_arena_copy(model->arena, name, strlen(name));
    if (!copy || !room_for_tensor(model) || !cvs__names_add(&model->tensor_names, copy, model->tensor_count))
        return cvs__model_no_memory(err);
    *number = model->tensor_count++;
    model->tensors[*number] = (cvs_model_tensor){.name = copy, .producer = -1, .element_bytes = FLOAT_BYTES};
    model->stated[*number] = model->tensors[*number];
    return CVS_OK;
}

cvs_status cvs__model_add_input(cvs_model *model, int tensor, const cvs_shape *shape, cvs_error *err) {
    if (shape) {
        model->stated[tensor].ranked = true;
        model->stated[tensor].shape = *shape;
    }
    return add_number(model, &model->inputs, tensor) ? CVS_OK : cvs__model_no_memory(err);
}

cvs_status cvs__model_add_output(cvs_model *model, int tensor, cvs_error *err) {
    model->tensors[tensor].is_output = true;
    return add_number(model, &model->outputs, tensor) ? CVS_OK : cvs__model_no_memory(err);
}

/* ---- layers ------------------------------------------------------------------------- */

static bool grow_layers(cvs_model *model, int capacity) {
    const int count = model->layer_count;
    void *layers = model->layers, *parts = model->parts;
    if (!grow(model->arena, &layers, count, capacity, sizeof *model->layers) ||
        !grow(model->arena, &parts, count, capacity, sizeof *model->parts))
        return false;
    model->layers = layers;
    model->parts = parts;
    model->layer_capacity = capacity;
    return true;
}

static bool room_for_layer(cvs_model *model) {
    return model->layer_count < model->layer_capacity || grow_layers(model, larger_capacity(model->layer_capacity));
}

cvs_status cvs__model_reserve(cvs_model *model, int layers, int tensors, cvs_error *err) {
    const bool there = (layers <= model->layer_capacity || grow_layers(model, layers)) &&
                       (tensors <= model->tensor_capacity || grow_tensors(model, tensors));
    return there ? CVS_OK : cvs__model_no_memory(err);
}

static const int *copy_numbers(cvs_arena *arena, const int *numbers, int count) {
    int *copy = cvs_arena_take(arena, (size_t)(count > 0 ? count : 1) * sizeof *copy);
    if (copy && count > 0) memcpy(copy, numbers, (size_t)count * sizeof *copy);
    return copy;
}

static const char *pointer_of(cvs_model *model, const cvs_node *node) {
    cvs_text text = {0};
    if (!node || node->place.offset >= 0) return "";
    cvs_node_pointer(node, &text);
    return cvs__model_keep(model->arena, &text);
}

static cvs_status claim_outputs(cvs_model *model, const cvs__model_draft *draft, int number, cvs_error *err) {
    for (int i = 0; i < draft->output_count; i++) {
        cvs_model_tensor *tensor = &model->tensors[draft->outputs[i]];
        if (tensor->producer >= 0)
            return cvs_fail(err, CVS_INVALID, "tensor-made-twice", "", "Two layers, %s and %s, make the tensor %s.",
                            model->layers[tensor->producer].name, draft->name, tensor->name);
        tensor->producer = number;
    }
    return CVS_OK;
}

cvs_status cvs__model_add(cvs_model *model, const cvs__model_draft *draft, int *number, cvs_error *err) {
    if (model->layer_count == CVS_MODEL_MAX_LAYERS)
        return cvs_fail(err, CVS_TOO_LARGE, "too-many-layers", "", "A model may have at most %d layers.",
                        CVS_MODEL_MAX_LAYERS);
    if (!room_for_layer(model)) return cvs__model_no_memory(err);
    const int at = model->layer_count;
    cvs_model_layer layer = {
        .name = cvs__names_unique(&model->layer_names, draft->name, '#'),
        .type = cvs_arena_copy(model->arena, draft->type, strlen(draft->type)),
        .pointer = pointer_of(model, draft->node),
        .inputs = copy_numbers(model->arena, draft->inputs, draft->input_count),
        .outputs = copy_numbers(model->arena, draft->outputs, draft->output_count),
        .input_count = draft->input_count,
        .output_count = draft->output_count,
        .shared = draft->first_use >= 0,
    };
    if (draft->node) layer.place = draft->node->place;
    if (!layer.name || !layer.type || !layer.pointer || !layer.inputs || !layer.outputs ||
        !cvs__names_add(&model->layer_names, layer.name, at))
        return cvs__model_no_memory(err);
    const cvs_status status = claim_outputs(model, draft, at, err);
    if (status != CVS_OK) return status;
    model->layers[at] = layer;
    model->parts[at] = (cvs__model_part){.op = draft->op,
                                         .detail = draft->detail,
                                         .first_use = draft->first_use >= 0 ? draft->first_use : at,
                                         .frozen = draft->frozen};
    model->layer_count++;
    if (number) *number = at;
    return CVS_OK;
}

/* ---- what was taken for granted --------------------------------------------------------- */

bool cvs__model_add_note(cvs_model *model, const char *note) {
    if (model->note_count == model->note_capacity) {
        const int capacity = larger_capacity(model->note_capacity);
        void *notes = model->notes;
        if (!grow(model->arena, &notes, model->note_count, capacity, sizeof *model->notes)) return false;
        model->notes = notes;
        model->note_capacity = capacity;
    }
    model->notes[model->note_count++] = note;
    return true;
}

const char *cvs_model_order_name(cvs_model_order order) {
    static const char *const names[] = {"stated", "by-name", "printed"};
    return names[order];
}

cvs_model_order cvs_model_order_known(const cvs_model *model) { return model->order; }

const char *const *cvs_model_notes(const cvs_model *model, int *count) {
    *count = model->note_count;
    return model->notes;
}

/* ---- asking ------------------------------------------------------------------------- */

cvs_framework cvs_model_framework(const cvs_model *model) { return model->framework; }

const char *cvs_model_name(const cvs_model *model) { return model->name; }

const cvs_model_layer *cvs_model_layers(const cvs_model *model, int *count) {
    *count = model->layer_count;
    return model->layers;
}

const cvs_model_tensor *cvs_model_tensors(const cvs_model *model, int *count) {
    *count = model->tensor_count;
    return model->tensors;
}

const int *cvs_model_inputs(const cvs_model *model, int *count) {
    *count = model->inputs.count;
    return model->inputs.items;
}

const int *cvs_model_outputs(const cvs_model *model, int *count) {
    *count = model->outputs.count;
    return model->outputs.items;
}
