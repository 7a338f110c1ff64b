/* test_keras_model.c - models as each version of Keras serialises them. */
#include "model_text.h"

#include <check.h>

Suite *keras_model_suite(void);

#define INPUT(name, shape)                                                                                             \
    "{'class_name': 'InputLayer', 'name': '" name "', 'config': {'batch_input_shape': " shape ", 'name': '" name       \
    "'}, 'inbound_nodes': []}"
#define CONV(name, filters, kernel, nodes)                                                                             \
    "{'class_name': 'Conv2D', 'name': '" name "', 'config': {'name': '" name "', 'filters': " filters                  \
    ", 'kernel_size': " kernel "}, 'inbound_nodes': " nodes "}"
#define LAMBDA(name, nodes)                                                                                            \
    "{'class_name': 'Lambda', 'name': '" name "', 'config': {'name': '" name "'}, 'inbound_nodes': " nodes "}"
#define OF(name) "[[['" name "', 0, 0, {}]]]"
#define ADD(name, nodes)                                                                                               \
    "{'class_name': 'Add', 'name': '" name "', 'config': {'name': '" name "'}, 'inbound_nodes': " nodes "}"
#define MODEL(name, layers, inputs, outputs)                                                                           \
    "{'class_name': 'Functional', 'name': '" name "', 'config': {'name': '" name "', 'layers': [" layers               \
    "], 'input_layers': " inputs ", 'output_layers': " outputs "}"

START_TEST(a_sequence_of_keras_1) {
    read_model m = keras_model("{'class_name': 'Sequential', 'keras_version': '1.2.2', 'config': ["
                               "{'class_name': 'Convolution1D', 'config': {'name': 'c', 'nb_filter': 111, "
                               "'filter_length': 5, 'border_mode': 'valid', 'batch_input_shape': [null, 300, 1]}},"
                               "{'class_name': 'Flatten', 'config': {'name': 'f'}},"
                               "{'class_name': 'Dense', 'config': {'name': 'd', 'output_dim': 2}}]}");
    ck_assert_str_eq(output_of(&m, "c"), "(None, 296, 111)");
    ck_assert_int_eq(layer_of(&m, "c")->weights[0].tensor.shape.rank, 4);
    ck_assert_int_eq(cvs_model_framework(m.model), CVS_KERAS1);
    ck_assert_str_eq(output_of(&m, "d"), "(None, 2)");
    ck_assert_int_eq(layer_of(&m, "d")->parameters, 296 * 111 * 2 + 2);
    model_free(&m);
}
END_TEST

START_TEST(frozen_layers_are_not_trained) {
    read_model m = keras_model("{'class_name': 'Sequential', 'config': ["
                               "{'class_name': 'Conv2D', 'config': {'name': 'c', 'filters': 2, 'kernel_size': [1, 1], "
                               "'trainable': false, 'batch_input_shape': [null, 4, 4, 3]}},"
                               "{'class_name': 'Dense', 'config': {'name': 'd', 'units': 5, 'trainable': true}}]}");
    cvs_model_totals totals;
    cvs_model_sum_up(m.model, &totals);
    ck_assert_int_eq(layer_of(&m, "c")->parameters, 8);
    ck_assert_int_eq(layer_of(&m, "c")->trainable, 0);
    ck_assert(!layer_of(&m, "c")->weights[0].trainable);
    ck_assert_int_eq(totals.trainable.value, 15);
    ck_assert_int_eq(totals.parameters.value, 23);
    model_free(&m);
}
END_TEST

START_TEST(the_shape_that_a_sequence_was_built_with) {
    read_model m = keras_model("{'class_name': 'Sequential', 'config': {'name': 's', 'build_input_shape': "
                               "[null, 8, 8, 3], 'layers': [{'class_name': 'Conv2D', 'config': {'name': 'c', "
                               "'filters': 4, 'kernel_size': [3, 3]}}]}}");
    ck_assert_str_eq(output_of(&m, "c"), "(None, 6, 6, 4)");
    model_free(&m);
}
END_TEST

START_TEST(without_a_shape_it_waits_for_one) {
    read_model m = keras_model("{'class_name': 'Sequential', 'config': [{'class_name': 'Conv2D', 'config': "
                               "{'name': 'c', 'filters': 4, 'kernel_size': [3, 3]}}]}");
    ck_assert_int_eq(layer_of(&m, "c")->state, CVS_MODEL_WAITING);
    const cvs_model_input input = {.shape = {4, {1, 8, 8, 3}}};
    ck_assert_int_eq(cvs_model_infer(m.model, &input, 1, NULL, NULL), CVS_OK);
    ck_assert_str_eq(output_of(&m, "c"), "(1, 6, 6, 4)");
    model_free(&m);
}
END_TEST

/* Squeeze and excitation: what is pooled to a cell is spread over all others, which stay as close together. */
START_TEST(a_pooled_branch_is_spread) {
    read_model m = keras_model(MODEL(
        "m",
        INPUT("x", "[null, 8, 8, 3]") "," CONV(
            "c", "4", "[3, 3]",
            OF("x")) ","
                     "{'class_name': 'GlobalAveragePooling2D', 'name': 'g', 'config': {'name': 'g', 'keepdims': true}, "
                     "'inbound_nodes': " OF(
                         "c") "},"
                              "{'class_name': 'Multiply', 'name': 'm', 'config': {'name': 'm'}, 'inbound_nodes': "
                              "[[['c', 0, 0, {}], ['g', 0, 0, {}]]]}," CONV("d", "4", "[3, 3]", OF("m")),
        "[['x', 0, 0]]", "[['d', 0, 0]]") "}");
    const cvs_model_field *field = &layer_of(&m, "d")->field;
    ck_assert_int_eq(field->least.size[0], 5);
    ck_assert_int_eq(field->most.size[0], 3 + 5 + 2); /* the whole map of 6 cells, and a step to either side */
    ck_assert_int_eq(field->most.jump[0], 1);
    ck_assert_int_eq(field->least.jump[0], 1);
    model_free(&m);
}
END_TEST

/* Listed from its end: Keras itself may write layers before those they read. */
START_TEST(branches_join) {
    read_model m = keras_model(
        MODEL("m",
              ADD("sum", "[[['a', 0, 0, {}], ['b', 0, 0, {}]]]") "," CONV("b", "2", "[1, 1]", OF("x")) "," CONV(
                  "a", "2", "[1, 1]", OF("b")) "," INPUT("x", "[null, 4, 4, 3]"),
              "[['x', 0, 0]]", "[['sum', 0, 0]]") "}");
    ck_assert_str_eq(names_of(&m), "b a sum");
    ck_assert_str_eq(output_of(&m, "sum"), "(None, 4, 4, 2)");
    model_free(&m);
}
END_TEST

START_TEST(keras_3_spells_tensors_out) {
    read_model m = keras_model(MODEL(
        "m",
        "{'module': 'keras.layers', 'class_name': 'InputLayer', 'config': {'batch_shape': [null, 4, 4, 3], 'name': "
        "'x'}, 'registered_name': null, 'name': 'x', 'inbound_nodes': []}," CONV(
            "c", "2", "[1, 1]",
            "[{'args': [{'class_name': '__keras_tensor__', 'config': {'shape': [null, 4, 4, 3], 'dtype': 'float32', "
            "'keras_history': ['x', 0, 0]}}], 'kwargs': {}}]"),
        "['x', 0, 0]", "['c', 0, 0]") "}");
    ck_assert_str_eq(output_of(&m, "c"), "(None, 4, 4, 2)");
    model_free(&m);
}
END_TEST

START_TEST(a_layer_used_twice_has_its_weights_once) {
    read_model m = keras_model(MODEL("m",
                                     INPUT("x", "[null, 6, 6, 3]") "," INPUT("y", "[null, 8, 8, 3]") "," CONV(
                                         "c", "2", "[3, 3]", "[[['x', 0, 0, {}]], [['y', 0, 0, {}]]]"),
                                     "[['x', 0, 0], ['y', 0, 0]]", "[['c', 0, 0], ['c', 1, 0]]") "}");
    cvs_model_totals totals;
    ck_assert_str_eq(output_of(&m, "c"), "(None, 4, 4, 2)");
    ck_assert_str_eq(output_of(&m, "c#2"), "(None, 6, 6, 2)");
    ck_assert(layer_of(&m, "c#2")->shared && !layer_of(&m, "c")->shared);
    cvs_model_sum_up(m.model, &totals);
    ck_assert_int_eq(totals.parameters.value, 3 * 3 * 3 * 2 + 2);
    ck_assert_int_eq(totals.macs.value, 3 * 3 * 3 * 2 * (16 + 36));
    model_free(&m);
}
END_TEST

/* The model inside was made on inputs of its own, so Keras counts its uses from 1; `first` 0 is how others count. */
static void check_nested(const char *first, const char *second) {
    char text[4096];
    snprintf(text, sizeof text,
             MODEL("m",
                   INPUT("x", "[null, 6, 6, 3]") "," INPUT("y", "[null, 8, 8, 3]") "," MODEL(
                       "inner", INPUT("i", "[null, null, null, 3]") "," CONV("c", "2", "[3, 3]", OF("i")),
                       "[['i', 0, 0]]", "[['c', 0, 0]]") ", 'inbound_nodes': [[['x', 0, 0, {}]], [['y', 0, 0, {}]]]}",
                   "[['x', 0, 0], ['y', 0, 0]]", "[['inner', %s, 0], ['inner', %s, 0]]") "}",
             first, second);
    read_model m = keras_model(text);
    cvs_model_totals totals;
    ck_assert_str_eq(output_of(&m, "inner/c"), "(None, 4, 4, 2)");
    ck_assert_str_eq(output_of(&m, "inner#2/c"), "(None, 6, 6, 2)");
    cvs_model_sum_up(m.model, &totals);
    ck_assert_int_eq(totals.parameters.value, 3 * 3 * 3 * 2 + 2);
    model_free(&m);
}

START_TEST(models_stand_in_models) {
    check_nested("0", "1");
    check_nested("1", "2");
}
END_TEST

START_TEST(what_nobody_knows_stops_what_depends_on_it) {
    read_model m = keras_model(MODEL("m",
                                     INPUT("x", "[null, 6, 6, 3]") "," CONV("a", "2", "[3, 3]", OF("x")) "," LAMBDA(
                                         "l", OF("x")) "," CONV("b", "2", "[3, 3]", OF("l")),
                                     "[['x', 0, 0]]", "[['a', 0, 0], ['b', 0, 0]]") "}");
    cvs_model_totals totals;
    ck_assert_int_eq(layer_of(&m, "l")->state, CVS_MODEL_UNKNOWN);
    ck_assert_str_eq(layer_of(&m, "l")->error.pointer, "/config/layers/2/class_name");
    ck_assert_int_eq(layer_of(&m, "b")->state, CVS_MODEL_WAITING);
    ck_assert_str_eq(output_of(&m, "a"), "(None, 4, 4, 2)");
    cvs_model_sum_up(m.model, &totals);
    ck_assert_int_eq(totals.macs.completeness, CVS_MODEL_PARTIAL);
    ck_assert_int_eq(totals.macs.value, 3 * 3 * 3 * 2 * 16);
    model_free(&m);
}
END_TEST

START_TEST(what_does_not_fit_is_that_layers_failure) {
    read_model m = keras_model(MODEL("m", INPUT("x", "[null, 2, 2, 3]") "," CONV("a", "2", "[3, 3]", OF("x")),
                                     "[['x', 0, 0]]", "[['a', 0, 0]]") "}");
    ck_assert_int_eq(layer_of(&m, "a")->state, CVS_MODEL_FAILED);
    ck_assert_str_eq(layer_of(&m, "a")->error.code, "kernel-larger-than-input");
    ck_assert_str_eq(layer_of(&m, "a")->error.pointer, "/config/layers/1/config/kernel_size/0");
    model_free(&m);
}
END_TEST

START_TEST(what_is_no_model_is_refused) {
    static const struct {
        const char *text, *code, *pointer;
    } cases[] = {
        {"[]", "not-a-model", ""},
        {"{}", "not-a-model", ""},
        {"{'class_name': 'Conv2D', 'config': {}}", "not-a-model", ""},
        {"{'class_name': 'Sequential', 'config': {}}", "layers-missing", "/config"},
        {"{'class_name': 'Sequential', 'config': [{'class_name': 'Sequential'}]}", "layers-missing", "/config/0"},
        {MODEL("m", CONV("a", "1", "[1, 1]", OF("b")) "," CONV("b", "1", "[1, 1]", OF("a")), "[]", "[['a', 0, 0]]") "}",
         "cycle", "/config/layers/0"},
        {MODEL("m", CONV("a", "1", "[1, 1]", OF("gone")), "[]", "[['a', 0, 0]]") "}", "tensor-unknown",
         "/config/layers/0"},
        {MODEL("m", CONV("a", "1", "[1, 1]", "[[['x', -1, 0, {}]]]"), "[]", "[]") "}", "bad-reference",
         "/config/layers/0/inbound_nodes/0/0"},
        {MODEL("m", "7", "[]", "[]") "}", "not-a-layer", "/config/layers/0"},
        {MODEL("m", INPUT("x", "[1, 1]") "," CONV("a", "1", "[1, 1]", OF("x")) "," CONV("a", "1", "[1, 1]", OF("x")),
               "[['x', 0, 0]]", "[]") "}",
         "tensor-made-twice", ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        read_model m = keras_model(cases[i].text);
        ck_assert_msg(!m.model, "case %zu is read", i);
        ck_assert_str_eq(m.error.code, cases[i].code);
        ck_assert_str_eq(m.error.pointer, cases[i].pointer);
        model_free(&m);
    }
}
END_TEST

Suite *keras_model_suite(void) {
    Suite *suite = suite_create("keras_model");
    TCase *core = tcase_create("core"), *limits = tcase_create("limits");
    tcase_add_test(core, a_sequence_of_keras_1);
    tcase_add_test(core, frozen_layers_are_not_trained);
    tcase_add_test(core, the_shape_that_a_sequence_was_built_with);
    tcase_add_test(core, without_a_shape_it_waits_for_one);
    tcase_add_test(core, a_pooled_branch_is_spread);
    tcase_add_test(core, branches_join);
    tcase_add_test(core, keras_3_spells_tensors_out);
    tcase_add_test(core, a_layer_used_twice_has_its_weights_once);
    tcase_add_test(core, models_stand_in_models);
    tcase_add_test(limits, what_nobody_knows_stops_what_depends_on_it);
    tcase_add_test(limits, what_does_not_fit_is_that_layers_failure);
    tcase_add_test(limits, what_is_no_model_is_refused);
    suite_add_tcase(suite, core);
    suite_add_tcase(suite, limits);
    return suite;
}
