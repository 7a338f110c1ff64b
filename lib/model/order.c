#include "model/graph.h"

#include <string.h>

/* Kahn's algorithm (1962), the smallest number first: layers that are in order stay as they are. */
typedef struct ordering {
    cvs_model *model;
    int *waits;              /* inputs of each layer that are not made yet */
    int *first, *rest;       /* the layers that read a tensor: first[tensor], then rest[...] until -1 */
    int *reader;             /* of each entry of `rest`, the layer */
    int *ready, ready_count; /* a heap of layers, the smallest at its top */
    int *order, done;
} ordering;

static int count_reads(const cvs_model *model) {
    int reads = 0;
    for (int i = 0; i < model->layer_count; i++) reads += model->layers[i].input_count;
    return reads;
}

static bool make_room(ordering *o) {
    const size_t layers = (size_t)o->model->layer_count + 1, tensors = (size_t)o->model->tensor_count + 1,
                 reads = (size_t)count_reads(o->model) + 1;
    int *room = cvs_arena_take(o->model->arena, (3 * layers + tensors + 2 * reads) * sizeof *room);
    if (!room) return false;
    o->waits = room;
    o->ready = o->waits + layers;
    o->order = o->ready + layers;
    o->first = o->order + layers;
    o->rest = o->first + tensors;
    o->reader = o->rest + reads;
    return true;
}

static void push(ordering *o, int layer) {
    int at = o->ready_count++;
    for (; at > 0 && o->ready[(at - 1) / 2] > layer; at = (at - 1) / 2) o->ready[at] = o->ready[(at - 1) / 2];
    o->ready[at] = layer;
}

static int pop(ordering *o) {
    const int top = o->ready[0], last = o->ready[--o->ready_count];
    int at = 0;
    for (int child = 1; child < o->ready_count; child = 2 * at + 1) {
        child += child + 1 < o->ready_count && o->ready[child + 1] < o->ready[child];
        if (o->ready[child] >= last) break;
        o->ready[at] = o->ready[child];
        at = child;
    }
    o->ready[at] = last;
    return top;
}

/* Who reads what; layers that wait for nothing are ready. */
static void find_readers(ordering *o) {
    cvs_model *model = o->model;
    int entry = 0;
    for (int t = 0; t < model->tensor_count; t++) o->first[t] = -1;
    for (int layer = 0; layer < model->layer_count; layer++) {
        o->waits[layer] = 0;
        for (int i = 0; i < model->layers[layer].input_count; i++) {
            const int tensor = model->layers[layer].inputs[i];
            model->tensors[tensor].readers++;
            if (model->tensors[tensor].producer < 0) continue;
            o->reader[entry] = layer;
            o->rest[entry] = o->first[tensor];
            o->first[tensor] = entry++;
            o->waits[layer]++;
        }
        if (o->waits[layer] == 0) push(o, layer);
    }
    for (int i = 0; i < model->outputs.count; i++) model->tensors[model->outputs.items[i]].readers++;
}

static void release(ordering *o, int layer) {
    const cvs_model_layer *made = &o->model->layers[layer];
    for (int i = 0; i < made->output_count; i++)
        for (int entry = o->first[made->outputs[i]]; entry >= 0; entry = o->rest[entry])
            if (--o->waits[o->reader[entry]] == 0) push(o, o->reader[entry]);
}

static cvs_status check_makers(const cvs_model *model, cvs_error *err) {
    bool *given = cvs_arena_alloc(model->arena, (size_t)model->tensor_count + 1);
    if (!given) return cvs__model_no_memory(err);
    for (int i = 0; i < model->inputs.count; i++) given[model->inputs.items[i]] = true;
    for (int layer = 0; layer < model->layer_count; layer++) {
        for (int i = 0; i < model->layers[layer].input_count; i++) {
            const cvs_model_tensor *tensor = &model->tensors[model->layers[layer].inputs[i]];
            if (tensor->producer < 0 && !given[model->layers[layer].inputs[i]])
                return cvs_fail(err, CVS_INVALID, "tensor-unknown", model->layers[layer].pointer,
                                "The layer %s reads %s, which no layer makes and which is no input of the model.",
                                model->layers[layer].name, tensor->name);
        }
    }
    return CVS_OK;
}

static cvs_status fail_cycle(const ordering *o, cvs_error *err) {
    int stuck = 0;
    while (o->waits[stuck] == 0) stuck++;
    return cvs_fail(err, CVS_INVALID, "cycle", o->model->layers[stuck].pointer,
                    "The layer %s waits for itself: the layers form a circle.", o->model->layers[stuck].name);
}

static bool is_in_order(const ordering *o) {
    int i = 0;
    while (i < o->model->layer_count && o->order[i] == i) i++;
    return i == o->model->layer_count;
}

/* Put layers and parts in their order, and give the tensors their makers' new numbers. */
static cvs_status rearrange(ordering *o, cvs_error *err) {
    cvs_model *model = o->model;
    const size_t count = (size_t)model->layer_count;
    cvs_model_layer *layers = cvs_arena_take(model->arena, count * sizeof *layers);
    cvs__model_part *parts = cvs_arena_take(model->arena, count * sizeof *parts);
    if (!layers || !parts) return cvs__model_no_memory(err);
    int *place = o->waits; /* of a layer's old number; it waits for nothing any more */
    for (int i = 0; i < model->layer_count; i++) place[o->order[i]] = i;
    for (int i = 0; i < model->layer_count; i++) {
        layers[i] = model->layers[o->order[i]];
        parts[i] = model->parts[o->order[i]];
        parts[i].first_use = place[parts[i].first_use];
        for (int t = 0; t < layers[i].output_count; t++) model->tensors[layers[i].outputs[t]].producer = i;
    }
    model->layers = layers;
    model->parts = parts;
    model->layer_capacity = model->layer_count;
    return CVS_OK;
}

cvs_status cvs__model_finish(cvs_model *model, cvs_error *err) {
    ordering o = {.model = model};
    cvs_status status = check_makers(model, err);
    if (status != CVS_OK || model->layer_count == 0) return status;
    if (!make_room(&o)) return cvs__model_no_memory(err);
    find_readers(&o);
    while (o.ready_count > 0) {
        const int layer = pop(&o);
        o.order[o.done++] = layer;
        release(&o, layer);
    }
    if (o.done < model->layer_count) return fail_cycle(&o, err);
    return is_in_order(&o) ? CVS_OK : rearrange(&o, err);
}
