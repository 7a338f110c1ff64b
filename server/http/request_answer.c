#include "http/request_state.h"

#include "http/files.h"
#include "http/joined.h"
#include "http/respond.h"

#include <stdio.h>
#include <string.h>

/* The sentence of a refusal whose numbers or names are this request's. */
static void describe(const http_shared *shared, const http_request *request, char *out, size_t size) {
    const http_refusal *refusal = &request->refusal;
    char allow[HTTP_ALLOW_MAX];
    switch (refusal->detail ? 0 : refusal->status) {
    case 404:
        snprintf(out, size, "There is nothing at %s. This server answers ", request->path);
        http_route_list(request->path, out, size);
        break;
    case 405:
        http_route_allow(request->path, allow);
        snprintf(out, size, "%s answers %s.", request->path, allow);
        break;
    case 413:
        snprintf(out, size, "The request body is larger than the limit of %llu bytes.",
                 (unsigned long long)http_request_most_bytes(shared, request->streamed));
        break;
    case 503:
        snprintf(out, size,
                 "This server computes %u requests at a time and lets %u wait: there is no place left; try again in a "
                 "moment.",
                 http_pool_workers(shared->pool), http_pool_queue(shared->pool));
        break;
    default:
        snprintf(out, size, "%s", refusal->detail);
    }
}

static void settle_type(const http_request *request, api_response *response) {
    if (response->status >= 400 && http_path_is_inference(request->path))
        response->content_type = HTTP_INFERENCE_ERROR_TYPE;
}

/* Lines that compute are answered while they are sent, and yet by the workers that compute. */
static http_reply make_reply(const http_shared *shared, http_request *request) {
    return (http_reply){
        .peer = request->peer,
        .pool = request->streamed && request->route && request->route->computes ? shared->pool : shared->writers,
        .spare = http_spare_for(shared->spares, request->path),
        .sample = &request->sample,
        .id = request->trace.id,
        .grant = request->grant,
        .account = &request->work.account,
        .accept = &request->accept,
        .close = request->close || atomic_load(&shared->draining),
    };
}

void http_request_lack_memory(http_request *request, const api_account *account) {
    cvs_error err = {0};
    const bool never = api_account_explain(account, &err) == CVS_TOO_LARGE;
    snprintf(request->said, sizeof request->said, "%.255s", err.message);
    request->refusal = never ? (http_refusal){413, "memory-too-large", request->said}
                             : (http_refusal){503, "memory-full", request->said};
}

/* RFC 6750, 3: an error is named where a key was shown. */
static void challenge(const http_request *request, api_response *response) {
    const bool shown = strcmp(request->refusal.code, "unknown-api-key") == 0;
    api_response_header(response, "WWW-Authenticate", "Bearer realm=\"convscope\"%s",
                        shown ? ", error=\"invalid_token\"" : "");
}

enum MHD_Result http_request_refuse(const http_shared *shared, http_request *request,
                                    struct MHD_Connection *connection) {
    char allow[HTTP_ALLOW_MAX], detail[768];
    api_response response = {.status = request->refusal.status};
    if (!http_peer_enter(request->peer, HTTP_PHASE_ANSWER)) return MHD_NO;
    if (response.status != 204) {
        describe(shared, request, detail, sizeof detail);
        api_problem(&response, request->refusal.status, request->refusal.code, detail);
        if (response.status == 401) challenge(request, &response);
        settle_type(request, &response);
    }
    /* For want of memory it may be 503 by now. */
    http_reply reply = make_reply(shared, request);
    reply.tells_contract = response.status == 404 || response.status == 204;
    reply.takes_codings = response.status == 415 && request->coding >= HTTP_CODING_UNKNOWN;
    if (response.status == 405 || response.status == 204) {
        http_route_allow(request->path, allow);
        reply.allow = allow;
        reply.takes_codings = response.status == 204 && strstr(allow, "POST");
    }
    return http_respond(connection, &response, &reply);
}

static const char *header(struct MHD_Connection *connection, const char *name) {
    return MHD_lookup_connection_value(connection, MHD_HEADER_KIND, name);
}

const char *http_unready(const http_shared *shared) {
    if (atomic_load(&shared->draining)) return "This server is stopping.";
    return http_pool_full(shared->pool) ? "All workers compute and the queue is full." : NULL;
}

/* An MHD_KeyValueIterator. */
static enum MHD_Result take_parameter(void *cls, enum MHD_ValueKind kind, const char *name, const char *value) {
    http_request *request = cls;
    (void)kind;
    const size_t at = request->parameter_count++;
    if (at < API_MOST_PARAMETERS) request->parameters[at] = (api_parameter){name, value ? value : ""};
    return MHD_YES;
}

static api_request what_is_asked(const http_shared *shared, http_request *request, struct MHD_Connection *connection) {
    (void)MHD_get_connection_values(connection, MHD_GET_ARGUMENT_KIND, take_parameter, request);
    api_request asked = {
        .body = request->body.data ? request->body.data : "",
        .body_length = request->body.length,
        .accept = http_joined_header(connection, MHD_HTTP_HEADER_ACCEPT, &request->accept_list),
        .accept_language = header(connection, MHD_HTTP_HEADER_ACCEPT_LANGUAGE),
        .form_type = request->form ? header(connection, MHD_HTTP_HEADER_CONTENT_TYPE) : NULL,
        .takes_flow = true,
        .unready = http_unready(shared),
        .has_json_length = request->has_json_length,
        .json_length = request->json_length,
        .parameters = request->parameters,
        .parameter_count = request->parameter_count,
    };
    for (int i = 0; i < API_PATH_VALUES; i++) {
        if (*request->values.value[i]) asked.path_value[i] = request->values.value[i];
    }
    return asked;
}

static enum MHD_Result respond(const http_shared *shared, http_request *request, struct MHD_Connection *connection) {
    if (!http_peer_enter(request->peer, HTTP_PHASE_ANSWER)) return MHD_NO;
    const http_reply reply = make_reply(shared, request);
    settle_type(request, &request->work.response);
    return http_respond(connection, &request->work.response, &reply);
}

static enum MHD_Result answer_file(const http_shared *shared, http_request *request,
                                   struct MHD_Connection *connection) {
    if (!http_peer_enter(request->peer, HTTP_PHASE_ANSWER)) return MHD_NO;
    const http_reply reply = make_reply(shared, request);
    return http_respond_file(connection, request->file, &reply);
}

static const http_refusal queue_full = {503, "queue-full", NULL};

static enum MHD_Result offer(const http_shared *shared, http_request *request, struct MHD_Connection *connection) {
    if (http_work_offer(&request->work, shared->pool)) return MHD_YES;
    http_body_free(&request->body);
    request->refusal = queue_full;
    return http_request_refuse(shared, request, connection);
}

/* What is longer takes an endpoint milliseconds: it goes to a worker, whatever the endpoint. */
enum { LONG_BODY = 16 * 1024 };

/* The request is whole: have it answered, now or on the pool. */
static enum MHD_Result answer(const http_shared *shared, http_request *request, struct MHD_Connection *connection) {
    const http_route *route = request->route;
    http_work *work = &request->work; /* the rest of it is zero */
    work->connection = connection;
    work->peer = request->peer;
    work->api = shared->api;
    work->endpoint = route->endpoint;
    work->asked = what_is_asked(shared, request, connection);
    work->body = &request->body;
    work->deadline = shared->deadline;
    work->account = api_account_open(&shared->memory->requests);
    if (route->computes || request->body.length > LONG_BODY) return offer(shared, request, connection);
    if (route->inward)
        route->inward(shared, &work->asked, &work->response);
    else
        http_work_do(work);
    return respond(shared, request, connection);
}

static enum MHD_Result answer_lines(const http_shared *shared, http_request *request,
                                    struct MHD_Connection *connection) {
    if (request->route->computes && http_pool_full(shared->pool)) {
        request->refusal = queue_full;
        return http_request_refuse(shared, request, connection);
    }
    request->work.account = api_account_open(&shared->memory->requests);
    if (!api_account_take(&request->work.account, HTTP_STREAM_MEMORY)) {
        http_request_lack_memory(request, &request->work.account);
        return http_request_refuse(shared, request, connection);
    }
    (void)http_peer_enter(request->peer, HTTP_PHASE_ANSWER);
    const http_reply reply = make_reply(shared, request);
    http_lines *lines = request->lines;
    request->lines = NULL;
    return http_lines_respond(lines, connection, &reply);
}

enum MHD_Result http_request_finish(const http_shared *shared, http_request *request,
                                    struct MHD_Connection *connection) {
    if (request->work.gone) return MHD_NO;
    if (request->work.begun) return respond(shared, request, connection);
    if (!http_peer_enter(request->peer, HTTP_PHASE_WORK)) return MHD_NO;
    if (!request->refusal.status) {
        request->refusal = request->lines ? http_lines_end(request->lines) : http_body_end(&request->body);
        request->close = request->refusal.status == 413 || request->refusal.status == 503;
        if (request->close && api_account_short(&request->body.account))
            http_request_lack_memory(request, &request->body.account);
    }
    if (request->refusal.status) return http_request_refuse(shared, request, connection);
    if (request->file) return answer_file(shared, request, connection);
    return (request->lines ? answer_lines : answer)(shared, request, connection);
}
