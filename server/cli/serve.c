#include "cli/commands.h"
#include "cli/cpus.h"
#include "cli/listen.h"
#include "cli/manager.h"
#include "cli/options.h"
#include "cli/ram.h"
#include "cli/secrets.h"
#include "cli/stop.h"
#include "http/daemon.h"
#include "http/log.h"
#include "http/memory.h"
#include "http/spool.h"
#include "http/step_back.h"

#include <microhttpd.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

static int failed(const cvs_error *err) {
    http_log("%s", err->message);
    return CLI_FAILED;
}

/* CONVSCOPE_ISA caps: a level that the CPU lacks is no error, but somebody expects what is not there. */
static void note_missing_isa(void) {
    cvs_engine_options asked = {0};
    const cvs_isa best = cvs_isa_detect();
    if (cli_isa_parse(getenv("CONVSCOPE_ISA"), &asked, NULL) != CVS_OK || !asked.cap_isa || asked.isa <= best) return;
    http_log("advice: CONVSCOPE_ISA=%s, but this CPU has no more than %s", cvs_isa_name(asked.isa), cvs_isa_name(best));
}

static void announce(const cli_serve_options *options, const cvs_engine *engine, const http_server_options *server) {
    cvs_engine_info info;
    cvs_engine_describe(engine, &info);
    if (!options->quiet) {
        http_log("version %s, libmicrohttpd %s, %u threads, %u workers", cvs_version(), MHD_get_version(),
                 server->threads, server->workers);
        http_log("instructions %s, blas %s", cvs_isa_name(info.isa), info.blas);
    }
    note_missing_isa();
    if (*info.blas_note) http_log("advice: %s", info.blas_note);
}

static int64_t as_count(size_t number) { return number > INT64_MAX ? INT64_MAX : (int64_t)number; }

static size_t or_else(size_t asked, uint64_t otherwise) { return asked ? asked : (size_t)otherwise; }

/* What was left out. */
static void settle(cli_serve_options *options) {
    api_context api;
    api_context_defaults(&api, NULL);
    const unsigned cpus = cli_cpus_available();
    if (!options->threads) options->threads = cpus;
    if (!options->workers) options->workers = cpus;
    options->max_memory = or_else(options->max_memory, cli_ram_share());
    options->max_body = or_else(options->max_body, api.limits.body_bytes);
    options->max_stream = or_else(options->max_stream, api.limits.stream_bytes);
    options->max_json = or_else(options->max_json, api.limits.json_bytes);
    options->max_elements = or_else(options->max_elements, (uint64_t)api.limits.output_elements);
    options->max_macs = or_else(options->max_macs, (uint64_t)api.limits.macs);
    options->max_workspace = or_else(options->max_workspace, api.limits.workspace_bytes);
}

static void set_limits(api_context *api, const cli_serve_options *options) {
    api->limits.body_bytes = options->max_body;
    api->limits.stream_bytes = options->max_stream;
    api->limits.json_bytes = options->max_json;
    api->limits.output_elements = as_count(options->max_elements);
    api->limits.macs = as_count(options->max_macs);
    api->limits.workspace_bytes = options->max_workspace;
}

static http_server_options server_options(const cli_serve_options *options, const cli_secrets *secrets) {
    return (http_server_options){
        .keys = secrets->keys,
        .tls = secrets->tls,
        .threads = options->threads,
        .workers = options->workers,
        .queue = options->queue,
        .deadline = options->deadline,
        .connections = options->max_connections,
        .connections_per_ip = options->max_connections_per_ip,
        .idle = options->idle_timeout,
        .pace = {.head_ms = (int64_t)options->head_timeout * 1000, .rate = (int64_t)options->min_rate},
        .cors = &options->cors,
        .memory = options->max_memory,
        .log_requests = options->log != CLI_LOG_NONE,
        .no_compression = options->no_compression,
    };
}

static int serve_with(http_listeners *listeners, const cvs_engine *engine, cli_secrets *secrets, const sigset_t *stop) {
    const cli_serve_options *options = secrets->options;
    const http_listeners where = *listeners; /* the server takes them */
    cvs_error err = {0};
    api_context api;
    http_server *server = NULL;
    const http_server_options how = server_options(options, secrets);
    api_context_defaults(&api, engine);
    set_limits(&api, options);
    if (http_server_start(&api, listeners, &how, &server, &err) != CVS_OK) return failed(&err);
    announce(options, engine, &how);
    cli_listen_announce(options, &where);
    cli_manager_notify(CLI_READY);
    cli_stop_after_signal(server, stop, secrets);
    return CLI_OK;
}

/* ---- the engine ----------------------------------------------------------- */

typedef struct engine_order {
    const cvs_engine_options *how;
    cvs_engine *engine;
    cvs_status status;
    cvs_error *err;
} engine_order;

static void *create_behind(void *argument) {
    engine_order *order = argument;
    http_step_back();
    order->status = cvs_engine_create(order->how, &order->engine, order->err);
    return NULL;
}

/* Its threads compute: they have their place behind others from the one that starts them, which is of no other use. */
static cvs_status create_engine(const cvs_engine_options *how, cvs_engine **engine, cvs_error *err) {
    pthread_t thread;
    engine_order order = {.how = how, .err = err};
    if (pthread_create(&thread, NULL, create_behind, &order) != 0)
        return cvs_fail(err, CVS_NO_MEMORY, "no-threads", NULL, "the system has no thread to start the engine");
    pthread_join(thread, NULL);
    *engine = order.engine;
    return order.status;
}

/* The engine proves its BLAS in a child process and jansson seeds its hash: both before there are threads that go on.
 */
static int serve(cli_secrets *secrets, const cvs_engine_options *how) {
    cvs_error err = {0};
    sigset_t stop = cli_stop_signals();
    cvs_engine *engine = NULL;
    http_listeners listeners;
    if (cli_listen(secrets->options, &listeners, &err) != CVS_OK) return failed(&err);
    api_init();
    http_memory_tune_heap();
    if (create_engine(how, &engine, &err) != CVS_OK) {
        http_listeners_close(&listeners);
        return failed(&err);
    }
    http_log_begin();
    int status = serve_with(&listeners, engine, secrets, &stop);
    http_log_end();
    cvs_engine_free(engine);
    return status;
}

static int serve_with_secrets(const cli_serve_options *options, const cvs_engine_options *how) {
    cvs_error err = {0};
    cli_secrets secrets;
    if (options->log == CLI_LOG_JSON) http_log_as_json();
    if (cli_secrets_open(options, &secrets, &err) != CVS_OK) return failed(&err);
    int status = serve(&secrets, how);
    cli_secrets_free(&secrets);
    return status;
}

/* ---- --check-config ------------------------------------------------------- */

/* What would be done to begin with, and undone: CVS_OK when nothing stands in the way. */
static cvs_status try(cli_serve_options *options, const cvs_engine_options *how, cvs_engine **engine, cvs_error *err) {
    cli_secrets secrets;
    cli_addresses *listen = &options->listen;
    if (!listen->count) listen->at[listen->count++] = cli_listen_default();
    cvs_status status = cli_secrets_open(options, &secrets, err);
    if (status != CVS_OK) return status;
    const http_server_options server = server_options(options, &secrets);
    status = cli_listen_check(options, stdout, err);
    if (status == CVS_OK) status = cvs_engine_create(how, engine, err);
    if (status == CVS_OK) status = http_server_check(&server, listen->count, &options->max_connections, err);
    cli_secrets_free(&secrets);
    return status;
}

static void print_engine(const cvs_engine *engine) {
    cvs_engine_info info;
    cvs_engine_describe(engine, &info);
    printf("instructions %s, blas %s\n", cvs_isa_name(info.isa), info.blas);
    note_missing_isa();
    if (*info.blas_note) http_log("advice: %s", info.blas_note);
}

static int check(cli_serve_options *options, const cvs_engine_options *how) {
    cvs_error err = {0};
    cvs_engine *engine = NULL;
    const char *directory;
    if (try(options, how, &engine, &err) != CVS_OK) {
        fprintf(stderr, "convscope serve: %s\n", err.message);
        cvs_engine_free(engine);
        return CLI_USAGE;
    }
    options->check_config = false;
    printf("convscope %s would serve with\n", cvs_version());
    cli_serve_options_print(options, stdout);
    print_engine(engine);
    cvs_engine_free(engine);
    if (!http_spool_possible(&directory))
        printf("note: no file can be made in %s (TMPDIR): long bodies of many requests will be refused\n", directory);
    puts("nothing stands in the way");
    return CLI_OK;
}

/* ---- the command ------------------------------------------------------------ */

static int wrong_usage(const cvs_error *err) {
    fprintf(stderr, "convscope serve: %s\nTry `convscope serve --help`.\n", err->message);
    return CLI_USAGE;
}

int cli_serve(int argc, char **argv) {
    cvs_error err = {0};
    cli_serve_options options;
    cvs_engine_options how = {.threads = (int)cli_cpus_available()};
    if (cli_serve_options_parse(argc, argv, &options, &err) != CVS_OK) return wrong_usage(&err);
    if (options.help) {
        fputs(cli_serve_help, stdout);
        return CLI_OK;
    }
    if (cli_isa_parse(getenv("CONVSCOPE_ISA"), &how, &err) != CVS_OK) return wrong_usage(&err);
    settle(&options);
    return options.check_config ? check(&options, &how) : serve_with_secrets(&options, &how);
}
