#include "http/routes.h"

#include "http/scrape.h"

#include <stdio.h>
#include <string.h>

static const http_route routes[] = {
    {"/v1/shape", "POST", api_shape, .computes = false},
    {"/v1/solve", "POST", api_solve, .computes = false},
    {"/v1/review", "POST", api_review, .takes_files = true, .computes = true},
    {"/v1/diff", "POST", api_diff, .computes = true},
    {"/v1/rules", "GET", api_rules, .computes = false},
    {"/v1/convolve", "POST", api_convolve, .takes_form = true, .computes = true},
    {"/healthz", "GET", api_health, .open = true},
    {"/readyz", "GET", api_ready, .open = true},
    {"/metrics", "GET", .inward = http_scrape},
    {"/openapi.json", "GET", .file = "/openapi.json", .open = true},
    {"/openapi.yaml", "GET", .file = "/openapi.yaml", .open = true},
    {"/docs", "GET", .file = "/docs", .open = true},
    {"/docs.css", "GET", .file = "/docs.css", .open = true},
    {"/", "GET", .file = "/index.html", .instead = "/docs", .options = "/openapi.json", .open = true},
    {"/assets/{file}", "GET", .files = true, .open = true},
    {"/v2[/]", "GET", api_oip_server, .computes = false},
    {"/v2/health/live[/]", "GET", api_oip_live, .open = true},
    {"/v2/health/ready[/]", "GET", api_oip_ready, .open = true},
    {"/v2/models/{model}[/versions/{version}][/]", "GET", api_oip_model, .computes = false},
    {"/v2/models/{model}[/versions/{version}]/ready[/]", "GET", api_oip_model_ready, .computes = false},
    {"/v2/models/{model}[/versions/{version}]/infer[/]", "POST", api_oip_infer, .takes_bytes = true, .computes = true},
};

#define ROUTE_COUNT (sizeof routes / sizeof *routes)

static bool is_on(const http_route *route, const char *path, http_values *values) {
    return strcmp(path, "*") == 0 || http_pattern_fits(route->path, path, values);
}

static bool takes(const http_route *route, const char *method) {
    if (strcmp(method, "HEAD") == 0) method = "GET";
    return strcmp(route->method, method) == 0;
}

http_match http_route_find(const char *path, const char *method, const http_route **route, http_values *values) {
    http_match match = HTTP_MATCH_NO_PATH;
    *route = NULL;
    for (size_t i = 0; i < ROUTE_COUNT; i++) {
        if (!is_on(&routes[i], path, values)) continue;
        match = HTTP_MATCH_NO_METHOD;
        if (strcmp(path, "*") == 0) continue;
        if (!*route) *route = &routes[i];
        if (!takes(&routes[i], method)) continue;
        *route = &routes[i];
        return HTTP_MATCH_FOUND;
    }
    if (match == HTTP_MATCH_NO_METHOD && strcmp(method, "OPTIONS") == 0) return HTTP_MATCH_OPTIONS;
    return match;
}

size_t http_route_places(void) { return ROUTE_COUNT + 1; }

/* The number of the first route with the same path. */
size_t http_route_place(const http_route *route) {
    size_t i = 0;
    while (route && strcmp(routes[i].path, route->path) != 0) i++;
    return route ? i : ROUTE_COUNT;
}

/* As it is told to people: that a slash may end it goes without saying. */
static int shown_length(const char *path) {
    const char *end = strstr(path, "[/]");
    return end ? (int)(end - path) : (int)strlen(path);
}

void http_place_name(size_t place, char name[HTTP_PLACE_NAME_MAX]) {
    const char *path = place < ROUTE_COUNT ? routes[place].path : "other";
    snprintf(name, HTTP_PLACE_NAME_MAX, "%.*s", shown_length(path), path);
}

void http_route_allow(const char *path, char allow[HTTP_ALLOW_MAX]) {
    bool get = false, post = false;
    http_values values;
    for (size_t i = 0; i < ROUTE_COUNT; i++) {
        if (!is_on(&routes[i], path, &values)) continue;
        get |= takes(&routes[i], "GET");
        post |= takes(&routes[i], "POST");
    }
    snprintf(allow, HTTP_ALLOW_MAX, "%s%sOPTIONS", get ? "GET, HEAD, " : "", post ? "POST, " : "");
}

bool http_path_is_inference(const char *path) {
    return strncmp(path, "/v2", 3) == 0 && (path[3] == '/' || path[3] == '\0');
}

/* Is the route one to name to who asked for `path`? */
static bool is_near(const http_route *route, const char *path) {
    return http_path_is_inference(path) ? strncmp(route->path, "/v2", 3) == 0 : strncmp(route->path, "/v2/", 4) != 0;
}

void http_route_list(const char *path, char *out, size_t size) {
    size_t length = strlen(out);
    const char *between = "";
    for (size_t i = 0; i < ROUTE_COUNT && length < size; i++) {
        if (!is_near(&routes[i], path)) continue;
        const int written = snprintf(out + length, size - length, "%s%s %.*s", between, routes[i].method,
                                     shown_length(routes[i].path), routes[i].path);
        length += written > 0 ? (size_t)written : 0;
        between = ", ";
    }
}
