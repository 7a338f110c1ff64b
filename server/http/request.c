#include "http/request.h"

#include "http/body.h"
#include "http/headers.h"
#include "http/layout.h"
#include "http/lines.h"
#include "http/respond.h"
#include "http/routes.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* A refused request's body up to this size is read past, so that the connection stays good for the next request. */
#define SKIP_BYTES ((uint64_t)64 * 1024)

/* Longer than every route, with room to be shown in a message. */
#define PATH_MAX_SHOWN 128

typedef struct http_request {
    bool begun;                /* the head has been looked at */
    bool bad_target;           /* the request target holds bytes that it must not */
    char path[PATH_MAX_SHOWN]; /* cut if longer: no route is */
    const http_route *route;   /* NULL: the answer is `refusal`, or that of OPTIONS */
    http_refusal refusal;
    bool streamed; /* the body is many requests, a line each */
    bool close;    /* the connection cannot be used after this request */
    http_body body;
    http_lines *lines; /* the body, when it is many requests, a line each; owned */
} http_request;

/* ---- the request line -------------------------------------------------- */

/* The path of a target in any of its forms: "/v1/shape?a=b", "http://host/v1/shape", "*". */
static void copy_path(const char *target, char path[PATH_MAX_SHOWN]) {
    const char *authority = strncasecmp(target, "http://", 7) == 0    ? target + 7
                            : strncasecmp(target, "https://", 8) == 0 ? target + 8
                                                                      : NULL;
    const char *begin = authority ? authority + strcspn(authority, "/?#") : target;
    snprintf(path, PATH_MAX_SHOWN, "%.*s", (int)strcspn(begin, "?#"), begin);
    if (authority && !*path) strcpy(path, "/");
}

void *http_on_request_line(void *cls, const char *target, struct MHD_Connection *connection) {
    http_shared *shared = cls;
    (void)connection;
    atomic_fetch_add(&shared->in_flight, 1);
    http_request *request = calloc(1, sizeof *request);
    if (!request) return NULL;
    request->bad_target = !target || !http_target_valid(target);
    if (!request->bad_target) copy_path(target, request->path);
    return request;
}

void http_on_completed(void *cls, struct MHD_Connection *connection, void **state,
                       enum MHD_RequestTerminationCode why) {
    http_shared *shared = cls;
    http_request *request = *state;
    (void)connection;
    (void)why;
    *state = NULL;
    if (request) http_body_free(&request->body);
    if (request) http_lines_free(request->lines);
    free(request);
    atomic_fetch_sub(&shared->in_flight, 1);
}

/* ---- the head ---------------------------------------------------------- */

typedef struct fields {
    http_field field[HTTP_FIELDS_MAX];
    size_t count; /* may become HTTP_FIELDS_MAX + 1: too many */
} fields;

static enum MHD_Result collect(void *cls, enum MHD_ValueKind kind, const char *name, size_t name_length,
                               const char *value, size_t value_length) {
    fields *all = cls;
    (void)kind;
    if (all->count++ == HTTP_FIELDS_MAX) return MHD_NO;
    all->field[all->count - 1] = (http_field){name, name_length, value ? value : "", value_length};
    return MHD_YES;
}

static http_refusal read_head(const http_shared *shared, const http_request *request, struct MHD_Connection *connection,
                              const char *version, http_head *head) {
    fields all;
    all.count = 0;
    (void)MHD_get_connection_values_n(connection, MHD_HEADER_KIND, collect, &all);
    http_refusal refusal = http_head_read(version, all.field, all.count, head);
    if (refusal.status) return refusal;
    if (request->bad_target) {
        return (http_refusal){400, "bad-request-target",
                              "The request target holds a character that has to be percent-encoded."};
    }
    if (shared->check_layout && !http_layout_intact(version, all.field, all.count)) {
        return (http_refusal){400, "malformed-head",
                              "The request head holds a folded line, a line that does not end in CR LF, or a NUL."};
    }
    return refusal;
}

static http_refusal choose_route(const http_shared *shared, http_request *request, const char *method,
                                 const http_head *head) {
    switch (http_route_find(request->path, method, &request->route)) {
    case HTTP_MATCH_NO_PATH:
        return (http_refusal){404, "not-found", NULL};
    case HTTP_MATCH_NO_METHOD:
        return (http_refusal){405, "method-not-allowed", NULL};
    case HTTP_MATCH_OPTIONS:
        return (http_refusal){204, NULL, NULL};
    case HTTP_MATCH_FOUND:
        break;
    }
    const uint64_t most = head->lines ? shared->api->limits.stream_bytes : shared->api->limits.body_bytes;
    if (head->content_length > most) return (http_refusal){413, "body-too-large", NULL};
    if (!head->json && !(head->lines && strcmp(request->route->method, "POST") == 0)) {
        return (http_refusal){415, "unsupported-media-type",
                              "The body must be JSON: send Content-Type: application/json (curl -H 'Content-Type: "
                              "application/json')."};
    }
    return (http_refusal){0, NULL, NULL};
}

/* ---- the answer -------------------------------------------------------- */

/* The sentence of a refusal whose numbers or names are this request's. */
static void describe(const http_shared *shared, const http_request *request, char *out, size_t size) {
    const http_refusal *refusal = &request->refusal;
    char allow[HTTP_ALLOW_MAX];
    switch (refusal->detail ? 0 : refusal->status) {
    case 404:
        snprintf(out, size, "There is nothing at %s. This server answers ", request->path);
        http_route_list(out, size);
        break;
    case 405:
        http_route_allow(request->path, allow);
        snprintf(out, size, "%s answers %s.", request->path, allow);
        break;
    case 413:
        snprintf(out, size, "The request body is larger than the limit of %llu bytes.",
                 (unsigned long long)(request->streamed ? shared->api->limits.stream_bytes
                                                        : shared->api->limits.body_bytes));
        break;
    default:
        snprintf(out, size, "%s", refusal->detail);
    }
}

static enum MHD_Result refuse(const http_shared *shared, const http_request *request,
                              struct MHD_Connection *connection) {
    char allow[HTTP_ALLOW_MAX], detail[512];
    http_reply reply = {.close = request->close || atomic_load(&shared->draining)};
    api_response response = {.status = request->refusal.status};
    if (response.status == 405 || response.status == 204) {
        http_route_allow(request->path, allow);
        reply.allow = allow;
    }
    if (response.status != 204) {
        describe(shared, request, detail, sizeof detail);
        api_problem(&response, request->refusal.status, request->refusal.code, detail);
    }
    return http_respond(connection, &response, &reply);
}

static const http_refusal no_room = {503, "no-room", "There is no room to keep this many requests at the moment."};

static const char *accept_language(struct MHD_Connection *connection) {
    return MHD_lookup_connection_value(connection, MHD_HEADER_KIND, MHD_HTTP_HEADER_ACCEPT_LANGUAGE);
}

static enum MHD_Result finish(const http_shared *shared, http_request *request, struct MHD_Connection *connection) {
    if (request->body.state == HTTP_BODY_TOO_LARGE) {
        request->refusal = (http_refusal){413, "body-too-large", NULL};
        request->close = true;
    } else if (request->body.state == HTTP_BODY_NO_MEMORY) {
        request->refusal = (http_refusal){503, "no-memory", "There is no memory for the request body at the moment."};
    }
    if (request->lines && http_lines_failed(request->lines)) {
        request->refusal =
            http_lines_failed(request->lines) == 413 ? (http_refusal){413, "body-too-large", NULL} : no_room;
        request->close = true;
    }
    if (request->refusal.status) return refuse(shared, request, connection);
    const http_reply reply = {.close = atomic_load(&shared->draining)};
    if (request->lines) {
        http_lines *lines = request->lines;
        request->lines = NULL;
        return http_lines_respond(lines, connection, &reply);
    }
    const api_request asked = {
        .body = request->body.data ? request->body.data : "",
        .body_length = request->body.length,
        .accept_language = accept_language(connection),
    };
    api_response response = {0};
    request->route->endpoint(shared->api, &asked, &response);
    http_body_free(&request->body);
    return http_respond(connection, &response, &reply);
}

/* ---- what libmicrohttpd calls ------------------------------------------ */

/* The head is complete. A refusal is sent at once when the body is not worth waiting for; that closes the connection.
 */
static enum MHD_Result begin(const http_shared *shared, http_request *request, struct MHD_Connection *connection,
                             const char *method, const char *version) {
    size_t limit = shared->api->limits.body_bytes;
    http_head head;
    request->begun = true;
    request->refusal = read_head(shared, request, connection, version, &head);
    request->close = request->refusal.status != 0;
    if (!request->close) {
        request->streamed = head.lines;
        request->refusal = choose_route(shared, request, method, &head);
        bool long_body = head.chunked || head.content_length > SKIP_BYTES;
        request->close = request->refusal.status && (long_body || (head.expects_continue && head.content_length));
    }
    if (request->close) return refuse(shared, request, connection);
    bool wanted = !request->refusal.status && strcmp(request->route->method, "POST") == 0;
    request->body = http_body_begin(limit, head.content_length, wanted && !head.lines);
    if (wanted && head.lines) {
        request->lines = http_lines_create(shared->api, request->route->endpoint, accept_language(connection));
        if (!request->lines) request->refusal = no_room;
    }
    return MHD_YES;
}

enum MHD_Result http_on_request(void *cls, struct MHD_Connection *connection, const char *url, const char *method,
                                const char *version, const char *data, size_t *size, void **state) {
    const http_shared *shared = cls;
    http_request *request = *state;
    (void)url;
    if (!request) return MHD_NO;
    if (!request->begun) return begin(shared, request, connection, method, version);
    if (*size == 0) return finish(shared, request, connection);
    bool patient =
        request->lines ? http_lines_add(request->lines, data, *size) : http_body_add(&request->body, data, *size);
    *size = 0;
    return patient ? MHD_YES : MHD_NO;
}
