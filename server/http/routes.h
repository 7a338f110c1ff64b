/* routes.h - which path and method is answered by which endpoint of the API. */
#ifndef CONVSCOPE_HTTP_ROUTES_H
#define CONVSCOPE_HTTP_ROUTES_H

#include "http/pattern.h"

typedef void (*http_endpoint)(const api_context *context, const api_request *request, api_response *response);

/* What the server answers of itself, and the API knows nothing of. */
struct http_shared;
typedef void (*http_inward)(const struct http_shared *shared, const api_request *request, api_response *response);

typedef struct http_route {
    const char *path;       /* a pattern (pattern.h) */
    const char *method;     /* "GET" also answers HEAD */
    http_endpoint endpoint; /* NULL: `inward` answers, at once, or a file */
    http_inward inward;
    const char *file;    /* the name of the file that is sent (embed/files.h) */
    const char *instead; /* the file where the program was built without that one */
    bool files;          /* the file that is sent is called as the path is, if there is one */
    const char *options; /* of the one that answers OPTIONS; NULL: 204 does */
    bool takes_bytes;    /* a body may be application/octet-stream, and not many requests, a line each */
    bool takes_form;     /* a body may be multipart/form-data */
    bool takes_files;    /* a body may be a file of any type */
    bool open;           /* no key is needed: nothing is told that is not for everybody who can reach the server */
    bool computes;       /* it may take seconds: not for a thread that talks to clients */
} http_route;

typedef enum http_match {
    HTTP_MATCH_FOUND = 0,
    HTTP_MATCH_OPTIONS,   /* the path is known and the method asks what it can do */
    HTTP_MATCH_NO_METHOD, /* the path is known, the method is not one of its own */
    HTTP_MATCH_NO_PATH
} http_match;

/*
 * Find the route for `path`, the whole path without query; `*` is the server itself. *values are what stands where the
 * route's path is open; set with HTTP_MATCH_FOUND only. Where the path is known and the method is not, *route is
 * one of that path; NULL where no path is.
 */
http_match http_route_find(const char *path, const char *method, const http_route **route, http_values *values);

/* Paths by number, for whoever counts what is asked of each: a place is the number of a route's path, all others share
 * the last one. */
size_t http_route_places(void);
size_t http_route_place(const http_route *route); /* NULL is no path */

/* "/v1/shape"; "other". */
#define HTTP_PLACE_NAME_MAX 64
void http_place_name(size_t place, char name[HTTP_PLACE_NAME_MAX]);

#define HTTP_ALLOW_MAX 64

/* The methods of `path` for an Allow header: "GET, HEAD, OPTIONS". */
void http_route_allow(const char *path, char allow[HTTP_ALLOW_MAX]);

/*
 * "POST /v1/shape, POST /v1/convolve, ...": for a client that asked for `path`, which is nothing. Those below /v2 are
 * listed alone, for a path that is below it too. Appended to the text in `out`, cut at its end.
 */
void http_route_list(const char *path, char *out, size_t size);

/* Is `path` one of the Open Inference Protocol's, known or not? */
bool http_path_is_inference(const char *path);

/* The type of every error there: KServe's client shows its text when its type is this very one, and else none. */
#define HTTP_INFERENCE_ERROR_TYPE "application/json"

#endif
