/* CV005, CV030 and CV031: what the shapes of somebody's weights say. */
#include "layer/infer.h"
#include "layer/rules/findings.h"

#include <stdio.h>

enum { LONGEST_SHAPE = 96 };

typedef struct case_of_weights {
    cvs__finding_writer writer;
    const cvs_inference *inference;
    const cvs_match *match;
    cvs_framework own;
    char given[LONGEST_SHAPE], wanted[LONGEST_SHAPE], input[LONGEST_SHAPE];
    cvs__value value[RULES_VALUE_COUNT];
} case_of_weights;

static void put_shape(case_of_weights *c, int name, const cvs_shape *shape, char *word) {
    cvs__shape_text(c->inference->symbols, shape, word, LONGEST_SHAPE);
    c->value[name] = cvs__string(word);
}

/* `tensor` is the weight's number, `axis` its axis or -1. */
static void add(case_of_weights *c, const char *rule, int tensor, int axis, int message, int fix) {
    cvs__finding_writer *w = &c->writer;
    if (w->out->count == CVS_MAX_FINDINGS) return;
    const char *text = cvs__finding_text(w, message, c->value), *advice = cvs__finding_text(w, fix, c->value);
    cvs_text_addf(&w->text, "/weights_shapes/%d", tensor);
    if (axis >= 0) cvs_text_addf(&w->text, "/%d", axis);
    w->out->finding[w->out->count++] = (cvs_finding){
        .rule = cvs_rule_find(rule), .axis = -1, .message = text, .fix = advice, .pointer = cvs__finding_keep(w)};
}

/* ---- CV005 ---------------------------------------------------------------------- */

static bool counts_channels(cvs_axis axis) {
    return axis == CVS_AXIS_IN_CHANNELS || axis == CVS_AXIS_IN_CHANNELS_PER_GROUP;
}

/* The first axis of input channels whose size is another layer's. */
static bool find_other_channels(const cvs_match *match, int *tensor, int *axis) {
    for (*tensor = 0; *tensor < match->given.count; ++*tensor) {
        const cvs_tensor_shape *shape = &match->expected.weight[*tensor].tensor;
        for (*axis = 0; *axis < shape->shape.rank; ++*axis)
            if (match->differs[*tensor][*axis] && counts_channels(shape->axes[*axis])) return true;
    }
    return false;
}

static void judge_channels(case_of_weights *c) {
    int tensor = 0, axis = 0;
    if (!find_other_channels(c->match, &tensor, &axis)) return;
    const cvs_shape *given = &c->match->given.weight[tensor].tensor.shape;
    int64_t groups = c->inference->layer.groups;
    put_shape(c, RULES_VALUE_GIVEN, given, c->given);
    put_shape(c, RULES_VALUE_INPUT, &c->inference->input.shape, c->input);
    if (given->dim[axis] > CVS_MAX_PARAMETER) return;
    c->value[RULES_VALUE_TO] = cvs__integer(given->dim[axis] * groups);
    c->value[RULES_VALUE_CHANNELS] = cvs__integer(c->inference->layer.in_channels);
    add(c, "CV005", tensor, axis, RULES_CV005_MESSAGE, RULES_CV005_FIX);
}

/* ---- CV030 ---------------------------------------------------------------------- */

static bool same_shape(const cvs_shape *a, const cvs_shape *b) {
    if (a->rank != b->rank) return false;
    for (int i = 0; i < a->rank; i++)
        if (a->dim[i] != b->dim[i]) return false;
    return true;
}

/* Keras 1 on Theano and PyTorch store the same shape. Who has no layer of Keras 1 has the weights of PyTorch. */
static cvs_framework origin(const case_of_weights *c) {
    bool theano = c->match->framework == CVS_KERAS1 && c->match->data_format == CVS_CHANNELS_FIRST;
    cvs_weights torch;
    if (!theano || c->own == CVS_KERAS1) return c->match->framework;
    if (cvs_layer_weights(c->inference, CVS_PYTORCH, &torch, NULL) != CVS_OK) return CVS_KERAS1;
    return same_shape(&torch.weight[0].tensor.shape, &c->match->given.weight[0].tensor.shape) ? CVS_PYTORCH
                                                                                              : CVS_KERAS1;
}

/* The line of NumPy from the layout of the match into the layer's own, into the writer's text. Keras 1 has two, by its
   ordering; the one with channels last is that of Keras. */
static bool conversion(case_of_weights *c, int tensor) {
    cvs_inference viewed = *c->inference;
    cvs_framework from = origin(c), to = c->own;
    bool last = viewed.layer.data_format == CVS_CHANNELS_LAST;
    if (from == CVS_KERAS1 && to == CVS_KERAS1) {
        if (last)
            to = CVS_KERAS;
        else
            from = CVS_KERAS;
        viewed.layer.data_format = CVS_CHANNELS_FIRST;
    } else if (from == CVS_KERAS1) {
        viewed.layer.data_format = c->match->data_format;
    }
    return cvs_layout_conversion(&viewed, from, to, tensor, &c->writer.text, NULL) == CVS_OK;
}

static void judge_tensor(case_of_weights *c, const cvs_weights *wanted, int tensor) {
    const cvs_weight *given = &c->match->given.weight[tensor], *own = &wanted->weight[tensor];
    if (same_shape(&given->tensor.shape, &own->tensor.shape)) return;
    put_shape(c, RULES_VALUE_GIVEN, &given->tensor.shape, c->given);
    put_shape(c, RULES_VALUE_WANTED, &own->tensor.shape, c->wanted);
    c->value[RULES_VALUE_FRAMEWORK] = cvs__string(cvs__framework_title(origin(c)));
    c->value[RULES_VALUE_OWN] = cvs__string(cvs__framework_title(c->own));
    if (c->match->kind == CVS_MATCH_PERMUTATION) {
        bool old = tensor == 0 && cvs__match_is_old_keras(c->inference, c->match);
        c->value[RULES_VALUE_LINE] = cvs__string("numpy.transpose(kernel, (2, 3, 1, 0))");
        add(c, "CV030", tensor, -1, old ? RULES_CV030_MESSAGE_OLD : RULES_CV030_MESSAGE_NONE,
            old ? RULES_CV030_FIX : RULES_CV030_FIX_NONE);
        return;
    }
    bool mended = conversion(c, tensor);
    c->value[RULES_VALUE_LINE] = cvs__string(mended ? cvs__finding_keep(&c->writer) : "");
    int message = c->match->framework == c->own ? RULES_CV030_MESSAGE_ORDERING : RULES_CV030_MESSAGE;
    add(c, "CV030", tensor, -1, message, mended ? RULES_CV030_FIX : -1);
}

static void judge_order(case_of_weights *c) {
    cvs_weights wanted;
    if (cvs_layer_weights(c->inference, c->own, &wanted, NULL) != CVS_OK) return;
    for (int tensor = 0; tensor < wanted.count && tensor < c->match->given.count; tensor++)
        judge_tensor(c, &wanted, tensor);
}

/* ---- CV031 ---------------------------------------------------------------------- */

/* In 1D both orderings of Keras 1 store the same shape, so it tells nothing. */
static void judge_flip(case_of_weights *c) {
    bool theano = origin(c) == CVS_KERAS1 && c->match->data_format == CVS_CHANNELS_FIRST;
    if (!theano || c->inference->layer.spatial_rank == 1) return;
    put_shape(c, RULES_VALUE_GIVEN, &c->match->given.weight[0].tensor.shape, c->given);
    c->value[RULES_VALUE_FLIP] =
        cvs__string(c->inference->layer.spatial_rank == 2 ? "[:, :, ::-1, ::-1]" : "[:, :, ::-1, ::-1, ::-1]");
    add(c, "CV031", 0, -1, RULES_CV031_MESSAGE, RULES_CV031_FIX);
}

cvs_status cvs_weights_findings(cvs_arena *arena, const cvs_inference *inference, const cvs_match *match,
                                cvs_language language, cvs_findings *out, cvs_error *err) {
    case_of_weights c = {.writer = {.arena = arena, .language = language, .out = out},
                         .inference = inference,
                         .match = match,
                         .own = cvs__framework_of(&inference->layer)};
    int before = out->count;
    if (match->kind == CVS_MATCH_SIZE) judge_channels(&c);
    if (match->kind == CVS_MATCH_EXACT || match->kind == CVS_MATCH_PERMUTATION) judge_order(&c);
    if (match->kind == CVS_MATCH_EXACT) judge_flip(&c);
    return cvs__findings_end(&c.writer, before, err);
}
