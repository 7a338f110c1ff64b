#include "http/cors.h"

#include <string.h>

static bool is_lower(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }

static cvs_status fail(cvs_error *err, const char *text, size_t length, const char *why) {
    return cvs_fail(err, CVS_INVALID, "bad-origin", NULL,
                    "'%.*s' is no origin: %s; write it as a browser does, https://example.org or "
                    "http://localhost:3000, or * for all",
                    length < 200 ? (int)length : 200, text, why);
}

/* The length of the scheme and "://", 0 without them. */
static size_t scheme_length(const char *text, size_t length) {
    static const char mark[] = "://";
    size_t i = 0;
    while (i < length && (is_lower(text[i]) || (i && strchr("+-.", text[i])))) i++;
    const size_t marked = strlen(mark);
    return i && length - i > marked && memcmp(text + i, mark, marked) == 0 ? i + marked : 0;
}

static bool ends_with(const char *text, size_t length, const char *end) {
    const size_t size = strlen(end);
    return length >= size && memcmp(text + length - size, end, size) == 0;
}

/* A browser leaves a port out that goes without saying. */
static bool has_idle_port(const char *text, size_t length) {
    const bool secure = memcmp(text, "https:", strlen("https:")) == 0;
    return ends_with(text, length, secure ? ":443" : ":80");
}

static cvs_status check(const char *text, size_t length, cvs_error *err) {
    const size_t scheme = scheme_length(text, length);
    if (!scheme) return fail(err, text, length, "it has to begin with its scheme, in small letters");
    for (size_t i = scheme; i < length; i++) {
        if (text[i] == '/') return fail(err, text, length, "it ends with its host or port, without a slash");
        if (!is_lower(text[i]) && !strchr("-._:[]", text[i]))
            return fail(err, text, length, "it holds a character that a host cannot have, or a capital letter");
    }
    if (has_idle_port(text, length)) return fail(err, text, length, "its port goes without saying and is left out");
    return CVS_OK;
}

static cvs_status add(http_cors *cors, const char *text, size_t length, cvs_error *err) {
    if (length == 1 && *text == '*') {
        cors->any = true;
        return CVS_OK;
    }
    cvs_status status = check(text, length, err);
    if (status != CVS_OK) return status;
    if (cors->count == HTTP_ORIGINS_MAX)
        return cvs_fail(err, CVS_INVALID, "too-many-origins", NULL, "there are more than %d origins", HTTP_ORIGINS_MAX);
    cors->origin[cors->count++] = (struct http_origin){text, length};
    return CVS_OK;
}

cvs_status http_cors_add(http_cors *cors, const char *list, cvs_error *err) {
    for (;;) {
        const size_t length = strcspn(list, ",");
        cvs_status status = add(cors, list, length, err);
        if (status != CVS_OK || !list[length]) return status;
        list += length + 1;
    }
}

static bool is_listed(const http_cors *cors, const char *origin) {
    const size_t length = strlen(origin);
    for (size_t i = 0; i < cors->count; i++) {
        if (cors->origin[i].length == length && memcmp(cors->origin[i].text, origin, length) == 0) return true;
    }
    return false;
}

http_grant http_cors_judge(const http_cors *cors, const char *origin, bool preflight) {
    http_grant grant = {.varies = !cors->any && cors->count};
    if (origin && cors->any) grant.origin = "*";
    if (origin && !cors->any && is_listed(cors, origin)) grant.origin = origin;
    grant.preflight = grant.origin && preflight;
    return grant;
}
