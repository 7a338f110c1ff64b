/* options.h - the options of the commands, read and checked apart from doing anything with them. */
#ifndef CONVSCOPE_CLI_OPTIONS_H
#define CONVSCOPE_CLI_OPTIONS_H

#include "http/cors.h"
#include "http/listener.h"

#include <convscope/engine.h>
#include <stdio.h>

/* A line for each request: in this form, or none. */
typedef enum cli_log { CLI_LOG_NONE = 0, CLI_LOG_PLAIN, CLI_LOG_JSON } cli_log;

typedef struct cli_addresses {
    http_address at[HTTP_LISTENERS_MAX];
    size_t count;
} cli_addresses;

typedef struct cli_serve_options {
    cli_addresses listen;            /* default: none was given */
    unsigned socket_mode;            /* permissions of Unix sockets; default 0600 */
    const char *api_keys;            /* a file; default NULL: everybody may ask */
    const char *tls_cert, *tls_key;  /* files; default NULL: no TLS; both or none */
    bool insecure;                   /* other machines may reach the server without keys or TLS */
    unsigned threads;                /* default 0: as many as CPUs are available */
    unsigned workers;                /* the same */
    unsigned queue;                  /* requests that may wait for a worker; default 256 */
    unsigned deadline;               /* seconds that one may wait, 0: any number; default 60 */
    unsigned max_connections;        /* default 0: up to 4096, as file descriptors allow */
    unsigned max_connections_per_ip; /* default 0: any number */
    unsigned head_timeout;           /* seconds, 0: any number; default 10 */
    size_t min_rate;                 /* bytes a second, 0: any; default 16 KiB */
    unsigned idle_timeout;           /* seconds, 0: any number; default 30 */
    size_t max_body;                 /* bytes; default 0: what the API says */
    size_t max_stream;               /* bytes; default 0: what the API says */
    size_t max_memory;               /* bytes of the process; default 0: cli_ram_share() */
    size_t max_json;                 /* bytes; default 0: what the API says, and so for the three below */
    size_t max_elements;
    size_t max_macs;
    size_t max_workspace; /* bytes */
    unsigned drain_delay; /* seconds; default 0 */
    unsigned drain;       /* seconds; default 30 */
    http_cors cors;       /* default: no other origin */
    cli_log log;          /* default CLI_LOG_NONE */
    bool no_compression;  /* of answers */
    bool quiet;
    bool check_config; /* say what would be done, and do nothing */
    bool help;
} cli_serve_options;

#define CLI_SOCKET_MODE      0600u
#define CLI_DRAIN_SECONDS    30u
#define CLI_THREADS_MAX      1024u
#define CLI_QUEUE            256u
#define CLI_HEAD_SECONDS     10u
#define CLI_IDLE_SECONDS     30u
#define CLI_MIN_RATE         ((size_t)16 * 1024)
#define CLI_DEADLINE_SECONDS 60u

/* argv[0] is the command's name. CVS_INVALID with a message for the user. Not for several threads: getopt_long() is
 * not. */
cvs_status cli_serve_options_parse(int argc, char **argv, cli_serve_options *out, cvs_error *err) CVS_NODISCARD;

/* Every option that is set, a line each, as it could be given: "  --queue 256". */
void cli_serve_options_print(const cli_serve_options *options, FILE *out);

/* The value of CONVSCOPE_ISA, the highest level of instructions to use; NULL and "" cap nothing. CVS_INVALID with a
 * message for the user when it names no level. */
cvs_status cli_isa_parse(const char *value, cvs_engine_options *out, cvs_error *err) CVS_NODISCARD;

/* "1000", "64K", "64M", "2G", also with "iB" behind: powers of 1024; false when it is no such number or 0. */
bool cli_bytes_parse(const char *text, size_t *bytes);

#endif
