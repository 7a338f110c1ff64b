#include "http/reply.h"

#include "http/standing.h"

#include <string.h>
#include <strings.h>

/* For programs. */
#define CONTRACT_LINK "</openapi.json>; rel=\"service-desc\"; type=\"application/json\""

/* What a page of another origin may read and send beyond what every one may (Fetch, CORS-safelisted names). */
#define EXPOSED                                                                                                        \
    "X-Request-Id, Convscope-Shape, Convscope-Axes, Convscope-Algorithm, Convscope-Findings, "                         \
    "Inference-Header-Content-Length, Server-Timing, Retry-After, Allow, Accept-Encoding, ETag, Link, "                \
    "WWW-Authenticate"
#define TAKEN                                                                                                          \
    "Content-Type, Content-Encoding, Inference-Header-Content-Length, X-Request-Id, traceparent, tracestate, "         \
    "If-None-Match, Authorization, X-API-Key"

/* Seconds, as long as any browser keeps it. */
#define PREFLIGHT_AGE "86400"

static bool add(struct MHD_Response *wire, const char *name, const char *value) {
    return MHD_add_response_header(wire, name, value) == MHD_YES;
}

static bool has(const api_response *response, const char *name) {
    for (size_t i = 0; i < response->header_count; i++) {
        if (strcasecmp(response->headers[i].name, name) == 0) return true;
    }
    return false;
}

static bool add_own(struct MHD_Response *wire, const api_response *response) {
    for (size_t i = 0; i < response->header_count; i++) {
        if (!add(wire, response->headers[i].name, response->headers[i].value)) return false;
    }
    return !response->content_type || add(wire, MHD_HTTP_HEADER_CONTENT_TYPE, response->content_type);
}

static bool add_standing(struct MHD_Response *wire, const api_response *response) {
    for (size_t i = 0; http_standing[i].name; i++) {
        if (!has(response, http_standing[i].name) && !add(wire, http_standing[i].name, http_standing[i].value))
            return false;
    }
    return true;
}

/* Methods go without saying where OPTIONS has an answer of its own: GET and POST need no leave. */
static bool add_leave(struct MHD_Response *wire, const char *methods) {
    return (!methods || add(wire, MHD_HTTP_HEADER_ACCESS_CONTROL_ALLOW_METHODS, methods)) &&
           add(wire, MHD_HTTP_HEADER_ACCESS_CONTROL_ALLOW_HEADERS, TAKEN) &&
           add(wire, MHD_HTTP_HEADER_ACCESS_CONTROL_MAX_AGE, PREFLIGHT_AGE);
}

static bool add_grant(struct MHD_Response *wire, const http_reply *reply) {
    const http_grant *grant = &reply->grant;
    if (!grant->origin) return true;
    return add(wire, MHD_HTTP_HEADER_ACCESS_CONTROL_ALLOW_ORIGIN, grant->origin) &&
           (grant->preflight ? add_leave(wire, reply->allow)
                             : add(wire, MHD_HTTP_HEADER_ACCESS_CONTROL_EXPOSE_HEADERS, EXPOSED));
}

static bool add_asked(struct MHD_Response *wire, const api_response *response, const http_reply *reply) {
    const bool busy = response->status == 503 || response->status == 429;
    return (!reply->allow || add(wire, MHD_HTTP_HEADER_ALLOW, reply->allow)) &&
           (!reply->takes_codings || add(wire, MHD_HTTP_HEADER_ACCEPT_ENCODING, HTTP_CODINGS_TAKEN)) &&
           (!reply->tells_contract || add(wire, "Link", CONTRACT_LINK)) &&
           (!reply->id || add(wire, "X-Request-Id", reply->id)) &&
           (!reply->close || add(wire, MHD_HTTP_HEADER_CONNECTION, "close")) &&
           (!busy || add(wire, MHD_HTTP_HEADER_RETRY_AFTER, "1"));
}

/* A cache has to know that another client may get the same in another coding, or in other words, or not be allowed to
   have it. */
static bool add_vary(struct MHD_Response *wire, const api_response *response, const http_reply *reply) {
    const char *const all[] = {response->status != 204 ? MHD_HTTP_HEADER_ACCEPT_ENCODING : NULL,
                               reply->grant.varies ? MHD_HTTP_HEADER_ORIGIN : NULL, response->varies};
    char names[96] = "";
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        if (all[i] && *names) strncat(names, ", ", sizeof names - strlen(names) - 1);
        if (all[i]) strncat(names, all[i], sizeof names - strlen(names) - 1);
    }
    return !*names || add(wire, MHD_HTTP_HEADER_VARY, names);
}

static bool add_coding(struct MHD_Response *wire, const api_response *response, http_coding coding,
                       const http_reply *reply) {
    return add_vary(wire, response, reply) &&
           (!coding || add(wire, MHD_HTTP_HEADER_CONTENT_ENCODING, http_coding_name(coding)));
}

bool http_reply_head(struct MHD_Response *wire, const api_response *response, http_coding coding,
                     const http_reply *reply) {
    return add_own(wire, response) && add_asked(wire, response, reply) && add_grant(wire, reply) &&
           add_standing(wire, response) && add_coding(wire, response, coding, reply);
}

void http_reply_note(const http_reply *reply, uint64_t size) {
    if (reply->sample && reply->sample->verb != HTTP_VERB_HEAD) reply->sample->sent = size;
}
