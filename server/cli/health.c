#include "cli/commands.h"
#include "http/address.h"

#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

/* For the whole of it: connecting, asking, the answer. */
#define TIMEOUT_MS 2000

const char cli_health_help[] =
    "usage: convscope health [URL]\n"
    "\n"
    "Ask a running server whether it is well: GET /healthz at URL, default http://127.0.0.1:8080.\n"
    "\n"
    "Exit status: 0 it answered 200 within two seconds, 1 it did not, 2 wrong usage.\n";

static int64_t now_ms(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Until the socket is ready for `events`; false when the time is over. */
static bool ready(int fd, short events, int64_t deadline_ms) {
    int64_t left = deadline_ms - now_ms();
    struct pollfd wait = {.fd = fd, .events = events};
    return left > 0 && poll(&wait, 1, (int)left) == 1;
}

static bool send_request(int fd, const http_address *address, int64_t deadline_ms) {
    char url[HTTP_URL_MAX], request[HTTP_URL_MAX + 96];
    http_address_url(address, url);
    int length = snprintf(request, sizeof request, "GET /healthz HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n",
                          url + strlen("http://"));
    return ready(fd, POLLOUT, deadline_ms) && send(fd, request, (size_t)length, MSG_NOSIGNAL) == length;
}

/* The status of the answer, or 0. The status line is all that is read. */
static int read_status(int fd, int64_t deadline_ms) {
    char line[16] = "";
    size_t length = 0;
    while (length < strlen("HTTP/1.1 200") && ready(fd, POLLIN, deadline_ms)) {
        ssize_t received = recv(fd, line + length, sizeof line - 1 - length, 0);
        if (received <= 0) return 0;
        length += (size_t)received;
    }
    int status = 0;
    return sscanf(line, "HTTP/1.%*1d %3d", &status) == 1 ? status : 0;
}

static int ask(const http_address *address) {
    cvs_error err = {0};
    int64_t deadline_ms = now_ms() + TIMEOUT_MS;
    int fd;
    if (http_address_connect(address, deadline_ms, &fd, &err) != CVS_OK) {
        fprintf(stderr, "convscope health: %s\n", err.message);
        return CLI_FAILED;
    }
    int status = send_request(fd, address, deadline_ms) ? read_status(fd, deadline_ms) : 0;
    close(fd);
    if (status == 200) return CLI_OK;
    if (status)
        fprintf(stderr, "convscope health: the server answered %d\n", status);
    else
        fprintf(stderr, "convscope health: no answer within %d seconds\n", TIMEOUT_MS / 1000);
    return CLI_FAILED;
}

int cli_health(int argc, char **argv) {
    static const char scheme[] = "http://";
    cvs_error err = {0};
    http_address address;
    char host_port[HTTP_URL_MAX];
    const char *url = argc > 1 ? argv[1] : "http://127.0.0.1:8080";
    if (argc == 2 && (strcmp(url, "--help") == 0 || strcmp(url, "-h") == 0)) {
        fputs(cli_health_help, stdout);
        return CLI_OK;
    }
    const char *begin = strncmp(url, scheme, strlen(scheme)) == 0 ? url + strlen(scheme) : url;
    snprintf(host_port, sizeof host_port, "%.*s", (int)strcspn(begin, "/"), begin);
    if (argc > 2 || url[0] == '-' || http_address_parse(host_port, &address, &err) != CVS_OK) {
        fprintf(stderr,
                "convscope health: expected one URL such as http://127.0.0.1:8080\nTry `convscope health --help`.\n");
        return CLI_USAGE;
    }
    return ask(&address);
}
