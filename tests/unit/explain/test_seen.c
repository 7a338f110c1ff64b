/* What is said of weights that somebody saw: whose they are, what is wrong with them. */
#include "explained.h"

Suite *seen_suite(void);

static void seen_as(cvs_language language, const cvs_inference *inference, const cvs_shape *shapes, size_t count,
                    const char *expected) {
    cvs_arena arena = cvs_arena_make(0);
    cvs_explanation words;
    cvs_match match;
    ck_assert_int_eq(cvs_layer_match(inference, shapes, count, &match, NULL), CVS_OK);
    ck_assert_int_eq(cvs_explain_match(&arena, inference, &match, language, &words, NULL), CVS_OK);
    ck_assert_int_eq(words.count, 1);
    ck_assert_str_eq(words.paragraph[0].topic, "weights-seen");
    ck_assert_msg(strstr(words.paragraph[0].text, expected), "%s\nlacks: %s", words.paragraph[0].text, expected);
    cvs_arena_free(&arena);
}

static cvs_inference founding(cvs_shape input) {
    cvs_layer layer = conv(CVS_KERAS1, 1, 111, 5);
    return infer(&layer, input, NULL);
}

START_TEST(every_verdict_in_words) {
    cvs_inference inference = founding(SHAPE(NONE, 400, 300));
    const struct {
        cvs_shape shapes[2];
        size_t count;
        const char *english, *chinese;
    } cases[] = {
        {{SHAPE(5, 1, 300, 111), SHAPE(111)},
         2,
         "weights as Keras 1 stores them. The axes of `kernel` (5, 1, 300, 111): "
         "axis 0 is kernel_length = 5, axis 1 is unit = 1, axis 2 is in_channels = 300, axis 3 is filters = 111.",
         "轴 2 是 in_channels = 300"},
        {{SHAPE(111, 300, 5), SHAPE(111)}, 2, "as PyTorch stores them", "采用 PyTorch 的存储方式"},
        {{SHAPE(5, 1, 30, 111), SHAPE(111)},
         2,
         "Axis 2 of `kernel`, in_channels, is 30 and should be 300.",
         "`kernel` 的轴 2（in_channels）是 30，应当是 300。"},
        {{SHAPE(300, 1, 5, 111), SHAPE(111)},
         2,
         "no framework stores them in this order: Keras 1 has `kernel` (5, 1, 300, 111)",
         "没有框架采用这种顺序"},
        {{SHAPE(111, 300, 5, 1), SHAPE(111)}, 2, "as Keras 1.1 and older stored them", "Keras 1.1 及更早版本"},
        {{SHAPE(5, 1, 300, 111)}, 1, "1 tensor was given, and Keras 1 stores 2", "给出了 1 个张量"},
        {{SHAPE(111), SHAPE(5, 1, 300, 111)}, 2, "They do not fit this layer: Keras 1 stores `kernel`", "与这一层不符"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        seen_as(CVS_ENGLISH, &inference, cases[i].shapes, cases[i].count, cases[i].english);
        seen_as(CVS_CHINESE, &inference, cases[i].shapes, cases[i].count, cases[i].chinese);
    }
}
END_TEST

/* In 2D the two orderings of Keras 1 are told apart. */
START_TEST(orderings_of_keras_1) {
    cvs_layer layer = conv(CVS_KERAS1, 2, 64, 3);
    cvs_inference inference = infer(&layer, SHAPE(NONE, 32, 32, 16), NULL);
    const cvs_shape theano[] = {SHAPE(64, 16, 3, 3), SHAPE(64)}, tensorflow[] = {SHAPE(3, 3, 16, 64), SHAPE(64)};
    seen_as(CVS_ENGLISH, &inference, theano, 2, "as Keras 1 'th' stores them");
    seen_as(CVS_ENGLISH, &inference, tensorflow, 2, "as Keras 1 'tf' stores them");
}
END_TEST

START_TEST(weights_of_a_layer_that_has_none) {
    cvs_layer layer = cvs_layer_default(CVS_OP_FLATTEN, 0);
    layer.framework = CVS_KERAS;
    cvs_inference inference = infer(&layer, SHAPE(NONE, 8, 8), NULL);
    const cvs_shape given[] = {SHAPE(3)};
    seen_as(CVS_ENGLISH, &inference, given, 1, "1 tensor was given, and it has no weights.");
    seen_as(CVS_CHINESE, &inference, given, 1, "给出了 1 个张量，而这一层没有权重。");
}
END_TEST

Suite *seen_suite(void) {
    Suite *suite = suite_create("seen");
    TCase *core = tcase_create("core");
    tcase_add_test(core, every_verdict_in_words);
    tcase_add_test(core, orderings_of_keras_1);
    tcase_add_test(core, weights_of_a_layer_that_has_none);
    suite_add_tcase(suite, core);
    return suite;
}
