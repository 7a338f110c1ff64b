#include "http/respond.h"

#include <stdlib.h>

static bool add_header(struct MHD_Response *wire, const char *name, const char *value) {
    return MHD_add_response_header(wire, name, value) == MHD_YES;
}

static bool add_headers(struct MHD_Response *wire, const api_response *response, const http_reply *reply) {
    bool busy = response->status == 503 || response->status == 429;
    return (!response->content_type || add_header(wire, MHD_HTTP_HEADER_CONTENT_TYPE, response->content_type)) &&
           (!reply->allow || add_header(wire, MHD_HTTP_HEADER_ALLOW, reply->allow)) &&
           (!reply->close || add_header(wire, MHD_HTTP_HEADER_CONNECTION, "close")) &&
           (!busy || add_header(wire, MHD_HTTP_HEADER_RETRY_AFTER, "1")) &&
           add_header(wire, "X-Content-Type-Options", "nosniff");
}

enum MHD_Result http_respond_with(struct MHD_Connection *connection, struct MHD_Response *wire,
                                  const api_response *response, const http_reply *reply) {
    enum MHD_Result queued = MHD_NO;
    if (add_headers(wire, response, reply)) queued = MHD_queue_response(connection, (unsigned)response->status, wire);
    MHD_destroy_response(wire);
    return queued;
}

enum MHD_Result http_respond(struct MHD_Connection *connection, api_response *response, const http_reply *reply) {
    struct MHD_Response *wire =
        response->body ? MHD_create_response_from_buffer_with_free_callback(response->body_length, response->body, free)
                       : MHD_create_response_from_buffer(0, NULL, MHD_RESPMEM_PERSISTENT);
    if (!wire) {
        free(response->body);
        response->body = NULL;
        return MHD_NO;
    }
    response->body = NULL;
    return http_respond_with(connection, wire, response, reply);
}
