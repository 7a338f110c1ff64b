#include "http/scrape.h"

#include "api/accept.h"
#include "http/clock.h"
#include "http/exposition.h"
#include "http/log.h"
#include "http/process.h"
#include "http/routes.h"

#include <microhttpd.h>
#include <stdio.h>

/* ---- requests ---------------------------------------------------------------- */

/* What is known of one path, and what it is called. */
typedef struct line {
    char name[HTTP_PLACE_NAME_MAX];
    http_place_counts counts;
} line;

/* A family of samples: those of one path. */
typedef void (*place_writer)(exposition *out, const line *one);

static void each_place(exposition *out, const http_metrics *metrics, place_writer write) {
    line one;
    for (size_t place = 0; place < http_route_places(); place++) {
        http_place_name(place, one.name);
        http_metrics_read_place(metrics, place, &one.counts);
        write(out, &one);
    }
}

static void write_requests(exposition *out, const line *one) {
    for (int verb = 0; verb < HTTP_VERBS; verb++) {
        for (int i = 0; i <= HTTP_STATUSES; i++) {
            char status[16] = "other";
            if (!one->counts.requests[verb][i]) continue;
            if (i < HTTP_STATUSES) snprintf(status, sizeof status, "%d", http_statuses[i]);
            exposition_begin(out, "_total");
            exposition_label(out, "route", one->name);
            exposition_label(out, "method", http_verb_name((http_verb)verb));
            exposition_label(out, "status", status);
            exposition_count(out, one->counts.requests[verb][i]);
        }
    }
}

static void write_durations(exposition *out, const line *one) {
    static const char *const classes[HTTP_STATUS_CLASSES] = {"2xx", "3xx", "4xx", "5xx"};
    for (int i = 0; i < HTTP_STATUS_CLASSES; i++) {
        const exposition_pair labels[] = {{"route", one->name}, {"status", classes[i]}, {NULL, NULL}};
        if (one->counts.duration[i].count) exposition_histogram(out, labels, &one->counts.duration[i]);
    }
}

static void write_of_route(exposition *out, const line *one, uint64_t count) {
    if (!count) return;
    exposition_begin(out, "_total");
    exposition_label(out, "route", one->name);
    exposition_count(out, count);
}

static void write_received(exposition *out, const line *one) { write_of_route(out, one, one->counts.received); }
static void write_sent(exposition *out, const line *one) { write_of_route(out, one, one->counts.sent); }
static void write_unanswered(exposition *out, const line *one) { write_of_route(out, one, one->counts.unanswered); }
static void write_cut(exposition *out, const line *one) { write_of_route(out, one, one->counts.cut); }

static void write_all_requests(exposition *out, const http_metrics *metrics) {
    static const struct {
        const char *name;
        exposition_type type;
        const char *help;
        place_writer write;
    } families[] = {
        {"convscope_http_requests", EXPOSITION_COUNTER, "Requests answered.", write_requests},
        {"convscope_http_request_duration_seconds", EXPOSITION_HISTOGRAM,
         "From the end of a request's first line to that of its answer.", write_durations},
        {"convscope_http_request_body_bytes", EXPOSITION_COUNTER, "Bytes of requests' bodies, as they came.",
         write_received},
        {"convscope_http_response_body_bytes", EXPOSITION_COUNTER, "Bytes of answers' bodies, as they went.",
         write_sent},
        {"convscope_http_requests_unanswered", EXPOSITION_COUNTER,
         "Requests that got no answer: their clients had gone, or their heads were no HTTP.", write_unanswered},
        {"convscope_http_responses_incomplete", EXPOSITION_COUNTER, "Answers that could not be sent to their end.",
         write_cut},
    };
    for (size_t i = 0; i < sizeof families / sizeof *families; i++) {
        exposition_family(out, families[i].name, families[i].type, families[i].help);
        each_place(out, metrics, families[i].write);
    }
}

/* ---- work -------------------------------------------------------------------- */

static void write_pool(exposition *out, http_pool *pool) {
    static const char *const fates[HTTP_FATES] = {"done", "late", "gone", "stopped"};
    http_pool_counts counts;
    http_pool_count(pool, &counts);
    exposition_gauge(out, "convscope_workers", "Requests that can be computed at a time.", http_pool_workers(pool));
    exposition_gauge(out, "convscope_workers_busy", "Requests being computed.", counts.running);
    exposition_gauge(out, "convscope_queue_capacity", "Requests that may wait for a worker.", http_pool_queue(pool));
    exposition_gauge(out, "convscope_queue_length", "Requests that wait for a worker.", counts.waiting);
    exposition_family(out, "convscope_queue_jobs", EXPOSITION_COUNTER,
                      "What became of work for the workers, requests and pieces of many lines: done, refused for want "
                      "of a place, late, gone with its client, or stopped with the server.");
    for (int fate = 0; fate <= HTTP_FATES; fate++) {
        exposition_begin(out, "_total");
        exposition_label(out, "fate", fate < HTTP_FATES ? fates[fate] : "refused");
        exposition_count(out, fate < HTTP_FATES ? counts.ended[fate] : counts.refused);
    }
}

static void write_work(exposition *out, const http_metrics *metrics) {
    static const exposition_pair none[] = {{NULL, NULL}};
    http_work_counts counts;
    http_metrics_read_work(metrics, &counts);
    exposition_family(out, "convscope_queue_wait_seconds", EXPOSITION_HISTOGRAM,
                      "How long requests waited for a worker.");
    exposition_histogram(out, none, &counts.queued);
    exposition_counter(out, "convscope_macs_computed", "Multiply-adds of the layers computed.", counts.macs);
    exposition_counter(out, "convscope_ndjson_lines", "Lines of bodies of many requests that were answered.",
                       counts.lines);
    exposition_counter(out, "convscope_ndjson_lines_refused", "Those of them that were answered by a problem.",
                       counts.bad_lines);
}

/* ---- connections, the process, the build ---------------------------------------- */

static void write_connections(exposition *out, const http_shared *shared) {
    static const char *const phases[HTTP_PHASES] = {
        [HTTP_PHASE_HEAD] = "head", [HTTP_PHASE_BODY] = "body", [HTTP_PHASE_ANSWER] = "answer"};
    http_peers_counts counts;
    http_peers_count(shared->peers, &counts);
    exposition_gauge(out, "convscope_connections", "Connections that are open.", (double)counts.open);
    exposition_gauge(out, "convscope_connections_limit", "Connections that may be open at a time, at each address.",
                     shared->connections);
    exposition_counter(out, "convscope_connections_accepted", "Connections taken.", counts.accepted);
    exposition_family(out, "convscope_connections_cut", EXPOSITION_COUNTER,
                      "Connections cut off because the client was too slow with a head, a body or an answer.");
    for (int phase = 0; phase < HTTP_PHASES; phase++) {
        if (!phases[phase]) continue;
        exposition_begin(out, "_total");
        exposition_label(out, "phase", phases[phase]);
        exposition_count(out, counts.cut[phase]);
    }
}

static void write_memory(exposition *out, const http_memory *memory) {
    exposition_gauge(out, "convscope_memory_limit_bytes", "What requests may take together.",
                     (double)memory->requests.total);
    exposition_gauge(out, "convscope_memory_used_bytes", "What they have taken.",
                     (double)atomic_load(&memory->requests.used));
    exposition_gauge(out, "convscope_memory_bodies_limit_bytes", "What of it their bodies may take.",
                     (double)memory->bodies.total);
    exposition_gauge(out, "convscope_memory_bodies_used_bytes", "What their bodies have taken.",
                     (double)atomic_load(&memory->bodies.used));
}

static void write_process(exposition *out, const http_shared *shared) {
    http_process now;
    http_process_read(&now);
    exposition_family(out, "process_cpu_seconds", EXPOSITION_COUNTER, "CPU time used, in user and system mode.");
    exposition_begin(out, "_total");
    exposition_number(out, now.cpu_seconds);
    exposition_gauge(out, "process_resident_memory_bytes", "Memory of the process that is in RAM.",
                     (double)now.resident_bytes);
    exposition_gauge(out, "process_virtual_memory_bytes", "Addresses that the process has taken.",
                     (double)now.virtual_bytes);
    exposition_gauge(out, "process_open_fds", "File descriptors that are open.", (double)now.open_files);
    exposition_gauge(out, "process_max_fds", "File descriptors that may be open.", (double)now.most_files);
    exposition_gauge(out, "process_threads", "Threads of the process.", (double)now.threads);
    exposition_gauge(out, "process_start_time_seconds", "When the process began to serve, since 1970 in UTC.",
                     (double)shared->started);
    exposition_gauge(out, "convscope_uptime_seconds", "How long it has been serving.",
                     (double)(http_now_us() - shared->started_us) / 1e6);
}

static void write_log(exposition *out) {
    exposition_counter(out, "convscope_log_lines_dropped", "Lines of the log that could not be written.",
                       http_log_dropped());
}

static void write_build(exposition *out, const cvs_engine *engine) {
    cvs_engine_info info;
    cvs_engine_describe(engine, &info);
    exposition_family(out, "convscope_build_info", EXPOSITION_GAUGE,
                      "Always 1: the version, and what it computes and serves with.");
    exposition_begin(out, "");
    exposition_label(out, "version", cvs_version());
    exposition_label(out, "blas", info.blas);
    exposition_label(out, "isa", cvs_isa_name(info.isa));
    exposition_label(out, "libmicrohttpd", MHD_get_version());
    exposition_count(out, 1);
}

/* ---- the endpoint ---------------------------------------------------------------- */

static void write_all(exposition *out, const http_shared *shared) {
    write_build(out, shared->api->engine);
    write_all_requests(out, shared->metrics);
    exposition_gauge(out, "convscope_http_requests_in_flight", "Requests begun and not yet answered.",
                     (double)atomic_load(&shared->in_flight));
    exposition_gauge(out, "convscope_ready", "1 while work is taken, as GET /readyz says; else 0.",
                     !http_unready(shared));
    write_pool(out, shared->pool);
    write_work(out, shared->metrics);
    write_connections(out, shared);
    write_memory(out, shared->memory);
    write_log(out);
    write_process(out, shared);
    exposition_end(out);
}

void http_scrape(const http_shared *shared, const api_request *request, api_response *response) {
    static const char *const types[] = {"text/plain", "application/openmetrics-text", NULL};
    exposition out = {.openmetrics = accept_media_type(request->accept, types) == 1};
    write_all(&out, shared);
    *response = (api_response){
        .status = 200,
        .content_type = out.openmetrics ? "application/openmetrics-text; version=1.0.0; charset=utf-8"
                                        : "text/plain; version=0.0.4; charset=utf-8",
    };
    if (!out.text.failed) {
        response->body = cvs_text_take(&out.text, &response->body_length);
        return;
    }
    cvs_text_free(&out.text);
    api_problem(response, 503, "no-memory", "There is no memory for this answer at the moment.");
}
