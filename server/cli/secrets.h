/* secrets.h - what `convscope serve` knows clients by, and they it: read at the start, and again on SIGHUP. */
#ifndef CONVSCOPE_CLI_SECRETS_H
#define CONVSCOPE_CLI_SECRETS_H

#include "cli/options.h"
#include "http/keys.h"
#include "http/tls.h"

typedef struct cli_secrets {
    const cli_serve_options *options;
    http_keys *keys; /* NULL: everybody may ask */
    http_tls *tls;   /* NULL: all is sent as it is */
} cli_secrets;

/* CVS_INVALID as in keys.h and tls.h; nothing is to be freed then. */
cvs_status cli_secrets_open(const cli_serve_options *options, cli_secrets *out, cvs_error *err) CVS_NODISCARD;

/* Read all again and say what came of it: what cannot be read stays as it was. */
void cli_secrets_reload(cli_secrets *secrets);

void cli_secrets_free(cli_secrets *secrets);

#endif
