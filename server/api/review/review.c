/*
 * review.c - POST /v1/review: a whole model, layer by layer, with its totals and what is wrong with it.
 *
 * The body is a request, {"model": ..., ...}, or the model's file itself with the rest in the query.
 */
#include "api/review/review.h"

#include "api/members.h"
#include "api/review/form.h"

#include <string.h>

/* What a review can be written as, the usual one first. */
static const review_form forms[] = {
    {"application/json", "application/json"},
    {"text/plain", "text/plain; charset=utf-8"},
    {"text/markdown", "text/markdown; charset=utf-8"},
    {"text/csv", "text/csv; charset=utf-8; header=present"},
    {"application/sarif+json", "application/sarif+json"},
    {NULL, NULL},
};
enum { AS_JSON, AS_TABLE, AS_MARKDOWN, AS_CSV, AS_SARIF };

/* ---- reading ------------------------------------------------------------------------ */

/* A model's own file is an object that has one of these; a request has "model". */
static bool is_file(const json_t *root) {
    static const char *const keys[] = {"class_name", "modelTopology", "model_config", "config"};
    if (!json_is_object(root) || json_object_get(root, "model")) return !json_is_object(root);
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (json_object_get(root, keys[i])) return true;
    return false;
}

static cvs_status check_members(const json_t *root, cvs_error *err) {
    const char *known[REVIEW_WISH_MEMBERS + 2] = {"model"};
    for (size_t i = 0; i < REVIEW_WISH_MEMBERS; i++) known[i + 1] = review_wish_members[i];
    cvs_status status = members_check(root, "", known, err);
    if (status != CVS_OK || members_get(root, "model")) return status;
    (void)cvs_fail(err, CVS_INVALID, "model-missing", "/model",
                   "A request has a \"model\", e.g. what Keras writes with model.to_json(); or the body is such a file "
                   "itself, with ?input_shape=1,224,224,3 behind the path.");
    cvs_fail_expected(err, "a model");
    return CVS_INVALID;
}

static cvs_status read(review *r, review_wish *wish, const api_request *request) {
    api_call *call = r->call;
    cvs_status status = review_parse(call, request);
    if (status == CVS_OK) status = review_wish_add(wish, call, request);
    if (status != CVS_OK) return status;
    if (!call->root || is_file(call->root)) return review_read_body(r, request);
    status = check_members(call->root, &call->error);
    if (status == CVS_OK) status = review_wish_read(wish, call, call->root);
    return status == CVS_OK ? review_read_member(r, "/model", request) : status;
}

/* ---- answering -------------------------------------------------------------------------- */

static void respond(const review *r, int form, api_response *response) {
    json_writer writer = call_writer(r->call->account);
    cvs_text scratch = {0};
    switch (form) {
    case AS_TABLE:
        review_write_table(r, &writer.text);
        break;
    case AS_MARKDOWN:
        review_write_markdown(r, &writer.text);
        break;
    case AS_CSV:
        review_write_csv(r, &writer.text);
        break;
    case AS_SARIF:
        review_write_sarif(r, &writer);
        break;
    default:
        review_write_json(r, &writer, &scratch);
    }
    call_respond(&writer, response);
    if (response->status == 200) {
        response->content_type = forms[form].content_type;
        review_head(response, r->counts, r->failed);
    }
    json_writer_free(&writer);
    cvs_text_free(&scratch);
}

void api_review(const api_context *context, const api_request *request, api_response *response) {
    api_call call;
    review_wish wish;
    review r = {.call = &call, .wish = &wish};
    const int form = review_choose_form(forms, request, response);
    if (form < 0) return;
    call_begin(&call, context, request);
    cvs_status status = review_wish_start(&wish, &call, api_language(request));
    if (status == CVS_OK) status = read(&r, &wish, request);
    if (status == CVS_OK) status = review_infer(&r);
    if (status == CVS_OK) status = review_judge(&r);
    if (status == CVS_OK)
        respond(&r, form, response);
    else
        review_refuse(&call, status, response);
    call_close(&call);
}
