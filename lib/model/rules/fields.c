/*
 * fields.c - receptive fields against the input: layers that can add no context, and models that see too little.
 * Richter et al., "Should you go deeper? Optimizing convolutional neural network architectures without training",
 * arXiv 2106.12307; their receptive_field_analysis_toolbox. What a layer sees at least decides: a branch around it may
 * carry less.
 */
#include "model/rules/rule.h"

/* Where a tensor with `rank` spatial axes has them: as the layer that reads it says. */
static bool sizes_of(const cvs__scene *s, int layer, cvs__seen_input *out) {
    const cvs_layer *settings = cvs__layer_at(s, layer);
    const cvs_model_tensor *input = cvs__input_of(s, layer);
    if (!settings || !input || settings->spatial_rank < 1 || input->shape.rank != settings->spatial_rank + 2)
        return false;
    out->rank = settings->spatial_rank;
    for (int axis = 0; axis < out->rank; axis++) {
        out->size[axis] = input->shape.dim[cvs__spatial_position(settings->data_format, axis)];
        if (!cvs_dim_is_known(out->size[axis])) return false;
    }
    return true;
}

/* Does it read the input, or what nothing but single cells of it went into: scaled, normalised, transposed? */
static bool reads_input(const cvs__scene *s, int layer) {
    const cvs_model_layer *reader = &s->layers[layer];
    return reader->input_count > 0 && cvs__field_is_of_input(&s->model->fields[reader->inputs[0]].most);
}

/* Fields of models with several inputs are those of the one that is seen most of: which, is not known. */
void cvs__find_input(const cvs__scene *s, cvs__seen_input *out) {
    *out = (cvs__seen_input){0};
    if (s->model->inputs.count != 1) return;
    for (int i = 0; i < s->count; i++)
        if (reads_input(s, i) && sizes_of(s, i, out)) return;
    *out = (cvs__seen_input){0};
}

/* On how many axes is the field larger than (or, `equal`, as large as) the input? -1: not known. */
static int axes_over(const cvs_receptive_field *field, const cvs__seen_input *input, bool equal) {
    int over = 0;
    if (field->rank != input->rank) return -1;
    for (int axis = 0; axis < input->rank; axis++) {
        if (field->size[axis] == CVS_DIM_UNKNOWN) return -1;
        over += field->size[axis] > input->size[axis] || (equal && field->size[axis] == input->size[axis]);
    }
    return over;
}

/* What every one of its inputs has seen at least. */
static bool all_have_seen(const cvs__scene *s, int layer, const cvs__seen_input *input) {
    const cvs_model_layer *seen = &s->layers[layer];
    for (int i = 0; i < seen->input_count; i++)
        if (axes_over(&s->model->fields[seen->inputs[i]].least, input, true) != input->rank) return false;
    return seen->input_count > 0;
}

static void say_field(cvs__scene *s, cvs__model_found *found, const cvs_receptive_field *field) {
    const cvs__seen_input *input = &s->input;
    cvs__say_sizes(s, found, MODEL_RULES_VALUE_FIELD, field->size, field->rank);
    cvs__say_sizes(s, found, MODEL_RULES_VALUE_INPUT, input->size, input->rank);
    cvs__tell_number(found, "receptive_field", (double)field->size[0]);
    cvs__tell_number(found, "input", (double)input->size[0]);
}

static bool is_border(const cvs__scene *s, int layer) {
    const cvs__seen_input *input = &s->input;
    return !cvs__is_pointwise(cvs__layer_at(s, layer)) && all_have_seen(s, layer, input) &&
           axes_over(&s->layers[layer].field.least, input, false) == input->rank;
}

bool cvs__check_border_layer(cvs__scene *s, int at, cvs__model_found *found) {
    if (s->input.rank == 0 || !is_border(s, at)) return false;
    const cvs_receptive_field *before = &s->model->fields[s->layers[at].inputs[0]].least;
    say_field(s, found, before);
    cvs__say_sizes(s, found, MODEL_RULES_VALUE_K, cvs__layer_at(s, at)->kernel, s->input.rank);
    found->message = MODEL_RULES_CV018_MESSAGE;
    found->fix = MODEL_RULES_CV018_FIX;
    return true;
}

bool cvs__check_critical_layer(cvs__scene *s, int at, cvs__model_found *found) {
    const cvs_receptive_field *field = &s->layers[at].field.least;
    if (s->input.rank == 0 || axes_over(field, &s->input, false) != s->input.rank || is_border(s, at)) return false;
    if (cvs__is_pointwise(cvs__layer_at(s, at))) return false; /* it adds no context, and claims none */
    say_field(s, found, field);
    found->message = MODEL_RULES_CV019_MESSAGE;
    found->fix = MODEL_RULES_CV019_FIX;
    return true;
}

/* Does something that it reads see more than there is already? */
static bool has_seen(const cvs__scene *s, int layer, int axis) {
    const cvs_model_layer *seen = &s->layers[layer];
    for (int i = 0; i < seen->input_count; i++) {
        const cvs_receptive_field *field = &s->model->fields[seen->inputs[i]].least;
        if (axis < field->rank && field->size[axis] > s->input.size[axis]) return true;
    }
    return false;
}

bool cvs__check_one_axis(cvs__scene *s, int at, cvs__model_found *found) {
    const cvs_receptive_field *field = &s->layers[at].field.least;
    if (s->input.rank == 0 || cvs__is_pointwise(cvs__layer_at(s, at))) return false;
    const int over = axes_over(field, &s->input, false);
    if (over <= 0 || over == s->input.rank) return false;
    int axis = 0;
    while (field->size[axis] <= s->input.size[axis]) axis++;
    if (has_seen(s, at, axis)) return false; /* the layer that was the first to do so has the finding */
    cvs__say_axis(s, found, s->input.rank, axis);
    cvs__say(found, MODEL_RULES_VALUE_SEES, field->size[axis]);
    cvs__say(found, MODEL_RULES_VALUE_HAS, s->input.size[axis]);
    cvs__tell_number(found, "receptive_field", (double)field->size[axis]);
    cvs__tell_number(found, "input", (double)s->input.size[axis]);
    found->axis = axis;
    found->message = MODEL_RULES_CV020_MESSAGE;
    found->fix = MODEL_RULES_CV020_FIX;
    return true;
}

/* ---- the model as a whole ------------------------------------------------------------ */

static int last_conv(const cvs__scene *s) {
    int layer = s->count - 1;
    while (layer >= 0 && s->kinds[layer] != CVS__KIND_CONV) layer--;
    return layer;
}

/* Is there anything that looks at all positions at once, or that might? */
static bool looks_at_everything(const cvs__scene *s) {
    const unsigned kinds = CVS__KIND_BIT(GLOBAL) | CVS__KIND_BIT(ATTENTION) | CVS__KIND_BIT(DENSE) |
                           CVS__KIND_BIT(OTHER) | CVS__KIND_BIT(FLATTEN);
    for (int i = 0; i < s->count; i++)
        if (cvs__is_kind(s, i, kinds)) return true;
    return false;
}

/* Axis by axis: some is not seen in full. */
bool cvs__check_field_too_small(cvs__scene *s, int at, cvs__model_found *found) {
    (void)at;
    const int last = last_conv(s);
    if (last < 0 || s->input.rank == 0 || looks_at_everything(s)) return false;
    const cvs_receptive_field *field = &s->layers[last].field.most;
    const int seen = axes_over(field, &s->input, true);
    if (seen < 0 || seen == s->input.rank) return false;
    say_field(s, found, field);
    cvs__say_layer(s, found, MODEL_RULES_VALUE_LAYER, last);
    found->layer = last;
    found->message = MODEL_RULES_CV021_MESSAGE;
    found->fix = MODEL_RULES_CV021_FIX;
    return true;
}

bool cvs__check_field_theoretical(cvs__scene *s, int at, cvs__model_found *found) {
    (void)at;
    int largest = -1;
    for (int i = 0; i < s->count; i++) {
        const cvs_receptive_field *field = &s->layers[i].field.most;
        if (s->kinds[i] != CVS__KIND_CONV || s->global[i] || field->rank == 0 || field->size[0] <= 1) continue;
        if (largest < 0 || field->size[0] > s->layers[largest].field.most.size[0]) largest = i;
    }
    if (largest < 0) return false;
    const cvs_receptive_field *field = &s->layers[largest].field.most;
    cvs__say_sizes(s, found, MODEL_RULES_VALUE_FIELD, field->size, field->rank);
    cvs__say_layer(s, found, MODEL_RULES_VALUE_LAYER, largest);
    cvs__tell_number(found, "receptive_field", (double)field->size[0]);
    found->message = MODEL_RULES_CV022_MESSAGE;
    return true;
}

/* ---- inputs that suit it ------------------------------------------------------------------ */

/* Does what it sees come from a layer that sees everything? Then its field says nothing of windows. */
static bool is_global(const cvs_model *model, const bool *global, int layer) {
    const unsigned kinds = CVS__KIND_BIT(GLOBAL) | CVS__KIND_BIT(ATTENTION);
    const cvs_model_layer *seen = &model->layers[layer];
    if ((1u << cvs__kind_of(model, layer)) & kinds) return true;
    for (int i = 0; i < seen->input_count; i++) {
        const int maker = model->tensors[seen->inputs[i]].producer;
        if (maker >= 0 && global[maker]) return true;
    }
    return false;
}

void cvs__find_global(const cvs_model *model, bool *global) {
    for (int i = 0; i < model->layer_count; i++) global[i] = is_global(model, global, i);
}

static void widen(cvs_input_range *range, const cvs_model_field *field, bool global) {
    const int rank = field->least.rank < field->most.rank ? field->least.rank : field->most.rank;
    if (global || rank == 0) return;
    if (range->rank == 0) {
        *range = (cvs_input_range){.rank = rank};
        for (int axis = 0; axis < rank; axis++) range->least[axis] = range->most[axis] = 1;
    }
    if (rank < range->rank) range->rank = rank;
    for (int axis = 0; axis < range->rank; axis++) {
        if (field->least.size[axis] > range->least[axis]) range->least[axis] = field->least.size[axis];
        if (field->most.size[axis] > range->most[axis]) range->most[axis] = field->most.size[axis];
    }
}

void cvs_model_input_range(const cvs_model *model, cvs_input_range *out) {
    cvs_arena arena = cvs_arena_make(0);
    *out = (cvs_input_range){0};
    bool *global = cvs_arena_alloc(&arena, (size_t)model->layer_count + 1);
    if (global) cvs__find_global(model, global);
    for (int i = 0; global && i < model->layer_count; i++) widen(out, &model->layers[i].field, global[i]);
    cvs_arena_free(&arena);
}
