/* call.h - one request while it is answered: its JSON, its memory, its error. */
#ifndef CONVSCOPE_CALL_H
#define CONVSCOPE_CALL_H

#include "api/api.h"
#include "api/json_writer.h"

#include <jansson.h>

enum { CALL_MOST_MEMBERS = 12 };

typedef struct api_call {
    const api_context *context;
    json_t *root; /* the request, an object with known members only; in the arena */
    const json_t *given[CALL_MOST_MEMBERS]; /* the i-th known member; NULL where it is absent or null */
    cvs_arena arena;
    cvs_error error;
} api_call;

/*
 * Parse `request`, whose members must be among `known` (at most CALL_MOST_MEMBERS, NULL at its end). False when
 * `response` already says what is wrong with it; true obliges to call_close().
 */
bool call_open(api_call *call, const api_context *context, const api_request *request, const char *const *known,
               api_response *response) CVS_NODISCARD;
void call_close(api_call *call);

/* 200 with what was written, or 503 when memory ran out. The writer is empty afterwards. */
void call_respond(json_writer *writer, api_response *response);
/* The call's error as a problem. */
void call_refuse(const api_call *call, api_response *response);

#endif
