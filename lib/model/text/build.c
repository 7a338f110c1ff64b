/* build.c - from the trace to the graph: the layers between what goes in and what comes out. */
#include <string.h>

#include "model/text/text.h"

typedef struct builder {
    cvs__text_reader *reader;
    bool *needed; /* of each tensor of the trace; behind them, of each, whether it goes in */
} builder;

/* Steps are in order: what reads a tensor stands behind what makes it. */
static void find_needed(const builder *b, const int *inputs, int count) {
    const cvs__text_reader *reader = b->reader;
    bool *given = b->needed + reader->tensor_count;
    for (int i = 0; i < count; i++) given[inputs[i]] = true;
    for (int step = reader->step_count - 1; step >= 0; step--) {
        const cvs__step *seen = &reader->steps[step];
        if (!b->needed[seen->output] || given[seen->output]) continue;
        for (int i = 0; i < seen->input_count; i++) b->needed[seen->inputs[i]] = true;
    }
}

static cvs_status number_of(const builder *b, int tensor, int *number) {
    return cvs__model_tensor(b->reader->model, b->reader->tensors[tensor].name, number, b->reader->err);
}

static cvs_status add_layer(const builder *b, const cvs__step *step) {
    cvs__text_reader *reader = b->reader;
    int output, added;
    int *inputs = cvs_arena_take(reader->arena, (size_t)step->input_count * sizeof *inputs);
    if (!inputs) return cvs__model_no_memory(reader->err);
    cvs_status status = number_of(b, step->output, &output);
    for (int i = 0; i < step->input_count && status == CVS_OK; i++) status = number_of(b, step->inputs[i], &inputs[i]);
    if (status != CVS_OK) return status;
    const cvs__model_draft draft = {.name = step->name,
                                    .type = cvs__last_component(step->leaf->type),
                                    .node = step->leaf->node,
                                    .inputs = inputs,
                                    .outputs = &output,
                                    .input_count = step->input_count,
                                    .output_count = 1,
                                    .op = step->leaf->op,
                                    .detail = step->leaf->detail,
                                    .first_use = step->leaf->layer};
    status = cvs__model_add(reader->model, &draft, &added, reader->err);
    if (step->leaf->layer < 0) step->leaf->layer = added;
    return status;
}

static cvs_status add_ends(const builder *b, const cvs__value *inputs, const cvs__value *outputs) {
    cvs__text_reader *reader = b->reader;
    cvs_status status = CVS_OK;
    int number;
    for (int i = 0; i < inputs->count && status == CVS_OK; i++) {
        const cvs__trace_tensor *tensor = &reader->tensors[inputs->tensors[i]];
        status = number_of(b, inputs->tensors[i], &number);
        if (status == CVS_OK)
            status = cvs__model_add_input(reader->model, number, tensor->stated ? &tensor->shape : NULL, reader->err);
    }
    for (int i = 0; i < outputs->count && status == CVS_OK; i++) {
        status = number_of(b, outputs->tensors[i], &number);
        if (status == CVS_OK) status = cvs__model_add_output(reader->model, number, reader->err);
    }
    return status;
}

static cvs_status build(cvs__text_reader *reader, const cvs__value *inputs, const cvs__value *outputs) {
    builder b = {reader, cvs_arena_alloc(reader->arena, 2 * (size_t)reader->tensor_count + 1)};
    if (!b.needed) return cvs__model_no_memory(reader->err);
    for (int i = 0; i < outputs->count; i++) b.needed[outputs->tensors[i]] = true;
    find_needed(&b, inputs->tensors, inputs->count);
    const bool *given = b.needed + reader->tensor_count;
    cvs_status status = add_ends(&b, inputs, outputs);
    for (int step = 0; step < reader->step_count && status == CVS_OK; step++) {
        const cvs__step *seen = &reader->steps[step];
        if (b.needed[seen->output] && !given[seen->output]) status = add_layer(&b, seen);
    }
    return status == CVS_OK ? cvs__model_finish(reader->model, reader->err) : status;
}

/* ---- a text that names no model: from all that goes in to all that nobody reads ------------ */

static cvs_status find_ends(cvs__text_reader *reader, cvs__value *inputs, cvs__value *outputs) {
    const size_t count = (size_t)reader->tensor_count;
    int *in = cvs_arena_take(reader->arena, 2 * count * sizeof *in + 1), *out = in + count;
    bool *read = cvs_arena_alloc(reader->arena, count + 1);
    if (!in || !read) return cvs__model_no_memory(reader->err);
    for (int step = 0; step < reader->step_count; step++)
        for (int i = 0; i < reader->steps[step].input_count; i++) read[reader->steps[step].inputs[i]] = true;
    *inputs = (cvs__value){.kind = CVS__TENSORS, .tensors = in};
    *outputs = (cvs__value){.kind = CVS__TENSORS, .tensors = out};
    for (int tensor = 0; tensor < reader->tensor_count; tensor++) {
        if (reader->tensors[tensor].step < 0)
            in[inputs->count++] = tensor;
        else if (!read[tensor])
            out[outputs->count++] = tensor;
    }
    return CVS_OK;
}

cvs_status cvs__text_build(cvs__text_reader *reader) {
    cvs__module *found = reader->found;
    cvs__value inputs, outputs;
    if (!found || (found->kind == CVS__LEAF && reader->step_count > 0)) {
        const cvs_status status = find_ends(reader, &inputs, &outputs);
        return status == CVS_OK ? build(reader, &inputs, &outputs) : status;
    }
    const cvs_status status = cvs__text_open(reader, found);
    if (status != CVS_OK) return status;
    if (found->name) reader->model->name = found->name;
    if (reader->framework == CVS_PYTORCH) reader->model->name = cvs__last_component(found->type);
    inputs = (cvs__value){CVS__TENSORS, found->inputs, found->input_count, NULL};
    outputs = (cvs__value){CVS__TENSORS, found->outputs, found->output_count, NULL};
    return build(reader, &inputs, &outputs);
}
