#include "http/access_log.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>

static bool write_client(int family, const void *address, in_port_t port, char text[HTTP_CLIENT_MAX]) {
    char host[INET6_ADDRSTRLEN];
    if (!inet_ntop(family, address, host, sizeof host)) return false;
    snprintf(text, HTTP_CLIENT_MAX, family == AF_INET6 ? "[%s]:%u" : "%s:%u", host, (unsigned)ntohs(port));
    return true;
}

bool http_client_text(const struct sockaddr *client, char text[HTTP_CLIENT_MAX]) {
    if (client && client->sa_family == AF_INET) {
        const struct sockaddr_in *v4 = (const struct sockaddr_in *)(const void *)client;
        return write_client(AF_INET, &v4->sin_addr, v4->sin_port, text);
    }
    if (client && client->sa_family == AF_INET6) {
        const struct sockaddr_in6 *v6 = (const struct sockaddr_in6 *)(const void *)client;
        if (IN6_IS_ADDR_V4MAPPED(&v6->sin6_addr))
            return write_client(AF_INET, &v6->sin6_addr.s6_addr[12], v6->sin6_port, text);
        return write_client(AF_INET6, &v6->sin6_addr, v6->sin6_port, text);
    }
    return false;
}

static const char *or_none(const char *text) { return text && *text ? text : NULL; }

void http_access_line(const http_access *access, bool json, http_log_line *line) {
    char client[HTTP_CLIENT_MAX];
    http_log_line_begin(line, json, access->when);
    http_log_line_text(line, "id", or_none(access->id));
    http_log_line_text(line, "trace", or_none(access->trace_id));
    http_log_line_text(line, "client", http_client_text(access->client, client) ? client : NULL);
    http_log_line_text(line, "method", or_none(access->method));
    http_log_line_text(line, "path", or_none(access->path));
    if (access->status)
        http_log_line_number(line, "status", access->status);
    else
        http_log_line_text(line, "status", NULL);
    http_log_line_number(line, "bytes", (int64_t)access->bytes);
    http_log_line_number(line, "duration_us", access->duration_us);
    http_log_line_number(line, "queue_us", access->queue_us);
    http_log_line_word(line, "end", access->whole ? "whole" : access->status ? "cut" : "none");
    http_log_line_end(line);
}
