#include "http/daemon.h"

#include "http/layout.h"
#include "http/log.h"
#include "http/request.h"

#include <stdlib.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

/* Per connection; also bounds the request head (431). Measured: larger ones win little, and make longer heads possible.
 */
#define CONNECTION_MEMORY           ((size_t)128 * 1024)
#define CONNECTION_MEMORY_INCREMENT ((size_t)64 * 1024)

/* Of silence. */
#define CONNECTION_TIMEOUT_SECONDS 30u

#define CONNECTIONS_MAX 4096u

/* File descriptors kept for everything but connections: libmicrohttpd spins when it runs out of them. */
#define RESERVED_DESCRIPTORS            64u
#define RESERVED_DESCRIPTORS_PER_THREAD 4u

struct http_server {
    struct MHD_Daemon *daemon;
    int fd;
    bool draining;
    http_shared shared;
    http_log_limit log_limit;
};

/* ---- connections ------------------------------------------------------- */

/* The soft limit on file descriptors, raised as far as the hard one allows and connections need. */
static rlim_t descriptor_limit(rlim_t wanted) {
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return 0;
    if (limit.rlim_cur < wanted) {
        rlim_t before = limit.rlim_cur;
        limit.rlim_cur = limit.rlim_max < wanted ? limit.rlim_max : wanted;
        if (setrlimit(RLIMIT_NOFILE, &limit) != 0) limit.rlim_cur = before;
    }
    return limit.rlim_cur < wanted ? limit.rlim_cur : wanted;
}

static cvs_status connection_limit(unsigned threads, unsigned *connections, cvs_error *err) {
    unsigned reserved = RESERVED_DESCRIPTORS + RESERVED_DESCRIPTORS_PER_THREAD * threads;
    rlim_t descriptors = descriptor_limit((rlim_t)reserved + CONNECTIONS_MAX);
    if (descriptors < (rlim_t)reserved + threads) {
        return cvs_fail(err, CVS_INVALID, "too-few-file-descriptors", NULL,
                        "this process may open %llu files and needs at least %u: raise the limit (ulimit -n)",
                        (unsigned long long)descriptors, reserved + threads);
    }
    *connections = (unsigned)(descriptors - reserved);
    return CVS_OK;
}

/* ---- start and stop ---------------------------------------------------- */

static struct MHD_Daemon *start_daemon(http_server *server, unsigned threads, unsigned connections) {
    struct MHD_OptionItem pool[] = {
        {threads > 1 ? MHD_OPTION_THREAD_POOL_SIZE : MHD_OPTION_END, (intptr_t)threads, NULL},
        {MHD_OPTION_END, 0, NULL},
    };
    return MHD_start_daemon(
        MHD_USE_EPOLL_INTERNAL_THREAD | MHD_USE_ITC | MHD_USE_ERROR_LOG, 0, NULL, NULL, http_on_request,
        &server->shared, MHD_OPTION_EXTERNAL_LOGGER, http_log_microhttpd, (void *)&server->log_limit,
        MHD_OPTION_LISTEN_SOCKET, server->fd, MHD_OPTION_URI_LOG_CALLBACK, http_on_request_line,
        (void *)&server->shared, MHD_OPTION_NOTIFY_COMPLETED, http_on_completed, (void *)&server->shared,
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, CONNECTION_MEMORY, MHD_OPTION_CONNECTION_MEMORY_INCREMENT,
        CONNECTION_MEMORY_INCREMENT, MHD_OPTION_CONNECTION_LIMIT, connections, MHD_OPTION_CONNECTION_TIMEOUT,
        CONNECTION_TIMEOUT_SECONDS, MHD_OPTION_ARRAY, pool, MHD_OPTION_END);
}

cvs_status http_server_start(const api_context *api, int fd, unsigned threads, http_server **out, cvs_error *err) {
    unsigned connections = 0;
    cvs_status status = connection_limit(threads, &connections, err);
    http_server *server = status == CVS_OK ? calloc(1, sizeof *server) : NULL;
    if (!server) {
        close(fd);
        return status != CVS_OK ? status
                                : cvs_fail(err, CVS_NO_MEMORY, "no-memory", NULL, "there is no memory to start");
    }
    server->fd = fd;
    server->shared.api = api;
    server->shared.check_layout = http_layout_known(MHD_get_version());
    server->daemon = start_daemon(server, threads, connections);
    if (!server->daemon) {
        free(server);
        return cvs_fail(err, CVS_INVALID, "cannot-serve", NULL, "libmicrohttpd could not start with %u threads",
                        threads);
    }
    *out = server;
    return CVS_OK;
}

/* The socket is shut at once, so that clients are refused instead of queued, and closed when no thread can still be
 * using it. */
void http_server_drain(http_server *server) {
    if (server->draining) return;
    server->draining = true;
    atomic_store(&server->shared.draining, true);
    (void)MHD_quiesce_daemon(server->daemon);
    shutdown(server->fd, SHUT_RDWR);
}

size_t http_server_in_flight(const http_server *server) { return atomic_load(&server->shared.in_flight); }

void http_server_stop(http_server *server) {
    http_server_drain(server);
    MHD_stop_daemon(server->daemon);
    close(server->fd);
    free(server);
}
