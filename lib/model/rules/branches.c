/* branches.c - CV027: branches that no longer fit where they join, and the layer on the way that is the cause. */
#include "model/rules/rule.h"

/* Two inputs of a merge, and the position where they differ. */
typedef struct mismatch {
    int first, second; /* tensors */
    int position;
} mismatch;

static bool differ_at(const cvs_model_tensor *a, const cvs_model_tensor *b, int joint, bool stretches, int *position) {
    if (!a->ranked || !b->ranked || a->shape.rank != b->shape.rank) return false;
    for (*position = 1; *position < a->shape.rank; ++*position) {
        const cvs_dim x = a->shape.dim[*position], y = b->shape.dim[*position];
        if (*position == joint || !cvs_dim_is_known(x) || !cvs_dim_is_known(y) || x == y) continue;
        if (!stretches || (x != 1 && y != 1)) return true;
    }
    return false;
}

static bool find_mismatch(const cvs__scene *s, int at, mismatch *out) {
    const cvs_model_layer *layer = &s->layers[at];
    const cvs_layer *merge = cvs__layer_as_read(s->model, at);
    const bool joins = s->kinds[at] == CVS__KIND_CONCATENATE;
    for (int i = 1; i < layer->input_count; i++) {
        *out = (mismatch){.first = layer->inputs[0], .second = layer->inputs[i]};
        const cvs_model_tensor *a = &s->model->tensors[out->first], *b = &s->model->tensors[out->second];
        const int joint = !joins || !merge ? -1 : merge->axis >= 0 ? merge->axis : a->shape.rank + merge->axis;
        if (differ_at(a, b, joint, !joins, &out->position)) return true;
    }
    return false;
}

/* Mark what a tensor is made from, along the main branch; or take the marks away. */
static void mark_branch(cvs__scene *s, int tensor, bool mark) {
    int layer = s->model->tensors[tensor].producer;
    while (layer >= 0 && s->marks[layer] != mark && (!mark || cvs__walks_on(s))) {
        s->marks[layer] = mark;
        layer = cvs__main_maker(s, layer);
    }
}

/* What a layer on the way did to the size, the likelier cause last. */
typedef enum guilt { INNOCENT = 0, STRIDED, TRIMMED, ROUNDED } guilt;

typedef struct culprit {
    guilt guilt;
    int layer;
    cvs__shrinking by;
} culprit;

static guilt guilt_of(const cvs__shrinking *by) {
    if (cvs__rounds_down(by)) return ROUNDED;
    if (by->stride == 1) return by->out < by->in ? TRIMMED : INNOCENT;
    return STRIDED;
}

/* On the way of `tensor` up to a marked layer: the likeliest, and of several the nearest to the tensor. */
static void search_branch(const cvs__scene *s, int tensor, int axis, culprit *worst) {
    for (int layer = s->model->tensors[tensor].producer; layer >= 0 && !s->marks[layer] && cvs__walks_on(s);
         layer = cvs__main_maker(s, layer)) {
        culprit here = {.layer = layer};
        if (!cvs__shrinks(s, layer, axis, &here.by)) continue;
        here.guilt = guilt_of(&here.by);
        if (here.guilt > worst->guilt) *worst = here;
    }
}

/* On either branch behind the place where they part. */
static culprit find_culprit(cvs__scene *s, const mismatch *m, int axis) {
    culprit worst = {0};
    const int ends[2][2] = {{m->first, m->second}, {m->second, m->first}};
    for (int i = 0; i < 2; i++) {
        mark_branch(s, ends[i][1], true);
        search_branch(s, ends[i][0], axis, &worst);
        mark_branch(s, ends[i][1], false);
    }
    return worst;
}

static void blame(cvs__scene *s, const mismatch *m, int axis, cvs__model_found *found) {
    static const int messages[] = {[STRIDED] = MODEL_RULES_CV027_MESSAGE_STRIDED,
                                   [TRIMMED] = MODEL_RULES_CV027_MESSAGE_TRIMMED,
                                   [ROUNDED] = MODEL_RULES_CV027_MESSAGE_ROUNDED};
    const culprit worst = find_culprit(s, m, axis);
    if (worst.guilt == INNOCENT) return;
    cvs__say_layer(s, found, MODEL_RULES_VALUE_OTHER, worst.layer);
    cvs__say(found, MODEL_RULES_VALUE_WAS, worst.by.in);
    cvs__say(found, MODEL_RULES_VALUE_HAS, worst.by.out);
    cvs__say(found, MODEL_RULES_VALUE_STRIDE, worst.by.stride);
    found->other = worst.layer;
    found->message = messages[worst.guilt];
    if (worst.guilt == ROUNDED)
        cvs__say_fitting_input(s, axis, MODEL_RULES_CV027_FIX_INPUT, found);
    else
        found->fix = worst.guilt == STRIDED ? MODEL_RULES_CV027_FIX_STRIDE : MODEL_RULES_CV027_FIX_PAD;
}

/* Which spatial axis stands at this position; -1: none. */
static int spatial_axis_of(const cvs_tensor_shape *tensor, int position) {
    int axis = -1;
    for (int i = 1; i <= position; i++) axis += tensor->axes[i] >= CVS_AXIS_LENGTH && tensor->axes[i] <= CVS_AXIS_WIDTH;
    return tensor->axes[position] >= CVS_AXIS_LENGTH && tensor->axes[position] <= CVS_AXIS_WIDTH ? axis : -1;
}

static const char *maker_name(const cvs__scene *s, int tensor) {
    const cvs_model_tensor *t = &s->model->tensors[tensor];
    return t->producer >= 0 ? s->layers[t->producer].name : t->name;
}

bool cvs__check_skip_size(cvs__scene *s, int at, cvs__model_found *found) {
    mismatch m;
    if (!cvs__failed_with(s, at, "skip-size-mismatch") || !find_mismatch(s, at, &m)) return false;
    const cvs_model_tensor *a = &s->model->tensors[m.first], *b = &s->model->tensors[m.second];
    const cvs_layer *merge = cvs__layer_as_read(s->model, at);
    cvs_tensor_shape named = {.axes = {CVS_AXIS_OTHER}};
    if (merge) named = cvs_merge_input(merge, &a->shape);
    const cvs_axis meaning = merge ? named.axes[m.position] : CVS_AXIS_OTHER;
    cvs__say_tensor_axis(s, found, meaning, m.position);
    cvs__say_word(found, MODEL_RULES_VALUE_FIRST, maker_name(s, m.first));
    cvs__say_word(found, MODEL_RULES_VALUE_SECOND, maker_name(s, m.second));
    cvs__say_shape(s, found, MODEL_RULES_VALUE_SHAPE, &a->shape);
    cvs__say_shape(s, found, MODEL_RULES_VALUE_OTHER_SHAPE, &b->shape);
    cvs__tell_number(found, "first", (double)a->shape.dim[m.position]);
    cvs__tell_number(found, "second", (double)b->shape.dim[m.position]);
    cvs__say(found, MODEL_RULES_VALUE_N, a->shape.dim[m.position]);
    found->message = MODEL_RULES_CV027_MESSAGE;
    found->axis = merge ? spatial_axis_of(&named, m.position) : -1;
    if (found->axis >= 0)
        blame(s, &m, found->axis, found);
    else if (meaning == CVS_AXIS_CHANNELS)
        found->fix = MODEL_RULES_CV027_FIX_CHANNELS;
    return true;
}
