/* channels.c - where numbers go lost at once, and where channels never meet. */
#include "model/rules/rule.h"

enum { WEIGHTED = CVS__KIND_BIT(CONV) | CVS__KIND_BIT(DENSE) };

/* What a walk does at a layer that it comes to. */
typedef enum step { PASS, STOP, FOUND } step;

/* A walk towards the outputs: `what` says at each layer how it goes on. `leaves` when it comes to an output. */
typedef struct walk {
    step (*what)(const cvs__scene *s, int layer, const void *context);
    const void *context;
    bool at_output; /* does coming to an output of the model count as found? */
} walk;

static void push_readers(cvs__scene *s, int layer, int *depth) {
    const cvs_model_layer *from = &s->layers[layer];
    for (int o = 0; o < from->output_count; o++)
        for (int i = s->first[from->outputs[o]]; i < s->first[from->outputs[o] + 1]; i++) {
            if (s->marks[s->readers[i]]) continue;
            s->marks[s->readers[i]] = true;
            s->stack[(*depth)++] = s->readers[i];
        }
}

static bool makes_output(const cvs__scene *s, int layer) {
    const cvs_model_layer *from = &s->layers[layer];
    for (int o = 0; o < from->output_count; o++)
        if (s->model->tensors[from->outputs[o]].is_output) return true;
    return false;
}

/* The layer where it was found; -1. Each layer is seen once: marks are taken away in the end. */
static int follow(cvs__scene *s, int from, const walk *w) {
    int depth = 0, found = w->at_output && makes_output(s, from) ? from : -1;
    push_readers(s, from, &depth);
    while (depth > 0 && found < 0 && cvs__walks_on(s)) {
        const int layer = s->stack[--depth];
        const step next = w->what(s, layer, w->context);
        if (next == STOP) continue;
        if (next == FOUND || (w->at_output && makes_output(s, layer))) found = layer;
        push_readers(s, layer, &depth);
    }
    memset(s->marks, 0, (size_t)s->count * sizeof *s->marks);
    return found;
}

/* ---- CV043: most numbers thrown away at once ------------------------------------------ */

static step is_weighted(const cvs__scene *s, int layer, const void *context) {
    (void)context;
    return cvs__is_kind(s, layer, WEIGHTED) ? FOUND : PASS;
}

/* The last layers come down to what the model answers: that is no loss. */
static bool is_head(cvs__scene *s, int layer) { return follow(s, layer, &(walk){.what = is_weighted}) < 0; }

bool cvs__check_bottleneck(cvs__scene *s, int at, cvs__model_found *found) {
    const cvs_layer *layer = cvs__layer_at(s, at);
    const int64_t in = cvs__sample_count(cvs__input_of(s, at)), out = cvs__sample_count(cvs__output_of(s, at));
    if (!layer || in < 1 || out == CVS_DIM_UNKNOWN) return false;
    const double share = (double)out / (double)in, least = s->options->thresholds.bottleneck;
    if (share >= least || out == cvs__width_out(s, at) || is_head(s, at)) return false;
    cvs__say_share(s, found, MODEL_RULES_VALUE_SHARE, share);
    cvs__say_share(s, found, MODEL_RULES_VALUE_LIMIT, least);
    found->value[MODEL_RULES_VALUE_WAS] = cvs__amount(in);
    found->value[MODEL_RULES_VALUE_HAS] = cvs__amount(out);
    cvs__tell_number(found, "input", (double)in);
    cvs__tell_number(found, "output", (double)out);
    cvs__tell_number(found, "limit", least);
    found->message = MODEL_RULES_CV043_MESSAGE;
    found->fix = MODEL_RULES_CV043_FIX;
    return true;
}

/* ---- CV045: channels that never mix ------------------------------------------------------- */

/* A depthwise layer in front of another one leaves the finding to that one. */
static step mixes(const cvs__scene *s, int layer, const void *context) {
    const unsigned passing = CVS__KINDS_PASSING | CVS__KIND_BIT(POOL) | CVS__KIND_BIT(RESIZE) | CVS__KIND_BIT(MERGE) |
                             CVS__KIND_BIT(CONCATENATE);
    (void)context;
    return cvs__is_kind(s, layer, passing) ? PASS : STOP;
}

/* Softmax goes over all channels. */
static bool alone_at_output(cvs__scene *s, int at) {
    const int end = follow(s, at, &(walk){.what = mixes, .at_output = true});
    const cvs_layer *last = end >= 0 ? cvs__layer_at(s, end) : NULL;
    return end >= 0 && !(last && last->activation.kind == CVS_ACT_SOFTMAX);
}

/* The grouped layer before it that has as many groups, with nothing between that mixes them; -1. */
static int same_groups_before(const cvs__scene *s, int at) {
    const unsigned passing = CVS__KINDS_PASSING | CVS__KIND_BIT(POOL) | CVS__KIND_BIT(RESIZE);
    const cvs_layer *layer = cvs__layer_at(s, at);
    int before = cvs__maker_past(s, at, passing);
    while (cvs__is_kind(s, before, CVS__KIND_BIT(CONV)) && cvs__is_depthwise(cvs__layer_at(s, before)))
        before = cvs__maker_past(s, before, passing);
    if (!cvs__is_kind(s, before, CVS__KIND_BIT(CONV))) return -1;
    const cvs_layer *other = cvs__layer_at(s, before);
    return other && other->op == CVS_OP_CONV && other->groups == layer->groups ? before : -1;
}

bool cvs__check_channels_mix(cvs__scene *s, int at, cvs__model_found *found) {
    const cvs_layer *layer = cvs__layer_at(s, at);
    if (!layer) return false;
    if (cvs__is_depthwise(layer)) {
        if (!alone_at_output(s, at)) return false;
        cvs__say(found, MODEL_RULES_VALUE_N, layer->in_channels);
        cvs__tell_number(found, "channels", (double)layer->in_channels);
        found->message = MODEL_RULES_CV045_MESSAGE;
        found->fix = MODEL_RULES_CV045_FIX;
        return true;
    }
    const int before = layer->op == CVS_OP_CONV && layer->groups > 1 ? same_groups_before(s, at) : -1;
    if (before < 0) return false;
    cvs__say(found, MODEL_RULES_VALUE_N, layer->groups);
    cvs__say_layer(s, found, MODEL_RULES_VALUE_OTHER, before);
    cvs__tell_number(found, "groups", (double)layer->groups);
    found->other = before;
    found->member = "groups";
    found->message = MODEL_RULES_CV045_MESSAGE_GROUPS;
    found->fix = MODEL_RULES_CV045_FIX_GROUPS;
    return true;
}
