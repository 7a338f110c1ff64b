#include "ask.h"

#include "json_text.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

api_context *ask_context(void) {
    static api_context context;
    static cvs_engine *engine;
    if (!engine) {
        cvs_error err = {0};
        ck_assert_msg(cvs_engine_create(&(cvs_engine_options){.threads = 3}, &engine, &err) == CVS_OK, "%s",
                      err.message);
        api_context_defaults(&context, engine);
    }
    return &context;
}

json_t *ask(endpoint *call, int status, const char *body) {
    char *text = strdup(body);
    for (char *p = text; *p; p++) {
        if (*p == '\'') *p = '"';
    }
    const api_request request = {.body = text, .body_length = strlen(text)};
    api_response response;
    call(ask_context(), &request, &response);
    json_error_t error;
    json_t *json = json_loadb(response.body, response.body_length, JSON_REJECT_DUPLICATES, &error);
    ck_assert_msg(json != NULL, "%s: %s", body, error.text);
    ck_assert_msg(response.status == status, "%s: %d instead of %d: %s", body, response.status, status, response.body);
    ck_assert_str_eq(response.content_type, status < 400 ? "application/json" : "application/problem+json");
    free(response.body);
    free(text);
    return json;
}

void ask_infer(const api_context *context, const api_request *request, api_response *response) {
    api_request asked = *request;
    const char *brace = memrchr(request->body, '}', request->body_length);
    const size_t length = brace ? (size_t)(brace + 1 - request->body) : request->body_length;
    asked.path_value[0] = "convolve";
    asked.has_json_length = length < request->body_length;
    asked.json_length = length;
    api_oip_infer(context, &asked, response);
}

const json_t *at(const json_t *json, const char *path) {
    char steps[128], *rest = NULL;
    snprintf(steps, sizeof steps, "%s", path);
    for (char *step = strtok_r(steps, ".", &rest); step; step = strtok_r(NULL, ".", &rest)) {
        json = json_is_array(json) ? json_array_get(json, (size_t)atoi(step)) : json_object_get(json, step);
        ck_assert_msg(json != NULL, "%s: there is no %s", path, step);
    }
    return json;
}

void check_at(const json_t *json, const char *path, const char *expected) {
    json_t *wanted = json_text(expected);
    const json_t *found = at(json, path);
    char *text = json_dumps(found, JSON_ENCODE_ANY);
    ck_assert_msg(json_equal(found, wanted), "%s: %s instead of %s", path, text, expected);
    free(text);
    json_decref(wanted);
}

void check_refused(endpoint *call, int status, const char *pointer, const char *code, const char *body) {
    json_t *problem = ask(call, status, body);
    const char *found = json_string_value(at(problem, "errors.0.code"));
    ck_assert_msg(strcmp(found, code) == 0, "%s: code %s instead of %s: %s", body, found, code,
                  json_string_value(at(problem, "detail")));
    found = json_string_value(at(problem, "errors.0.pointer"));
    ck_assert_msg(strcmp(found, pointer) == 0, "%s: pointer %s instead of %s", body, found, pointer);
    json_decref(problem);
}
