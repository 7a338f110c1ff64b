/* sums.c - what a model comes to: shares, memory, limits, and what is not counted or not used. */
#include "model/rules/rule.h"

/* ---- CV046, CV047: one layer has most of it ------------------------------------------ */

static void tell_share(cvs__scene *s, cvs__model_found *found, int64_t part, int64_t whole) {
    const double share = (double)part / (double)whole;
    cvs__say_share(s, found, MODEL_RULES_VALUE_SHARE, share);
    found->value[MODEL_RULES_VALUE_HAS] = cvs__amount(part);
    found->value[MODEL_RULES_VALUE_ALL] = cvs__amount(whole);
    cvs__tell_number(found, "value", (double)part);
    cvs__tell_number(found, "total", (double)whole);
}

static bool is_more(int64_t part, const cvs_model_sum *whole, double share) {
    return whole->completeness == CVS_MODEL_COMPLETE && whole->value > 0 && part != CVS_DIM_UNKNOWN &&
           (double)part > share * (double)whole->value;
}

/* Parameters that would be left with a global pooling in the place of the flattening before the layer; 0: there is
 * none.
 */
static int64_t pooled_parameters(const cvs__scene *s, int at) {
    const int flatten = cvs__maker_past(s, at, CVS__KINDS_PASSING);
    if (!cvs__is_kind(s, flatten, CVS__KIND_BIT(FLATTEN))) return 0;
    const int before = cvs__nearest_before(s, flatten, CVS__KIND_BIT(CONV) | CVS__KIND_BIT(POOL));
    const int64_t channels = before >= 0 ? cvs__width_out(s, before) : CVS_DIM_UNKNOWN;
    const int64_t units = cvs__width_out(s, at), features = cvs__width_in(s, at);
    if (channels < 1 || units < 1 || features < 1) return 0;
    const int64_t bias = s->layers[at].parameters - features * units;
    return channels < features ? channels * units + bias : 0;
}

/* Of a network of dense layers alone one has most of course. */
bool cvs__check_dense_share(cvs__scene *s, int at, cvs__model_found *found) {
    const cvs_model_layer *layer = &s->layers[at];
    if (s->stem < 0 || !is_more(layer->parameters, &s->totals.parameters, s->options->thresholds.dense_share))
        return false;
    const int64_t pooled = pooled_parameters(s, at);
    tell_share(s, found, layer->parameters, s->totals.parameters.value);
    cvs__tell_number(found, "limit", s->options->thresholds.dense_share);
    found->value[MODEL_RULES_VALUE_TO] = cvs__amount(pooled);
    found->message = MODEL_RULES_CV046_MESSAGE;
    found->fix = pooled > 0 ? MODEL_RULES_CV046_FIX : -1;
    return true;
}

/* Of two layers one always has half. */
bool cvs__check_mac_share(cvs__scene *s, int at, cvs__model_found *found) {
    enum { FEWEST = 3 };
    const int64_t macs = s->layers[at].cost.macs;
    int working = 0;
    if (!is_more(macs, &s->totals.macs, s->options->thresholds.mac_share)) return false;
    for (int i = 0; i < s->count; i++) working += s->layers[i].cost.macs > 0;
    if (working < FEWEST) return false;
    tell_share(s, found, macs, s->totals.macs.value);
    cvs__tell_number(found, "limit", s->options->thresholds.mac_share);
    found->message = MODEL_RULES_CV047_MESSAGE;
    return true;
}

/* ---- CV048, CV049: what the user allows --------------------------------------------------- */

bool cvs__check_memory(cvs__scene *s, int at, cvs__model_found *found) {
    const int64_t most = s->options->thresholds.memory_bytes, peak = s->totals.peak_bytes.value;
    (void)at;
    if (most == CVS_DIM_UNKNOWN || s->totals.peak_layer < 0 || peak <= most) return false;
    found->value[MODEL_RULES_VALUE_HAS] = cvs__amount(peak);
    found->value[MODEL_RULES_VALUE_LIMIT] = cvs__amount(most);
    cvs__tell_number(found, "peak_bytes", (double)peak);
    cvs__tell_number(found, "limit", (double)most);
    found->layer = s->totals.peak_layer;
    found->message = MODEL_RULES_CV048_MESSAGE;
    found->fix = MODEL_RULES_CV048_FIX;
    return true;
}

typedef struct limit {
    const char *name;
    int text;
    int64_t most;
    const cvs_model_sum *sum;
} limit;

static bool check_sum(cvs__scene *s, const limit *of, cvs__model_found *found) {
    if (of->most == CVS_DIM_UNKNOWN) return false;
    const bool over = of->sum->value > of->most;
    if (!over && of->sum->completeness == CVS_MODEL_COMPLETE) return false;
    cvs__say_text(s, found, MODEL_RULES_VALUE_WHAT, of->text);
    found->value[MODEL_RULES_VALUE_HAS] = cvs__amount(of->sum->value);
    found->value[MODEL_RULES_VALUE_LIMIT] = cvs__amount(of->most);
    cvs__tell_number(found, of->name, (double)of->sum->value);
    cvs__tell_number(found, "limit", (double)of->most);
    found->message = over ? MODEL_RULES_CV049_MESSAGE : MODEL_RULES_CV049_MESSAGE_UNPROVEN;
    if (!over) found->level = CVS_WARNING;
    return true;
}

/* What the widest convolution sees on the axis where it sees least; CVS_DIM_UNKNOWN. */
static int64_t widest_field(const cvs__scene *s) {
    int64_t widest = CVS_DIM_UNKNOWN;
    for (int i = 0; i < s->count; i++) {
        const cvs_receptive_field *field = &s->layers[i].field.most;
        if (s->kinds[i] != CVS__KIND_CONV || s->global[i] || field->rank == 0) continue;
        int64_t least = field->size[0];
        for (int axis = 1; axis < field->rank; axis++)
            if (field->size[axis] < least) least = field->size[axis];
        if (least > widest) widest = least;
    }
    return widest;
}

static bool check_field(cvs__scene *s, cvs__model_found *found) {
    const int64_t least = s->options->budget.receptive_field, field = widest_field(s);
    if (least == CVS_DIM_UNKNOWN || field >= least) return false;
    cvs__say(found, MODEL_RULES_VALUE_HAS, field);
    cvs__say(found, MODEL_RULES_VALUE_LIMIT, least);
    cvs__tell_number(found, "receptive_field", (double)field);
    cvs__tell_number(found, "limit", (double)least);
    found->message = field == CVS_DIM_UNKNOWN ? MODEL_RULES_CV049_MESSAGE_NO_FIELD : MODEL_RULES_CV049_MESSAGE_FIELD;
    return true;
}

bool cvs__check_budget(cvs__scene *s, int at, cvs__model_found *found) {
    const cvs_budget *budget = &s->options->budget;
    const cvs_model_totals *totals = &s->totals;
    const limit sums[CVS__LIMIT_COUNT - 1] = {
        {"parameters", MODEL_RULES_BUDGET_PARAMETERS, budget->parameters, &totals->parameters},
        {"macs", MODEL_RULES_BUDGET_MACS, budget->macs, &totals->macs},
        {"activation_bytes", MODEL_RULES_BUDGET_ACTIVATIONS, budget->activation_bytes, &totals->activation_bytes},
        {"peak_bytes", MODEL_RULES_BUDGET_PEAK, budget->peak_bytes, &totals->peak_bytes},
        {"weights_bytes", MODEL_RULES_BUDGET_WEIGHTS, budget->weights_bytes, &totals->weights_bytes},
    };
    return at < CVS__LIMIT_COUNT - 1 ? check_sum(s, &sums[at], found) : check_field(s, found);
}

/* ---- CV053: nobody reads it ------------------------------------------------------------------ */

static bool is_read(const cvs__scene *s, int layer) {
    const cvs_model_layer *seen = &s->layers[layer];
    for (int o = 0; o < seen->output_count; o++)
        if (s->model->tensors[seen->outputs[o]].readers > 0) return true;
    return seen->output_count == 0;
}

bool cvs__check_unused(cvs__scene *s, int at, cvs__model_found *found) {
    int branch = 1, layer = at;
    if (is_read(s, at)) return false;
    for (int maker = cvs__only_maker(s, at); maker >= 0 && cvs__only_reader(s, maker) == layer; branch++) {
        layer = maker;
        maker = cvs__only_maker(s, layer);
    }
    cvs__say(found, MODEL_RULES_VALUE_N, branch);
    cvs__say_layer(s, found, MODEL_RULES_VALUE_FIRST, layer);
    cvs__tell_number(found, "layers", branch);
    found->other = branch > 1 ? layer : -1;
    found->message = branch > 1 ? MODEL_RULES_CV053_MESSAGE_BRANCH : MODEL_RULES_CV053_MESSAGE;
    found->fix = branch > 1 ? MODEL_RULES_CV053_FIX_BRANCH : MODEL_RULES_CV053_FIX;
    return true;
}

bool cvs__check_unused_input(cvs__scene *s, int at, cvs__model_found *found) {
    (void)at;
    for (int i = 0; i < s->model->inputs.count; i++) {
        const cvs_model_tensor *tensor = &s->model->tensors[s->model->inputs.items[i]];
        if (tensor->readers > 0) continue;
        cvs__say_word(found, MODEL_RULES_VALUE_FIRST, tensor->name);
        found->message = MODEL_RULES_CV053_MESSAGE_INPUT;
        return true;
    }
    return false;
}

/* ---- CV054: what is not counted ------------------------------------------------------------------ */

static bool is_counted(const cvs_model_layer *layer) {
    return layer->state == CVS_MODEL_KNOWN && layer->parameters != CVS_DIM_UNKNOWN &&
           layer->cost.macs != CVS_DIM_UNKNOWN && layer->output_bytes != CVS_DIM_UNKNOWN;
}

/* Those that are the reason come first: layers that wait for others are only counted. */
bool cvs__check_incomplete(cvs__scene *s, int at, cvs__model_found *found) {
    enum { NAMED = 5 };
    cvs_text names = {0};
    int uncounted = 0, named = 0;
    (void)at;
    for (int i = 0; i < s->count; i++) {
        const cvs_model_layer *layer = &s->layers[i];
        if (is_counted(layer)) continue;
        uncounted++;
        if (layer->state == CVS_MODEL_WAITING && named > 0) continue;
        if (named++ < NAMED) cvs_text_addf(&names, "%s%s (%s)", named > 1 ? ", " : "", layer->name, layer->type);
    }
    if (named > NAMED) cvs_text_add(&names, ", ...");
    const char *kept = cvs__model_keep(s->arena, &names);
    if (!kept) s->failed = true;
    if (uncounted == 0 || !kept) return false;
    cvs__say(found, MODEL_RULES_VALUE_N, uncounted);
    cvs__say(found, MODEL_RULES_VALUE_ALL, s->count);
    cvs__say_word(found, MODEL_RULES_VALUE_LIST, kept);
    cvs__tell_number(found, "layers", uncounted);
    cvs__tell_number(found, "total", s->count);
    found->message = MODEL_RULES_CV054_MESSAGE;
    return true;
}
