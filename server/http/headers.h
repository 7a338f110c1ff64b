/*
 * headers.h - the rules a request's head must keep before anything else is looked at: what decides where a
 * request ends (RFC 9112, 6), and what this server does not do. Two programs in a row that disagree about the
 * end of a request let a stranger's bytes pass as somebody else's request, so every doubt is refused.
 */
#ifndef CONVSCOPE_HTTP_HEADERS_H
#define CONVSCOPE_HTTP_HEADERS_H

#include "http/coding.h"
#include "http/trace.h"

#include <stdint.h>

/* More header fields than this are refused (431). */
#define HTTP_FIELDS_MAX 64

/* One header field as received; borrowed. The value has a NUL behind it; nothing else relies on one. */
typedef struct http_field {
    const char *name;
    size_t name_length;
    const char *value;
    size_t value_length;
} http_field;

/* Why a request is refused: a status code, a stable kebab-case code, a sentence. status 0: it is not. */
typedef struct http_refusal {
    int status;
    const char *code;
    const char *detail; /* static */
} http_refusal;

/* What the head says about the body. */
typedef struct http_head {
    bool has_length;         /* Content-Length was given */
    uint64_t content_length; /* UINT64_MAX when it is larger than that */
    bool chunked;
    bool expects_continue;
    bool has_json_length; /* Inference-Header-Content-Length was given: */
    uint64_t json_length; /* so many bytes of the body are JSON, the others binary; UINT64_MAX as above */
    bool json;            /* the media type is one that a JSON body may come with */
    bool lines;           /* it is application/x-ndjson: a JSON text a line */
    bool bytes;           /* it is application/octet-stream */
    bool form;            /* it is multipart/form-data */
    http_coding coding;   /* what the body is compressed with */
    const char *key;      /* Authorization: Bearer, or else X-API-Key: what the client shows to be let in; or NULL; */
    size_t key_length;    /* borrowed from the fields */
    http_accept accept;   /* what the answer may be compressed with */
    http_trace trace;     /* what the request is called */
    const char *origin;   /* of the page that sends it, borrowed; NULL: it does not say, or says several */
    bool preflight;       /* a browser asks before it sends the real request */
} http_head;

/*
 * Read the head of a request: `version` as in the request line ("HTTP/1.1"), `count` fields in the order received.
 * The verdict has status 0 when the head keeps every rule. Otherwise the end of the request is in doubt or the
 * client wants what cannot be: answer and close the connection.
 */
http_refusal http_head_read(const char *version, const http_field *fields, size_t count, http_head *head);

/* Whether a request target (path and query) has only the bytes that RFC 3986 allows unescaped. */
bool http_target_valid(const char *target);

#endif
