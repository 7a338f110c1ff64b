#include "api/review/form.h"

#include "api/accept.h"
#include "api/problem.h"

#include <convscope/rules.h>

#include <stdio.h>
#include <string.h>

enum { MOST_FORMS = 8 };

int review_choose_form(const review_form *forms, const api_request *request, api_response *response) {
    const char *types[MOST_FORMS + 1] = {NULL};
    char detail[256];
    int length = snprintf(detail, sizeof detail, "\"Accept\" takes none of the types that the answer can have:");
    for (int i = 0; forms[i].type && i < MOST_FORMS; i++) {
        types[i] = forms[i].type;
        length += snprintf(detail + length, sizeof detail - (size_t)length, "%s %s", i ? "," : "", types[i]);
    }
    const int choice = accept_media_type(request->accept, types);
    if (choice < 0) api_problem(response, 406, "not-acceptable", detail);
    return choice;
}

cvs_status review_parse(api_call *call, const api_request *request) {
    size_t blank = 0;
    const cvs_status status = call_check_size(call->context, request, &call->error);
    if (status != CVS_OK) return status;
    while (blank < request->body_length && request->body[blank] && strchr(" \t\r\n", request->body[blank])) blank++;
    if (blank == request->body_length)
        return cvs_fail(&call->error, CVS_SYNTAX, "body-empty", "",
                        "The request is empty; send a JSON object with a model, or a model's file.");
    if (request->body[blank] != '{' && request->body[blank] != '[') return CVS_OK;
    return call_parse(call, request->body, request->body_length, "The request", &call->root);
}

void review_head(api_response *response, const int *counts, int failed) {
    api_response_header(response, "Convscope-Findings", "errors=%d, warnings=%d, notes=%d, failed=%d",
                        counts[CVS_ERROR], counts[CVS_WARNING], counts[CVS_NOTE], failed);
}

void review_refuse(api_call *call, cvs_status status, api_response *response) {
    if (status == CVS_SYNTAX && !call->root)
        problem_respond(response, 400, &call->error, NULL, NULL);
    else
        call_refuse(call, response);
}
