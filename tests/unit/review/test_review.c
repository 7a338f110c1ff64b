/* test_review.c - findings as a list: chosen, ordered, placed in the file; and what networks that people use give. */
#include "../model/model_text.h"
#include "net.h"

#include "model/graph.h"

#include <check.h>
#include <stdio.h>
#include <string.h>

Suite *review_suite(void);

static cvs_review review(cvs_arena *arena, const cvs_model *model, const char *rules) {
    cvs_review_options options = cvs_review_options_default();
    cvs_review out;
    if (rules) ck_assert_int_eq(cvs_rule_set_read(rules, &options.rules, NULL), CVS_OK);
    ck_assert_int_eq(cvs_model_findings(arena, model, &options, &out, NULL), CVS_OK);
    return out;
}

/* "CV032 CV033 ", in their order. Static, until the next call. */
static const char *ids(const cvs_review *in) {
    static char text[2048];
    int used = 0;
    *text = '\0';
    for (int i = 0; i < in->count && used < (int)sizeof text; i++)
        used += snprintf(text + used, sizeof text - (size_t)used, "%s ", in->finding[i].rule->id);
    return text;
}

/* ---- networks as their papers draw them ----------------------------------------------- */

static net_text network(const char *size) {
    net_text text = {.last = "x"};
    cvs_text_addf(&text.lines, "x (None, %s, %s, 3)\n", size, size);
    return text;
}

static const char *conv_norm(net_text *text, const char *type, int filters, int kernel, int stride) {
    char layer[128];
    if (filters > 0)
        snprintf(layer, sizeof layer, "%s(%d, %d, strides=%d, padding='same', use_bias=False)", type, filters, kernel,
                 stride);
    else
        snprintf(layer, sizeof layer, "%s(%d, strides=%d, padding='same', use_bias=False)", type, kernel, stride);
    net_then(text, layer);
    return net_then(text, "BatchNormalization()");
}

/* He et al., arXiv 1512.03385, table 1, 50 layers; strides in the 3x3, as torchvision has them. */
static void bottleneck(net_text *text, int filters, int stride, bool project) {
    char shortcut[32], inner[32];
    snprintf(shortcut, sizeof shortcut, "%s", text->last);
    conv_norm(text, "Conv2D", filters, 1, 1);
    net_then(text, "ReLU()");
    conv_norm(text, "Conv2D", filters, 3, stride);
    net_then(text, "ReLU()");
    snprintf(inner, sizeof inner, "%s", conv_norm(text, "Conv2D", filters * 4, 1, 1));
    if (project) {
        snprintf(text->last, sizeof text->last, "%s", shortcut);
        snprintf(shortcut, sizeof shortcut, "%s", conv_norm(text, "Conv2D", filters * 4, 1, stride));
    }
    net_join(text, "Add()", inner, shortcut);
    net_then(text, "ReLU()");
}

static net resnet_50(const char *size) {
    static const int blocks[] = {3, 4, 6, 3};
    net_text text = network(size);
    conv_norm(&text, "Conv2D", 64, 7, 2);
    net_then(&text, "ReLU()");
    net_then(&text, "MaxPooling2D(3, strides=2, padding='same')");
    for (int stage = 0; stage < 4; stage++)
        for (int block = 0; block < blocks[stage]; block++)
            bottleneck(&text, 64 << stage, stage > 0 && block == 0 ? 2 : 1, block == 0);
    net_then(&text, "GlobalAveragePooling2D()");
    net_then(&text, "Dense(1000, activation='softmax')");
    return net_end(&text);
}

/* Simonyan and Zisserman, arXiv 1409.1556, table 1, configuration D. */
static net vgg_16(const char *size) {
    static const struct { int filters, convs; } stages[] = {{64, 2}, {128, 2}, {256, 3}, {512, 3}, {512, 3}};
    net_text text = network(size);
    for (size_t s = 0; s < sizeof stages / sizeof *stages; s++) {
        char layer[96];
        snprintf(layer, sizeof layer, "Conv2D(%d, 3, padding='same', activation='relu')", stages[s].filters);
        for (int c = 0; c < stages[s].convs; c++) net_then(&text, layer);
        net_then(&text, "MaxPooling2D(2)");
    }
    net_then(&text, "Flatten()");
    net_then(&text, "Dense(4096, activation='relu')");
    net_then(&text, "Dense(4096, activation='relu')");
    net_then(&text, "Dense(1000, activation='softmax')");
    return net_end(&text);
}

/* Sandler et al., arXiv 1801.04381, table 2. */
static net mobilenet_v2(const char *size) {
    static const struct {
        int expansion, filters, blocks, stride;
    } stages[] = {{1, 16, 1, 1}, {6, 24, 2, 2},  {6, 32, 3, 2}, {6, 64, 4, 2},
                  {6, 96, 3, 1}, {6, 160, 3, 2}, {6, 320, 1, 1}};
    net_text text = network(size);
    int filters = 32;
    conv_norm(&text, "Conv2D", filters, 3, 2);
    net_then(&text, "ReLU(6.0)");
    for (size_t s = 0; s < sizeof stages / sizeof *stages; s++)
        for (int block = 0; block < stages[s].blocks; block++) {
            char shortcut[32], inner[32];
            snprintf(shortcut, sizeof shortcut, "%s", text.last);
            if (stages[s].expansion > 1) {
                conv_norm(&text, "Conv2D", filters * stages[s].expansion, 1, 1);
                net_then(&text, "ReLU(6.0)");
            }
            conv_norm(&text, "DepthwiseConv2D", 0, 3, block == 0 ? stages[s].stride : 1);
            net_then(&text, "ReLU(6.0)");
            filters = stages[s].filters;
            snprintf(inner, sizeof inner, "%s", conv_norm(&text, "Conv2D", filters, 1, 1));
            if (block > 0) net_join(&text, "Add()", inner, shortcut);
        }
    conv_norm(&text, "Conv2D", 1280, 1, 1);
    net_then(&text, "ReLU(6.0)");
    net_then(&text, "GlobalAveragePooling2D()");
    net_then(&text, "Dense(1000, activation='softmax')");
    return net_end(&text);
}

/* Nothing is wrong with them but what their authors chose: strides that pad unevenly on 224, 1x1 strides that skip, and
   VGG's first dense layer. */
START_TEST(networks_that_people_use) {
    static const struct {
        net (*make)(const char *size);
        const char *size;
        int64_t trainable;
        const char *usual; /* the only rules that may speak */
    } cases[] = {
        {resnet_50, "224", 25557032, "CV004 CV010 CV013 CV022"},
        {resnet_50, "225", 25557032, "CV004 CV010 CV013 CV022"},
        {vgg_16, "224", 138357544, "CV022"},
        {mobilenet_v2, "224", 3504872, "CV010 CV022"},
    };
    net n = cases[_i].make(cases[_i].size);
    cvs_model_totals totals;
    cvs_model_sum_up(n.model, &totals);
    ck_assert_int_eq(totals.trainable.value, cases[_i].trainable);
    const cvs_review found = review(n.arena, n.model, NULL);
    ck_assert_int_eq(found.errors, 0);
    ck_assert(found.complete);
    for (int i = 0; i < found.count; i++)
        ck_assert_msg(strstr(cases[_i].usual, found.finding[i].rule->id) != NULL, "case %d, %s: %s", _i,
                      found.finding[i].rule->id, found.finding[i].message);
    net_free(&n);
}
END_TEST

/* receptive_field_analysis_toolbox's own figure for ResNet-50: 75 to 427, whatever input is fed. */
START_TEST(inputs_that_suit_resnet_50) {
    net n = resnet_50(_i == 0 ? "224" : "64");
    cvs_input_range range;
    cvs_model_input_range(n.model, &range);
    ck_assert_int_eq(range.rank, 2);
    for (int axis = 0; axis < 2; axis++) {
        ck_assert_int_eq(range.least[axis], 75);
        ck_assert_int_eq(range.most[axis], 427);
    }
    /* 64 is below: the last stage's blocks but its first see 75 at least. */
    const cvs_review found = review(n.arena, n.model, "CV019");
    ck_assert_int_eq(found.count, _i == 0 ? 0 : 2);
    net_free(&n);
}
END_TEST

/* Richter et al. show VGG-16 on 32 pixels: the last convolutions, behind a field of 32 or more, are not needed. */
START_TEST(vgg_16_on_small_images) {
    net n = vgg_16("32");
    const cvs_review found = review(n.arena, n.model, "CV018 CV019");
    /* Fields 3 5 | 6 10 14 | 16 24 32 40 | 44 60 76 92 | 100 132 164 196: the third stage's last convolution reads 32,
       and the six behind it more. */
    ck_assert_str_eq(ids(&found), "CV018 CV018 CV018 CV018 CV018 CV018 CV018 ");
    net_free(&n);
}
END_TEST

/* ---- the list ---------------------------------------------------------------------------- */

#define SMALL                                                                                                          \
    "x (None, 10, 10, 3)\nc = Conv2D(8, 2, strides=3) < x\nb = BatchNormalization() < c\nr = ReLU() < b\n"             \
    "s = ReLU() < r\n> s\n"

START_TEST(rules_can_be_chosen) {
    net n = net_read(SMALL);
    cvs_review found = review(n.arena, n.model, NULL);
    ck_assert_str_eq(ids(&found), "CV004 CV021 CV032 CV034 CV022 ");
    found = review(n.arena, n.model, "CV034,bias-before-batchnorm");
    ck_assert_str_eq(ids(&found), "CV032 CV034 ");
    found = review(n.arena, n.model, "-CV004 -CV022");
    ck_assert_str_eq(ids(&found), "CV021 CV032 CV034 ");
    found = review(n.arena, n.model, "all -default");
    ck_assert_str_eq(ids(&found), "CV052 ");
    found = review(n.arena, n.model, "none");
    ck_assert_int_eq(found.count, 0);
    net_free(&n);
}
END_TEST

START_TEST(unknown_rules_are_named) {
    cvs_rule_set set;
    cvs_error err = {0};
    ck_assert_int_eq(cvs_rule_set_read("CV004 linear-pear", &set, &err), CVS_INVALID);
    ck_assert_str_eq(err.code, "rule-unknown");
    ck_assert_str_eq(err.value, "linear-pear");
    ck_assert_str_eq(err.expected, "linear-pair");
}
END_TEST

START_TEST(levels_are_counted) {
    net n = net_read("x (None, 10, 10, 3)\nc = Conv2D(8, 2, strides=3) < x\nd = Conv2D(8, 9) < c\n> d\n");
    const cvs_review found = review(n.arena, n.model, NULL);
    ck_assert_str_eq(ids(&found), "CV004 CV001 CV022 CV054 ");
    ck_assert_int_eq(found.errors, 1);
    ck_assert_int_eq(found.warnings, 1);
    ck_assert_int_eq(found.notes, 2);
    ck_assert(!found.complete);
    ck_assert(!found.cut);
    ck_assert_str_ne(found.finding[1].message, "");
    net_free(&n);
}
END_TEST

/* More findings than fit: the errors are there, and all are counted. */
START_TEST(long_lists_are_cut) {
    net_text text = {.last = "x"};
    cvs_text_add(&text.lines, "x (None, 4)\n");
    for (int i = 0; i <= CVS_MODEL_MAX_FINDINGS + 1; i++) net_then(&text, "ReLU()");
    net_then(&text, "Dense(3)");
    net_join(&text, "Add()", text.last, "x");
    net n = net_end(&text);
    const cvs_review found = review(n.arena, n.model, "CV027,CV034");
    ck_assert(found.cut);
    ck_assert_int_eq(found.count, CVS_MODEL_MAX_FINDINGS);
    ck_assert_int_eq(found.notes, CVS_MODEL_MAX_FINDINGS + 1);
    ck_assert_int_eq(found.errors, 1);
    ck_assert_str_eq(found.finding[found.count - 1].rule->id, "CV027");
    net_free(&n);
}
END_TEST

/* What no rule names is an error all the same: nobody has to look at the layers one by one. */
START_TEST(failures_without_a_rule) {
    net n = net_read("x (None, 10)\ny (None, 10)\nd = Dense(3) < x y\n> d\n");
    const cvs_review found = review(n.arena, n.model, "CV058");
    ck_assert_int_eq(found.errors, 1);
    ck_assert_str_eq(found.finding[0].rule->id, "CV058");
    ck_assert_ptr_nonnull(strstr(found.finding[0].message, "reads one tensor"));
    net_free(&n);
}
END_TEST

/* What a module's forward() does between its parts is not printed. */
START_TEST(printed_order_is_no_proof) {
    net n = net_read("x (None, 3, 9, 9)\na = nn.Conv2d(3, 8, 3) < x\nb = nn.Conv2d(8, 8, 3) < a\n> b\n");
    ck_assert_int_eq(review(n.arena, n.model, "CV033").count, 1);
    n.model->order = CVS_MODEL_ORDER_PRINTED;
    ck_assert_int_eq(review(n.arena, n.model, "CV033").count, 0);
    net_free(&n);
}
END_TEST

START_TEST(shapes_that_a_file_declares) {
    net n = net_read("x (None, 10)\nd = Dense(3) < x\n> d\n");
    const cvs_shape declared = {2, {CVS_DIM_UNKNOWN, 4}};
    ck_assert_int_eq(review(n.arena, n.model, "CV057").count, 0);
    n.model->tensors[1].contradicted = &declared;
    const cvs_review found = review(n.arena, n.model, "CV057");
    ck_assert_int_eq(found.errors, 1);
    ck_assert_str_eq(found.finding[0].message, "The file declares (None, 4) for d, but d makes it (None, 3).");
    net_free(&n);
}
END_TEST

/* Memory that ends at any place: an error that says so, and no crash. */
START_TEST(memory_runs_out) {
    net n = net_read(SMALL);
    const cvs_review_options options = cvs_review_options_default();
    int refused = 0;
    cvs_status status = CVS_NO_MEMORY;
    for (size_t limit = 1; status != CVS_OK; limit += 512, refused++) {
        cvs_arena arena = cvs_arena_make(limit);
        cvs_review found;
        cvs_error err = {0};
        status = cvs_model_findings(&arena, n.model, &options, &found, &err);
        ck_assert_int_eq(err.status, status);
        if (status == CVS_OK) ck_assert_int_eq(found.count, 5);
        cvs_arena_free(&arena);
    }
    ck_assert_int_gt(refused, 4);
    net_free(&n);
}
END_TEST

/* A limit that a lower bound keeps to is not proven: a warning, not silence. */
START_TEST(budgets_of_what_is_not_known) {
    net n = net_read("x (None, 10, 10, 3)\nc = Conv2D(8, 3) < x\nl = Lambda() < c\n> l\n");
    cvs_review_options options = cvs_review_options_default();
    cvs_review found;
    options.budget.parameters = 1000;
    options.rules = (cvs_rule_set){UINT64_C(1) << 48};
    ck_assert_int_eq(cvs_model_findings(n.arena, n.model, &options, &found, NULL), CVS_OK);
    ck_assert_str_eq(ids(&found), "CV049 ");
    ck_assert_int_eq(found.finding[0].level, CVS_WARNING);
    ck_assert(strstr(found.finding[0].message, "224 parameters at least") != NULL);
    options.budget.parameters = 100;
    ck_assert_int_eq(cvs_model_findings(n.arena, n.model, &options, &found, NULL), CVS_OK);
    ck_assert_int_eq(found.finding[0].level, CVS_ERROR);
    net_free(&n);
}
END_TEST

/* ---- where it is ----------------------------------------------------------------------------- */

START_TEST(members_of_the_file_are_pointed_at) {
    read_model m = keras_model(
        "{'class_name': 'Sequential', 'config': {'layers': [{'class_name': 'Conv2D', 'config': {'name': 'c', "
        "'batch_input_shape': [null, 10, 10, 3], 'filters': 8, 'kernel_size': [2, 2], 'strides': [3, 3], 'use_bias': "
        "true}}, {'class_name': 'BatchNormalization', 'config': {'name': 'b'}}, {'class_name': 'Conv2D', 'config': "
        "{'name': 'd', 'filters': 8, 'kernel_size': [2, 2]}}]}}");
    const cvs_review found = review(m.arena, m.model, "CV004 CV032 CV033");
    ck_assert_str_eq(ids(&found), "CV004 CV032 CV033 ");
    ck_assert_str_eq(found.finding[0].pointer, "/config/layers/0/config/strides");
    ck_assert_str_eq(found.finding[1].pointer, "/config/layers/0/config/use_bias");
    ck_assert_str_eq(found.finding[2].pointer, "/config/layers/0"); /* no activation is written there */
    ck_assert_int_eq(found.finding[1].place.line, 0);
    ck_assert_int_eq(found.finding[1].number_count, 1);
    ck_assert_str_eq(found.finding[1].numbers[0].name, "parameters");
    ck_assert_double_eq(found.finding[1].numbers[0].value, 8);
    model_free(&m);
}
END_TEST

START_TEST(places_in_text_are_pointed_at) {
    net n = net_read("x (None, 10, 10, 3)\nc = Conv2D(8, 2, strides=3) < x\n> c\n");
    const cvs_review found = review(n.arena, n.model, "CV004");
    ck_assert_int_eq(found.count, 1);
    ck_assert_int_eq(found.finding[0].place.line, 1);
    ck_assert_int_eq(found.finding[0].place.column, (int)strlen("Conv2D(8, 2, strides=") + 1);
    ck_assert_str_eq(found.finding[0].pointer, "");
    net_free(&n);
}
END_TEST

Suite *review_suite(void) {
    Suite *suite = suite_create("review");
    TCase *core = tcase_create("core"), *real = tcase_create("real");
    tcase_add_test(core, rules_can_be_chosen);
    tcase_add_test(core, unknown_rules_are_named);
    tcase_add_test(core, levels_are_counted);
    tcase_add_test(core, long_lists_are_cut);
    tcase_add_test(core, failures_without_a_rule);
    tcase_add_test(core, printed_order_is_no_proof);
    tcase_add_test(core, shapes_that_a_file_declares);
    tcase_add_test(core, memory_runs_out);
    tcase_add_test(core, budgets_of_what_is_not_known);
    tcase_add_test(core, members_of_the_file_are_pointed_at);
    tcase_add_test(core, places_in_text_are_pointed_at);
    tcase_add_loop_test(real, networks_that_people_use, 0, 4);
    tcase_add_loop_test(real, inputs_that_suit_resnet_50, 0, 2);
    tcase_add_test(real, vgg_16_on_small_images);
    suite_add_tcase(suite, core);
    suite_add_tcase(suite, real);
    return suite;
}
