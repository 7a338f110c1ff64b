/* test_keras_code.c - models as people write them in Keras. */
#include "model_text.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

Suite *keras_code_suite(void);

/* ---- sequences --------------------------------------------------------------------- */

START_TEST(a_script_around_a_sequence) {
    read_model m = text_model("import numpy\n"
                              "from keras import (layers,\n    models)\n"
                              "rows, columns = 24, 2  # two at once\n"
                              "classes = 7\n"
                              "size = (24, 24, 3)\n"
                              "(pictures, labels), (others, answers) = read_all('pictures')\n"
                              "pictures = pictures.astype('float32') / 255\n"
                              "net = keras.Sequential(\n    [\n"
                              "        keras.Input(shape=size),\n"
                              "        layers.Conv2D(8*2, kernel_size=(5, 5), activation='relu'),\n"
                              "        layers.AveragePooling2D(pool_size=(2, 2)),\n"
                              "        layers.Conv2D(12, 3),\n"
                              "        layers.AveragePooling2D(2),\n"
                              "        layers.Flatten(),\n"
                              "        layers.Dropout(0.3),\n"
                              "        layers.Dense(classes, activation='softmax'),\n    ]\n)\n"
                              "net.summary()\n"
                              "way = keras.optimizers.SGD(0.1)\n"
                              "net.compile(loss='categorical_crossentropy', optimizer=way)\n"
                              "net.fit(pictures, labels, epochs=3)\n"
                              "result = net.evaluate(others, answers)\n"
                              "print('loss', result[0])\n");
    cvs_model_totals totals;
    ck_assert_str_eq(names_of(&m), "conv2d average_pooling2d conv2d_1 average_pooling2d_1 flatten dropout dense");
    ck_assert_str_eq(output_of(&m, "flatten"), "(None, 192)");
    cvs_model_sum_up(m.model, &totals);
    ck_assert_int_eq(totals.parameters.value, (75 * 16 + 16) + (144 * 12 + 12) + (192 * 7 + 7));
    ck_assert_int_eq(layer_of(&m, "conv2d_1")->place.line, 14);
    ck_assert_int_eq(layer_of(&m, "conv2d_1")->place.column, 9);
    ck_assert_str_eq(layer_of(&m, "conv2d_1")->type, "Conv2D");
    ck_assert_int_eq(cvs_model_order_known(m.model), CVS_MODEL_ORDER_STATED);
    model_free(&m);
}
END_TEST

START_TEST(layers_are_added) {
    read_model m = text_model("model = Sequential(name='net')\n"
                              "model.add(Conv2D(8, 3, input_shape=(8, 8, 3), name='first'))\n"
                              "model.add(tf.keras.layers.Flatten()); model.add(Dense(2))\n");
    ck_assert_str_eq(names_of(&m), "first flatten dense");
    ck_assert_str_eq(output_of(&m, "dense"), "(None, 2)");
    ck_assert_str_eq(cvs_model_name(m.model), "net");
    model_free(&m);
}
END_TEST

START_TEST(the_shape_given_to_build) {
    read_model m = text_model("m = Sequential([Conv2D(8, 3)])\nm.build((None, 8, 8, 3))\n");
    ck_assert_str_eq(output_of(&m, "conv2d"), "(None, 6, 6, 8)");
    model_free(&m);
}
END_TEST

START_TEST(a_sequence_of_keras_1) {
    read_model m = text_model("model = Sequential()\n"
                              "model.add(Convolution2D(64, 3, 3, border_mode='same', input_shape=(3, 16, 16), "
                              "dim_ordering='th'))\n"
                              "model.add(Flatten())\nmodel.add(Dense(10))\n");
    ck_assert_int_eq(cvs_model_framework(m.model), CVS_KERAS1);
    ck_assert_str_eq(output_of(&m, "convolution2d"), "(None, 64, 16, 16)");
    ck_assert_str_eq(output_of(&m, "dense"), "(None, 10)");
    model_free(&m);
}
END_TEST

/* ---- tensors ----------------------------------------------------------------------------- */

/* Keras's guide to functional models describes this network, and prints 223,242 parameters for it. */
START_TEST(branches_that_are_added) {
    read_model m = text_model("seen = Input((32, 32, 3))\n"
                              "same = 'same'\n"
                              "stem = Conv2D(64, 3)(Conv2D(32, 3)(seen))\n"
                              "stem = MaxPooling2D(3)(stem)\n"
                              "a = Conv2D(64, 3, padding=same)(stem)\n"
                              "a = Conv2D(64, 3, padding=same)(a)\n"
                              "a = add([a, stem])\n"
                              "b = Conv2D(64, 3, padding=same)(a)\n"
                              "b = Conv2D(64, 3, padding=same)(b)\n"
                              "b = layers.add([b, a])\n"
                              "head = GlobalAveragePooling2D()(Conv2D(64, 3)(b))\n"
                              "head = Dropout(0.5)(Dense(256, activation='relu')(head))\n"
                              "net = Model(seen, Dense(10)(head), name='small')\n");
    cvs_model_totals totals;
    ck_assert_str_eq(output_of(&m, "add_1"), "(None, 9, 9, 64)");
    cvs_model_sum_up(m.model, &totals);
    ck_assert_int_eq(totals.parameters.value, 223242);
    ck_assert_str_eq(cvs_model_name(m.model), "small");
    model_free(&m);
}
END_TEST

/* Two inputs, a layer and a model that are used twice; a head that belongs to no output is left out. */
START_TEST(twins_share_their_weights) {
    read_model m = text_model("base = Sequential([Dense(4, name='d')], name='base')\n"
                              "a = Input((8,), name='a')\nb = Input((8,), name='b')\n"
                              "inner = Input((4,))\n"
                              "encoder = Model(inner, Dense(2, name='code')(inner), name='encoder')\n"
                              "left, right = 1, 2\n"
                              "left = encoder(base(a))\nright = encoder(base(b))\n"
                              "head = Dense(100)(left)\n"
                              "both = [left, right]\n"
                              "merged = Concatenate(axis=-1)(both)\n"
                              "twin = Model(inputs=[a, b], outputs=merged)\n");
    int count;
    ck_assert_str_eq(names_of(&m), "base/d encoder/code base/d#2 encoder/code#2 concatenate");
    ck_assert_int_eq(layer_of(&m, "base/d")->parameters, 36);
    ck_assert_int_eq(layer_of(&m, "base/d#2")->parameters, 0);
    ck_assert(layer_of(&m, "encoder/code#2")->shared);
    ck_assert_str_eq(output_of(&m, "concatenate"), "(None, 4)");
    cvs_model_inputs(m.model, &count);
    ck_assert_int_eq(count, 2);
    model_free(&m);
}
END_TEST

START_TEST(a_model_goes_on_from_another) {
    read_model m = text_model("base = Sequential([Input((8, 8, 3)), Conv2D(4, 3), GlobalMaxPooling2D()])\n"
                              "model = Model(inputs=base.input, outputs=Dense(3)(base.output))\n");
    ck_assert_str_eq(output_of(&m, "dense"), "(None, 3)");
    ck_assert_int_eq(layer_of(&m, "dense")->parameters, 15);
    model_free(&m);
}
END_TEST

START_TEST(without_a_model_all_that_nobody_reads_comes_out) {
    read_model m = text_model("x = Input((4,))\ny = Dense(3)(x)\nz = Dense(2)(x)\n");
    int count;
    cvs_model_outputs(m.model, &count);
    ck_assert_int_eq(count, 2);
    ck_assert_str_eq(names_of(&m), "dense dense_1");
    model_free(&m);
}
END_TEST

/* ---- what is not read ------------------------------------------------------------------------ */

static const struct {
    const char *text, *code;
    int line, column;
} refusals[] = {
    {"model = Sequential()\nfor i in range(3):\n    model.add(Dense(10))\n", "code-not-run", 2, 1},
    {"def build():\n    return Sequential([Dense(1)])\n", "code-not-run", 1, 1},
    {"x = Input((4,))\ny = Dense(4)(x)\nz = x + y\n", "not-read", 3, 5},
    {"x = Input((4,))\ny = tf.reshape(x, (2, 2))\n", "not-read", 2, 5},
    {"x = Input((4,))\ny = Dense(4)(x)[0]\n", "not-read", 2, 5},
    {"m = Sequential([Dense(1), foo])\n", "not-a-layer", 1, 27},
    {"foo = bar.baz(2)\nm = Sequential([Dense(1), foo])\n", "not-a-layer", 2, 27},
    {"m = Sequential([Dense(1)])\nn = m.layers[-1].output\n", "not-read", 2, 5},
    {"m = Sequential([Dense(1)])\nm.pop()\n", "not-read", 2, 1},
    {"y = Dense(1)(z)\n", "not-a-tensor", 1, 14},
    {"m = Model(inputs=Input((3,)))\n", "inputs-of-a-model", 1, 5},
    {"a = Input((3,))\nb = Input((3,))\nm = Model(a, Add()([a, b]))\n", "tensor-unknown", 0, 0},
    {"m = Sequential([Dense(1)])\nm.add(m)\nm.add(m)\n", "too-deep", 1, 5},
    {"x = Flatten()([])\n", "not-a-tensor", 1, 5},
    {"m = Model([], Input((3,)))\nx = m([])\n", "not-a-tensor", 2, 5},
    {"m = Model(Input((3,)), [])\nx = Flatten()(m.outputs)\n", "not-a-tensor", 2, 5},
    {"x = [x]\nm = Sequential(x)\n", "too-deep", 1, 5},
    {"a = [b]\nb = [a]\nm = Concatenate()(a)\n", "too-deep", 1, 6},
    {"m = Sequential([Dense(1)]) Dense(2)\n", "unexpected-token", 1, 28},
    {"x = 3\n", "no-model", 0, 0},
    {"", "no-model", 0, 0},
    {"m = Sequential([*layers])\n", "unexpected-token", 1, 17},
    {"m = Sequential([Dense(1)\n", "unclosed-bracket", 2, 1},
    {"from a import (b]\n", "mismatched-bracket", 1, 17},
};

START_TEST(what_is_not_read_has_its_place) {
    read_model m = text_model(refusals[_i].text);
    ck_assert_msg(!m.model, "%s", refusals[_i].text);
    ck_assert_msg(strcmp(m.error.code, refusals[_i].code) == 0, "%s: %s, %s", refusals[_i].text, m.error.code,
                  m.error.message);
    ck_assert_int_eq(m.error.line, refusals[_i].line);
    ck_assert_int_eq(m.error.column, refusals[_i].column);
    model_free(&m);
}
END_TEST

/* A layer that nobody knows, or that does not fit, is that layer's failure. */
START_TEST(layers_that_fail) {
    read_model m = text_model("m = Sequential([Input((4, 4, 3)), Conv2D(2, 5, name='c'), Flatten(name='f')])");
    ck_assert_int_eq(layer_of(&m, "c")->state, CVS_MODEL_FAILED);
    ck_assert_int_eq(layer_of(&m, "f")->state, CVS_MODEL_WAITING);
    model_free(&m);
    m = text_model("m = Sequential([Input((4, 4, 3)), MyLayer(3, name='c'), Flatten()])");
    ck_assert_int_eq(layer_of(&m, "c")->state, CVS_MODEL_UNKNOWN);
    model_free(&m);
}
END_TEST

/* Names that stand for names, and models of models, do not grow without end. */
START_TEST(models_that_double_are_refused) {
    cvs_text text = {0};
    cvs_text_add(&text, "m0 = Sequential([Dense(1)])\n");
    for (int i = 1; i < 30; i++) cvs_text_addf(&text, "m%d = Sequential([m%d, m%d])\n", i, i - 1, i - 1);
    read_model m = text_model(text.data);
    ck_assert(!m.model);
    ck_assert_str_eq(m.error.code, "too-many-layers");
    ck_assert_int_eq(m.error.status, CVS_TOO_LARGE);
    model_free(&m);
    cvs_text_free(&text);
}
END_TEST

/* n0 = `first`, n1 = [n0, n0], and so on; then `last`. */
static void check_doubling(const char *first, const char *last) {
    cvs_text text = {0};
    cvs_text_addf(&text, "n0 = %s\n", first);
    for (int i = 1; i < 60; i++) cvs_text_addf(&text, "n%d = [n%d, n%d]\n", i, i - 1, i - 1);
    cvs_text_add(&text, last);
    read_model m = text_model(text.data);
    ck_assert(!m.model);
    ck_assert_str_eq(m.error.code, "too-many-layers");
    model_free(&m);
    cvs_text_free(&text);
}

START_TEST(lists_that_double_are_refused) {
    check_doubling("[]", "m = Sequential(n59)\n");
    check_doubling("Input((4,))", "m = Model(n59, n59)\n");
}
END_TEST

START_TEST(long_texts) {
    char *text = malloc(CVS_MODEL_MAX_TEXT + 2);
    ck_assert_ptr_nonnull(text);
    memset(text, '\n', CVS_MODEL_MAX_TEXT + 1);
    memcpy(text, "Sequential([Dense(1)])", strlen("Sequential([Dense(1)])"));
    text[CVS_MODEL_MAX_TEXT] = '\0';
    read_model m = text_model(text);
    ck_assert_ptr_nonnull(m.model);
    model_free(&m);
    text[CVS_MODEL_MAX_TEXT] = '\n';
    text[CVS_MODEL_MAX_TEXT + 1] = '\0';
    m = text_model(text);
    ck_assert_str_eq(m.error.code, "text-too-long");
    model_free(&m);
    free(text);
}
END_TEST

/* Whatever memory is missing, it is said, and nothing else happens. */
START_TEST(short_of_memory) {
    const char text[] = "a = Input((8, 8, 3))\nn = 4\nx = Conv2D(n, 3)(a)\nb = Sequential([Conv2D(n, 1), ReLU()])\n"
                        "y = b(x)\nm = Model(a, Add()([x, y]))\n";
    const cvs_model_source source = {.bytes = text, .length = strlen(text)};
    cvs_status status = CVS_NO_MEMORY;
    int refused = 0;
    for (size_t limit = 64; status != CVS_OK; limit += 512) {
        cvs_arena arena = cvs_arena_make(limit);
        cvs_model *model = NULL;
        cvs_error err = {0};
        status = cvs_model_read_text(&arena, &source, &model, &err);
        ck_assert_int_eq(status, status == CVS_OK ? CVS_OK : CVS_NO_MEMORY);
        ck_assert_int_eq(err.status, status);
        refused += status != CVS_OK;
        cvs_arena_free(&arena);
    }
    ck_assert_int_gt(refused, 10);
}
END_TEST

Suite *keras_code_suite(void) {
    Suite *suite = suite_create("keras_code");
    TCase *core = tcase_create("core");
    tcase_add_test(core, a_script_around_a_sequence);
    tcase_add_test(core, layers_are_added);
    tcase_add_test(core, the_shape_given_to_build);
    tcase_add_test(core, a_sequence_of_keras_1);
    tcase_add_test(core, branches_that_are_added);
    tcase_add_test(core, twins_share_their_weights);
    tcase_add_test(core, a_model_goes_on_from_another);
    tcase_add_test(core, without_a_model_all_that_nobody_reads_comes_out);
    tcase_add_loop_test(core, what_is_not_read_has_its_place, 0, sizeof refusals / sizeof *refusals);
    tcase_add_test(core, layers_that_fail);
    tcase_add_test(core, models_that_double_are_refused);
    tcase_add_test(core, lists_that_double_are_refused);
    tcase_add_test(core, long_texts);
    tcase_add_test(core, short_of_memory);
    suite_add_tcase(suite, core);
    return suite;
}
