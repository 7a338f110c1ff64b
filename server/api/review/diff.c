/* diff.c - POST /v1/diff: {"before": a model, "after": another}, and what changed from one to the other. */
#include "api/review/diff.h"

#include "api/members.h"
#include "api/problem.h"
#include "api/review/form.h"

static const review_form forms[] = {
    {"application/json", "application/json"},
    {"text/plain", "text/plain; charset=utf-8"},
    {"text/markdown", "text/markdown; charset=utf-8"},
    {NULL, NULL},
};
enum { AS_JSON, AS_TABLE, AS_MARKDOWN };

/* ---- reading -------------------------------------------------------------------------- */

static cvs_status check_members(const json_t *root, cvs_error *err) {
    static const char *const sides[] = {"before", "after"};
    const char *known[REVIEW_WISH_MEMBERS + 3] = {"before", "after"};
    for (size_t i = 0; i < REVIEW_WISH_MEMBERS; i++) known[i + 2] = review_wish_members[i];
    cvs_status status = members_check(root, "", known, err);
    for (size_t i = 0; i < 2 && status == CVS_OK; i++) {
        if (members_get(root, sides[i])) continue;
        char pointer[POINTER_SIZE];
        members_pointer(pointer, "", sides[i]);
        return cvs_fail(err, CVS_INVALID, "model-missing", pointer,
                        "A request has two models, \"before\" and \"after\"; \"%s\" is missing.", sides[i]);
    }
    return status;
}

static cvs_status read_side(model_diff *diff, diff_side *side, const char *pointer, const api_request *request) {
    review *r = &side->r;
    *r = (review){.call = diff->call, .wish = &diff->wish};
    cvs_status status = review_read_member(r, pointer, request);
    if (status == CVS_OK) status = review_infer(r);
    if (status == CVS_OK) status = review_judge(r);
    if (status != CVS_OK) return status;
    side->layers = cvs_model_layers(r->model, &side->count);
    int tensors;
    side->tensors = cvs_model_tensors(r->model, &tensors);
    return CVS_OK;
}

static cvs_status read(model_diff *diff, const api_request *request) {
    api_call *call = diff->call;
    cvs_status status = review_parse(call, request);
    if (status == CVS_OK && !call->root) /* it looks like no JSON: say so as a reader of JSON does */
        status = call_parse(call, request->body, request->body_length, "The request", &call->root);
    if (status == CVS_OK) status = check_members(call->root, &call->error);
    if (status == CVS_OK) status = review_wish_add(&diff->wish, call, request);
    if (status == CVS_OK) status = review_wish_read(&diff->wish, call, call->root);
    if (status == CVS_OK) status = read_side(diff, &diff->before, "/before", request);
    if (status == CVS_OK) status = read_side(diff, &diff->after, "/after", request);
    return status;
}

/* ---- answering ------------------------------------------------------------------------------ */

/* Those that are new. */
static void count_findings(const model_diff *diff, api_response *response) {
    const review *r = &diff->after.r;
    int counts[CVS_ERROR + 1] = {0};
    for (int i = 0; i < r->found.count; i++)
        if (diff->after.gone[i] && review_shows(r, i)) counts[r->found.finding[i].level]++;
    const int failed = r->failed > diff->before.r.failed ? r->failed - diff->before.r.failed : 0;
    review_head(response, counts, failed);
}

static void respond(const model_diff *diff, int form, api_response *response) {
    json_writer writer = call_writer(diff->call->account);
    cvs_text scratch = {0};
    if (form == AS_JSON)
        diff_write_json(diff, &writer, &scratch);
    else
        (form == AS_TABLE ? diff_write_table : diff_write_markdown)(diff, &writer.text);
    call_respond(&writer, response);
    if (response->status == 200) {
        response->content_type = forms[form].content_type;
        count_findings(diff, response);
    }
    json_writer_free(&writer);
    cvs_text_free(&scratch);
}

void api_diff(const api_context *context, const api_request *request, api_response *response) {
    api_call call;
    model_diff diff = {.call = &call};
    const int form = review_choose_form(forms, request, response);
    if (form < 0) return;
    call_begin(&call, context, request);
    cvs_status status = review_wish_start(&diff.wish, &call, api_language(request));
    if (status == CVS_OK) status = read(&diff, request);
    if (status == CVS_OK) status = diff_match(&diff);
    if (status == CVS_OK) status = diff_find(&diff);
    if (status == CVS_OK)
        respond(&diff, form, response);
    else
        review_refuse(&call, status, response);
    call_close(&call);
}
