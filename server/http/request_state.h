/* request_state.h - what is kept of one request, for request.c and the two files beside it: request_head.c judges a
 * request by its head, request_answer.c has it answered. */
#ifndef CONVSCOPE_HTTP_REQUEST_STATE_H
#define CONVSCOPE_HTTP_REQUEST_STATE_H

#include "http/body.h"
#include "http/headers.h"
#include "http/lines.h"
#include "http/request.h"
#include "http/routes.h"
#include "http/work.h"

/* Longer than every route with the longest values in it, with room to be shown in a message. */
#define PATH_MAX_SHOWN (64 + API_PATH_VALUES * HTTP_VALUE_MAX)

typedef struct http_request {
    http_peer *peer;
    int64_t since_us;                              /* when its request line had come (clock.h) */
    http_sample sample;                            /* what is known of it when it is over */
    http_trace trace;                              /* what it is called */
    http_grant grant;                              /* what pages of other origins may know of the answer */
    char method[16];                               /* printable ASCII; cut if longer: no route has it */
    bool begun;                                    /* the head has been looked at */
    bool bad_target;                               /* the request target holds bytes that it must not */
    const char *target;                            /* where it is, decoded by now, */
    size_t target_length;                          /* and what it had when it came */
    char path[PATH_MAX_SHOWN];                     /* cut if longer: no route is */
    const http_route *route;                       /* of its path; NULL: there is none, or it was not looked for */
    http_values values;                            /* of the route's path */
    api_parameter parameters[API_MOST_PARAMETERS]; /* of the query; */
    size_t parameter_count;                        /* more may have been counted */
    const char *file;     /* of the route, or of its OPTIONS: what is asked for; NULL: no file */
    bool has_json_length; /* as in http_head */
    uint64_t json_length;
    bool form; /* the body is multipart/form-data */
    http_refusal refusal;
    char said[256]; /* the sentence of a refusal that has figures */
    bool streamed;  /* the body is many requests, a line each */
    bool close;     /* the connection cannot be used after this request */
    http_coding coding;
    http_accept accept;
    char *accept_list; /* of an Accept that came in several lines; owned */
    http_body body;
    http_work work;    /* the endpoint's, once the body is there */
    http_lines *lines; /* the body, when it is many requests, a line each; owned */
} http_request;

/* What a body may have, compressed or not. */
uint64_t http_request_most_bytes(const http_shared *shared, bool lines);

/*
 * The head is complete: read it, find the route and get ready for the body. What is wrong is request->refusal;
 * request->close then says that the body is not worth waiting for, or that nobody knows where it ends.
 */
void http_request_judge(const http_shared *shared, http_request *request, struct MHD_Connection *connection,
                        const char *method, const char *version);

/* It is over: count it, and log it. */
void http_request_account(const http_shared *shared, http_request *request, struct MHD_Connection *connection,
                          enum MHD_RequestTerminationCode why);

/* The account's refusal becomes that of the request. */
void http_request_lack_memory(http_request *request, const api_account *account);

/* Queue the answer that request->refusal is. */
enum MHD_Result http_request_refuse(const http_shared *shared, http_request *request,
                                    struct MHD_Connection *connection);

/* The body is complete, or its work is done: have the request answered, now or on the pool. */
enum MHD_Result http_request_finish(const http_shared *shared, http_request *request,
                                    struct MHD_Connection *connection);

#endif
