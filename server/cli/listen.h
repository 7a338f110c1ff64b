/* listen.h - which sockets `convscope serve` serves. */
#ifndef CONVSCOPE_CLI_LISTEN_H
#define CONVSCOPE_CLI_LISTEN_H

#include "cli/options.h"

/* Where none is said and none was handed over: 127.0.0.1:8080. */
http_address cli_listen_default(void);

/*
 * Open what the options say, beside what was handed over. What other machines can reach must have TLS and keys, or be
 * meant not to. On failure nothing stays open. CVS_INVALID with code "not-secure", or as in listener.h and manager.h.
 */
cvs_status cli_listen(const cli_serve_options *options, http_listeners *out, cvs_error *err) CVS_NODISCARD;

/*
 * Could that be done? Sockets are opened and closed again; those that are in use now, perhaps by a server that is to be
 * replaced, are told of on `out`. Sockets that were handed over are left alone. CVS_INVALID as for cli_listen().
 */
cvs_status cli_listen_check(const cli_serve_options *options, FILE *out, cvs_error *err) CVS_NODISCARD;

/* Say where, a line each, and what is not secure there. */
void cli_listen_announce(const cli_serve_options *options, const http_listeners *listeners);

#endif
