#include "cli/stop.h"

#include "cli/commands.h"
#include "cli/manager.h"
#include "http/clock.h"
#include "http/log.h"

#include <errno.h>
#include <time.h>
#include <unistd.h>

/* Some milliseconds apart. */
enum { QUIET_LOOKS = 10 };

/* For computations to notice that they are to end, and for the answers of those that are refused at the very end. */
enum { LAST_WORDS_MS = 3000 };

sigset_t cli_stop_signals(void) {
    sigset_t stop, hangup;
    sigemptyset(&stop);
    sigaddset(&stop, SIGTERM);
    sigaddset(&stop, SIGINT);
    pthread_sigmask(SIG_BLOCK, &stop, NULL);
    sigemptyset(&hangup);
    sigaddset(&hangup, SIGHUP);
    pthread_sigmask(SIG_BLOCK, &hangup, NULL);
    signal(SIGPIPE, SIG_IGN);
    return stop;
}

static int wait_for_signal(const sigset_t *stop) {
    int number;
    while ((number = sigwaitinfo(stop, NULL)) < 0 && errno == EINTR) continue;
    return number;
}

static void reload(cli_secrets *secrets) {
    cli_manager_notify(CLI_RELOADING);
    cli_secrets_reload(secrets);
    cli_manager_notify(CLI_READY);
}

static int wait_for_the_end(const sigset_t *stop, cli_secrets *secrets) {
    sigset_t all = *stop;
    int number;
    sigaddset(&all, SIGHUP);
    while ((number = wait_for_signal(&all)) == SIGHUP) reload(secrets);
    return number;
}

static const char *signal_text(int number) { return number == SIGINT ? "SIGINT" : "SIGTERM"; }

/* Sleep a little; the second signal, if it came meanwhile, or 0. */
static int pause_for_signal(const sigset_t *stop) {
    const struct timespec pause = {.tv_nsec = 5 * 1000 * 1000};
    const int second = sigtimedwait(stop, NULL, &pause);
    return second > 0 ? second : 0;
}

static void end_at_once(const http_server *server, int second) {
    http_log("second signal (%s): %zu requests cut off", signal_text(second), http_server_in_flight(server));
    http_log_flush();
    _exit(128 + second);
}

/* Wait until nothing is in flight, at several looks in a row; false when that takes longer. A second signal does not
 * wait for what is. */
static bool drained(const http_server *server, const sigset_t *stop, int64_t longest_ms) {
    const int64_t end = http_now_ms() + longest_ms;
    for (int quiet = 0; quiet < QUIET_LOOKS; quiet = http_server_in_flight(server) ? 0 : quiet + 1) {
        if (http_now_ms() >= end) return !http_server_in_flight(server);
        const int second = pause_for_signal(stop);
        if (second && http_server_in_flight(server)) end_at_once(server, second);
        if (second) return true;
    }
    return true;
}

static void go_on_for_a_while(const http_server *server, const sigset_t *stop, int64_t for_ms) {
    const int64_t end = http_now_ms() + for_ms;
    while (http_now_ms() < end) {
        const int second = pause_for_signal(stop);
        if (second) end_at_once(server, second);
    }
}

static void exit_now(void) {
    http_log_flush();
    _exit(CLI_OK);
}

void cli_stop_after_signal(http_server *server, const sigset_t *signals, cli_secrets *secrets) {
    const cli_serve_options *options = secrets->options;
    const char *first = signal_text(wait_for_the_end(signals, secrets));
    cli_manager_notify(CLI_STOPPING);
    http_server_leave(server);
    if (options->drain_delay) {
        if (!options->quiet) http_log("%s: not ready; taking connections for %u seconds", first, options->drain_delay);
        go_on_for_a_while(server, signals, (int64_t)options->drain_delay * 1000);
    }
    http_server_drain(server);
    if (!options->quiet) http_log("%s: finishing %zu requests", first, http_server_in_flight(server));
    if (!drained(server, signals, (int64_t)options->drain * 1000)) {
        http_server_refuse_rest(server);
        bool all = drained(server, signals, LAST_WORDS_MS);
        http_log("%u seconds are over: %zu requests cut off", options->drain, http_server_in_flight(server));
        if (!all) exit_now(); /* stopping in order would wait for computations to end */
    }
    http_server_stop(server);
    if (!options->quiet) http_log("stopped");
}
