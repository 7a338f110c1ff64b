#include "cli/commands.h"
#include "cli/cpus.h"
#include "cli/options.h"
#include "http/daemon.h"
#include "http/log.h"

#include <errno.h>
#include <microhttpd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

const char cli_serve_help[] =
    "usage: convscope serve [options]\n"
    "\n"
    "Answer HTTP requests until SIGTERM or SIGINT (Ctrl-C).\n"
    "\n"
    "  --listen HOST:PORT  where to listen; default 127.0.0.1:8080, reached from this machine alone.\n"
    "                      [::1]:8080 is IPv6, 0.0.0.0:8080 everybody, port 0 any free port\n"
    "  --threads N         threads that serve; default: the CPUs available\n"
    "  --max-body BYTES    largest request body, as in 500000 or 64M; default 64M\n"
    "  --max-stream BYTES  largest body of many requests, a line each (application/x-ndjson); default 4G\n"
    "  --drain SECONDS     how long requests in flight may still take after SIGTERM; default 30\n"
    "  --quiet             say only where it listens, advice, and what goes wrong\n"
    "  --help              show this text\n"
    "\n"
    "CONVSCOPE_ISA=portable, avx2 or avx512 in the environment: compute with instructions of at most this\n"
    "level; without it with the best that the CPU has.\n"
    "\n"
    "The log goes to standard error. The line `convscope: listening on URL` says that it is ready.\n"
    "On SIGTERM no new connections are taken, what is in flight is finished, and the exit status is 0;\n"
    "a second signal ends it at once.\n"
    "\n"
    "Exit status: 0 stopped by a signal, 1 could not start, 2 wrong usage.\n";

/* ---- signals ----------------------------------------------------------- */

/* SIGTERM and SIGINT wait for sigtimedwait() in this thread; threads started later inherit the mask. */
static sigset_t take_signals(void) {
    sigset_t stop;
    sigemptyset(&stop);
    sigaddset(&stop, SIGTERM);
    sigaddset(&stop, SIGINT);
    pthread_sigmask(SIG_BLOCK, &stop, NULL);
    signal(SIGPIPE, SIG_IGN);
    return stop;
}

static int wait_for_signal(const sigset_t *stop) {
    int signal_number;
    while ((signal_number = sigwaitinfo(stop, NULL)) < 0 && errno == EINTR) continue;
    return signal_number;
}

static const char *signal_text(int number) { return number == SIGINT ? "SIGINT" : "SIGTERM"; }

/* ---- draining ---------------------------------------------------------- */

/* Wait until nothing is in flight; false when `seconds` were not enough. A second signal does not return. */
static bool drained(const http_server *server, const sigset_t *stop, unsigned seconds) {
    const struct timespec pause = {.tv_nsec = 5 * 1000 * 1000};
    struct timespec begin, now;
    clock_gettime(CLOCK_MONOTONIC, &begin);
    while (http_server_in_flight(server)) {
        int second = sigtimedwait(stop, NULL, &pause);
        if (second > 0) {
            http_log("second signal (%s): %zu requests cut off", signal_text(second), http_server_in_flight(server));
            _exit(128 + second);
        }
        clock_gettime(CLOCK_MONOTONIC, &now);
        if (now.tv_sec - begin.tv_sec >= (time_t)seconds && now.tv_nsec >= begin.tv_nsec) return false;
    }
    return true;
}

/* Serve until a signal, then let go. */
static void run(http_server *server, const sigset_t *stop, const cli_serve_options *options) {
    int first = wait_for_signal(stop);
    http_server_drain(server);
    if (!options->quiet) http_log("%s: finishing %zu requests", signal_text(first), http_server_in_flight(server));
    if (!drained(server, stop, options->drain)) {
        http_log("%u seconds are over: %zu requests cut off", options->drain, http_server_in_flight(server));
        _exit(CLI_OK); /* stopping in order would wait for computations to end */
    }
    http_server_stop(server);
    if (!options->quiet) http_log("stopped");
}

/* ---- starting ---------------------------------------------------------- */

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

static void announce(const cli_serve_options *options, const cvs_engine *engine, unsigned threads) {
    cvs_engine_info info;
    char url[HTTP_URL_MAX];
    cvs_engine_describe(engine, &info);
    if (!options->quiet) {
        http_log("version %s, libmicrohttpd %s, %u threads", cvs_version(), MHD_get_version(), threads);
        http_log("instructions %s, blas %s", cvs_isa_name(info.isa), info.blas);
    }
    note_missing_isa();
    if (*info.blas_note) http_log("advice: %s", info.blas_note);
    http_address_url(&options->listen, url);
    http_log("listening on %s", url);
}

static int serve_with(cli_serve_options *options, int fd, const cvs_engine *engine, const sigset_t *stop) {
    cvs_error err = {0};
    api_context api;
    http_server *server = NULL;
    unsigned threads = options->threads ? options->threads : cli_cpus_available();
    api_context_defaults(&api, engine);
    if (options->max_body) api.limits.body_bytes = options->max_body;
    if (options->max_stream) api.limits.stream_bytes = options->max_stream;
    if (http_server_start(&api, fd, threads, &server, &err) != CVS_OK) return failed(&err);
    announce(options, engine, threads);
    run(server, stop, options);
    return CLI_OK;
}

/* The engine proves its BLAS in a child process and jansson seeds its hash: both before there are threads. */
static int serve(cli_serve_options *options, const cvs_engine_options *how) {
    cvs_error err = {0};
    sigset_t stop = take_signals();
    cvs_engine *engine = NULL;
    int fd;
    if (http_address_listen(&options->listen, &fd, &err) != CVS_OK) return failed(&err);
    api_init();
    if (cvs_engine_create(how, &engine, &err) != CVS_OK) {
        close(fd);
        return failed(&err);
    }
    int status = serve_with(options, fd, engine, &stop);
    cvs_engine_free(engine);
    return status;
}

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
    return serve(&options, &how);
}
