#include "http/request_state.h"

#include "http/access_log.h"
#include "http/clock.h"
#include "http/log.h"

static const struct sockaddr *client_of(struct MHD_Connection *connection) {
    return MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS)->client_addr;
}

static void log_request(const http_request *request, struct MHD_Connection *connection) {
    const http_sample *sample = &request->sample;
    http_log_line line;
    http_access access = {
        .id = request->trace.id,
        .trace_id = request->trace.trace_id,
        .client = client_of(connection),
        .method = request->method,
        .path = request->path,
        .status = sample->status,
        .whole = sample->status && !sample->cut,
        .bytes = sample->sent,
        .duration_us = sample->duration_us,
        .queue_us = sample->queue_us,
    };
    clock_gettime(CLOCK_REALTIME, &access.when);
    http_access_line(&access, http_log_is_json(), &line);
    http_log_write(&line);
}

/* A client that was cut off before it had an answer was told 408 (peers.h). */
void http_request_account(const http_shared *shared, http_request *request, struct MHD_Connection *connection,
                          enum MHD_RequestTerminationCode why) {
    http_sample *sample = &request->sample;
    const bool in_time = http_peer_enter(request->peer, HTTP_PHASE_HEAD);
    sample->place = http_route_place(request->route);
    sample->cut = sample->status && why != MHD_REQUEST_TERMINATED_COMPLETED_OK;
    if (!sample->status && !in_time) sample->status = 408;
    sample->duration_us = http_now_us() - request->since_us;
    sample->queued = request->work.queued_us != 0;
    sample->queue_us = request->work.waited_us;
    http_metrics_count(shared->metrics, sample);
    if (shared->log_requests) log_request(request, connection);
}
