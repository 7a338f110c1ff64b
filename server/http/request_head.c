#include "http/request_state.h"

#include "embed/files.h"
#include "http/layout.h"

#include <string.h>

/* A refused request's body up to this size is read past, so that the connection stays good for the next request. */
#define SKIP_BYTES ((uint64_t)64 * 1024)

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

static bool intact(const http_request *request, const char *method, const char *version, const fields *all) {
    return http_layout_line_intact(method, request->target, request->target_length, version) &&
           http_layout_intact(version, all->field, all->count);
}

static http_refusal read_head(const http_shared *shared, const http_request *request, struct MHD_Connection *connection,
                              const char *method, const char *version, http_head *head) {
    fields all;
    all.count = 0;
    (void)MHD_get_connection_values_n(connection, MHD_HEADER_KIND, collect, &all);
    http_refusal refusal = http_head_read(version, all.field, all.count, head);
    if (shared->no_compression) head->accept = (http_accept){0};
    if (refusal.status) return refusal;
    if (request->bad_target) {
        return (http_refusal){400, "bad-request-target",
                              "The request target holds a character that has to be percent-encoded."};
    }
    if (shared->check_layout && !intact(request, method, version, &all)) {
        return (http_refusal){
            400, "malformed-head",
            "The request head holds a folded line, a line that does not end in CR LF, a NUL, or a request "
            "line with more than one blank between its parts."};
    }
    return refusal;
}

static bool takes_type(const http_route *route, const http_head *head) {
    return head->json || (head->form && route->takes_form) || (route->takes_files && !head->form) ||
           (route->takes_bytes ? head->bytes : head->lines && strcmp(route->method, "POST") == 0);
}

static const char *types_taken(const http_route *route) {
    if (route->takes_bytes) {
        return "The body must be JSON, alone or with binary data behind it: send Content-Type: application/json or "
               "application/octet-stream.";
    }
    return "The body must be JSON: send Content-Type: application/json (curl -H 'Content-Type: application/json').";
}

uint64_t http_request_most_bytes(const http_shared *shared, bool lines) {
    return lines ? shared->api->limits.stream_bytes : shared->api->limits.body_bytes;
}

/* Who shows no key that is known learns of nothing, not even of what there is not. What a path takes is told to all: a
 * browser asks for that without the key. */
static http_refusal let_in(const http_shared *shared, const http_request *request, http_match match,
                           const http_head *head) {
    if (!shared->keys || match == HTTP_MATCH_OPTIONS || (request->route && request->route->open))
        return (http_refusal){0, NULL, NULL};
    if (!head->key) {
        return (http_refusal){
            401, "missing-api-key",
            "This server answers who shows a key: send Authorization: Bearer KEY, or X-API-Key: KEY."};
    }
    if (http_keys_know(shared->keys, head->key, head->key_length)) return (http_refusal){0, NULL, NULL};
    return (http_refusal){401, "unknown-api-key", "The key that came with the request is none of this server's."};
}

/* The name of the file that answers; NULL: none does. */
static const char *file_of(const http_route *route, const char *path) {
    if (route->files) return embed_find(path) ? path : NULL;
    return route->instead && !embed_find(route->file) ? route->instead : route->file;
}

static http_refusal choose_route(const http_shared *shared, http_request *request, const char *method,
                                 const http_head *head) {
    const http_match match = http_route_find(request->path, method, &request->route, &request->values);
    const http_refusal stranger = let_in(shared, request, match, head);
    if (stranger.status) return stranger;
    switch (match) {
    case HTTP_MATCH_NO_PATH:
        return (http_refusal){404, "not-found", NULL};
    case HTTP_MATCH_NO_METHOD:
        return (http_refusal){405, "method-not-allowed", NULL};
    case HTTP_MATCH_OPTIONS:
        request->file = request->route ? request->route->options : NULL;
        if (!request->file) return (http_refusal){204, NULL, NULL};
        break;
    case HTTP_MATCH_FOUND:
        request->file = file_of(request->route, request->path);
        if (request->route->files && !request->file) return (http_refusal){404, "not-found", NULL};
    }
    if (head->content_length > http_request_most_bytes(shared, head->lines))
        return (http_refusal){413, "body-too-large", NULL};
    if (!takes_type(request->route, head)) {
        return (http_refusal){415, "unsupported-media-type", types_taken(request->route)};
    }
    if (head->coding >= HTTP_CODING_UNKNOWN && strcmp(request->route->method, "POST") == 0) {
        return (http_refusal){
            415, "unsupported-content-encoding",
            "The body may be compressed with gzip or with zstd, once, or not at all: send one of them "
            "in Content-Encoding."};
    }
    if (!http_accept_takes(&head->accept, http_accept_best(&head->accept))) {
        return (http_refusal){406, "not-acceptable",
                              "Accept-Encoding refuses all that can be sent: gzip, zstd, and the answer as it is "
                              "(identity)."};
    }
    return (http_refusal){0, NULL, NULL};
}

/* Who asked before sending a body that there is no room for is told at once; others when they have sent it, for a
 * connection that is closed on them might take the answer with it. */
static void receive_body(http_request *request, const http_head *head) {
    if (head->coding) {
        http_body_inflate(&request->body, head->coding);
    } else if (!http_body_fits(&request->body) && head->expects_continue) {
        http_request_lack_memory(request, &request->body.account);
        request->close = true;
    }
}

/* Get ready for a body that is wanted. */
static void receive(const http_shared *shared, http_request *request, const http_head *head, const char *languages) {
    request->body = http_body_begin(shared->api->limits.body_bytes, head->content_length, !head->lines);
    http_body_count(&request->body, &shared->memory->bodies);
    if (!head->lines) {
        receive_body(request, head);
        return;
    }
    request->lines = http_lines_create(shared->api, request->route->endpoint, languages, head->coding, shared->metrics);
    if (request->lines && !http_lines_count(request->lines, &shared->memory->requests))
        http_request_lack_memory(request, http_lines_account(request->lines));
    if (!request->lines)
        request->refusal = (http_refusal){503, "no-memory", "There is no memory for this many requests at the moment."};
}

/* Nothing is in doubt about where the request ends: whether it is wanted. */
static void judge_wish(const http_shared *shared, http_request *request, const char *method, const http_head *head) {
    request->streamed = head->lines;
    request->has_json_length = head->has_json_length;
    request->json_length = head->json_length;
    request->form = head->form;
    request->refusal = choose_route(shared, request, method, head);
    const bool long_body = head->chunked || head->content_length > SKIP_BYTES;
    request->close = request->refusal.status && (long_body || (head->expects_continue && head->content_length));
}

/* A query says how a file is to be read; of many requests each says that itself. */
static void judge_query(http_request *request, struct MHD_Connection *connection) {
    const bool file = !request->refusal.status && request->route->takes_files && request->streamed;
    if (!file || MHD_get_connection_values(connection, MHD_GET_ARGUMENT_KIND, NULL, NULL) <= 0) return;
    request->refusal = (http_refusal){
        400, "query-of-lines", "A query is for one model: of many, a line each, every line has members of its own."};
    request->close = true;
}

static void copy_method(const char *method, http_request *request) {
    request->sample.verb = http_verb_of(method);
    for (size_t i = 0; method[i] && i < sizeof request->method - 1; i++)
        request->method[i] = method[i] > ' ' && method[i] <= '~' ? method[i] : '?';
}

void http_request_judge(const http_shared *shared, http_request *request, struct MHD_Connection *connection,
                        const char *method, const char *version) {
    http_head head;
    copy_method(method, request);
    request->refusal = read_head(shared, request, connection, method, version, &head);
    request->close = request->refusal.status != 0;
    request->coding = head.coding;
    request->accept = head.accept;
    request->trace = head.trace;
    request->grant = http_cors_judge(shared->cors, head.origin, head.preflight && strcmp(method, "OPTIONS") == 0);
    if (!*request->trace.id) http_ids_next(shared->ids, request->trace.id);
    if (!request->close) judge_wish(shared, request, method, &head);
    judge_query(request, connection);
    request->body = http_body_begin(shared->api->limits.body_bytes, 0, false);
    if (!request->refusal.status && strcmp(request->route->method, "POST") == 0)
        receive(shared, request, &head,
                MHD_lookup_connection_value(connection, MHD_HEADER_KIND, MHD_HTTP_HEADER_ACCEPT_LANGUAGE));
}
