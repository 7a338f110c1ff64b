#include "http/daemon.h"

#include "http/acceptor.h"
#include "http/clock.h"
#include "http/layout.h"
#include "http/log.h"
#include "http/process.h"
#include "http/request.h"
#include "http/routes.h"
#include "http/watch.h"

#include <stdlib.h>
#include <sys/resource.h>

#define CONNECTION_MEMORY_INCREMENT (HTTP_CONNECTION_BUFFERS / 2)

/* Where it is not said how many. */
#define CONNECTIONS 4096u

/* Of libmicrohttpd's own limit: whom the acceptor takes there is room for. */
#define NEVER_REACHED 0xffffffffu

/* File descriptors kept for everything but connections. */
#define RESERVED_DESCRIPTORS            64u
#define RESERVED_DESCRIPTORS_PER_THREAD 4u

struct http_server {
    struct MHD_Daemon **daemons; /* one for each thread of each listener, in their order; NULL: not started */
    size_t daemon_count;
    http_listeners listeners; /* none any more once new connections are refused */
    http_watch *watch;
    bool draining;
    http_shared shared;
    http_ids ids;
    http_spares spares;
    http_memory memory;
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

/* Where it is not said how many: what memory is enough for. */
static unsigned usual_connections(const http_server_options *options, size_t listeners) {
    const size_t enough = http_memory_connections(options->memory, CONNECTIONS * listeners) / listeners;
    return enough > options->threads ? (unsigned)enough : options->threads;
}

/* One a thread is the least; a number that was asked for is to be had wholly. `listeners` times that many. */
static cvs_status connection_limit(const http_server_options *options, size_t listeners, unsigned *connections,
                                   cvs_error *err) {
    const unsigned asked = options->connections, wanted = asked ? asked : usual_connections(options, listeners);
    const unsigned least = asked > options->threads ? asked : options->threads;
    const rlim_t reserved =
        RESERVED_DESCRIPTORS + RESERVED_DESCRIPTORS_PER_THREAD * (rlim_t)options->threads * listeners;
    const rlim_t descriptors = descriptor_limit(reserved + (wanted > least ? wanted : least) * (rlim_t)listeners);
    if (descriptors < reserved + least * (rlim_t)listeners) {
        return cvs_fail(err, CVS_INVALID, "too-few-file-descriptors", NULL,
                        "this process may open %llu files and needs at least %llu: raise the limit (ulimit -n)",
                        (unsigned long long)descriptors, (unsigned long long)(reserved + least * (rlim_t)listeners));
    }
    *connections = (unsigned)((descriptors - reserved) / listeners);
    return CVS_OK;
}

/* Each of the threads that compute has a helper of the engine's beside it. */
static cvs_status divide_memory(const http_server_options *options, size_t listeners, unsigned connections,
                                http_memory *out, cvs_error *err) {
    const unsigned threads = options->threads * (unsigned)listeners + 3 * options->workers;
    http_process now;
    http_process_read(&now);
    return http_memory_divide(options->memory, now.resident_bytes, connections * listeners, threads, out, err);
}

cvs_status http_server_check(const http_server_options *options, size_t listeners, unsigned *connections,
                             cvs_error *err) {
    http_memory memory;
    cvs_status status = connection_limit(options, listeners, connections, err);
    return status == CVS_OK ? divide_memory(options, listeners, *connections, &memory, err) : status;
}

/* ---- start and stop ---------------------------------------------------- */

static cvs_status fail_memory(cvs_error *err) {
    return cvs_fail(err, CVS_NO_MEMORY, "no-memory", NULL, "there is no memory to start");
}

/*
 * One thread, and connections that are brought to it. What hangs on the certificate cannot come in an array: this
 * libmicrohttpd would not know it there. Of Unix sockets it would complain that they have none of TCP's options, with
 * each answer: it only knows those that it has accepted itself.
 */
static struct MHD_Daemon *start_daemon(http_server *server, const http_listener *listener,
                                       const http_server_options *options) {
    static char priorities[] = HTTP_TLS_PRIORITIES;
    const bool tls = options->tls && !listener->address.local;
    const enum MHD_OPTION certificate = tls ? MHD_OPTION_HTTPS_CERT_CALLBACK2 : MHD_OPTION_END;
    struct MHD_OptionItem protocols[] = {
        {tls ? MHD_OPTION_HTTPS_PRIORITIES : MHD_OPTION_END, 0, priorities},
        {MHD_OPTION_END, 0, NULL},
    };
    return MHD_start_daemon(
        MHD_USE_EPOLL_INTERNAL_THREAD | MHD_USE_NO_LISTEN_SOCKET | MHD_USE_ITC | MHD_ALLOW_SUSPEND_RESUME |
            (listener->address.local ? 0u : MHD_USE_ERROR_LOG) | (tls ? MHD_USE_TLS : 0u),
        0, NULL, NULL, http_on_request, &server->shared, MHD_OPTION_EXTERNAL_LOGGER, http_log_microhttpd,
        (void *)&server->log_limit, MHD_OPTION_URI_LOG_CALLBACK, http_on_request_line, (void *)&server->shared,
        MHD_OPTION_NOTIFY_COMPLETED, http_on_completed, (void *)&server->shared, MHD_OPTION_CONNECTION_MEMORY_LIMIT,
        HTTP_CONNECTION_BUFFERS, MHD_OPTION_CONNECTION_MEMORY_INCREMENT, CONNECTION_MEMORY_INCREMENT,
        MHD_OPTION_CONNECTION_LIMIT, NEVER_REACHED, MHD_OPTION_NOTIFY_CONNECTION, http_on_connection,
        (void *)&server->shared, MHD_OPTION_CONNECTION_TIMEOUT, options->idle, MHD_OPTION_ARRAY, protocols, certificate,
        http_tls_certificate, MHD_OPTION_END);
}

static cvs_status start_daemons(http_server *server, const http_server_options *options, cvs_error *err) {
    server->daemon_count = server->listeners.count * options->threads;
    server->daemons = calloc(server->daemon_count, sizeof *server->daemons);
    if (!server->daemons) return fail_memory(err);
    for (size_t i = 0; i < server->daemon_count; i++) {
        server->daemons[i] = start_daemon(server, &server->listeners.at[i / options->threads], options);
        if (!server->daemons[i]) {
            return cvs_fail(err, CVS_INVALID, "cannot-serve", NULL, "libmicrohttpd could not start with %u threads%s",
                            options->threads, options->tls ? " and TLS" : "");
        }
    }
    return CVS_OK;
}

static bool create_shared(http_server *server, const http_server_options *options) {
    http_shared *shared = &server->shared;
    shared->peers = http_peers_create(options->pace);
    shared->metrics = http_metrics_create(http_route_places(), options->threads);
    shared->acceptor = http_acceptor_create(
        &server->listeners, options->threads,
        (http_seats_limits){.connections = shared->connections, .per_address = options->connections_per_ip});
    return http_spares_create(&server->spares) && shared->peers && shared->metrics && shared->acceptor;
}

/* On failure what was started is for http_server_stop(). */
static cvs_status start(http_server *server, const http_server_options *options, cvs_error *err) {
    cvs_status status =
        divide_memory(options, server->listeners.count, server->shared.connections, &server->memory, err);
    if (status == CVS_OK) status = http_pool_create(options->workers, options->queue, &server->shared.pool, err);
    if (status == CVS_OK) status = http_pool_create(options->workers, 0, &server->shared.writers, err);
    if (!create_shared(server, options) && status == CVS_OK) status = fail_memory(err);
    if (status == CVS_OK) status = http_watch_start(server->shared.pool, server->shared.peers, &server->watch, err);
    if (status == CVS_OK) status = start_daemons(server, options, err);
    return status == CVS_OK ? http_acceptor_start(server->shared.acceptor, server->daemons, err) : status;
}

cvs_status http_server_start(const api_context *api, http_listeners *listeners, const http_server_options *options,
                             http_server **out, cvs_error *err) {
    unsigned connections = 0;
    cvs_status status = connection_limit(options, listeners->count, &connections, err);
    http_server *server = status == CVS_OK ? calloc(1, sizeof *server) : NULL;
    if (!server) {
        http_listeners_close(listeners);
        return status != CVS_OK ? status : fail_memory(err);
    }
    server->listeners = *listeners;
    listeners->count = 0;
    server->shared.api = api;
    server->shared.memory = &server->memory;
    server->shared.connections = connections;
    server->shared.cors = options->cors;
    server->shared.ids = &server->ids;
    server->shared.spares = &server->spares;
    server->shared.log_requests = options->log_requests;
    http_ids_begin(&server->ids);
    server->shared.started = time(NULL);
    server->shared.started_us = http_now_us();
    server->shared.keys = options->keys;
    server->shared.tls = options->tls;
    server->shared.deadline = options->deadline;
    server->shared.no_compression = options->no_compression;
    server->shared.check_layout = http_layout_known(MHD_get_version());
    status = start(server, options, err);
    if (status == CVS_OK)
        *out = server;
    else
        http_server_stop(server);
    return status;
}

void http_server_leave(http_server *server) { atomic_store(&server->shared.draining, true); }

void http_server_refuse_rest(http_server *server) { http_pool_give_up(server->shared.pool); }

void http_server_drain(http_server *server) {
    if (server->draining) return;
    server->draining = true;
    http_server_leave(server);
    if (server->shared.acceptor) http_acceptor_stop(server->shared.acceptor);
}

/* In the order in which a request goes through them. */
size_t http_server_in_flight(const http_server *server) {
    http_peers_counts counts;
    const size_t taken = http_acceptor_taken(server->shared.acceptor);
    http_peers_count(server->shared.peers, &counts);
    const size_t given = taken > counts.open ? taken - counts.open : 0;
    return given + http_peers_unread(server->shared.peers) + atomic_load(&server->shared.in_flight);
}

void http_server_stop(http_server *server) {
    http_server_drain(server);
    http_watch_stop(server->watch);
    if (server->shared.writers) http_pool_wait(server->shared.writers);
    if (server->shared.pool) http_pool_wait(server->shared.pool);
    for (size_t i = 0; server->daemons && i < server->daemon_count; i++) {
        if (server->daemons[i]) MHD_stop_daemon(server->daemons[i]); /* not while a connection is suspended */
    }
    free(server->daemons);
    http_acceptor_free(server->shared.acceptor);
    http_pool_free(server->shared.writers);
    http_pool_free(server->shared.pool);
    http_peers_free(server->shared.peers);
    http_metrics_free(server->shared.metrics);
    http_spares_free(&server->spares);
    http_listeners_close(&server->listeners);
    free(server);
}
