/* Merges on the wire: several shapes for one layer. */
#include "ask.h"

#include <check.h>
#include <string.h>

Suite *merge_suite(void);

START_TEST(every_input_is_listed) {
    json_t *answer = ask(api_shape, 200,
                         "{'layer': 'Concatenate(axis=3)', 'input_shapes': [[null, 4, 4, 3], [null, 4, 4, 5], "
                         "[null, 4, 4, 1]]}");
    check_at(answer, "input", "{'shape': [null, 4, 4, 3], 'axes': ['batch', 'height', 'width', 'channels']}");
    ck_assert_uint_eq(json_array_size(at(answer, "inputs")), 3);
    check_at(answer, "inputs.0.shape", "[null, 4, 4, 3]");
    check_at(answer, "inputs.2", "{'shape': [null, 4, 4, 1], 'axes': ['batch', 'height', 'width', 'channels']}");
    check_at(answer, "output.shape", "[null, 4, 4, 9]");
    check_at(answer, "weights", "[]");
    check_at(answer, "parameters", "0");
    check_at(answer, "cost.input_bytes", "576"); /* 4*4*9 numbers of 4 bytes */
    check_at(answer, "cost.output_bytes", "576");
    json_decref(answer);
}
END_TEST

/* "inputs" comes with "input" and only for a list of them. */
START_TEST(inputs_come_with_the_field_input) {
    json_t *answer =
        ask(api_shape, 200, "{'layer': 'Add()', 'input_shapes': [[null, 4], [null, 4]], 'fields': ['output']}");
    ck_assert_uint_eq(json_object_size(answer), 1);
    json_decref(answer);
    answer = ask(api_shape, 200, "{'layer': 'ReLU()', 'input_shape': [null, 4], 'fields': ['input']}");
    ck_assert_uint_eq(json_object_size(answer), 1);
    json_decref(answer);
}
END_TEST

START_TEST(a_name_is_the_same_size_everywhere) {
    json_t *answer = ask(api_shape, 200,
                         "{'layer': 'Concatenate()', 'input_shapes': [[null, 'H', 'C'], [-1, 'H', 'D'], "
                         "[null, null, 4]]}");
    check_at(answer, "output.shape", "[null, 'H', 'C + D + 4']");
    check_at(answer, "inputs.1.shape", "[null, 'H', 'D']");
    check_at(answer, "cost.input_bytes", "null");
    json_decref(answer);
}
END_TEST

START_TEST(values_of_names_reach_every_input) {
    json_t *answer =
        ask(api_shape, 200, "{'layer': 'Concatenate()', 'input_shapes': [['N=2', 'H=7', 'C'], ['N', 'H', 'C=3']]}");
    check_at(answer, "input.shape", "[2, 7, 3]");
    check_at(answer, "inputs.1.shape", "[2, 7, 3]");
    check_at(answer, "output.shape", "[2, 7, 6]");
    check_at(answer, "output.expressions", "['N', 'H', '2*C']");
    json_decref(answer);
}
END_TEST

/* A chain may begin with a merge; what follows has the one that comes out of it. */
START_TEST(a_chain_that_begins_with_a_merge) {
    json_t *answer = ask(api_shape, 200,
                         "{'layers': ['Add()', 'Conv1D(2, 3)'], 'input_shapes': [[null, 'L=9', 4], [null, 'L', 4]]}");
    check_at(answer, "layers.0.inputs.1.shape", "[null, 9, 4]");
    check_at(answer, "layers.1.input.shape", "[null, 9, 4]");
    ck_assert_ptr_null(json_object_get(at(answer, "layers.1"), "inputs"));
    check_at(answer, "output.shape", "[null, 7, 2]");
    check_at(answer, "cost.input_bytes", "288");
    json_decref(answer);
}
END_TEST

/* NumPy's broadcasting puts axes before all others, Keras's behind the batch. */
START_TEST(inputs_of_fewer_axes) {
    json_t *answer = ask(api_shape, 200,
                         "{'layer': {'op_type': 'Mul'}, 'input_shapes': [[5, 1], [2, 3, 1, 4]], 'fields': ['input', "
                         "'output']}");
    check_at(answer, "input", "{'shape': [5, 1], 'axes': ['batch', 'features']}");
    check_at(answer, "output.shape", "[2, 3, 5, 4]");
    json_decref(answer);
    answer = ask(api_shape, 200, "{'layer': 'Multiply()', 'input_shapes': [[null, 3], [null, 7, 7, 3]]}");
    check_at(answer, "output", "{'shape': [null, 7, 7, 3], 'axes': ['batch', 'height', 'width', 'channels']}");
    check_at(answer, "explanation.steps.0",
             "{'axis': 'height', 'formula': 'max(n_0, n_1, ...)', 'substitution': '7', 'result': 7}");
    json_decref(answer);
}
END_TEST

typedef struct refusal {
    const char *pointer, *code, *body;
} refusal;

static const refusal refusals[] = {
    {"/input_shapes/1", "skip-size-mismatch", "{'layer': 'Add()', 'input_shapes': [[null, 5], [null, 7]]}"},
    {"/input_shapes/2", "skip-size-mismatch",
     "{'layer': 'Concatenate(axis=1)', 'input_shapes': [[null, 5], [null, 7], [null, 7, 7]]}"},
    {"/input_shapes", "merge-inputs", "{'layer': 'Add()', 'input_shapes': [[null, 5]]}"},
    {"/input_shapes", "merge-inputs", "{'layer': 'Add()', 'input_shape': [null, 5]}"},
    {"/input_shapes", "input-shape-missing", "{'layer': 'Add()'}"},
    {"/input_shapes", "wrong-length", "{'layer': 'Add()', 'input_shapes': []}"},
    {"/input_shapes", "wrong-type", "{'layer': 'Add()', 'input_shapes': 'H'}"},
    {"/input_shapes/0", "wrong-type", "{'layer': 'Add()', 'input_shapes': [5, 5]}"},
    {"/input_shapes/1/0", "size-negative", "{'layer': 'Add()', 'input_shapes': [[5], [-5]]}"},
    {"/input_shapes/1/1", "empty-axis", "{'layer': 'Add()', 'input_shapes': [[1, 5], [1, 0]]}"},
    {"/input_shapes/1/0", "name-bound-twice", "{'layer': 'Add()', 'input_shapes': [['N=1'], ['N=2']]}"},
    {"/input_shapes", "input-shape-ambiguous",
     "{'layer': 'Add()', 'input_shape': [1, 5], 'input_shapes': [[1, 5], [1, 5]]}"},
    {"/input_shapes", "not-a-merge", "{'layer': 'Dense(3)', 'input_shapes': [[1, 5], [1, 5]]}"},
    {"/input_shapes", "not-a-merge", "{'layer': 'Dense(3)', 'input_shapes': [[1, 5]]}"},
    {"/layer", "no-such-axis", "{'layer': 'Concatenate(axis=3)', 'input_shapes': [[1, 5], [1, 5]]}"},
    {"/layers/1", "merge-inputs", "{'layers': ['ReLU()', 'Add()'], 'input_shape': [1, 5]}"},
};

START_TEST(what_is_refused) {
    const refusal *row = &refusals[_i];
    check_refused(api_shape, 422, row->pointer, row->code, row->body);
}
END_TEST

START_TEST(too_many_inputs) {
    char body[4096] = "{'layer': 'Add()', 'input_shapes': [[1]";
    for (int i = 1; i < 257; i++) strcat(body, ", [1]");
    strcat(body, "]}");
    check_refused(api_shape, 422, "/input_shapes", "wrong-length", body);
}
END_TEST

Suite *merge_suite(void) {
    Suite *suite = suite_create("api/merge");
    TCase *core = tcase_create("core"), *limits = tcase_create("limits");
    tcase_add_test(core, every_input_is_listed);
    tcase_add_test(core, inputs_come_with_the_field_input);
    tcase_add_test(core, a_name_is_the_same_size_everywhere);
    tcase_add_test(core, values_of_names_reach_every_input);
    tcase_add_test(core, a_chain_that_begins_with_a_merge);
    tcase_add_test(core, inputs_of_fewer_axes);
    tcase_add_loop_test(limits, what_is_refused, 0, sizeof refusals / sizeof *refusals);
    tcase_add_test(limits, too_many_inputs);
    suite_add_tcase(suite, core);
    suite_add_tcase(suite, limits);
    return suite;
}
