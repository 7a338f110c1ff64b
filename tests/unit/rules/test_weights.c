#include "layers.h"

#include <check.h>
#include <string.h>

Suite *weights_suite(void);

typedef struct judged {
    cvs_arena arena;
    cvs_findings en, zh;
} judged;

static judged judge(cvs_layer layer, cvs_framework framework, cvs_shape input, cvs_shape kernel) {
    layer.framework = framework;
    cvs_inference inference = infer(&layer, input);
    const cvs_shape shapes[] = {kernel, {1, {layer.filters}}};
    cvs_match match;
    ck_assert_int_eq(cvs_layer_match(&inference, shapes, 2, &match, NULL), CVS_OK);
    judged j = {.arena = cvs_arena_make(0)};
    ck_assert_int_eq(cvs_weights_findings(&j.arena, &inference, &match, CVS_ENGLISH, &j.en, NULL), CVS_OK);
    ck_assert_int_eq(cvs_weights_findings(&j.arena, &inference, &match, CVS_CHINESE, &j.zh, NULL), CVS_OK);
    ck_assert_int_eq(j.en.count, j.zh.count);
    for (int i = 0; i < j.en.count; i++) {
        check_texts(&j.en.finding[i]);
        check_texts(&j.zh.finding[i]);
        ck_assert_str_eq(j.en.finding[i].pointer, j.zh.finding[i].pointer);
    }
    return j;
}

static void expect(const judged *j, int index, const char *rule, const char *message, const char *fix,
                   const char *pointer) {
    ck_assert_int_gt(j->en.count, index);
    const cvs_finding *finding = &j->en.finding[index];
    ck_assert_str_eq(finding->rule->id, rule);
    ck_assert_msg(strstr(finding->message, message) != NULL, "%s", finding->message);
    ck_assert_msg(strstr(finding->fix, fix) != NULL, "%s", finding->fix);
    ck_assert_str_eq(finding->pointer, pointer);
}

/* The founding question: weights of 300 channels, and an input that has its 300 on the length. */
START_TEST(founding_question) {
    cvs_layer layer = conv(1, 5, 1, 1, CVS_PAD_VALID);
    layer.filters = 111;
    judged wrong = judge(layer, CVS_KERAS1, SHAPE(300, 1), (cvs_shape){4, {5, 1, 300, 111}});
    expect(&wrong, 0, "CV005", "(5, 1, 300, 111) are made for 300 input channels, but the input (None, 300, 1) has 1",
           "Feed an input with 300 channels", "/weights_shapes/0/2");
    ck_assert_int_eq(wrong.en.count, 1);
    judged right = judge(layer, CVS_KERAS1, SHAPE(400, 300), (cvs_shape){4, {5, 1, 300, 111}});
    ck_assert_int_eq(right.en.count, 0);
    cvs_arena_free(&wrong.arena);
    cvs_arena_free(&right.arena);
}
END_TEST

START_TEST(grouped_channels) {
    cvs_layer layer = conv(2, 3, 1, 1, CVS_PAD_VALID);
    layer.groups = 4;
    judged j = judge(layer, CVS_PYTORCH, (cvs_shape){4, {1, 9, 9, 8}}, (cvs_shape){4, {16, 3, 3, 3}});
    expect(&j, 0, "CV005", "made for 12 input channels", "12 channels", "/weights_shapes/0/1");
    cvs_arena_free(&j.arena);
}
END_TEST

START_TEST(layout_of_another_framework) {
    cvs_layer layer = conv(2, 3, 1, 1, CVS_PAD_VALID);
    judged j = judge(layer, CVS_KERAS, SHAPE(9, 9, 8), (cvs_shape){4, {16, 8, 3, 3}});
    ck_assert_int_eq(j.en.finding[0].rule->level, CVS_ERROR);
    expect(&j, 0, "CV030", "laid out as PyTorch stores them; Keras stores this layer as (3, 3, 8, 16)",
           "numpy.transpose(weight, (2, 3, 1, 0))", "/weights_shapes/0");
    ck_assert_int_eq(j.en.count, 1);
    judged same = judge(layer, CVS_KERAS, SHAPE(9, 9, 8), (cvs_shape){4, {3, 3, 8, 16}});
    ck_assert_int_eq(same.en.count, 0);
    cvs_arena_free(&j.arena);
    cvs_arena_free(&same.arena);
}
END_TEST

START_TEST(layouts_of_keras_1) {
    judged line = judge(conv(1, 5, 1, 1, CVS_PAD_VALID), CVS_KERAS, SHAPE(9, 8), (cvs_shape){4, {5, 1, 8, 16}});
    expect(&line, 0, "CV030", "as Keras 1 stores them; Keras stores this layer as (5, 8, 16)", "kernel[:, 0]",
           "/weights_shapes/0");
    ck_assert_int_eq(line.en.count, 1);
    cvs_layer first = conv(2, 3, 1, 1, CVS_PAD_VALID);
    first.data_format = CVS_CHANNELS_FIRST;
    judged plane = judge(first, CVS_KERAS1, SHAPE(8, 9, 9), (cvs_shape){4, {3, 3, 8, 16}});
    expect(&plane, 0, "CV030", "Keras", "numpy.transpose(kernel, (3, 2, 0, 1))", "/weights_shapes/0");
    ck_assert_int_eq(plane.en.count, 1);
    cvs_arena_free(&line.arena);
    cvs_arena_free(&plane.arena);
}
END_TEST

START_TEST(order_of_no_framework) {
    judged j = judge(conv(2, 3, 1, 1, CVS_PAD_VALID), CVS_KERAS, SHAPE(9, 9, 8), (cvs_shape){4, {3, 8, 3, 16}});
    expect(&j, 0, "CV030", "in an order that no framework uses", "the order of (3, 3, 8, 16)", "/weights_shapes/0");
    cvs_arena_free(&j.arena);
    judged old = judge(conv(1, 5, 1, 1, CVS_PAD_VALID), CVS_KERAS1, SHAPE(9, 8), (cvs_shape){4, {16, 8, 5, 1}});
    expect(&old, 0, "CV030", "as Keras 1.1 and older stored them", "numpy.transpose(kernel, (2, 3, 1, 0))",
           "/weights_shapes/0");
    cvs_arena_free(&old.arena);
}
END_TEST

START_TEST(theano_order) {
    cvs_layer layer = conv(2, 3, 1, 1, CVS_PAD_VALID), first = layer;
    judged j = judge(layer, CVS_KERAS1, SHAPE(9, 9, 8), (cvs_shape){4, {16, 8, 3, 3}});
    expect(&j, 0, "CV030", "the other dim_ordering of Keras 1", "numpy.transpose(", "/weights_shapes/0");
    expect(&j, 1, "CV031", "mirrored maps", "kernel[:, :, ::-1, ::-1]", "/weights_shapes/0");
    first.data_format = CVS_CHANNELS_FIRST;
    judged own = judge(first, CVS_KERAS1, SHAPE(8, 9, 9), (cvs_shape){4, {16, 8, 3, 3}});
    expect(&own, 0, "CV031", "mirrored maps", "kernel[:, :, ::-1, ::-1]", "/weights_shapes/0");
    judged torch = judge(first, CVS_PYTORCH, SHAPE(8, 9, 9), (cvs_shape){4, {16, 8, 3, 3}});
    ck_assert_int_eq(torch.en.count, 0);
    judged volume =
        judge(conv(3, 3, 1, 1, CVS_PAD_VALID), CVS_KERAS1, SHAPE(9, 9, 9, 8), (cvs_shape){5, {16, 8, 3, 3, 3}});
    expect(&volume, 1, "CV031", "mirrored maps", "kernel[:, :, ::-1, ::-1, ::-1]", "/weights_shapes/0");
    cvs_arena_free(&j.arena);
    cvs_arena_free(&own.arena);
    cvs_arena_free(&torch.arena);
    cvs_arena_free(&volume.arena);
}
END_TEST

START_TEST(nothing_to_compare) {
    judged j = judge(conv(2, 3, 1, 1, CVS_PAD_VALID), CVS_KERAS, SHAPE(9, 9, 8), (cvs_shape){2, {72, 16}});
    ck_assert_int_eq(j.en.count, 0);
    cvs_arena_free(&j.arena);
}
END_TEST

START_TEST(added_behind_and_undone) {
    cvs_layer layer = conv(2, 3, 1, 1, CVS_PAD_VALID);
    layer.framework = CVS_KERAS;
    cvs_inference inference = infer(&layer, SHAPE(9, 9, 8));
    const cvs_shape shapes[] = {{4, {16, 8, 3, 3}}, {1, {16}}};
    cvs_match match;
    ck_assert_int_eq(cvs_layer_match(&inference, shapes, 2, &match, NULL), CVS_OK);
    cvs_arena arena = cvs_arena_make(0), none = cvs_arena_make(1);
    static cvs_findings findings;
    findings.count = 3;
    ck_assert_int_eq(cvs_weights_findings(&none, &inference, &match, CVS_ENGLISH, &findings, NULL), CVS_NO_MEMORY);
    ck_assert_int_eq(findings.count, 3);
    ck_assert_int_eq(cvs_weights_findings(&arena, &inference, &match, CVS_ENGLISH, &findings, NULL), CVS_OK);
    ck_assert_int_eq(findings.count, 4);
    findings.count = CVS_MAX_FINDINGS;
    ck_assert_int_eq(cvs_weights_findings(&arena, &inference, &match, CVS_ENGLISH, &findings, NULL), CVS_OK);
    ck_assert_int_eq(findings.count, CVS_MAX_FINDINGS);
    cvs_arena_free(&arena);
    cvs_arena_free(&none);
}
END_TEST

Suite *weights_suite(void) {
    Suite *suite = suite_create("weights");
    TCase *core = tcase_create("core"), *limits = tcase_create("limits");
    tcase_add_test(core, founding_question);
    tcase_add_test(core, grouped_channels);
    tcase_add_test(core, layout_of_another_framework);
    tcase_add_test(core, layouts_of_keras_1);
    tcase_add_test(core, order_of_no_framework);
    tcase_add_test(core, theano_order);
    tcase_add_test(limits, nothing_to_compare);
    tcase_add_test(limits, added_behind_and_undone);
    suite_add_tcase(suite, core);
    suite_add_tcase(suite, limits);
    return suite;
}
