/* test_graph.c - what a graph comes to: order, receptive fields through branches, memory that is alive. */
#include "model_text.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

Suite *graph_suite(void);

/* ---- networks written out by a program, as their papers draw them -------------------------- */

typedef struct network {
    cvs_text text;
    char last[32];
    int made;
} network;

static void begin_network(network *n, const char *shape) {
    *n = (network){.last = "x"};
    cvs_text_addf(
        &n->text,
        "{'class_name': 'Model', 'config': {'name': 'n', 'layers': [{'class_name': 'InputLayer', 'name': 'x', "
        "'config': {'name': 'x', 'batch_input_shape': %s}, 'inbound_nodes': []}",
        shape);
}

/* A layer that reads `from` (and `also`, unless NULL); its name, until the next one is added. */
static const char *add(network *n, const char *type, const char *config, const char *from, const char *also) {
    char read[32];
    snprintf(read, sizeof read, "%s", from);
    snprintf(n->last, sizeof n->last, "l%d", n->made++);
    cvs_text_addf(
        &n->text,
        ",{'class_name': '%s', 'name': '%s', 'config': {'name': '%s'%s%s}, 'inbound_nodes': [[['%s', 0, 0, {}]", type,
        n->last, n->last, *config ? ", " : "", config, read);
    if (also) cvs_text_addf(&n->text, ", ['%s', 0, 0, {}]", also);
    cvs_text_add(&n->text, "]]}");
    return n->last;
}

static void conv(network *n, int filters, int kernel, int stride) {
    char config[160];
    snprintf(config, sizeof config,
             "'filters': %d, 'kernel_size': [%d, %d], 'strides': [%d, %d], 'padding': 'same', 'use_bias': false",
             filters, kernel, kernel, stride, stride);
    add(n, "Conv2D", config, n->last, NULL);
    add(n, "BatchNormalization", "", n->last, NULL);
}

static read_model end_network(network *n) {
    cvs_text_addf(&n->text, "], 'input_layers': [['x', 0, 0]], 'output_layers': [['%s', 0, 0]]}}", n->last);
    ck_assert(!n->text.failed);
    read_model m = keras_model(n->text.data);
    cvs_text_free(&n->text);
    return m;
}

/* He et al., "Deep residual learning", table 1, 18 layers; up to the last block, then the classifier. */
static void basic_block(network *n, int filters, int stride) {
    char shortcut[32], inner[32];
    snprintf(shortcut, sizeof shortcut, "%s", n->last);
    conv(n, filters, 3, stride);
    conv(n, filters, 3, 1);
    snprintf(inner, sizeof inner, "%s", n->last);
    if (stride > 1) {
        snprintf(n->last, sizeof n->last, "%s", shortcut);
        conv(n, filters, 1, stride);
        snprintf(shortcut, sizeof shortcut, "%s", n->last);
    }
    add(n, "Add", "", inner, shortcut);
}

START_TEST(resnet_18) {
    network n;
    char last_block[32];
    cvs_model_totals totals;
    begin_network(&n, "[null, 224, 224, 3]");
    conv(&n, 64, 7, 2);
    add(&n, "MaxPooling2D", "'pool_size': [3, 3], 'strides': [2, 2], 'padding': 'same'", n.last, NULL);
    for (int stage = 0; stage < 4; stage++) {
        basic_block(&n, 64 << stage, stage > 0 ? 2 : 1);
        basic_block(&n, 64 << stage, 1);
    }
    snprintf(last_block, sizeof last_block, "%s", n.last);
    add(&n, "GlobalAveragePooling2D", "", n.last, NULL);
    add(&n, "Dense", "'units': 1000", n.last, NULL);
    read_model m = end_network(&n);
    cvs_model_sum_up(m.model, &totals);
    /* torchvision's resnet18: 11,689,512 parameters; Keras's batch norms count two statistics more a channel, 9,600. */
    ck_assert_int_eq(totals.trainable.value, 11689512);
    ck_assert_int_eq(totals.parameters.value, 11689512 + 9600);
    ck_assert_int_eq(totals.parameters.completeness, CVS_MODEL_COMPLETE);
    ck_assert_int_eq(totals.macs.value, 1814073344); /* 1.8e9 in the paper */
    ck_assert_str_eq(output_of(&m, last_block), "(None, 7, 7, 512)");
    /* 435 along the path through every 3x3 (distill.pub, Araujo et al. 2019); the shortcuts see the stem alone: 7, then
       3 at steps of 2, then single cells. */
    const cvs_model_field *field = &layer_of(&m, last_block)->field;
    ck_assert_int_eq(field->most.size[0], 435);
    ck_assert_int_eq(field->most.size[1], 435);
    ck_assert_int_eq(field->least.size[0], 11);
    ck_assert_int_eq(field->most.jump[0], 32);
    model_free(&m);
}
END_TEST

/* Simonyan and Zisserman, configuration D: 138,357,544 parameters; a chain sees 212 before its last pool. */
START_TEST(vgg_16) {
    static const struct { int filters, convs; } stages[] = {{64, 2}, {128, 2}, {256, 3}, {512, 3}, {512, 3}};
    network n;
    cvs_model_totals totals;
    begin_network(&n, "[null, 224, 224, 3]");
    for (size_t s = 0; s < sizeof stages / sizeof *stages; s++) {
        char config[96];
        snprintf(config, sizeof config, "'filters': %d, 'kernel_size': [3, 3], 'padding': 'same'", stages[s].filters);
        for (int c = 0; c < stages[s].convs; c++) add(&n, "Conv2D", config, n.last, NULL);
        add(&n, "MaxPooling2D", "", n.last, NULL);
    }
    add(&n, "Flatten", "", n.last, NULL);
    add(&n, "Dense", "'units': 4096", n.last, NULL);
    add(&n, "Dense", "'units': 4096", n.last, NULL);
    add(&n, "Dense", "'units': 1000", n.last, NULL);
    read_model m = end_network(&n);
    cvs_model_sum_up(m.model, &totals);
    ck_assert_int_eq(totals.parameters.value, 138357544);
    ck_assert_int_eq(totals.macs.value, INT64_C(15470264320));
    ck_assert_int_eq(layer_of(&m, "l17")->field.most.size[0], 212);
    /* Two 224x224x64 tensors: the first layer's output, and the second's. */
    ck_assert_int_eq(totals.peak_bytes.value, INT64_C(2) * 224 * 224 * 64 * 4);
    ck_assert_int_eq(totals.peak_layer, 1);
    model_free(&m);
}
END_TEST

/* ---- memory ----------------------------------------------------------------------------------- */

/* x is read by the first layer and by the sum: it is alive until then. */
START_TEST(a_tensor_is_alive_until_its_last_reader) {
    network n;
    begin_network(&n, "[null, 10]");
    add(&n, "Dense", "'units': 10", "x", NULL);
    add(&n, "Dense", "'units': 10", n.last, NULL);
    add(&n, "Add", "", n.last, "x");
    read_model m = end_network(&n);
    ck_assert_int_eq(layer_of(&m, "l0")->live_bytes, 80);
    ck_assert_int_eq(layer_of(&m, "l1")->live_bytes, 120);
    ck_assert_int_eq(layer_of(&m, "l2")->live_bytes, 120);
    ck_assert_int_eq(layer_of(&m, "l2")->output_bytes, 40);
    model_free(&m);
}
END_TEST

START_TEST(inputs_are_named_when_they_are_asked_for) {
    network n;
    cvs_error err = {0};
    begin_network(&n, "[null, 10]");
    add(&n, "Dense", "'units': 10", "x", NULL);
    read_model m = end_network(&n);
    const cvs_model_input other = {.name = "y", .shape = {2, {1, 5}}}, right = {.name = "x", .shape = {2, {3, 5}}};
    ck_assert_int_eq(cvs_model_infer(m.model, &other, 1, NULL, &err), CVS_INVALID);
    ck_assert_str_eq(err.pointer, "/input_shapes/y");
    ck_assert_str_eq(err.expected, "x");
    ck_assert_int_eq(cvs_model_infer(m.model, &right, 1, NULL, NULL), CVS_OK);
    ck_assert_str_eq(output_of(&m, "l0"), "(3, 10)");
    ck_assert_int_eq(layer_of(&m, "l0")->parameters, 60);
    model_free(&m);
}
END_TEST

Suite *graph_suite(void) {
    Suite *suite = suite_create("graph");
    TCase *core = tcase_create("core");
    tcase_add_test(core, resnet_18);
    tcase_add_test(core, vgg_16);
    tcase_add_test(core, a_tensor_is_alive_until_its_last_reader);
    tcase_add_test(core, inputs_are_named_when_they_are_asked_for);
    suite_add_tcase(suite, core);
    return suite;
}
