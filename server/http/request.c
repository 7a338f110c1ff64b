#include "http/request_state.h"

#include "http/clock.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>

/* ---- the connection ---------------------------------------------------- */

/* Its TLS session, or NULL. */
static gnutls_session_t session_of(struct MHD_Connection *connection) {
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_GNUTLS_SESSION);
    return info ? info->tls_session : NULL;
}

/* One that cannot be watched is not kept. */
void http_on_connection(void *cls, struct MHD_Connection *connection, void **peer,
                        enum MHD_ConnectionNotificationCode what) {
    const http_shared *shared = cls;
    const int fd = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd;
    if (what == MHD_CONNECTION_NOTIFY_CLOSED) {
        http_peers_remove(shared->peers, *peer);
        http_acceptor_closing(shared->acceptor, fd);
        return;
    }
    const gnutls_session_t session = session_of(connection);
    if (session) http_tls_begin(shared->tls, session);
    *peer = http_peers_add(shared->peers, fd, session);
    if (!*peer) shutdown(fd, SHUT_RDWR);
}

static http_peer *peer_of(struct MHD_Connection *connection) {
    return MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT)->socket_context;
}

/* ---- the request line -------------------------------------------------- */

/* The path of a target in any of its forms: "/v1/shape?a=b", "http://host/v1/shape", "*". */
static void copy_path(const char *target, char path[PATH_MAX_SHOWN]) {
    const char *authority = strncasecmp(target, "http://", 7) == 0    ? target + 7
                            : strncasecmp(target, "https://", 8) == 0 ? target + 8
                                                                      : NULL;
    const char *begin = authority ? authority + strcspn(authority, "/?#") : target;
    const size_t length = strcspn(begin, "?#"), kept = length < PATH_MAX_SHOWN ? length : PATH_MAX_SHOWN - 1;
    memcpy(path, begin, kept);
    path[kept] = '\0';
    if (authority && !*path) strcpy(path, "/");
}

void *http_on_request_line(void *cls, const char *target, struct MHD_Connection *connection) {
    http_shared *shared = cls;
    http_peer *peer = peer_of(connection);
    atomic_fetch_add(&shared->in_flight, 1);
    http_request *request = peer ? calloc(1, sizeof *request) : NULL;
    if (!request) return NULL;
    request->peer = peer;
    request->since_us = http_now_us();
    request->target = target;
    request->target_length = target ? strlen(target) : 0;
    request->bad_target = !target || !http_target_valid(target);
    if (!request->bad_target) copy_path(target, request->path);
    return request;
}

static void free_request(http_request *request) {
    if (!request) return;
    http_body_free(&request->body);
    api_response_free(&request->work.response);
    api_account_keep(&request->work.account, 0);
    http_lines_free(request->lines);
    free(request->accept_list);
    free(request);
}

void http_on_completed(void *cls, struct MHD_Connection *connection, void **state,
                       enum MHD_RequestTerminationCode why) {
    http_shared *shared = cls;
    http_request *request = *state;
    *state = NULL;
    if (request) http_request_account(shared, request, connection, why);
    free_request(request);
    atomic_fetch_sub(&shared->in_flight, 1);
}

/* ---- what libmicrohttpd calls ------------------------------------------ */

/* A refusal is sent at once when the body is not worth waiting for; that closes the connection. */
static enum MHD_Result begin(const http_shared *shared, http_request *request, struct MHD_Connection *connection,
                             const char *method, const char *version) {
    if (!http_peer_enter(request->peer, HTTP_PHASE_BODY)) return MHD_NO;
    request->begun = true;
    http_request_judge(shared, request, connection, method, version);
    return request->close ? http_request_refuse(shared, request, connection) : MHD_YES;
}

enum MHD_Result http_on_request(void *cls, struct MHD_Connection *connection, const char *url, const char *method,
                                const char *version, const char *data, size_t *size, void **state) {
    const http_shared *shared = cls;
    http_request *request = *state;
    if (!request) return http_spare_send(http_spare_for(shared->spares, url), connection);
    if (!request->begun) return begin(shared, request, connection, method, version);
    if (*size == 0) return http_request_finish(shared, request, connection);
    http_peer_received(request->peer, *size);
    request->sample.received += *size;
    bool patient =
        request->lines ? http_lines_add(request->lines, data, *size) : http_body_add(&request->body, data, *size);
    *size = 0;
    return patient ? MHD_YES : MHD_NO;
}
