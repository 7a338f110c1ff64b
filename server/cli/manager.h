/*
 * manager.h - what a service manager such as systemd and its services tell each other (sd_listen_fds(3), sd_notify(3)).
 * Both are a few environment variables and a datagram, promised to stay as they are; libsystemd would bring five more
 * libraries into the image.
 */
#ifndef CONVSCOPE_CLI_MANAGER_H
#define CONVSCOPE_CLI_MANAGER_H

#include "http/listener.h"

/*
 * Add the sockets that were handed over (LISTEN_FDS, LISTEN_PID) to `listeners`; none is fine. The variables are unset:
 * they are not for child processes. CVS_INVALID with code "not-listening" or "too-many-sockets".
 */
cvs_status cli_manager_sockets(http_listeners *listeners, cvs_error *err) CVS_NODISCARD;

/* What is to be told. */
typedef enum cli_state { CLI_READY, CLI_RELOADING, CLI_STOPPING } cli_state;

/* Tell the manager, if there is one (NOTIFY_SOCKET). It cannot fail in a way that matters to us. */
void cli_manager_notify(cli_state state);

#endif
