/* convolve_parts.c - POST /v1/convolve as a form: the request in JSON, its tensors as .npy files beside it. */
#include "api/convolve_call.h"

#include "api/members.h"
#include "api/npy.h"
#include "api/problem.h"

#include <stdio.h>
#include <string.h>

/* Members of the request that may be parts of plain text, when there is no part "request". */
static const char *const text_parts[] = {"layer", "framework", "algorithm"};
enum { TEXT_PARTS = sizeof text_parts / sizeof *text_parts };

/* Of each of them, in bytes: a line of code, not a model. */
enum { MOST_TEXT = 16 * 1024 };

/* ---- the JSON ------------------------------------------------------------------------------ */

static cvs_status refuse_text_beside(const multipart *parts, cvs_error *err) {
    for (int i = 0; i < TEXT_PARTS; i++) {
        if (!multipart_find(parts, text_parts[i])) continue;
        char pointer[MULTIPART_MOST_NAME + 2];
        snprintf(pointer, sizeof pointer, "/%s", text_parts[i]);
        return cvs_fail(err, CVS_INVALID, "part-beside-request", pointer,
                        "Beside a part \"request\", \"%s\" belongs in its JSON.", text_parts[i]);
    }
    return CVS_OK;
}

static cvs_status text_too_long(const multipart_part *part, cvs_error *err) {
    char pointer[MULTIPART_MOST_NAME + 2];
    snprintf(pointer, sizeof pointer, "/%s", part->name);
    return cvs_fail(err, CVS_TOO_LARGE, "part-too-long", pointer,
                    "The part \"%s\" has %zu bytes, the most is %d: what is longer goes in a part \"request\".",
                    part->name, part->length, MOST_TEXT);
}

/* {"layer": ..., ...}; NULL with `err` set. */
static char *text_parts_as_json(const multipart *parts, size_t *length, cvs_error *err) {
    json_writer writer = {0};
    json_begin_object(&writer);
    for (int i = 0; i < TEXT_PARTS; i++) {
        const multipart_part *part = multipart_find(parts, text_parts[i]);
        if (!part) continue;
        if (part->length > MOST_TEXT) {
            (void)text_too_long(part, err);
            json_writer_free(&writer);
            return NULL;
        }
        json_key(&writer, text_parts[i]);
        json_write_text(&writer, part->bytes, part->length);
    }
    json_end_object(&writer);
    char *json = json_writer_take(&writer, length);
    if (!json) (void)problem_no_memory(err);
    return json;
}

cvs_status convolve_find_json(const multipart *parts, api_request *request, char **memory, cvs_error *err) {
    const multipart_part *json = multipart_find(parts, "request");
    *memory = NULL;
    if (json) {
        request->body = json->bytes;
        request->body_length = json->length;
        return refuse_text_beside(parts, err);
    }
    request->body = *memory = text_parts_as_json(parts, &request->body_length, err);
    return *memory ? CVS_OK : err->status;
}

/* ---- tensors ------------------------------------------------------------------------------- */

static cvs_status given_twice(const char *name, cvs_error *err) {
    char pointer[MULTIPART_MOST_NAME + 2];
    snprintf(pointer, sizeof pointer, "/%s", name);
    return cvs_fail(err, CVS_INVALID, "given-twice", pointer,
                    "This is given twice: by the part \"%s\" and by another part or in the JSON.", name);
}

static cvs_status open_file(const multipart_part *part, convolve_tensor *tensor, cvs_error *err) {
    snprintf(tensor->pointer, sizeof tensor->pointer, "/%s", part->name);
    tensor->given = true;
    cvs_status status = npy_open(part->bytes, part->length, &tensor->source, err);
    if (status != CVS_OK) cvs_error_prefix(err, tensor->pointer);
    return status;
}

cvs_status convolve_open_input_part(convolve_call *call) {
    if (members_get(call->json.root, "input")) return given_twice("input", &call->json.error);
    return open_file(multipart_find(call->parts, "input"), &call->c.input, &call->json.error);
}

static bool is_weight(const multipart_part *part) {
    bool other = strcmp(part->name, "request") == 0 || strcmp(part->name, "input") == 0;
    for (int i = 0; i < TEXT_PARTS; i++) other |= strcmp(part->name, text_parts[i]) == 0;
    return !other;
}

/* -1: it is none of this layer's. */
static int find_weight(const convolution *c, const char *name) {
    for (int i = 0; i < c->needed.count; i++) {
        char numbered[24];
        snprintf(numbered, sizeof numbered, "weights[%d]", i);
        if (strcmp(name, numbered) == 0) return i;
    }
    return convolve_find_weight(c, name);
}

static cvs_status unknown_part(convolve_call *call, const char *name) {
    const char *known[CONVOLVE_MOST_NAMES + TEXT_PARTS + 3] = {"request", "input"};
    int count = 2 + convolve_weight_names(&call->c, known + 2);
    for (int i = 0; i < TEXT_PARTS; i++) known[count++] = text_parts[i];
    known[count] = NULL;
    return members_unknown(name, "", known, &call->json.error);
}

static cvs_status open_weight(convolve_call *call, const multipart_part *part) {
    const int index = find_weight(&call->c, part->name);
    if (index < 0) return unknown_part(call, part->name);
    if (call->c.weights[index].given || members_get(call->json.root, "weights")) {
        return given_twice(part->name, &call->json.error);
    }
    return open_file(part, &call->c.weights[index], &call->json.error);
}

cvs_status convolve_open_weight_parts(convolve_call *call, bool *any) {
    cvs_status status = CVS_OK;
    *any = false;
    for (size_t i = 0; call->parts && i < call->parts->count && status == CVS_OK; i++) {
        const multipart_part *part = &call->parts->part[i];
        if (!is_weight(part)) continue;
        *any = true;
        status = open_weight(call, part);
    }
    for (int i = 0; i < call->c.needed.count && *any; i++) {
        convolve_tensor *weight = &call->c.weights[i];
        if (!weight->given) snprintf(weight->pointer, sizeof weight->pointer, "/%s", call->c.needed.weight[i].name);
    }
    return status;
}
