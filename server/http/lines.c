#include "http/lines.h"

#include "http/spool.h"

#include <stdlib.h>
#include <string.h>

/* After a failure this much is read past, so that a client that is nearly done hears why. */
enum { PIECE = 64 * 1024, PATIENCE = 1024 * 1024 };

struct http_lines {
    const api_context *api;
    http_endpoint endpoint;
    char language[128];
    http_spool spool;
    uint64_t received, refused_at;
    int failed;          /* 0, 413 or 503 */
    cvs_text ahead;      /* bytes of the body read back and not yet answered, from `begin` */
    size_t begin;        /* where the line to be answered next begins */
    bool ended;          /* all of the body is in `ahead` */
    api_response answer; /* being sent, from `sent` */
    size_t sent;
};

http_lines *http_lines_create(const api_context *api, http_endpoint endpoint, const char *accept_language) {
    http_lines *lines = calloc(1, sizeof *lines);
    if (!lines) return NULL;
    lines->api = api;
    lines->endpoint = endpoint;
    lines->spool = http_spool_begin();
    if (accept_language) strncat(lines->language, accept_language, sizeof lines->language - 1);
    return lines;
}

bool http_lines_add(http_lines *lines, const char *bytes, size_t size) {
    lines->received += size;
    if (!lines->failed) {
        if (lines->received > lines->api->limits.stream_bytes)
            lines->failed = 413;
        else if (!http_spool_add(&lines->spool, bytes, size))
            lines->failed = 503;
        if (lines->failed) {
            http_spool_free(&lines->spool);
            lines->refused_at = lines->received;
        }
    }
    return !lines->failed || lines->received - lines->refused_at <= PATIENCE;
}

int http_lines_failed(const http_lines *lines) { return lines->failed; }

void http_lines_free(http_lines *lines) {
    if (!lines) return;
    http_spool_free(&lines->spool);
    cvs_text_free(&lines->ahead);
    free(lines->answer.body);
    free(lines);
}

/* ---- lines of the body --------------------------------------------------- */

/* Forget what was answered and read on. False when the body cannot be read back. */
static bool read_ahead(http_lines *lines) {
    cvs_text *ahead = &lines->ahead;
    if (lines->begin) {
        memmove(ahead->data, ahead->data + lines->begin, ahead->length - lines->begin);
        ahead->length -= lines->begin;
        lines->begin = 0;
    }
    char *room = cvs_text_reserve(ahead, PIECE);
    int64_t got = room ? http_spool_read(&lines->spool, room, PIECE) : -1;
    if (got < 0) return false;
    cvs_text_commit(ahead, (size_t)got);
    lines->ended = got == 0;
    return true;
}

/* The rest of a line that is longer than any request may be: its beginning is enough to refuse it. */
static bool skip_line(http_lines *lines) {
    for (;;) {
        const char *end = memchr(lines->ahead.data + lines->begin, '\n', lines->ahead.length - lines->begin);
        lines->begin = end ? (size_t)(end - lines->ahead.data) : lines->ahead.length;
        if (end || lines->ended) return true;
        if (!read_ahead(lines)) return false;
    }
}

/* The line at `begin`, as far as one more byte than the limit. False when the body cannot be read back. */
static bool find_line(http_lines *lines, size_t *length) {
    size_t seen = 0;
    for (;;) {
        const size_t have = lines->ahead.length - lines->begin;
        const char *line = lines->ahead.data + lines->begin;
        const char *end = have > seen ? memchr(line + seen, '\n', have - seen) : NULL;
        *length = end ? (size_t)(end - line) : have;
        if (end || lines->ended || have > lines->api->limits.body_bytes) return true;
        seen = have;
        if (!read_ahead(lines)) return false;
    }
}

static bool is_blank(const char *line, size_t length) {
    for (size_t i = 0; i < length; i++)
        if (line[i] != ' ' && line[i] != '\t' && line[i] != '\r') return false;
    return true;
}

/* ---- answers -------------------------------------------------------------- */

/* Answer the line of `length` bytes at `begin` and go past it. */
static bool answer_line(http_lines *lines, size_t length) {
    const bool too_long = length > lines->api->limits.body_bytes;
    const api_request request = {
        .body = lines->ahead.data + lines->begin, .body_length = length, .accept_language = lines->language};
    if (too_long)
        api_problem(&lines->answer, 413, "body-too-large", "This line is larger than a request may be.");
    else
        lines->endpoint(lines->api, &request, &lines->answer);
    if (too_long && !skip_line(lines)) return false;
    if (!too_long) lines->begin += length;
    if (lines->begin < lines->ahead.length) lines->begin++;
    lines->sent = 0;
    return lines->answer.body != NULL;
}

/* The next answer; false at the end of the body, where *failed says whether it is one. */
static bool next_answer(http_lines *lines, bool *failed) {
    size_t length;
    free(lines->answer.body);
    lines->answer = (api_response){0};
    for (;;) {
        *failed = !find_line(lines, &length);
        if (*failed || (lines->ended && lines->begin == lines->ahead.length)) return false;
        if (!is_blank(lines->ahead.data + lines->begin, length)) break;
        lines->begin += length + (lines->begin + length < lines->ahead.length);
    }
    *failed = !answer_line(lines, length);
    return !*failed;
}

/* The line end stands in place of the NUL behind the answer's text. */
static size_t copy_answer(http_lines *lines, char *out, size_t size) {
    size_t rest = lines->answer.body_length - lines->sent;
    size_t part = rest < size ? rest : size;
    memcpy(out, lines->answer.body + lines->sent, part);
    lines->sent += part;
    if (part == size || lines->sent > lines->answer.body_length) return part;
    out[part] = '\n';
    lines->sent++;
    return part + 1;
}

int64_t http_lines_read(http_lines *lines, char *out, size_t size) {
    size_t filled = 0;
    while (filled < size) {
        bool failed = false;
        bool sending = lines->answer.body && lines->sent <= lines->answer.body_length;
        if (!sending && !next_answer(lines, &failed)) {
            if (failed) return -1;
            break;
        }
        filled += copy_answer(lines, out + filled, size - filled);
    }
    return (int64_t)filled;
}

/* ---- to libmicrohttpd ------------------------------------------------------- */

static ssize_t give(void *cls, uint64_t position, char *out, size_t size) {
    (void)position;
    int64_t got = http_lines_read(cls, out, size);
    if (got < 0) return MHD_CONTENT_READER_END_WITH_ERROR;
    return got ? (ssize_t)got : MHD_CONTENT_READER_END_OF_STREAM;
}

static void release(void *cls) { http_lines_free(cls); }

enum MHD_Result http_lines_respond(http_lines *lines, struct MHD_Connection *connection, const http_reply *reply) {
    struct MHD_Response *wire = MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, PIECE, give, lines, release);
    if (!wire) {
        http_lines_free(lines);
        return MHD_NO;
    }
    const api_response answers = {.status = 200, .content_type = "application/x-ndjson"};
    return http_respond_with(connection, wire, &answers, reply);
}
