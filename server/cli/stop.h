/* stop.h - from a signal to the end: letting go of clients in order. */
#ifndef CONVSCOPE_CLI_STOP_H
#define CONVSCOPE_CLI_STOP_H

#include "cli/secrets.h"
#include "http/daemon.h"

#include <signal.h>

/* The first two. Have SIGTERM, SIGINT and SIGHUP wait for cli_stop_after_signal(), in this thread and those it starts
 * from now on. */
sigset_t cli_stop_signals(void);

/*
 * Serve until one of `signals` comes, reading the secrets again on SIGHUP; then let go: not ready any more, after
 * --drain-delay no new connections, then up to --drain for what is in flight; what has not begun to be computed by then
 * is refused. Frees the server and returns, or ends the process where that would wait for a computation: with status 0,
 * or, at a second signal, at once with 128 and its number.
 */
void cli_stop_after_signal(http_server *server, const sigset_t *signals, cli_secrets *secrets);

#endif
