/*
 * trace.h - the names by which a request is found again in logs: its id (X-Request-Id), which the client gave or we
 * make, and the id of the trace that it is part of (W3C Trace Context, traceparent).
 */
#ifndef CONVSCOPE_HTTP_TRACE_H
#define CONVSCOPE_HTTP_TRACE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Room with the NUL. A longer id of a client is not taken over. */
enum { HTTP_ID_MAX = 129, HTTP_TRACE_ID_MAX = 33 };

typedef struct http_trace {
    char id[HTTP_ID_MAX];             /* "": none yet */
    char trace_id[HTTP_TRACE_ID_MAX]; /* 32 hexadecimal digits; "": it is part of none that is known */
    int ids, parents;                 /* headers of each name so far */
} http_trace;

/*
 * Take over an X-Request-Id, if it is letters, digits and -_.~:/+=@ alone: what goes into an answer and into a log must
 * not be able to end a line or a quotation there. More than one of them are none.
 */
void http_trace_read_id(http_trace *trace, const char *value, size_t length);

/* Take over the trace id of a traceparent, if it is well-formed (W3C Trace Context 1.0, 3.2). More than one are none.
 */
void http_trace_read_parent(http_trace *trace, const char *value, size_t length);

/* What makes ids: 32 hexadecimal digits, half of them random for each process, the other half never twice in it. */
typedef struct http_ids {
    uint64_t process, first;
    atomic_ulong made;
} http_ids;

void http_ids_begin(http_ids *ids);
void http_ids_next(http_ids *ids, char id[HTTP_ID_MAX]); /* any thread */

#endif
