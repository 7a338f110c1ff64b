#include "ask.h"

#include <check.h>
#include <string.h>

#define ASKER                                                                                                          \
    "'layer': \"model.add(Convolution1D(nb_filter=111, filter_length=5, border_mode=\\\"valid\\\", "                   \
    "activation=\\\"relu\\\", subsample_length=1))\""

/* A setting that the framework lacks, told in the language of the answer. */
START_TEST(why_there_is_no_equivalent) {
    json_t *answer = ask(api_shape, 200,
                         "{'layer': 'nn.Conv2d(4, 4, 3, groups=2)', 'input_shape': [1, 4, 8, 8], "
                         "'fields': ['equivalents'], 'language': 'zh'}");
    check_at(answer, "equivalents.keras1.unsupported", "'Keras 1 的 Convolution2D 没有 groups 这项设置。'");
    json_decref(answer);
}
END_TEST

/* The founding question as it was meant: 300 steps, one channel. */
START_TEST(founding_question_with_one_channel) {
    json_t *answer = ask(api_shape, 200, "{" ASKER ", 'input_shape': [null, 300, 1]}");
    check_at(answer, "framework", "'keras1'");
    check_at(answer, "layer",
             "{'op': 'conv', 'spatial_rank': 1, 'in_channels': 1, 'filters': 111, 'kernel': [5], 'stride': [1], "
             "'dilation': [1], 'groups': 1, 'padding': {'mode': 'valid', 'before': [0], 'after': [0]}, "
             "'use_bias': true, 'activation': 'relu', 'data_format': 'channels_last'}");
    check_at(answer, "input", "{'shape': [null, 300, 1], 'axes': ['batch', 'length', 'channels']}");
    check_at(answer, "output", "{'shape': [null, 296, 111], 'axes': ['batch', 'length', 'filters']}");
    check_at(answer, "weights",
             "[{'name': 'kernel', 'shape': [5, 1, 1, 111], "
             "'axes': ['kernel_length', 'unit', 'in_channels', 'filters'], 'count': 555}, "
             "{'name': 'bias', 'shape': [111], 'axes': ['filters'], 'count': 111}]");
    check_at(answer, "parameters", "666");
    check_at(answer, "cost",
             "{'macs': 164280, 'bias_adds': 32856, 'flops': 361416, 'input_bytes': 1200, 'output_bytes': 131424, "
             "'weights_bytes': 2664}");
    check_at(answer, "receptive_field.size", "[5]");
    check_at(answer, "receptive_field.jump", "[1]");
    ck_assert_double_eq(json_number_value(at(answer, "receptive_field.start.0")), 2);
    check_at(answer, "explanation.language", "'en'");
    check_at(answer, "explanation.steps.0.axis", "'length'");
    check_at(answer, "explanation.steps.0.substitution", "'floor((300 + 0 + 0 - 1*(5 - 1) - 1)/1) + 1'");
    check_at(answer, "explanation.steps.0.result", "296");
    ck_assert_uint_ge(json_array_size(at(answer, "explanation.paragraphs")), 3);
    check_at(answer, "equivalents.keras", "\"Conv1D(111, 5, activation=\\u0027relu\\u0027)\"");
    ck_assert(json_is_object(at(answer, "equivalents.onnx")) || json_is_array(at(answer, "equivalents.onnx")));
    ck_assert_ptr_null(json_object_get(at(answer, "equivalents"), "keras1"));
    json_decref(answer);
}
END_TEST

/* And as it was: the 300 sit on the channel axis, and the weights that were seen are explained. */
START_TEST(founding_question_with_300_channels) {
    json_t *answer = ask(api_shape, 200,
                         "{" ASKER ", 'input_shape': [null, 400, 300], 'weights_shapes': [[5, 1, 300, 111], [111]]}");
    check_at(answer, "output.shape", "[null, 396, 111]");
    check_at(answer, "weights.0.shape", "[5, 1, 300, 111]");
    check_at(answer, "weights.0.axes.2", "'in_channels'");
    check_at(answer, "parameters", "166611");
    check_at(answer, "weights_seen.fits", "true");
    check_at(answer, "weights_seen.framework", "'keras1'");
    check_at(answer, "weights_seen.weights.0.axes", "['kernel_length', 'unit', 'in_channels', 'filters']");
    json_decref(answer);
}
END_TEST

/* Weights of the layer on other data: which size differs is marked. */
START_TEST(weights_that_do_not_fit) {
    json_t *answer = ask(api_shape, 200,
                         "{" ASKER ", 'input_shape': [null, 300, 1], 'weights_shapes': [[5, 1, 300, 111], [111]], "
                         "'fields': []}");
    ck_assert_uint_eq(json_object_size(answer), 1);
    check_at(answer, "weights_seen.fits", "false");
    check_at(answer, "weights_seen.kind", "'size'");
    check_at(answer, "weights_seen.weights.0.differs", "[false, false, true, false]");
    check_at(answer, "weights_seen.expected.0.shape", "[5, 1, 1, 111]");
    json_decref(answer);
    answer = ask(api_shape, 200,
                 "{" ASKER ", 'input_shape': [null, 300, 1], 'weights_shapes': [[5, 1, 1, 111]], 'language': 'zh'}");
    check_at(answer, "weights_seen.message",
             "'这些与这一层不符：给出了 1 个张量，而 Keras 1 存储 2 个，即 `kernel` (5, 1, 1, 111)，`bias` (111,)。'");
    json_decref(answer);
}
END_TEST

START_TEST(layouts_of_every_other_framework) {
    json_t *answer = ask(api_shape, 200, "{" ASKER ", 'input_shape': [null, 400, 300], 'fields': ['weights_layouts']}");
    static const struct {
        const char *framework, *shape, *from_given;
    } kernels[] = {
        {"keras", "[5, 300, 111]", "'kernel[:, 0]'"},
        {"pytorch", "[111, 300, 5]", "'numpy.transpose(kernel[:, 0], (2, 1, 0))'"},
        {"onnx", "[111, 300, 5]", "'numpy.transpose(kernel[:, 0], (2, 1, 0))'"},
        {"tensorflow", "[5, 300, 111]", "'kernel[:, 0]'"},
    };
    const json_t *layouts = at(answer, "weights_layouts");
    ck_assert_uint_eq(json_array_size(layouts), 8); /* a kernel and a bias each */
    for (size_t i = 0; i < sizeof kernels / sizeof *kernels; i++) {
        const json_t *kernel = json_array_get(layouts, 2 * i), *bias = json_array_get(layouts, 2 * i + 1);
        ck_assert_str_eq(json_string_value(at(kernel, "framework")), kernels[i].framework);
        check_at(kernel, "shape", kernels[i].shape);
        check_at(kernel, "from_given", kernels[i].from_given);
        check_at(bias, "shape", "[111]");
        check_at(bias, "from_given", "'bias'");
    }
    json_decref(answer);
}
END_TEST

START_TEST(fields_restrict_the_answer) {
    json_t *answer =
        ask(api_shape, 200, "{" ASKER ", 'input_shape': [null, 300, 1], 'fields': ['output', 'parameters']}");
    ck_assert_uint_eq(json_object_size(answer), 2);
    check_at(answer, "output.shape", "[null, 296, 111]");
    check_at(answer, "parameters", "666");
    json_decref(answer);
    answer = ask(api_shape, 200, "{" ASKER ", 'input_shape': [null, 300, 1]}");
    ck_assert_uint_eq(json_object_size(answer), 12);
    json_decref(answer);
}
END_TEST

START_TEST(unknown_and_named_sizes) {
    json_t *answer =
        ask(api_shape, 200, "{'layer': 'nn.Conv2d(3, 8, 3, stride=2)', 'input_shape': [-1, null, 'H', 28]}");
    check_at(answer, "input.shape", "[null, 3, 'H', 28]");
    check_at(answer, "output.shape", "[null, 8, 'floor((H - 3)/2) + 1', 13]");
    check_at(answer, "cost.macs", "null");
    check_at(answer, "cost.weights_bytes", "896");
    json_decref(answer);
}
END_TEST

/* With a value for every name the answer has numbers, and the expressions beside them. */
START_TEST(names_with_values) {
    json_t *bound =
        ask(api_shape, 200, "{'layer': 'nn.Conv2d(3, 8, 3, stride=2)', 'input_shape': ['N=2', 3, 'H=224', 28]}");
    json_t *plain = ask(api_shape, 200, "{'layer': 'nn.Conv2d(3, 8, 3, stride=2)', 'input_shape': [2, 3, 224, 28]}");
    check_at(bound, "output.shape", "[2, 8, 111, 13]");
    check_at(bound, "output.expressions", "['N', 8, 'floor((H - 3)/2) + 1', 13]");
    json_object_del(json_object_get(bound, "output"), "expressions");
    ck_assert(json_equal(bound, plain));
    json_decref(bound);
    json_decref(plain);
}
END_TEST

START_TEST(open_channels_leave_the_weights_open) {
    json_t *answer = ask(api_shape, 200, "{'layer': 'Conv1D(4, 3)', 'input_shape': [null, 10, null]}");
    check_at(answer, "output.shape", "[null, 8, 4]");
    check_at(answer, "weights", "null");
    check_at(answer, "parameters", "null");
    check_at(answer, "weights_layouts", "[]");
    json_decref(answer);
}
END_TEST

START_TEST(input_shape_from_the_text) {
    json_t *answer = ask(api_shape, 200, "{'layer': 'Conv2D(40, 5, input_shape=(128, 128, 3))'}");
    check_at(answer, "input.shape", "[null, 128, 128, 3]");
    check_at(answer, "output.shape", "[null, 124, 124, 40]");
    json_decref(answer);
    answer = ask(api_shape, 200, "{'layer': 'Conv2D(40, 5, input_shape=(128, 128, 3))', 'input_shape': [1, 9, 9, 2]}");
    check_at(answer, "output.shape", "[1, 5, 5, 40]");
    json_decref(answer);
}
END_TEST

/* 24x24x16 after 8 and then 16 filters: each layer reads what the one before it gives. */
START_TEST(chain_of_layers) {
    json_t *answer = ask(api_shape, 200,
                         "{'layers': ['Conv2D(8, 3)', {'op': 'conv', 'filters': 16, 'kernel': [3, 3]}], "
                         "'input_shape': [null, 28, 28, 1]}");
    check_at(answer, "layers.0.output.shape", "[null, 26, 26, 8]");
    check_at(answer, "layers.1.input.shape", "[null, 26, 26, 8]");
    check_at(answer, "layers.1.output.shape", "[null, 24, 24, 16]");
    check_at(answer, "output.shape", "[null, 24, 24, 16]");
    check_at(answer, "parameters", "1248");  /* 8*(9 + 1) + 16*(9*8 + 1) */
    check_at(answer, "cost.macs", "712224"); /* 26*26*8*9 + 24*24*16*9*8 */
    check_at(answer, "receptive_field.size", "[5, 5]");
    json_decref(answer);
}
END_TEST

START_TEST(chain_with_fields_and_names) {
    json_t *answer = ask(api_shape, 200,
                         "{'layers': ['nn.Conv2d(3, 8, 3, stride=2)', 'nn.Conv2d(8, 4, 3)'], "
                         "'input_shape': ['N', 3, 'H=11', 'W'], 'fields': ['output']}");
    ck_assert_uint_eq(json_object_size(answer), 2);
    check_at(answer, "layers.0.output.shape", "['N', 8, 5, 'floor((W - 3)/2) + 1']");
    check_at(answer, "output.shape.2", "3");
    ck_assert(json_is_string(at(answer, "output.shape.3")));
    json_decref(answer);
}
END_TEST

START_TEST(window_of_a_cell) {
    json_t *answer = ask(api_shape, 200,
                         "{'layer': 'Conv2D(4, 3, strides=2, padding=\\u0027same\\u0027)', "
                         "'input_shape': [1, 7, 8, 1], 'cell': [0, 3], 'fields': []}");
    check_at(answer, "receptive_window",
             "[{'axis': 'height', 'first': -1, 'step': 1, 'count': 3, 'padding_before': 1, 'padding_after': 0}, "
             "{'axis': 'width', 'first': 6, 'step': 1, 'count': 3, 'padding_before': 0, 'padding_after': 1}]");
    json_decref(answer);
}
END_TEST

START_TEST(chinese_is_spoken) {
    json_t *answer = ask(api_shape, 200, "{" ASKER ", 'input_shape': [null, 300, 1], 'language': 'zh'}");
    check_at(answer, "explanation.language", "'zh'");
    json_decref(answer);
}
END_TEST

START_TEST(mistakes_are_named) {
    static const struct {
        int status;
        const char *pointer, *code, *body;
    } cases[] = {
        {422, "/layer", "layer-missing", "{}"},
        {422, "/layers", "layer-ambiguous", "{'layer': 'Conv1D(1, 1)', 'layers': []}"},
        {422, "/layers", "wrong-length", "{'layers': [], 'input_shape': [1, 1, 1]}"},
        {422, "/layers", "wrong-type", "{'layers': 'Conv1D(1, 1)', 'input_shape': [1, 1, 1]}"},
        {422, "/input_shape", "input-shape-missing", "{'layer': 'Conv1D(1, 1)'}"},
        {422, "/inputshape", "unknown-member", "{'layer': 'Conv1D(1, 1)', 'inputshape': [1, 1, 1]}"},
        {422, "/input_shape/1", "wrong-type", "{'layer': 'Conv1D(1, 1)', 'input_shape': [1, 1.5, 1]}"},
        {422, "/framework", "unknown-framework",
         "{'layer': 'Conv1D(1, 1)', 'framework': 'torch', 'input_shape': [1, 1, 1]}"},
        {422, "/language", "unknown-language", "{'layer': 'Conv1D(1, 1)', 'language': 'fr', 'input_shape': [1, 1, 1]}"},
        {422, "/fields/1", "unknown-field",
         "{'layer': 'Conv1D(1, 1)', 'fields': ['output', 'weight'], 'input_shape': [1, 1, 1]}"},
        {422, "/fields/0", "wrong-type", "{'layer': 'Conv1D(1, 1)', 'fields': [1], 'input_shape': [1, 1, 1]}"},
        {422, "/weights_shapes/0/2", "size-negative",
         "{'layer': 'Conv1D(1, 1)', 'weights_shapes': [[1, 1, -2]], 'input_shape': [1, 1, 1]}"},
        {422, "/weights_shapes", "too-many-weights",
         "{'layer': 'Conv1D(1, 1)', 'weights_shapes': [[1], [1], [1], [1], [1], [1]], 'input_shape': [1, 1, 1]}"},
        {422, "/cell", "wrong-rank", "{'layer': 'Conv1D(1, 1)', 'cell': [1, 1], 'input_shape': [1, 1, 1]}"},
        {422, "/cell/0", "cell-outside-output", "{'layer': 'Conv1D(1, 1)', 'cell': [1], 'input_shape': [1, 1, 1]}"},
        {422, "/cell/0", "wrong-type", "{'layer': 'Conv1D(1, 1)', 'cell': ['x'], 'input_shape': [1, 1, 1]}"},
        {422, "/cell", "wrong-length", "{'layer': 'Conv1D(1, 1)', 'cell': [1, 1, 1, 1], 'input_shape': [1, 1, 1]}"},
        {422, "/cell", "not-for-chains", "{'layers': ['Conv1D(1, 1)'], 'cell': [0], 'input_shape': [1, 1, 1]}"},
        {422, "/layer/config/strides/0", "bad-hyperparameter",
         "{'layer': {'class_name': 'Conv2D', 'config': {'filters': 1, 'kernel_size': [1, 1], 'strides': [0, 1]}}, "
         "'input_shape': [1, 5, 5, 1]}"},
        {422, "/layer", "kernel-larger-than-input", "{'layer': 'Conv1D(1, 5)', 'input_shape': [1, 4, 1]}"},
        {422, "/layers/1", "kernel-larger-than-input",
         "{'layers': ['Conv1D(1, 5)', 'Conv1D(1, 5)'], 'input_shape': [1, 8, 1]}"},
        {422, "/layers/1", "channel-mismatch",
         "{'layers': ['nn.Conv1d(1, 2, 1)', 'nn.Conv1d(3, 2, 1)'], 'input_shape': [1, 1, 8]}"},
        {422, "/input_shape/1", "channel-mismatch", "{'layers': ['nn.Conv1d(1, 2, 1)'], 'input_shape': [1, 2, 8]}"},
        {422, "/input_shape", "asymmetric-rank", "{'layer': 'Conv1D(1, 5)', 'input_shape': [300, 1]}"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        check_refused(api_shape, cases[i].status, cases[i].pointer, cases[i].code, cases[i].body);
    }
}
END_TEST

START_TEST(mistakes_in_text_have_a_place) {
    json_t *problem = ask(api_shape, 422, "{'layer': 'Conv2D(40, (5, 5), stride=2)', 'input_shape': [1, 9, 9, 1]}");
    check_at(problem, "errors.0.line", "1");
    check_at(problem, "errors.0.column", "20");
    check_at(problem, "errors.0.offset", "19");
    check_at(problem, "errors.0.expected", "'strides'");
    json_decref(problem);
}
END_TEST

START_TEST(what_is_no_json_has_a_place) {
    json_t *problem = ask(api_shape, 400, "{'layer':\n 'Conv1D(1, 1)',}");
    check_at(problem, "errors.0.code", "'not-json'");
    check_at(problem, "errors.0.line", "2");
    json_decref(problem);
    check_refused(api_shape, 400, "", "body-empty", "");
    check_refused(api_shape, 400, "", "duplicate-member", "{'layer': 1, 'layer': 2}");
    check_refused(api_shape, 422, "", "wrong-type", "[]");
}
END_TEST

START_TEST(sizes_past_limits_are_refused) {
    api_context *context = ask_context();
    api_context before = *context;
    context->limits.body_bytes = 10;
    check_refused(api_shape, 413, "", "body-too-large", "{'layer': 'Conv1D(1, 1)'}");
    context->limits.body_bytes = before.limits.body_bytes;
    context->limits.json_bytes = 500;
    check_refused(api_shape, 413, "", "json-too-large", "{'layer': [{}, {}, {}, {}]}");
    context->limits.json_bytes = 128 * 1024;
    check_refused(api_review, 413, "", "request-too-large",
                  "{'model': 'Sequential((0-999): 1000 x Linear(in_features=3, out_features=3, bias=True))'}");
    *context = before;
}
END_TEST

START_TEST(health_names_what_computes) {
    json_t *answer = ask(api_health, 200, "");
    check_at(answer, "status", "'ok'");
    ck_assert_str_eq(json_string_value(at(answer, "version")), cvs_version());
    ck_assert_uint_gt(json_string_length(at(answer, "blas")), 0);
    ck_assert_uint_gt(json_string_length(at(answer, "isa")), 0);
    json_decref(answer);
}
END_TEST

Suite *shape_suite(void);
Suite *shape_suite(void) {
    Suite *suite = suite_create("api/shape");
    TCase *core = tcase_create("core");
    tcase_add_test(core, founding_question_with_one_channel);
    tcase_add_test(core, founding_question_with_300_channels);
    tcase_add_test(core, weights_that_do_not_fit);
    tcase_add_test(core, why_there_is_no_equivalent);
    tcase_add_test(core, layouts_of_every_other_framework);
    tcase_add_test(core, fields_restrict_the_answer);
    tcase_add_test(core, unknown_and_named_sizes);
    tcase_add_test(core, names_with_values);
    tcase_add_test(core, open_channels_leave_the_weights_open);
    tcase_add_test(core, input_shape_from_the_text);
    tcase_add_test(core, chain_of_layers);
    tcase_add_test(core, chain_with_fields_and_names);
    tcase_add_test(core, window_of_a_cell);
    tcase_add_test(core, chinese_is_spoken);
    tcase_add_test(core, health_names_what_computes);
    suite_add_tcase(suite, core);
    TCase *limits = tcase_create("limits");
    tcase_add_test(limits, mistakes_are_named);
    tcase_add_test(limits, mistakes_in_text_have_a_place);
    tcase_add_test(limits, what_is_no_json_has_a_place);
    tcase_add_test(limits, sizes_past_limits_are_refused);
    suite_add_tcase(suite, limits);
    return suite;
}
