#include "cli/manager.h"

#include "http/clock.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

/* The first of the descriptors that are handed over. */
enum { FIRST_SOCKET = 3 };

/* A variable that is a decimal number, or 0. */
static long number_in(const char *variable) {
    const char *text = getenv(variable);
    return text && strspn(text, "0123456789") == strlen(text) ? strtol(text, NULL, 10) : 0;
}

/* They may be meant for the process that started us. */
static long sockets_handed_over(void) {
    const long count = number_in("LISTEN_PID") == getpid() ? number_in("LISTEN_FDS") : 0;
    unsetenv("LISTEN_PID");
    unsetenv("LISTEN_FDS");
    unsetenv("LISTEN_FDNAMES");
    return count;
}

cvs_status cli_manager_sockets(http_listeners *listeners, cvs_error *err) {
    const long count = sockets_handed_over();
    if (count > HTTP_LISTENERS_MAX - (long)listeners->count) {
        return cvs_fail(err, CVS_INVALID, "too-many-sockets", NULL,
                        "%ld sockets were handed over: at most %d are taken", count, HTTP_LISTENERS_MAX);
    }
    for (int i = 0; i < count; i++) {
        cvs_status status = http_listener_inherit(FIRST_SOCKET + i, &listeners->at[listeners->count], err);
        if (status != CVS_OK) return status;
        listeners->count++;
    }
    return CVS_OK;
}

/* False when the name is no socket's. '@' stands for the NUL that begins names outside the file system. */
static bool manager_address(struct sockaddr_un *out, socklen_t *size) {
    const char *name = getenv("NOTIFY_SOCKET");
    const size_t length = name ? strlen(name) : 0;
    if ((length && *name != '/' && *name != '@') || length < 2 || length >= sizeof out->sun_path) return false;
    *out = (struct sockaddr_un){.sun_family = AF_UNIX};
    memcpy(out->sun_path, name, length);
    if (*name == '@') out->sun_path[0] = '\0';
    *size = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + length);
    return true;
}

/* With RELOADING goes the time, by which the manager knows which reload it is. */
static int write_message(cli_state state, char *out, size_t size) {
    switch (state) {
    case CLI_READY:
        return snprintf(out, size, "READY=1");
    case CLI_STOPPING:
        return snprintf(out, size, "STOPPING=1");
    case CLI_RELOADING:
        break;
    }
    return snprintf(out, size, "RELOADING=1\nMONOTONIC_USEC=%lld", (long long)http_now_us());
}

void cli_manager_notify(cli_state state) {
    struct sockaddr_un where;
    socklen_t size;
    char message[64];
    if (!manager_address(&where, &size)) return;
    const int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd < 0) return;
    const int length = write_message(state, message, sizeof message);
    (void)sendto(fd, message, (size_t)length, MSG_NOSIGNAL, (const struct sockaddr *)&where, size);
    close(fd);
}
