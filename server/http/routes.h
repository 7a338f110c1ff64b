/* routes.h - which path and method is answered by which endpoint of the API. */
#ifndef CONVSCOPE_HTTP_ROUTES_H
#define CONVSCOPE_HTTP_ROUTES_H

#include "api/api.h"

typedef void (*http_endpoint)(const api_context *context, const api_request *request, api_response *response);

typedef struct http_route {
    const char *path;
    const char *method; /* "GET" also answers HEAD */
    http_endpoint endpoint;
} http_route;

typedef enum http_match {
    HTTP_MATCH_FOUND = 0,
    HTTP_MATCH_OPTIONS,   /* the path is known and the method asks what it can do */
    HTTP_MATCH_NO_METHOD, /* the path is known, the method is not one of its own */
    HTTP_MATCH_NO_PATH
} http_match;

/* Find the route for `path`, the whole path without query; `*` is the server itself. */
http_match http_route_find(const char *path, const char *method, const http_route **route);

#define HTTP_ALLOW_MAX 64

/* The methods of `path` for an Allow header: "GET, HEAD, OPTIONS". */
void http_route_allow(const char *path, char allow[HTTP_ALLOW_MAX]);

/* "POST /v1/shape, POST /v1/convolve, ...": for a client that asked for something else. Appended to the text in `out`, cut at its end. */
void http_route_list(char *out, size_t size);

#endif
