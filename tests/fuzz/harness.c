#include "harness.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void fuzz_require(bool holds, const char *format, ...) {
    if (holds) return;
    va_list arguments;
    va_start(arguments, format);
    fputs("does not hold: ", stderr);
    vfprintf(stderr, format, arguments);
    fputc('\n', stderr);
    va_end(arguments);
    abort();
}

char *fuzz_text(const void *bytes, size_t length) {
    char *text = malloc(length + 1);
    fuzz_require(text, "there is memory");
    memcpy(text, bytes, length);
    text[length] = '\0';
    return text;
}

/* ---- the context ------------------------------------------------------- */

static cvs_engine *create_engine(void) {
    cvs_engine *engine = NULL;
    cvs_error err = {0};
    const cvs_engine_options options = {.threads = 1};
    fuzz_require(cvs_engine_create(&options, &engine, &err) == CVS_OK, "an engine can be made: %s", err.message);
    return engine;
}

/* The engine lives as long as the process. */
const api_context *fuzz_context(void) {
    static api_context context;
    if (context.engine) return &context;
    api_init();
    api_context_defaults(&context, create_engine());
    context.limits.body_bytes = (size_t)1 << 16;
    context.limits.stream_bytes = (uint64_t)1 << 18;
    context.limits.json_bytes = (size_t)1 << 22;
    context.limits.output_elements = INT64_C(1) << 14;
    context.limits.macs = INT64_C(1) << 16;
    context.limits.workspace_bytes = (size_t)1 << 20;
    return &context;
}

/* Before jansson is used for anything else. */
int LLVMFuzzerInitialize(int *count, char ***arguments) {
    (void)count, (void)arguments;
    return fuzz_context() ? 0 : 1;
}

/* ---- answers ----------------------------------------------------------- */

static const char *text_of(const json_t *object, const char *name) {
    const char *text = json_string_value(json_object_get(object, name));
    fuzz_require(text && *text, "a problem says its \"%s\"", name);
    return text;
}

/* kebab-case */
static bool is_code(const char *code) {
    for (; *code; code++)
        if (!islower((unsigned char)*code) && !isdigit((unsigned char)*code) && *code != '-') return false;
    return true;
}

/* RFC 6901: nothing, or tokens that each begin with a slash, in which a tilde is followed by 0 or 1. */
static bool is_pointer(const char *pointer) {
    if (*pointer && *pointer != '/') return false;
    for (; *pointer; pointer++)
        if (*pointer == '~' && pointer[1] != '0' && pointer[1] != '1') return false;
    return true;
}

static void check_error(const json_t *error) {
    const char *pointer = json_string_value(json_object_get(error, "pointer"));
    fuzz_require(pointer && is_pointer(pointer), "a JSON pointer: %s", pointer ? pointer : "none");
    fuzz_require(is_code(text_of(error, "code")), "a code in kebab-case: %s", text_of(error, "code"));
    (void)text_of(error, "message");
    const json_t *line = json_object_get(error, "line");
    if (!line) return;
    fuzz_require(json_integer_value(line) >= 1, "lines count from 1");
    fuzz_require(json_integer_value(json_object_get(error, "column")) >= 0, "a line has a column");
    fuzz_require(json_integer_value(json_object_get(error, "offset")) >= 0, "a line has an offset");
}

static void check_problem(int status, const json_t *problem) {
    fuzz_require(json_integer_value(json_object_get(problem, "status")) == status, "a problem repeats its status");
    (void)text_of(problem, "type");
    (void)text_of(problem, "title");
    fuzz_require(strcmp(text_of(problem, "detail"), text_of(problem, "error")) == 0, "error repeats detail");
    const json_t *errors = json_object_get(problem, "errors");
    fuzz_require(json_array_size(errors) == 1 || status == 503, "a problem has one error");
    for (size_t i = 0; i < json_array_size(errors); i++) check_error(json_array_get(errors, i));
}

static bool is_expected(int status) {
    return status == 200 || status == 400 || status == 413 || status == 422 || status == 503;
}

void fuzz_check_answer(int status, const json_t *json) {
    fuzz_require(is_expected(status), "the status is one of ours: %d", status);
    fuzz_require(json_is_object(json), "the answer is an object");
    if (status != 200) check_problem(status, json);
}

/* The whole body, in whichever form it is; NULL without one. */
static char *take_body(api_response *response, size_t *length) {
    cvs_text text = {0};
    char piece[777];
    cvs_text_append(&text, response->body, response->body_length);
    cvs_text_append(&text, response->tail, response->tail_length);
    for (size_t got; response->flow && (got = api_flow_read(response->flow, piece, sizeof piece)) > 0;)
        cvs_text_append(&text, piece, got);
    fuzz_require(!text.failed, "there is memory");
    api_response_free(response);
    return cvs_text_take(&text, length);
}

/* How many bytes of the body are JSON, by the protocol that puts numbers behind it; else all of them. */
static size_t json_length(const api_response *response, size_t length) {
    for (size_t i = 0; i < response->header_count; i++) {
        const api_header *header = &response->headers[i];
        if (strcmp(header->name, "Inference-Header-Content-Length") == 0) length = strtoull(header->value, NULL, 10);
    }
    return length;
}

/* False where the body need not be JSON. */
static bool check_type(const fuzz_answer *answer, const api_request *request) {
    const char *type = answer->status == 200 ? "application/json" : "application/problem+json";
    if (strcmp(answer->type, type) == 0 || answer->json_length < answer->length) return true;
    fuzz_require(answer->status == 200 && request->accept, "nobody asked for %s", answer->type);
    return false;
}

fuzz_answer fuzz_ask(fuzz_endpoint endpoint, const api_request *request) {
    api_response response = {0};
    endpoint(fuzz_context(), request, &response);
    fuzz_answer answer = {.status = response.status, .type = response.content_type};
    fuzz_require(response.header_count <= API_MOST_HEADERS, "%zu headers", response.header_count);
    answer.body = take_body(&response, &answer.length);
    answer.json_length = json_length(&response, answer.length);
    if (!check_type(&answer, request) || (answer.status == 503 && !answer.body)) return answer;
    answer.json = fuzz_parse(answer.body, answer.json_length);
    fuzz_require(answer.json, "the answer is JSON: %.*s", (int)answer.json_length, answer.body);
    fuzz_check_answer(answer.status, answer.json);
    return answer;
}

fuzz_answer fuzz_ask_json(fuzz_endpoint endpoint, const json_t *request) {
    char *body = json_dumps(request, JSON_COMPACT);
    fuzz_require(body, "a request can be written");
    fuzz_answer answer = fuzz_ask(endpoint, &(api_request){.body = body, .body_length = strlen(body)});
    free(body);
    return answer;
}

void fuzz_answer_free(fuzz_answer *answer) {
    json_decref(answer->json);
    free(answer->body);
}

json_t *fuzz_parse(const void *data, size_t size) { return json_loadb(data, size, JSON_REJECT_DUPLICATES, NULL); }

void fuzz_check_shape(const json_t *shape) {
    fuzz_require(json_array_size(shape) >= 1, "a shape has axes");
    for (size_t i = 0; i < json_array_size(shape); i++) {
        const json_t *size = json_array_get(shape, i);
        const bool open = json_is_null(size) || (json_is_string(size) && *json_string_value(size));
        fuzz_require(open || json_integer_value(size) >= 1, "size %zu of a shape is one", i);
    }
}
