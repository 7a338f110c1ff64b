/*
 * cors.h - which web pages may read the answers (the Fetch standard's CORS protocol): none but those of this server's
 * own origin, unless the operator names others. Credentials are never allowed: there are none here.
 */
#ifndef CONVSCOPE_HTTP_CORS_H
#define CONVSCOPE_HTTP_CORS_H

#include <convscope/base.h>

enum { HTTP_ORIGINS_MAX = 32 };

/* A zeroed one allows no origin. */
typedef struct http_cors {
    bool any; /* pages of every origin */
    size_t count;
    struct http_origin {
        const char *text; /* borrowed, not NUL-terminated */
        size_t length;
    } origin[HTTP_ORIGINS_MAX];
} http_cors;

/*
 * Add the origins in `list`, which must outlive `cors`: "https://example.org,http://localhost:3000", or "*" for every
 * one. CVS_INVALID with a message for the operator, if one of them is none that a browser would send.
 */
cvs_status http_cors_add(http_cors *cors, const char *list, cvs_error *err) CVS_NODISCARD;

/* What one request may be told. */
typedef struct http_grant {
    const char *origin; /* for Access-Control-Allow-Origin: the request's own or "*"; NULL: say nothing */
    bool varies;        /* another origin would be told something else */
    bool preflight;     /* a browser asks whether it may send the real request */
} http_grant;

/* For a request of a page of `origin`; NULL: it is none of a page. The grant has that pointer. */
http_grant http_cors_judge(const http_cors *cors, const char *origin, bool preflight);

#endif
