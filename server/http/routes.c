#include "http/routes.h"

#include <stdio.h>
#include <string.h>

static const http_route routes[] = {
    {"/v1/shape", "POST", api_shape},
    {"/v1/solve", "POST", api_solve},
    {"/v1/rules", "GET", api_rules},
    {"/v1/convolve", "POST", api_convolve},
    {"/healthz", "GET", api_health},
};

#define ROUTE_COUNT (sizeof routes / sizeof *routes)

static bool is_on(const http_route *route, const char *path) {
    return strcmp(path, "*") == 0 || strcmp(route->path, path) == 0;
}

static bool takes(const http_route *route, const char *method) {
    if (strcmp(method, "HEAD") == 0) method = "GET";
    return strcmp(route->method, method) == 0;
}

http_match http_route_find(const char *path, const char *method, const http_route **route) {
    http_match match = HTTP_MATCH_NO_PATH;
    for (size_t i = 0; i < ROUTE_COUNT; i++) {
        if (!is_on(&routes[i], path)) continue;
        match = HTTP_MATCH_NO_METHOD;
        if (strcmp(path, "*") == 0 || !takes(&routes[i], method)) continue;
        *route = &routes[i];
        return HTTP_MATCH_FOUND;
    }
    if (match == HTTP_MATCH_NO_METHOD && strcmp(method, "OPTIONS") == 0) return HTTP_MATCH_OPTIONS;
    return match;
}

void http_route_allow(const char *path, char allow[HTTP_ALLOW_MAX]) {
    bool get = false, post = false;
    for (size_t i = 0; i < ROUTE_COUNT; i++) {
        if (!is_on(&routes[i], path)) continue;
        get |= takes(&routes[i], "GET");
        post |= takes(&routes[i], "POST");
    }
    snprintf(allow, HTTP_ALLOW_MAX, "%s%sOPTIONS", get ? "GET, HEAD, " : "", post ? "POST, " : "");
}

void http_route_list(char *out, size_t size) {
    size_t length = strlen(out);
    for (size_t i = 0; i < ROUTE_COUNT && length < size; i++) {
        int written = snprintf(out + length, size - length, "%s%s %s", i ? ", " : "", routes[i].method, routes[i].path);
        length += written > 0 ? (size_t)written : 0;
    }
}
