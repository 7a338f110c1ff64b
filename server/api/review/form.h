/* form.h - what the endpoints about models do alike with requests and responses. */
#ifndef CONVSCOPE_REVIEW_FORM_H
#define CONVSCOPE_REVIEW_FORM_H

#include "api/call.h"

/* What an answer can be written as; a NULL type ends a list of them. */
typedef struct review_form {
    const char *type, *content_type;
} review_form;

/* The place of the form that "Accept" likes best, or -1 and a response of status 406. */
int review_choose_form(const review_form *forms, const api_request *request, api_response *response);

/* The body as JSON into call->root, where it looks like that; else that stays NULL. */
cvs_status review_parse(api_call *call, const api_request *request) CVS_NODISCARD;

/* The header that counts findings, by level, and layers that cannot be. */
void review_head(api_response *response, const int *counts, int failed);

/* Answer with the call's error: 400 where the body cannot be read at all. */
void review_refuse(api_call *call, cvs_status status, api_response *response);

#endif
