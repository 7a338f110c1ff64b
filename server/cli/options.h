/* options.h - the options of the commands, read and checked apart from doing anything with them. */
#ifndef CONVSCOPE_CLI_OPTIONS_H
#define CONVSCOPE_CLI_OPTIONS_H

#include "http/address.h"

#include <convscope/engine.h>

typedef struct cli_serve_options {
    http_address listen; /* default 127.0.0.1:8080 */
    unsigned threads;    /* default 0: as many as CPUs are available */
    size_t max_body;     /* bytes; default 0: what the API says */
    size_t max_stream;   /* bytes; default 0: what the API says */
    unsigned drain;      /* seconds; default 30 */
    bool quiet;
    bool help;
} cli_serve_options;

#define CLI_DRAIN_SECONDS 30u
#define CLI_THREADS_MAX   1024u

/* argv[0] is the command's name. CVS_INVALID with a message for the user. Not for several threads: getopt_long() is
 * not. */
cvs_status cli_serve_options_parse(int argc, char **argv, cli_serve_options *out, cvs_error *err) CVS_NODISCARD;

/* The value of CONVSCOPE_ISA, the highest level of instructions to use; NULL and "" cap nothing. CVS_INVALID with a
 * message for the user when it names no level. */
cvs_status cli_isa_parse(const char *value, cvs_engine_options *out, cvs_error *err) CVS_NODISCARD;

/* "1000", "64K", "64M", "2G", also with "iB" behind: powers of 1024; false when it is no such number or 0. */
bool cli_bytes_parse(const char *text, size_t *bytes);

#endif
