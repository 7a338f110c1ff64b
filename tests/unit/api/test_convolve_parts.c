/* POST /v1/convolve as a form: the same answers as in JSON, and problems that name the part. */
#include "ask.h"
#include "form.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

Suite *convolve_parts_suite(void);

/* Of a layer that doubles, and adds ten: (kernel_length, in_channels, filters) in Keras, (out, in, length) in PyTorch.
 */
static const float one_to_three[] = {1, 2, 3}, two[] = {2}, ten[] = {10}, one_and_ten[] = {1, 10}, two_three[] = {2, 3};

/* Send what was put into `body`, which is emptied. */
static json_t *send(cvs_text *body, int status) {
    const api_request request = {.body = body->data, .body_length = body->length, .form_type = FORM_TYPE};
    api_response response;
    api_convolve(ask_context(), &request, &response);
    json_t *json = json_loadb(response.body, response.body_length, 0, NULL);
    ck_assert_msg(response.status == status, "%d instead of %d: %s", response.status, status, response.body);
    ck_assert_ptr_nonnull(json);
    api_response_free(&response);
    cvs_text_free(body);
    return json;
}

static void check_output(cvs_text *body, const char *expected) {
    form_end(body);
    json_t *answer = send(body, 200);
    check_at(answer, "output.data", expected);
    json_decref(answer);
}

static void check_problem(cvs_text *body, int status, const char *pointer, const char *code) {
    form_end(body);
    json_t *problem = send(body, status);
    const char *detail = json_string_value(at(problem, "detail"));
    const char *found = json_string_value(at(problem, "errors.0.code"));
    ck_assert_msg(strcmp(found, code) == 0, "%s instead of %s: %s", found, code, detail);
    found = json_string_value(at(problem, "errors.0.pointer"));
    ck_assert_msg(strcmp(found, pointer) == 0, "%s instead of %s: %s", found, pointer, detail);
    json_decref(problem);
}

static void add_input(cvs_text *body) { form_floats(body, "input", "(1, 3, 1)", one_to_three, 3); }
static void add_kernel(cvs_text *body, const char *name) { form_floats(body, name, "(1, 1, 1)", two, 1); }
static void add_bias(cvs_text *body, const char *name) { form_floats(body, name, "(1,)", ten, 1); }

START_TEST(all_tensors_are_files) {
    static const char *const names[][2] = {{"kernel", "bias"}, {"weights[0]", "weights[1]"}, {"kernel", "weights[1]"}};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        cvs_text body = {0};
        form_text(&body, "request", "{\"layer\": \"Conv1D(1, 1)\"}");
        add_input(&body);
        add_kernel(&body, names[i][0]);
        add_bias(&body, names[i][1]);
        check_output(&body, "[12, 14, 16]");
    }
}
END_TEST

START_TEST(the_frameworks_names) {
    cvs_text body = {0};
    form_text(&body, "request", "{\"layer\": \"nn.Conv1d(1, 1, 1)\"}");
    form_floats(&body, "input", "(1, 1, 3)", one_to_three, 3);
    add_bias(&body, "bias");
    add_kernel(&body, "weight");
    check_output(&body, "[12, 14, 16]");
}
END_TEST

START_TEST(some_are_in_the_json) {
    cvs_text body = {0};
    add_input(&body);
    form_text(&body, "request", "{\"layer\": \"Conv1D(1, 1)\", \"weights\": [[[[2]]], [10]]}");
    check_output(&body, "[12, 14, 16]");
    add_kernel(&body, "kernel");
    add_bias(&body, "bias");
    form_text(&body, "request", "{\"layer\": \"Conv1D(1, 1)\", \"input\": [[[1], [2], [3]]]}");
    check_output(&body, "[12, 14, 16]");
}
END_TEST

START_TEST(text_parts_are_a_request) {
    cvs_text body = {0};
    add_input(&body);
    form_text(&body, "layer", "Conv1D(1, 1, activation=\"relu\")");
    form_text(&body, "framework", "keras");
    form_text(&body, "algorithm", "direct");
    add_kernel(&body, "kernel");
    add_bias(&body, "bias");
    check_output(&body, "[12, 14, 16]");
    form_text(&body, "layer", "ReLU()");
    add_input(&body);
    check_output(&body, "[1, 2, 3]");
}
END_TEST

/* The multiplier that the layer leaves out is that of the file: the depthwise kernels 1 and 10 make 5 and 50. */
START_TEST(a_separable_layer) {
    static const float five[] = {5};
    cvs_text body = {0};
    form_text(&body, "request",
              "{\"layer\": {\"class_name\": \"SeparableConv2D\", \"config\": {\"filters\": 1, \"kernel_size\": [1, 1], "
              "\"use_bias\": false}}}");
    form_floats(&body, "input", "(1, 1, 1, 1)", five, 1);
    form_floats(&body, "pointwise_kernel", "(1, 1, 2, 1)", two_three, 2);
    form_floats(&body, "depthwise_kernel", "(1, 1, 1, 2)", one_and_ten, 2);
    check_output(&body, "[160]");
}
END_TEST

START_TEST(other_numbers_and_orders) {
    static const unsigned char bytes[] = {1, 2, 3, 4, 5, 6};
    cvs_text body = {0};
    form_text(&body, "layer", "ReLU()");
    form_file(&body, "input", "{'descr': '|u1', 'fortran_order': True, 'shape': (1, 2, 3)}", bytes, sizeof bytes);
    check_output(&body, "[1, 3, 5, 2, 4, 6]");
}
END_TEST

#define REQUEST "{\"layer\": \"Conv1D(1, 1)\"}"

START_TEST(problems_name_the_part) {
    static const float nothing = 0;
    cvs_text body = {0};
    check_problem(&body, 400, "", "malformed-multipart");
    form_text(&body, "request", "{");
    check_problem(&body, 400, "", "not-json");
    form_text(&body, "request", "");
    check_problem(&body, 400, "", "body-empty");
    form_text(&body, "request", "{\"lager\": 1}");
    check_problem(&body, 422, "/lager", "unknown-member");
    add_input(&body);
    check_problem(&body, 422, "/layer", "layer-missing");
    form_text(&body, "request", REQUEST);
    check_problem(&body, 422, "/input", "input-missing");
    form_text(&body, "request", REQUEST);
    form_text(&body, "input", "[[[1]]]");
    check_problem(&body, 422, "/input", "not-npy");
    form_text(&body, "request", REQUEST);
    form_floats(&body, "input", "(4,)", one_to_three, 3);
    check_problem(&body, 422, "/input", "data-length-mismatch");
    form_text(&body, "request", REQUEST);
    form_file(&body, "input", "{'descr': '|O', 'fortran_order': False, 'shape': (1,)}", "\x80\x04N.", 4);
    check_problem(&body, 422, "/input", "npy-objects");
    form_text(&body, "request", REQUEST);
    form_floats(&body, "input", "()", one_to_three, 1);
    check_problem(&body, 422, "/input", "asymmetric-rank");
    form_text(&body, "request", REQUEST);
    form_floats(&body, "input", "(1, 0, 1)", &nothing, 0);
    check_problem(&body, 422, "/input", "empty-axis");
}
END_TEST

START_TEST(problems_name_the_weight) {
    cvs_text body = {0};
    form_text(&body, "request", REQUEST);
    add_input(&body);
    check_problem(&body, 422, "/weights", "weights-missing");
    form_text(&body, "request", REQUEST);
    add_input(&body);
    add_kernel(&body, "kernel");
    check_problem(&body, 422, "/bias", "weights-missing");
    form_text(&body, "request", REQUEST);
    add_input(&body);
    add_kernel(&body, "kernel");
    form_floats(&body, "bias", "(3,)", one_to_three, 3);
    check_problem(&body, 422, "/bias", "weights-shape-mismatch");
    form_text(&body, "request", REQUEST);
    add_input(&body);
    add_kernel(&body, "kernal");
    check_problem(&body, 422, "/kernal", "unknown-member");
    form_text(&body, "request", REQUEST);
    add_input(&body);
    add_kernel(&body, "weights[2]");
    check_problem(&body, 422, "/weights[2]", "unknown-member");
    form_text(&body, "request", REQUEST);
    add_input(&body);
    add_kernel(&body, "kernel");
    add_kernel(&body, "weights[0]");
    check_problem(&body, 422, "/weights[0]", "given-twice");
    form_text(&body, "request", "{\"layer\": \"Conv1D(1, 1)\", \"weights\": {\"random\": 7}}");
    add_input(&body);
    add_kernel(&body, "kernel");
    check_problem(&body, 422, "/kernel", "given-twice");
    form_text(&body, "request", "{\"layer\": \"Conv1D(1, 1)\", \"input\": [[[1], [2], [3]]]}");
    add_input(&body);
    check_problem(&body, 422, "/input", "given-twice");
    form_text(&body, "request", REQUEST);
    form_text(&body, "layer", "Conv1D(1, 1)");
    check_problem(&body, 422, "/layer", "part-beside-request");
}
END_TEST

START_TEST(a_double_too_large) {
    static const double large[] = {1, 1e300, 2};
    cvs_text body = {0};
    form_text(&body, "layer", "ReLU()");
    form_file(&body, "input", "{'descr': '<f8', 'fortran_order': False, 'shape': (1, 3)}", large, sizeof large);
    check_problem(&body, 422, "/input", "number-out-of-range");
}
END_TEST

START_TEST(a_text_too_long) {
    for (size_t more = 0; more < 2; more++) {
        static char text[16 * 1024 + 2];
        cvs_text body = {0};
        memset(text, ' ', sizeof text);
        memcpy(text, "ReLU()", 6);
        text[16 * 1024 + more] = '\0';
        form_text(&body, "layer", text);
        add_input(&body);
        if (more)
            check_problem(&body, 413, "/layer", "part-too-long");
        else
            check_output(&body, "[1, 2, 3]");
    }
}
END_TEST

/* The limit of a body is that of all its parts. */
START_TEST(a_body_too_large) {
    const size_t limit = ask_context()->limits.body_bytes;
    cvs_text body = {0};
    form_text(&body, "layer", "ReLU()");
    add_input(&body);
    form_end(&body);
    ask_context()->limits.body_bytes = body.length - 1;
    json_decref(send(&body, 413));
    ask_context()->limits.body_bytes = limit;
}
END_TEST

Suite *convolve_parts_suite(void) {
    Suite *suite = suite_create("convolve_parts");
    TCase *core = tcase_create("core");
    tcase_add_test(core, all_tensors_are_files);
    tcase_add_test(core, the_frameworks_names);
    tcase_add_test(core, some_are_in_the_json);
    tcase_add_test(core, text_parts_are_a_request);
    tcase_add_test(core, a_separable_layer);
    tcase_add_test(core, other_numbers_and_orders);
    tcase_add_test(core, problems_name_the_part);
    tcase_add_test(core, problems_name_the_weight);
    tcase_add_test(core, a_double_too_large);
    tcase_add_test(core, a_text_too_long);
    tcase_add_test(core, a_body_too_large);
    suite_add_tcase(suite, core);
    return suite;
}
