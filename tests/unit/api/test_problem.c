#include "api/problem.h"

#include <check.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

static json_t *body_of(api_response *response) {
    ck_assert_str_eq(response->content_type, "application/problem+json");
    json_t *body = json_loadb(response->body, response->body_length, 0, NULL);
    ck_assert_ptr_nonnull(body);
    free(response->body);
    return body;
}

static const char *text_of(const json_t *object, const char *key) {
    return json_string_value(json_object_get(object, key));
}

START_TEST(problem_has_all_members) {
    cvs_error error = {0};
    (void)cvs_fail(&error, CVS_SYNTAX, "text-unreadable", "/layer", "a \"quoted\" %s", "word");
    cvs_fail_value(&error, ")");
    cvs_fail_expected(&error, "an argument");
    error.line = 2;
    error.column = 5;
    error.offset = 17;
    api_response response;
    problem_respond(&response, 422, &error, "weights", "[{\"name\":\"kernel\"}]");
    ck_assert_int_eq(response.status, 422);
    json_t *body = body_of(&response);
    ck_assert_str_eq(text_of(body, "type"), "about:blank");
    ck_assert_str_eq(text_of(body, "title"), "Unprocessable Content");
    ck_assert_int_eq(json_integer_value(json_object_get(body, "status")), 422);
    ck_assert_str_eq(text_of(body, "detail"), "a \"quoted\" word");
    ck_assert_str_eq(text_of(body, "error"), "a \"quoted\" word");
    ck_assert_uint_eq(json_array_size(json_object_get(body, "weights")), 1);
    const json_t *first = json_array_get(json_object_get(body, "errors"), 0);
    ck_assert_str_eq(text_of(first, "pointer"), "/layer");
    ck_assert_str_eq(text_of(first, "code"), "text-unreadable");
    ck_assert_str_eq(text_of(first, "value"), ")");
    ck_assert_str_eq(text_of(first, "expected"), "an argument");
    ck_assert_int_eq(json_integer_value(json_object_get(first, "line")), 2);
    ck_assert_int_eq(json_integer_value(json_object_get(first, "column")), 5);
    ck_assert_int_eq(json_integer_value(json_object_get(first, "offset")), 17);
    json_decref(body);
}
END_TEST

START_TEST(problem_without_details) {
    api_response response;
    api_problem(&response, 405, "method-not-allowed", "use POST");
    ck_assert_int_eq(response.status, 405);
    json_t *body = body_of(&response);
    ck_assert_str_eq(text_of(body, "title"), "Method Not Allowed");
    const json_t *first = json_array_get(json_object_get(body, "errors"), 0);
    ck_assert_str_eq(text_of(first, "code"), "method-not-allowed");
    ck_assert_ptr_null(json_object_get(first, "line"));
    ck_assert_ptr_null(json_object_get(first, "value"));
    json_decref(body);
}
END_TEST

START_TEST(every_status_has_its_own) {
    ck_assert_int_eq(problem_status(CVS_INVALID), 422);
    ck_assert_int_eq(problem_status(CVS_SYNTAX), 422);
    ck_assert_int_eq(problem_status(CVS_UNSUPPORTED), 422);
    ck_assert_int_eq(problem_status(CVS_TOO_LARGE), 413);
    ck_assert_int_eq(problem_status(CVS_NO_MEMORY), 503);
}
END_TEST

Suite *problem_suite(void);
Suite *problem_suite(void) {
    Suite *suite = suite_create("api/problem");
    TCase *core = tcase_create("core");
    tcase_add_test(core, problem_has_all_members);
    tcase_add_test(core, problem_without_details);
    tcase_add_test(core, every_status_has_its_own);
    suite_add_tcase(suite, core);
    return suite;
}
