#include "http/lines.h"

#include "http/clock.h"
#include "http/spool.h"

#include <stdlib.h>
#include <string.h>

/* After a failure this much is read past, so that a client that is nearly done hears why. */
enum { PIECE = 64 * 1024, PATIENCE = 64 * 1024 * 1024 };

/* How many times as long as it was sent a body may become, beyond what any may. */
enum { RATIO = 200, ALWAYS_TAKEN = 64 * 1024 * 1024 };

/* Answers that took this long are sent, and not held back until a piece is full. */
enum { PATIENCE_MS = 100 };

struct http_lines {
    const api_context *api;
    http_endpoint endpoint;
    http_metrics *metrics;
    char language[128];
    http_spool spool;
    http_coding coding;
    http_inflater *inflater; /* of a compressed body: while it comes in, then while it is read back; owned */
    uint64_t received, inflated, refused_at;
    http_refusal refusal;
    api_account account;     /* asked for what follows, and for every answer */
    size_t fixed;            /* what it gave to begin with */
    bool no_room;            /* for the line at `begin`, or what was behind it */
    cvs_text ahead;          /* bytes of the body read back and not yet answered, from `begin` */
    size_t begin;            /* where the line to be answered next begins */
    bool ended;              /* all of the body is in `ahead` */
    cvs_interrupt interrupt; /* of the line that is being answered */
    api_response answer;     /* being sent, from `sent` */
    size_t sent;
};

static bool never(const void *context) {
    (void)context;
    return false;
}

http_lines *http_lines_create(const api_context *api, http_endpoint endpoint, const char *accept_language,
                              http_coding coding, http_metrics *metrics) {
    http_lines *lines = calloc(1, sizeof *lines);
    if (!lines) return NULL;
    lines->coding = coding;
    if (coding && !(lines->inflater = http_inflater_create(coding))) {
        free(lines);
        return NULL;
    }
    lines->api = api;
    lines->metrics = metrics;
    lines->account = api_account_open(NULL); /* until http_lines_count() */
    lines->endpoint = endpoint;
    lines->interrupt.wanted = never;
    lines->spool = http_spool_begin();
    if (accept_language) strncat(lines->language, accept_language, sizeof lines->language - 1);
    return lines;
}

bool http_lines_count(http_lines *lines, api_budget *budget) {
    lines->account = api_account_open(budget);
    lines->ahead.allowance = &lines->account.allowance;
    lines->fixed = HTTP_SPOOL_MEMORY + (lines->coding ? http_inflater_memory(lines->coding) : 0);
    return api_account_take(&lines->account, lines->fixed);
}

const api_account *http_lines_account(const http_lines *lines) { return &lines->account; }

static const http_refusal too_large = {413, "body-too-large", NULL};
static const http_refusal inflates = {
    413, "inflates-too-much",
    "The body becomes more than 200 times as long as it was sent: send it without compressing it so much."};
static const http_refusal no_room = {503, "no-room", "There is no room to keep this many requests at the moment."};

/*
 * What is inflated to be counted is inflated by a thread that talks to other clients too. Zeros become a thousand times
 * as long with gzip, and with zstd as long as one likes; requests hardly ever a hundred times.
 */
static bool inflates_too_much(const http_lines *lines) {
    return lines->inflated > ALWAYS_TAKEN && (lines->inflated - ALWAYS_TAKEN) / RATIO > lines->received;
}

/* An http_sink. */
static bool count(void *cls, const char *bytes, size_t size) {
    http_lines *lines = cls;
    (void)bytes;
    lines->inflated += size;
    return lines->inflated <= lines->api->limits.stream_bytes && !inflates_too_much(lines);
}

static http_refusal keep(http_lines *lines, const char *bytes, size_t size) {
    const uint64_t limit = lines->api->limits.stream_bytes;
    if (lines->received > limit) return too_large;
    if (!http_spool_add(&lines->spool, bytes, size)) return no_room;
    if (!lines->inflater || http_inflater_add(lines->inflater, bytes, size, count, lines))
        return (http_refusal){0, NULL, NULL};
    if (lines->inflated > limit) return too_large;
    return inflates_too_much(lines) ? inflates : http_inflater_verdict(lines->inflater);
}

bool http_lines_add(http_lines *lines, const char *bytes, size_t size) {
    lines->received += size;
    if (lines->refusal.status) return lines->received - lines->refused_at <= PATIENCE;
    lines->refusal = keep(lines, bytes, size);
    lines->refused_at = lines->received;
    if (lines->refusal.status) http_spool_free(&lines->spool);
    return true;
}

http_refusal http_lines_end(http_lines *lines) {
    if (!lines->inflater || lines->refusal.status) return lines->refusal;
    lines->refusal = http_inflater_verdict(lines->inflater);
    http_inflater_free(lines->inflater);
    lines->inflater = http_inflater_create(lines->coding);
    if (!lines->inflater && !lines->refusal.status) lines->refusal = no_room;
    return lines->refusal;
}

void http_lines_free(http_lines *lines) {
    if (!lines) return;
    http_spool_free(&lines->spool);
    http_inflater_free(lines->inflater);
    cvs_text_free(&lines->ahead);
    api_response_free(&lines->answer);
    api_account_keep(&lines->account, 0);
    free(lines);
}

/* ---- lines of the body --------------------------------------------------- */

/* An http_source. */
static int64_t read_spool(void *cls, char *out, size_t size) { return http_spool_read(cls, out, size); }

static int64_t read_body(http_lines *lines, char *out, size_t size) {
    return lines->inflater ? http_inflater_read(lines->inflater, read_spool, &lines->spool, out, size)
                           : http_spool_read(&lines->spool, out, size);
}

/* Forget what was answered and read on. False when the body cannot be read back. */
static bool read_ahead(http_lines *lines) {
    cvs_text *ahead = &lines->ahead;
    if (lines->begin) {
        memmove(ahead->data, ahead->data + lines->begin, ahead->length - lines->begin);
        ahead->length -= lines->begin;
        lines->begin = 0;
    }
    char *room = cvs_text_reserve(ahead, PIECE);
    int64_t got = room ? read_body(lines, room, PIECE) : -1;
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

/* The end of the line at `begin`, whose first `seen` bytes have none; NULL when it has not been read back yet. */
static const char *line_end(const http_lines *lines, size_t seen) {
    const size_t have = lines->ahead.length - lines->begin;
    return have > seen ? memchr(lines->ahead.data + lines->begin + seen, '\n', have - seen) : NULL;
}

/* The line at `begin`, as far as one more byte than the limit, or, with lines->no_room, the rest of one that there is
 * no memory for. False when the body cannot be read back. */
static bool find_line(http_lines *lines, size_t *length) {
    size_t seen = 0;
    for (;;) {
        const size_t have = lines->ahead.length - lines->begin;
        const char *end = line_end(lines, seen);
        *length = end ? (size_t)(end - lines->ahead.data) - lines->begin : have;
        if (end || lines->ended || have > lines->api->limits.body_bytes) return true;
        seen = have;
        if (read_ahead(lines)) continue;
        if (!lines->ahead.failed) return false;
        cvs_text_clear(&lines->ahead);
        lines->begin = *length = 0;
        return lines->no_room = true;
    }
}

static bool is_blank(const char *line, size_t length) {
    for (size_t i = 0; i < length; i++)
        if (line[i] != ' ' && line[i] != '\t' && line[i] != '\r') return false;
    return true;
}

/* ---- answers -------------------------------------------------------------- */

/* The account holds what lasts, and the answer. */
static void settle(http_lines *lines) {
    api_account_keep(&lines->account, lines->fixed + lines->ahead.capacity + api_response_bytes(&lines->answer));
    lines->account.refused = 0;
}

static void answer_short(http_lines *lines) {
    cvs_error err = {0};
    if (!api_account_short(&lines->account)) {
        api_problem(&lines->answer, 503, "no-memory", "There is no memory for this line at the moment.");
        return;
    }
    const int status = api_account_explain(&lines->account, &err) == CVS_TOO_LARGE ? 413 : 503;
    api_problem(&lines->answer, status, err.code, err.message);
}

/* Answer the line of `length` bytes at `begin` and go past it. */
static bool answer_line(http_lines *lines, size_t length) {
    const bool too_long = length > lines->api->limits.body_bytes, refused = too_long || lines->no_room;
    const api_request request = {.body = lines->ahead.data + lines->begin,
                                 .body_length = length,
                                 .account = &lines->account,
                                 .accept_language = lines->language,
                                 .interrupt = &lines->interrupt};
    if (lines->no_room)
        answer_short(lines);
    else if (too_long)
        api_problem(&lines->answer, 413, "body-too-large", "This line is larger than a request may be.");
    else
        lines->endpoint(lines->api, &request, &lines->answer);
    settle(lines);
    if (refused && !skip_line(lines)) return false;
    if (!refused) lines->begin += length;
    if (lines->begin < lines->ahead.length) lines->begin++;
    lines->sent = 0;
    if (lines->metrics) http_metrics_count_line(lines->metrics, lines->answer.status, (uint64_t)lines->answer.macs);
    return lines->answer.body != NULL;
}

/* The next answer; false at the end of the body, where *failed says whether it is one. */
static bool next_answer(http_lines *lines, bool *failed) {
    size_t length;
    api_response_free(&lines->answer);
    lines->answer = (api_response){0};
    lines->no_room = false;
    settle(lines);
    for (;;) {
        *failed = !find_line(lines, &length);
        if (*failed || (lines->ended && lines->begin == lines->ahead.length)) return false;
        if (lines->no_room || !is_blank(lines->ahead.data + lines->begin, length)) break;
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
    const int64_t deadline = http_now_ms() + PATIENCE_MS;
    size_t filled = 0;
    while (filled < size && (filled == 0 || http_now_ms() < deadline)) {
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

static int64_t read_lines(void *cls, char *out, size_t size) { return http_lines_read(cls, out, size); }

static void release(void *cls) { http_lines_free(cls); }

enum MHD_Result http_lines_respond(http_lines *lines, struct MHD_Connection *connection, const http_reply *reply) {
    http_stream stream = {
        .read = read_lines,
        .release = release,
        .cls = lines,
        .length = HTTP_DEFLATE_UNKNOWN,
        .interrupt = &lines->interrupt,
    };
    const api_response answers = {.status = 200, .content_type = "application/x-ndjson"};
    return http_respond_stream(connection, &stream, &answers, reply);
}
