/* wire.h - the client's end of a connection, with TLS or without, all of which has to be over by a moment. */
#ifndef CONVSCOPE_CLI_WIRE_H
#define CONVSCOPE_CLI_WIRE_H

#include "http/address.h"

#include <gnutls/gnutls.h>

/* Whose certificates are taken for good. */
typedef struct cli_trust {
    const char *ca; /* a PEM file; NULL: those that the system trusts */
    bool anybody;   /* whoever it is */
} cli_trust;

typedef struct cli_wire {
    int fd;
    int64_t deadline_ms;      /* by http_now_ms() (clock.h) */
    gnutls_session_t session; /* NULL without TLS */
    gnutls_certificate_credentials_t credentials;
} cli_wire;

/* Connect; with TLS where `trust` is not NULL. CVS_INVALID says why not, and nothing is to be closed. */
cvs_status cli_wire_open(const http_address *address, const cli_trust *trust, int64_t deadline_ms, cli_wire *out,
                         cvs_error *err) CVS_NODISCARD;

/* Whether all was sent. */
bool cli_wire_send(const cli_wire *wire, const char *bytes, size_t length);

/* How many bytes came, at most `size`; 0 at the end, or when the time is over. */
size_t cli_wire_receive(const cli_wire *wire, char *bytes, size_t size);

void cli_wire_close(cli_wire *wire);

#endif
