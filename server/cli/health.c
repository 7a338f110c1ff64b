#include "cli/commands.h"
#include "cli/wire.h"
#include "http/clock.h"

#include <getopt.h>
#include <stdio.h>
#include <string.h>

/* For the whole of it: connecting, asking, the answer. */
#define TIMEOUT_MS 2000

const char cli_health_help[] =
    "usage: convscope health [--ca FILE | --insecure] [URL]\n"
    "\n"
    "Ask a running server whether it is well: GET /healthz at URL, which is http://HOST:PORT, https://HOST:PORT or\n"
    "unix:/PATH; default http://127.0.0.1:8080.\n"
    "\n"
    "  --ca FILE   with https: trust certificates that those in this file (PEM) vouch for; default: those that\n"
    "              the system trusts\n"
    "  --insecure  with https: trust any certificate, as it will do on the machine itself\n"
    "\n"
    "Exit status: 0 it answered 200 within two seconds, 1 it did not, 2 wrong usage.\n";

typedef struct health_options {
    http_address address;
    bool tls, help;
    cli_trust trust;
} health_options;

/* ---- asking ---------------------------------------------------------------- */

static bool send_request(const cli_wire *wire, const http_address *address) {
    char url[HTTP_URL_MAX], request[HTTP_URL_MAX + 96];
    http_address_url(address, false, url);
    int length = snprintf(request, sizeof request, "GET /healthz HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n",
                          address->local ? "localhost" : url + strlen("http://"));
    return cli_wire_send(wire, request, (size_t)length);
}

/* The status of the answer, or 0. The status line is all that is read. */
static int read_status(const cli_wire *wire) {
    char line[16] = "";
    size_t length = 0, received = 1;
    while (length < strlen("HTTP/1.1 200") && received) {
        received = cli_wire_receive(wire, line + length, sizeof line - 1 - length);
        length += received;
    }
    int status = 0;
    return sscanf(line, "HTTP/1.%*1d %3d", &status) == 1 ? status : 0;
}

static int ask(const health_options *options) {
    cvs_error err = {0};
    cli_wire wire;
    const int64_t deadline_ms = http_now_ms() + TIMEOUT_MS;
    if (cli_wire_open(&options->address, options->tls ? &options->trust : NULL, deadline_ms, &wire, &err) != CVS_OK) {
        fprintf(stderr, "convscope health: %s\n", err.message);
        return CLI_FAILED;
    }
    int status = send_request(&wire, &options->address) ? read_status(&wire) : 0;
    cli_wire_close(&wire);
    if (status == 200) return CLI_OK;
    if (status)
        fprintf(stderr, "convscope health: the server answered %d\n", status);
    else
        fprintf(stderr, "convscope health: no answer within %d seconds\n", TIMEOUT_MS / 1000);
    return CLI_FAILED;
}

/* ---- options --------------------------------------------------------------- */

/* A path behind the port is nobody's but ours; that of a Unix socket is the address. */
static bool parse_url(const char *url, health_options *out) {
    static const char plain[] = "http://", secure[] = "https://", local[] = "unix:";
    char address[HTTP_URL_MAX];
    out->tls = strncmp(url, secure, strlen(secure)) == 0;
    const char *begin = out->tls ? url + strlen(secure) : url;
    if (strncmp(url, plain, strlen(plain)) == 0) begin = url + strlen(plain);
    const size_t length = strncmp(url, local, strlen(local)) == 0 ? strlen(url) : strcspn(begin, "/");
    snprintf(address, sizeof address, "%.*s", (int)length, begin);
    return length < sizeof address && http_address_parse(address, &out->address, NULL) == CVS_OK;
}

static bool parse(int argc, char **argv, health_options *out) {
    static const struct option list[] = {
        {"ca", required_argument, NULL, 'c'},
        {"insecure", no_argument, NULL, 'i'},
        {"help", no_argument, NULL, 'h'},
        {NULL, 0, NULL, 0},
    };
    int option;
    *out = (health_options){.tls = false};
    optind = 0; /* glibc: begin anew */
    opterr = 0;
    while ((option = getopt_long(argc, argv, "h", list, NULL)) != -1) {
        if (option == '?') return false;
        if (option == 'c') out->trust.ca = optarg;
        out->trust.anybody |= option == 'i';
        out->help |= option == 'h';
    }
    const bool one = !(out->trust.ca && out->trust.anybody) && argc - optind <= 1;
    return one && parse_url(optind < argc ? argv[optind] : "http://127.0.0.1:8080", out);
}

int cli_health(int argc, char **argv) {
    health_options options;
    if (!parse(argc, argv, &options)) {
        fprintf(stderr,
                "convscope health: expected one URL such as http://127.0.0.1:8080\nTry `convscope health --help`.\n");
        return CLI_USAGE;
    }
    if (options.help) {
        fputs(cli_health_help, stdout);
        return CLI_OK;
    }
    return ask(&options);
}
