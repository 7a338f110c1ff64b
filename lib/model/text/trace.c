/* trace.c - steps, and what is known of tensors before their shapes are. */
#include <stdio.h>
#include <string.h>

#include "model/text/text.h"

/* The name itself, or with the first "#2", "#3", ... that is free. NULL: no memory. */
static const char *unique_name(cvs__text_reader *reader, const char *name) {
    int use = cvs__names_find(&reader->taken, name);
    const char *unique = name;
    if (use < 0) use = 0;
    for (cvs_text text = {0}; use > 0 && cvs__names_find(&reader->taken, unique) >= 0; use++) {
        cvs_text_addf(&text, "%s#%d", name, use + 1);
        unique = cvs__model_keep(reader->arena, &text);
        if (!unique) return NULL;
    }
    if (!cvs__names_add(&reader->taken, name, use > 0 ? use : 1)) return NULL;
    return unique == name || cvs__names_add(&reader->taken, unique, 1) ? unique : NULL;
}

static cvs_status add_tensor(cvs__text_reader *reader, const cvs__trace_tensor *tensor, int *number) {
    void *tensors = reader->tensors;
    *number = reader->tensor_count;
    cvs__trace_tensor *room = cvs__text_push(reader->arena, &tensors, &reader->tensor_count, &reader->tensor_capacity,
                                             sizeof *reader->tensors);
    if (!room) return cvs__model_no_memory(reader->err);
    reader->tensors = tensors;
    *room = *tensor;
    return CVS_OK;
}

cvs_status cvs__text_add_input(cvs__text_reader *reader, const char *name, const cvs_shape *shape, int *tensor) {
    cvs__trace_tensor made = {.step = -1, .name = unique_name(reader, name ? name : "input"), .stated = shape != NULL};
    if (!made.name) return cvs__model_no_memory(reader->err);
    if (shape) made.shape = *shape;
    return add_tensor(reader, &made, tensor);
}

/* ---- what is known of an output ---------------------------------------------------- */

static bool is_conv(cvs_op op) {
    return op == CVS_OP_CONV || op == CVS_OP_CONV_TRANSPOSE || op == CVS_OP_DEPTHWISE_CONV ||
           op == CVS_OP_SEPARABLE_CONV;
}

static bool makes_single(const cvs_layer *layer) {
    bool single = layer->op == CVS_OP_ADAPTIVE_AVERAGE_POOL || layer->op == CVS_OP_ADAPTIVE_MAX_POOL;
    for (int axis = 0; axis < layer->spatial_rank; axis++) single &= layer->output_size[axis] == 1;
    return single;
}

/* Channels of tensors that are put beside each other; 0 when one's are not known. */
static int64_t sum_channels(const cvs__text_reader *reader, const cvs__value *inputs) {
    int64_t sum = 0;
    for (int i = 0; i < inputs->count; i++) {
        const int64_t channels = reader->tensors[inputs->tensors[i]].channels;
        if (channels == 0 || channels > INT64_MAX - sum) return 0;
        sum += channels;
    }
    return sum;
}

static void learn(const cvs__text_reader *reader, const cvs_layer *layer, const cvs__value *inputs,
                  cvs__trace_tensor *out) {
    if (is_conv(layer->op)) {
        out->channels = layer->op == CVS_OP_DEPTHWISE_CONV ? 0 : layer->filters;
        out->spatial = true;
    } else if (layer->op == CVS_OP_DENSE) {
        out->channels = layer->filters;
    } else if (layer->op == CVS_OP_FLATTEN) {
        if (out->spatial && !out->single) out->channels = 0;
        out->spatial = false;
    } else if (layer->op == CVS_OP_CONCATENATE) {
        out->channels = sum_channels(reader, inputs);
    } else if (layer->op == CVS_OP_RESHAPE || layer->op == CVS_OP_PERMUTE) {
        out->channels = 0;
    } else if (out->channels == 0) {
        out->channels = layer->in_channels;
    }
    out->spatial |= layer->spatial_rank > 1 && layer->op != CVS_OP_FLATTEN;
    out->single = out->spatial && (out->single || makes_single(layer)) && layer->op != CVS_OP_UPSAMPLE;
}

/* ---- steps ------------------------------------------------------------------------------ */

static cvs_status fail_many(cvs__text_reader *reader, const cvs_node *node) {
    cvs__text_fail(reader, node, "too-many-layers", "A model may have at most %d layers.", CVS_MODEL_MAX_LAYERS);
    reader->err->status = CVS_TOO_LARGE;
    return CVS_TOO_LARGE;
}

static int *copy_tensors(cvs_arena *arena, const cvs__value *value) {
    int *copy = cvs_arena_take(arena, (size_t)value->count * sizeof *copy);
    return copy ? memcpy(copy, value->tensors, (size_t)value->count * sizeof *copy) : NULL;
}

cvs_status cvs__text_add_step(cvs__text_reader *reader, cvs__module *leaf, const char *name, const cvs__value *inputs,
                              int *output) {
    if (reader->step_count == CVS_MODEL_MAX_LAYERS) return fail_many(reader, leaf->node);
    cvs_status status = cvs__text_describe(reader, leaf);
    if (status != CVS_OK) return status;
    cvs__trace_tensor made = {.step = reader->step_count, .name = unique_name(reader, name)};
    const cvs__trace_tensor *from = &reader->tensors[inputs->tensors[0]];
    made.channels = from->channels;
    made.spatial = from->spatial;
    made.single = from->single;
    if (leaf->reading)
        learn(reader, &leaf->reading->layer, inputs, &made);
    else if (leaf->op == &cvs__unread_op)
        made.channels = 0;
    void *steps = reader->steps;
    cvs__step *step =
        cvs__text_push(reader->arena, &steps, &reader->step_count, &reader->step_capacity, sizeof *reader->steps);
    const int *read = copy_tensors(reader->arena, inputs); /* *output may be the first of them */
    if (!step || !made.name || !read) return cvs__model_no_memory(reader->err);
    reader->steps = steps;
    status = add_tensor(reader, &made, output);
    *step = (cvs__step){leaf, made.name, read, inputs->count, *output};
    return status;
}
