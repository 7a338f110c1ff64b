/* model.c - the model of a request: recognised, read, put on its inputs. */
#include "api/base64.h"
#include "api/members.h"
#include "api/problem.h"
#include "api/review/review.h"

#include <string.h>

/* ---- what it is -------------------------------------------------------------------- */

static bool begins_json(const char *bytes, size_t length) {
    size_t i = 0;
    while (i < length && strchr(" \t\r\n", bytes[i]) && bytes[i]) i++;
    return i < length && (bytes[i] == '{' || bytes[i] == '[');
}

/* ---- reading -------------------------------------------------------------------------- */

static cvs_status refuse_framework(review *r) {
    return cvs_fail(&r->call->error, CVS_INVALID, "framework-not-of-model", "",
                    "JSON is how Keras keeps a model, and \"framework\" says %s.",
                    cvs_framework_name(r->wish->framework));
}

static cvs_status read_json(review *r, const json_t *json) {
    const cvs_framework asked = r->wish->framework;
    cvs_error *err = &r->call->error;
    if (asked != CVS_FRAMEWORK_AUTO && asked != CVS_KERAS && asked != CVS_KERAS1) return refuse_framework(r);
    return cvs_model_read_keras(&r->call->arena, json, asked, &r->model, err);
}

/* Where an error is about the model: a pointer below "/model", or in a text of its own a line and a column. */
static void locate(review *r) {
    cvs_error *err = &r->call->error;
    if (!r->text.is_json || strncmp(err->pointer, "/input_shape", strlen("/input_shape")) == 0) return;
    cvs_error_prefix(err, r->text.within);
}

/* JSON in a string: errors are at the string, with the place in it. */
static cvs_status read_json_text(review *r, const char *text, size_t length, const char *pointer) {
    json_t *json;
    cvs_error *err = &r->call->error;
    cvs_status status = call_parse(r->call, text, length, "The model", &json);
    if (status == CVS_OK) status = read_json(r, json);
    if (status == CVS_OK) return CVS_OK;
    source_mark mark = {.pointer = err->pointer};
    if (!err->line) source_find(text, length, &mark, 1);
    if (mark.region.line > 0) {
        err->line = mark.region.line;
        err->column = mark.region.column;
        err->offset = (int64_t)mark.region.offset;
    }
    memset(err->pointer, 0, sizeof err->pointer);
    cvs_error_prefix(err, pointer);
    return status;
}

/* A file of any kind but JSON, as its first bytes tell. */
static cvs_status read_file(review *r, const char *bytes, size_t length) {
    const cvs_model_source source = {bytes, length, r->wish->framework};
    const bool is_text = cvs_model_recognise(bytes, length) == CVS_MODEL_KIND_TEXT;
    r->text = (review_text){.bytes = is_text ? bytes : NULL, .length = is_text ? length : 0, .within = ""};
    return cvs_model_read_file(&r->call->arena, &source, &r->model, &r->call->error);
}

/* The bytes that the text at `pointer` stands for. */
static cvs_status decode(review *r, const json_t *json, const char *pointer, void **bytes, size_t *size) {
    const char *text = json_string_value(json);
    const size_t length = json_string_length(json);
    cvs_error *err = &r->call->error;
    size_t bad;
    if (!text) return members_wrong_type(json, pointer, "base64 in a string", err);
    if (base64_decoded_size(text, length, size)) {
        *bytes = cvs_arena_take(&r->call->arena, *size + 1);
        if (!*bytes) return problem_no_memory(err);
        if (base64_decode(text, length, *bytes, &bad)) return CVS_OK;
    }
    return cvs_fail(err, CVS_INVALID, "not-base64", pointer, "This is not base64 (RFC 4648, padded).");
}

/* Members of a model that is a file in base64: of any kind, and by the name that people look for. */
static const char *const file_members[] = {"file_base64", "onnx_base64", NULL};

static const char *file_member_of(const json_t *json) {
    for (size_t i = 0; file_members[i]; i++)
        if (json_object_get(json, file_members[i])) return file_members[i];
    return NULL;
}

/* {"onnx_base64": "..."} */
static cvs_status read_base64(review *r, const json_t *json, const char *member, const char *pointer) {
    const char *const known[] = {member, NULL};
    char below[POINTER_SIZE];
    void *bytes = NULL;
    size_t size = 0;
    members_pointer(below, pointer, member);
    cvs_status status = members_check(json, pointer, known, &r->call->error);
    if (status == CVS_OK) status = decode(r, json_object_get(json, member), below, &bytes, &size);
    if (status != CVS_OK) return status;
    status = read_file(r, bytes, size);
    if (status != CVS_OK) cvs_error_prefix(&r->call->error, below);
    return status;
}

static cvs_status read_string(review *r, const json_t *json, const char *pointer) {
    const char *text = json_string_value(json);
    const size_t length = json_string_length(json);
    if (begins_json(text, length)) {
        r->text = (review_text){.bytes = text, .length = length, .is_json = true, .within = ""};
        return read_json_text(r, text, length, pointer);
    }
    const cvs_status status = read_file(r, text, length);
    if (status != CVS_OK) cvs_error_prefix(&r->call->error, pointer);
    return status;
}

/* The part of the body that the model is: lines count from its beginning. */
static void set_text(review *r, const api_request *request, const char *pointer) {
    source_mark mark = {.pointer = pointer};
    source_find(request->body, request->body_length, &mark, 1);
    r->text = (review_text){.is_json = true, .within = pointer};
    if (!mark.region.line) return;
    r->text.bytes = request->body + mark.region.offset;
    r->text.length = mark.region.end_offset - mark.region.offset;
}

cvs_status review_read_member(review *r, const char *pointer, const api_request *request) {
    const json_t *json = members_get(r->call->root, pointer + 1);
    if (json_is_string(json)) return read_string(r, json, pointer);
    if (!json_is_object(json))
        return members_wrong_type(json, pointer, "a model: a JSON object, or a text", &r->call->error);
    const char *member = file_member_of(json);
    if (member) return read_base64(r, json, member, pointer);
    set_text(r, request, pointer);
    const cvs_status status = read_json(r, json);
    if (status != CVS_OK) locate(r);
    return status;
}

cvs_status review_read_body(review *r, const api_request *request) {
    if (!r->call->root) return read_file(r, request->body, request->body_length);
    r->text = (review_text){.bytes = request->body, .length = request->body_length, .is_json = true, .within = ""};
    return read_json(r, r->call->root);
}

/* ---- inputs ------------------------------------------------------------------------------ */

cvs_status review_infer(review *r) {
    const review_wish *wish = r->wish;
    const cvs_status status =
        cvs_model_infer(r->model, wish->inputs, wish->input_count, wish->names.symbols, &r->call->error);
    if (status == CVS_OK) cvs_model_sum_up(r->model, &r->totals);
    return status;
}
