/* Dense layers and norms, told from weights written by hand. */
#include "layer/explain/teller.h"

#include "layer/layers.h"

#include <check.h>

Suite *tensor_suite(void);

static cvs_weight weight(const char *name, cvs_shape shape, cvs_axis first, cvs_axis second, bool trainable) {
    cvs_weight made = {.name = name, .tensor = {.shape = shape, .axes = {first, second}}, .trainable = trainable};
    ck_assert_int_eq(cvs_shape_count(&shape, &made.count, NULL), CVS_OK);
    return made;
}

static void push(cvs_weights *weights, cvs_weight one) {
    weights->weight[weights->count++] = one;
    weights->elements += one.count;
    weights->parameters += one.count;
}

/* What `tell` says in English must have every one of the texts, up to a NULL. */
static void tells(void (*tell)(cvs__teller *), const cvs_inference *inference, const cvs_weights *weights,
                  const char *const *expected) {
    cvs_arena arena = cvs_arena_make(0);
    cvs__teller teller = {.arena = &arena, .inference = inference, .layer = &inference->layer, .weights = *weights};
    tell(&teller);
    ck_assert(!teller.failed && !teller.body.failed);
    for (size_t i = 0; i < teller.body.length; i++)
        if (!teller.body.data[i]) teller.body.data[i] = '\n';
    for (; *expected; expected++)
        ck_assert_msg(strstr(teller.body.data, *expected), "%s\nlacks: %s", teller.body.data, *expected);
    ck_assert_msg(!strchr(teller.body.data, '{'), "%s", teller.body.data);
    cvs_text_free(&teller.body);
    cvs_text_free(&teller.piece);
    cvs_arena_free(&arena);
}

START_TEST(dense) {
    cvs_inference inference = {.layer = cvs_layer_default(CVS_OP_DENSE, 1),
                               .input = {.shape = SHAPE(NONE, 512), .axes = {CVS_AXIS_BATCH, CVS_AXIS_FEATURES}},
                               .output = {.shape = SHAPE(NONE, 10), .axes = {CVS_AXIS_BATCH, CVS_AXIS_UNITS}}};
    inference.layer.filters = 10;
    cvs_weights weights = {0};
    push(&weights, weight("kernel", SHAPE(512, 10), CVS_AXIS_FEATURES, CVS_AXIS_UNITS, true));
    push(&weights, weight("bias", SHAPE(10), CVS_AXIS_UNITS, CVS_AXIS_OTHER, true));
    tells(cvs__tell_dense, &inference, &weights,
          (const char *const[]){"Each of the 10 units has a weight of its own for each of the 512 inputs",
                                "(512 + 1) × 10 = 5,130 parameters",
                                "The axes of `kernel` (512, 10): axis 0 is features = "
                                "512, axis 1 is units = 10.",
                                NULL});
    inference.layer.use_bias = false;
    weights.count = 1;
    weights.elements = weights.parameters = 5120;
    inference.input.shape = SHAPE(NONE, 7, 512);
    tells(cvs__tell_dense, &inference, &weights,
          (const char *const[]){"512 × 10 = 5,120 parameters, without a bias", "It works on the last axis only", NULL});
    weights.count = 0;
    cvs__teller silent = {.inference = &inference, .layer = &inference.layer};
    cvs__tell_dense(&silent);
    ck_assert_int_eq(silent.count, 0);
}
END_TEST

START_TEST(norms) {
    cvs_inference inference = {.layer = cvs_layer_default(CVS_OP_BATCH_NORM, 2)};
    cvs_weights weights = {0};
    push(&weights, weight("gamma", SHAPE(64), CVS_AXIS_CHANNELS, CVS_AXIS_OTHER, true));
    push(&weights, weight("beta", SHAPE(64), CVS_AXIS_CHANNELS, CVS_AXIS_OTHER, true));
    push(&weights, weight("moving_mean", SHAPE(64), CVS_AXIS_CHANNELS, CVS_AXIS_OTHER, false));
    push(&weights, weight("moving_variance", SHAPE(64), CVS_AXIS_CHANNELS, CVS_AXIS_OTHER, false));
    tells(cvs__tell_norm, &inference, &weights,
          (const char *const[]){"For each of the 64 channels by itself", "afterwards from averages it has kept",
                                "A bias in the layer just before it", "Of its 256 numbers 128 are learned by training",
                                NULL});
    inference.layer.op = CVS_OP_GROUP_NORM;
    inference.layer.groups = 8;
    weights.count = 2;
    weights.elements = weights.parameters = 128;
    tells(cvs__tell_norm, &inference, &weights,
          (const char *const[]){"the 64 channels are taken in 8 groups of 8", "Its 128 numbers are learned by training",
                                NULL});
    inference.input = (cvs_tensor_shape){.shape = SHAPE(NONE, 24, 7), .axes = {CVS_AXIS_BATCH, CVS_AXIS_CHANNELS}};
    weights.count = 0;
    tells(cvs__tell_norm, &inference, &weights,
          (const char *const[]){"the 24 channels are taken in 8 groups of 3", "The shape does not change.", NULL});
    inference.layer.groups = 24;
    tells(cvs__tell_norm, &inference, &weights,
          (const char *const[]){"each of the 24 channels is taken by itself", NULL});
    inference.layer.op = CVS_OP_LAYER_NORM;
    tells(cvs__tell_norm, &inference, &weights, (const char *const[]){"samples never influence each other", NULL});
}
END_TEST

Suite *tensor_suite(void) {
    Suite *suite = suite_create("tensor");
    TCase *core = tcase_create("core");
    tcase_add_test(core, dense);
    tcase_add_test(core, norms);
    suite_add_tcase(suite, core);
    return suite;
}
