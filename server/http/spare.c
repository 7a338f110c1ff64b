#include "http/spare.h"

#include "http/reply.h"
#include "http/routes.h"

#include <stdlib.h>

static bool create(const char *type, http_spare *spare) {
    static const http_reply reply = {.close = true};
    api_response response;
    api_problem(&response, MHD_HTTP_SERVICE_UNAVAILABLE, "no-memory", "Memory is short; try again later.");
    if (type) response.content_type = type;
    spare->length = response.body_length;
    spare->wire = MHD_create_response_from_buffer_with_free_callback(response.body_length, response.body, free);
    if (!spare->wire) api_response_free(&response);
    return spare->wire && http_reply_head(spare->wire, &response, HTTP_CODING_IDENTITY, &reply);
}

bool http_spares_create(http_spares *spares) {
    return create(NULL, &spares->problem) && create(HTTP_INFERENCE_ERROR_TYPE, &spares->inference);
}

static void destroy(http_spare *spare) {
    if (spare->wire) MHD_destroy_response(spare->wire);
}

void http_spares_free(http_spares *spares) {
    destroy(&spares->problem);
    destroy(&spares->inference);
}

const http_spare *http_spare_for(const http_spares *spares, const char *path) {
    return http_path_is_inference(path) ? &spares->inference : &spares->problem;
}

enum MHD_Result http_spare_send(const http_spare *spare, struct MHD_Connection *connection) {
    return MHD_queue_response(connection, MHD_HTTP_SERVICE_UNAVAILABLE, spare->wire);
}
