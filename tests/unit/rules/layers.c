#include "layers.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

cvs_layer layer_of(cvs_op op, int spatial_rank, window w, cvs_padding_mode mode) {
    cvs_layer layer = cvs_layer_default(op, spatial_rank);
    layer.filters = 16;
    layer.padding.mode = mode;
    for (int axis = 0; axis < spatial_rank; axis++) {
        layer.kernel[axis] = w.kernel;
        layer.stride[axis] = w.stride;
        layer.dilation[axis] = w.dilation;
        layer.padding.before[axis] = layer.padding.after[axis] = w.padding;
    }
    return layer;
}

cvs_shape shape_of(int rank, const int64_t *sizes) {
    cvs_shape shape = {.rank = rank + 1, .dim = {CVS_DIM_UNKNOWN}};
    memcpy(shape.dim + 1, sizes, (size_t)rank * sizeof *sizes);
    return shape;
}

cvs_inference infer(const cvs_layer *layer, cvs_shape input) {
    cvs_inference inference;
    cvs_error err = {0};
    cvs_status status = cvs_infer(layer, &input, NULL, &inference, &err);
    ck_assert_msg(status == CVS_OK, "%s: %s", err.code, err.message);
    return inference;
}

cvs_inference made_1d(const cvs_layer *layer, int64_t i, int64_t o) {
    cvs_inference inference = {.layer = *layer};
    inference.layer.in_channels = 16;
    inference.input.shape = (cvs_shape){3, {CVS_DIM_UNKNOWN, i, 16}};
    inference.output.shape = (cvs_shape){3, {CVS_DIM_UNKNOWN, o, 16}};
    return inference;
}

typedef struct wanted {
    int number;
    seen seen;
} wanted;

static bool remember(void *context, const cvs__found *found) {
    wanted *w = context;
    if (found->rule->number != w->number) return true;
    if (w->seen.count++ == 0) w->seen.found = *found;
    w->seen.has_fix = w->seen.found.fix >= 0;
    return true;
}

seen look_for(const cvs_inference *inference, const char *rule) {
    wanted w = {.number = atoi(rule + 2)};
    cvs__review_layer(inference, cvs_rule_set_all(), remember, &w);
    return w.seen;
}

int64_t number_of(const seen *s, int value) { return s->found.value[value].number; }

cvs_layer conv(int rank, int64_t kernel, int64_t stride, int64_t dilation, cvs_padding_mode mode) {
    return layer_of(CVS_OP_CONV, rank, (window){kernel, stride, dilation, 0}, mode);
}

cvs_layer padded(int rank, int64_t kernel, int64_t stride, int64_t padding) {
    return layer_of(CVS_OP_CONV, rank, (window){kernel, stride, 1, padding}, CVS_PAD_EXPLICIT);
}

cvs_layer transposed(int64_t kernel, int64_t stride, int64_t dilation) {
    return layer_of(CVS_OP_CONV_TRANSPOSE, 1, (window){kernel, stride, dilation, 0}, CVS_PAD_EXPLICIT);
}

void review(const cvs_inference *inference, cvs_language language, cvs_arena *arena, cvs_findings *out) {
    ck_assert_int_eq(cvs_layer_findings_of(arena, inference, cvs_rule_set_all(), language, out, NULL), CVS_OK);
}

static const cvs_finding *pick(const cvs_findings *findings, const char *rule) {
    for (int i = 0; i < findings->count; i++)
        if (!strcmp(findings->finding[i].rule->id, rule)) return &findings->finding[i];
    return NULL;
}

void check_texts(const cvs_finding *finding) {
    ck_assert_msg(*finding->message && !strpbrk(finding->message, "{}"), "%s: %s", finding->rule->id, finding->message);
    ck_assert_msg(!strpbrk(finding->fix, "{}"), "%s: %s", finding->rule->id, finding->fix);
    ck_assert_msg(!strstr(finding->message, "-1"), "%s: %s", finding->rule->id, finding->message);
}

void check_finding(const expected *t, const cvs_inference *inference) {
    cvs_arena arena = cvs_arena_make(0);
    cvs_findings en, zh;
    review(inference, CVS_ENGLISH, &arena, &en);
    review(inference, CVS_CHINESE, &arena, &zh);
    const cvs_finding *finding = pick(&en, t->rule), *other = pick(&zh, t->rule);
    ck_assert_msg(finding && other, "%s is not found", t->rule);
    check_texts(finding);
    check_texts(other);
    ck_assert_str_ne(finding->message, other->message);
    ck_assert_msg(strstr(finding->message, t->message) != NULL, "%s says: %s", t->rule, finding->message);
    ck_assert_msg(strstr(finding->fix, t->fix) != NULL, "%s advises: %s", t->rule, finding->fix);
    ck_assert_int_eq(!*finding->fix, !*other->fix);
    ck_assert_msg(finding->axis == t->axis, "%s is about axis %d", t->rule, finding->axis);
    ck_assert_str_eq(finding->pointer, t->pointer);
    ck_assert_int_eq(other->axis, t->axis);
    cvs_arena_free(&arena);
}
