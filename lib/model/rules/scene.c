#include "model/rules/rule.h"

#include "base/checked.h"

/* In all walks together: some tens of milliseconds. Real models take a few a layer. */
enum { MOST_STEPS = 1 << 22 };

/* ---- making it ------------------------------------------------------------------ */

/* Who reads what: counted, then placed, the readers of a tensor next to each other. A count stands two places behind
   its tensor, so that its sum is where the tensor begins while they are placed, and one place behind when that is done.
 */
static void find_readers(cvs__scene *s) {
    for (int i = 0; i < s->count; i++)
        for (int n = 0; n < s->layers[i].input_count; n++) s->first[s->layers[i].inputs[n] + 2]++;
    for (int t = 1; t < s->model->tensor_count + 2; t++) s->first[t] += s->first[t - 1];
    for (int i = 0; i < s->count; i++)
        for (int n = 0; n < s->layers[i].input_count; n++) s->readers[s->first[s->layers[i].inputs[n] + 1]++] = i;
}

static void find_strides(cvs__scene *s) {
    for (int axis = 0; axis < CVS_MAX_SPATIAL; axis++) s->stride[axis] = 1;
    for (int i = 0; i < s->count; i++) {
        const cvs_receptive_field *field = &s->layers[i].field.most;
        for (int axis = 0; axis < field->rank; axis++)
            if (field->jump_divisor[axis] == 1 && field->jump[axis] > s->stride[axis])
                s->stride[axis] = field->jump[axis];
    }
}

static int count_reads(const cvs_model *model) {
    int reads = 0;
    for (int i = 0; i < model->layer_count; i++) reads += model->layers[i].input_count;
    return reads;
}

bool cvs__scene_make(cvs__scene *s, cvs_arena *arena, const cvs_model *model, const cvs_review_options *options) {
    const size_t layers = (size_t)model->layer_count + 1, tensors = (size_t)model->tensor_count + 2;
    const int reads = count_reads(model);
    *s = (cvs__scene){.model = model, .options = options, .layers = model->layers, .count = model->layer_count};
    s->arena = arena;
    s->steps = cvs_arena_take(arena, sizeof *s->steps);
    s->stem = -1;
    s->kinds = cvs_arena_alloc(arena, layers * sizeof *s->kinds);
    s->uses = cvs_arena_alloc(arena, layers * sizeof *s->uses);
    s->marks = cvs_arena_alloc(arena, layers * sizeof *s->marks);
    s->global = cvs_arena_alloc(arena, layers * sizeof *s->global);
    s->stack = cvs_arena_alloc(arena, layers * sizeof *s->stack);
    s->first = cvs_arena_alloc(arena, tensors * sizeof *s->first);
    s->readers = cvs_arena_alloc(arena, ((size_t)reads + 1) * sizeof *s->readers);
    if (!s->steps || !s->kinds || !s->uses || !s->marks || !s->global || !s->stack || !s->first || !s->readers)
        return false;
    *s->steps = MOST_STEPS;
    for (int i = 0; i < s->count; i++) {
        s->kinds[i] = cvs__kind_of(model, i);
        s->uses[model->parts[i].first_use]++;
        if (s->stem < 0 && s->kinds[i] == CVS__KIND_CONV) s->stem = i;
    }
    find_readers(s);
    find_strides(s);
    cvs__find_input(s, &s->input);
    cvs__find_global(model, s->global);
    cvs_model_sum_up(model, &s->totals);
    return true;
}

/* ---- neighbours ------------------------------------------------------------------- */

int cvs__only_reader(const cvs__scene *s, int layer) {
    const cvs_model_layer *from = &s->layers[layer];
    if (from->output_count != 1) return -1;
    const int tensor = from->outputs[0];
    if (s->model->tensors[tensor].readers != 1 || s->model->tensors[tensor].is_output) return -1;
    return s->readers[s->first[tensor]];
}

int cvs__only_maker(const cvs__scene *s, int layer) {
    const cvs_model_layer *to = &s->layers[layer];
    return to->input_count == 1 ? s->model->tensors[to->inputs[0]].producer : -1;
}

int cvs__reader_past(const cvs__scene *s, int layer, unsigned kinds) {
    int reader = cvs__only_reader(s, layer);
    while (cvs__is_kind(s, reader, kinds) && cvs__walks_on(s)) reader = cvs__only_reader(s, reader);
    return reader;
}

int cvs__maker_past(const cvs__scene *s, int layer, unsigned kinds) {
    int maker = cvs__only_maker(s, layer);
    while (cvs__is_kind(s, maker, kinds) && cvs__walks_on(s)) maker = cvs__only_maker(s, maker);
    return maker;
}

int cvs__nearest_before(const cvs__scene *s, int layer, unsigned kinds) {
    int maker = cvs__only_maker(s, layer);
    while (maker >= 0 && !cvs__is_kind(s, maker, kinds) && cvs__walks_on(s)) maker = cvs__only_maker(s, maker);
    return maker;
}

int cvs__main_maker(const cvs__scene *s, int layer) {
    int maker = -1;
    for (int i = 0; i < s->layers[layer].input_count; i++) {
        const int producer = s->model->tensors[s->layers[layer].inputs[i]].producer;
        if (producer > maker) maker = producer;
    }
    return maker;
}

/* ---- tensors ------------------------------------------------------------------------ */

static const cvs_model_tensor *ranked(const cvs__scene *s, const int *tensors, int count) {
    const cvs_model_tensor *tensor = count > 0 ? &s->model->tensors[tensors[0]] : NULL;
    return tensor && tensor->ranked ? tensor : NULL;
}

const cvs_model_tensor *cvs__input_of(const cvs__scene *s, int layer) {
    return ranked(s, s->layers[layer].inputs, s->layers[layer].input_count);
}

const cvs_model_tensor *cvs__output_of(const cvs__scene *s, int layer) {
    return ranked(s, s->layers[layer].outputs, s->layers[layer].output_count);
}

int64_t cvs__sample_count(const cvs_model_tensor *tensor) {
    int64_t count = 1;
    if (!tensor) return CVS_DIM_UNKNOWN;
    for (int axis = 1; axis < tensor->shape.rank; axis++)
        if (!cvs_dim_is_known(tensor->shape.dim[axis]) || !cvs__mul(count, tensor->shape.dim[axis], &count))
            return CVS_DIM_UNKNOWN;
    return count;
}

/* ---- layers ----------------------------------------------------------------------------- */

bool cvs__is_depthwise(const cvs_layer *layer) {
    if (!layer) return false;
    if (layer->op == CVS_OP_DEPTHWISE_CONV) return layer->in_channels > 1;
    return layer->op == CVS_OP_CONV && layer->groups > 1 && layer->groups == layer->in_channels;
}

bool cvs__is_pointwise(const cvs_layer *layer) {
    for (int axis = 0; layer && axis < layer->spatial_rank; axis++)
        if (layer->kernel[axis] != 1) return false;
    return true;
}

bool cvs__activates(const cvs__scene *s, int layer) {
    const cvs_layer *settings = cvs__layer_at(s, layer);
    if (s->kinds[layer] == CVS__KIND_ACTIVATION) return true;
    return settings && cvs__is_kind(s, layer, CVS__KIND_BIT(CONV) | CVS__KIND_BIT(DENSE)) &&
           settings->activation.kind != CVS_ACT_LINEAR;
}

/* A size of the tensor where this layer has its channels. */
static int64_t width(const cvs_layer *layer, const cvs_model_tensor *tensor) {
    if (!layer || !tensor || tensor->shape.rank < 2) return CVS_DIM_UNKNOWN;
    int position = tensor->shape.rank - 1;
    if (layer->op != CVS_OP_DENSE && tensor->shape.rank == layer->spatial_rank + 2)
        position = cvs__channel_position(layer->data_format, layer->spatial_rank);
    const cvs_dim dim = tensor->shape.dim[position];
    return cvs_dim_is_known(dim) ? dim : CVS_DIM_UNKNOWN;
}

int64_t cvs__width_out(const cvs__scene *s, int layer) {
    return width(cvs__layer_at(s, layer), cvs__output_of(s, layer));
}

int64_t cvs__width_in(const cvs__scene *s, int layer) {
    return width(cvs__layer_at(s, layer), cvs__input_of(s, layer));
}

bool cvs__failed_with(const cvs__scene *s, int layer, const char *code) {
    return s->layers[layer].state == CVS_MODEL_FAILED && strcmp(s->layers[layer].error.code, code) == 0;
}
