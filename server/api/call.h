/* call.h - one request while it is answered: its JSON, its memory, its error. */
#ifndef CONVSCOPE_CALL_H
#define CONVSCOPE_CALL_H

#include "api/api.h"
#include "api/json_writer.h"
#include "api/lifted.h"
#include "api/tensor_text.h"

#include <jansson.h>

enum { CALL_MOST_MEMBERS = 12 };

typedef struct api_call {
    const api_context *context;
    api_account *account;                   /* the request's */
    json_t *root;                           /* the request, an object with known members only; in the arena */
    const json_t *given[CALL_MOST_MEMBERS]; /* the i-th known member; NULL where it is absent or null */
    lifted_arrays lifted;                   /* from the body, when call_open_lifted() opened it */
    cvs_arena arena;
    cvs_error error;
} api_call;

/*
 * Parse `request`, whose members must be among `known` (at most CALL_MOST_MEMBERS, NULL at its end). False when
 * `response` already says what is wrong with it; true obliges to call_close().
 */
bool call_open(api_call *call, const api_context *context, const api_request *request, const char *const *known,
               api_response *response) CVS_NODISCARD;
/* The same for a body that may be anything: nothing of it is read. */
void call_begin(api_call *call, const api_context *context, const api_request *request);
/*
 * The same for a body whose tensors can be lifted out of their places in it: true obliges to call_close(). False,
 * without a response, when they cannot or the rest is not in order: call_open() then tells what is wrong, if anything
 * is.
 */
bool call_open_lifted(api_call *call, const api_context *context, const api_request *request, const char *const *known,
                      lifted_places places) CVS_NODISCARD;
void call_close(api_call *call);

/* What failed with tensors lifted is to be told anew from the body as it is; not what failed for want of memory, or was
 * ended early. */
bool call_should_retell(const api_call *call);

/* A writer whose text asks the request's account, or nobody (NULL), before it grows. */
json_writer call_writer(api_account *account);

/* Parse JSON that stands in the request as text. CVS_SYNTAX names line and column in it; `what` is "The request". */
cvs_status call_parse(api_call *call, const char *text, size_t length, const char *what, json_t **out) CVS_NODISCARD;

/* Is the body within the limit? CVS_TOO_LARGE says that it is not. */
cvs_status call_check_size(const api_context *context, const api_request *request, cvs_error *err) CVS_NODISCARD;

/* 200 with what was written, or 503 (413) when memory ran out (never suffices). The writer is empty afterwards. */
void call_respond(json_writer *writer, api_response *response);
/* The same, with `tensor` in the writer's gap; `values`, its data, are taken over. */
void call_respond_flow(const api_context *context, json_writer *writer, const tensor_text *tensor, float *values,
                       api_response *response);
/* False when `response` says why no work is taken at the moment. */
bool call_ready(const api_request *request, api_response *response) CVS_NODISCARD;
/* Where memory was short, and it was the account that said so, say it in its words. */
void call_explain_memory(const api_account *account, cvs_error *err);
/* The call's error as a problem. */
void call_refuse(api_call *call, api_response *response);

#endif
