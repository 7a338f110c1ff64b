/*
 * Many requests in one body (application/x-ndjson), as server/http takes them: the input is the body, received and sent
 * in pieces whose size the input's length decides. Every line gets the answer that it would get alone.
 */
#include "harness.h"
#include "http/lines.h"

#include <stdlib.h>
#include <string.h>

static void receive(http_lines *lines, const char *bytes, size_t size, size_t piece) {
    for (size_t at = 0; at < size; at += piece) {
        const size_t rest = size - at;
        fuzz_require(http_lines_add(lines, bytes + at, rest < piece ? rest : piece), "the body is taken");
    }
    const http_refusal refusal = http_lines_end(lines);
    fuzz_require(refusal.status == 0, "the body is kept: %d", refusal.status);
}

static void send_all(http_lines *lines, size_t piece, cvs_text *out) {
    for (;;) {
        char *room = cvs_text_reserve(out, piece);
        const int64_t got = room ? http_lines_read(lines, room, piece) : -1;
        fuzz_require(got >= 0 && got <= (int64_t)piece, "answers are read: %lld", (long long)got);
        cvs_text_commit(out, (size_t)got);
        if (got == 0) return;
    }
}

static bool is_blank(const char *line, size_t length) {
    for (size_t i = 0; i < length; i++)
        if (!line[i] || !strchr(" \t\r", line[i])) return false;
    return true;
}

/* What the lines would be answered one by one. */
static void ask_singly(const char *body, size_t size, cvs_text *out) {
    for (const char *line = body, *end = body + size; line < end;) {
        const char *stop = memchr(line, '\n', (size_t)(end - line));
        if (!stop) stop = end;
        if (!is_blank(line, (size_t)(stop - line))) {
            fuzz_answer answer =
                fuzz_ask(api_shape, &(api_request){.body = line, .body_length = (size_t)(stop - line)});
            cvs_text_append(out, answer.body, answer.length);
            cvs_text_append(out, "\n", 1);
            fuzz_answer_free(&answer);
        }
        line = stop + 1;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    const char *body = (const char *)data;
    cvs_text together = {0}, singly = {0};
    http_lines *lines = http_lines_create(fuzz_context(), api_shape, NULL, HTTP_CODING_IDENTITY, NULL);
    fuzz_require(lines, "there is memory");
    receive(lines, body, size, 1 + size % 61);
    send_all(lines, 1 + size % 1021, &together);
    http_lines_free(lines);
    ask_singly(body, size, &singly);
    fuzz_require(together.length == singly.length &&
                     (!singly.length || !memcmp(together.data, singly.data, singly.length)),
                 "together the lines are answered as they are alone:\n%.*s", (int)together.length, together.data);
    cvs_text_free(&together);
    cvs_text_free(&singly);
    return 0;
}
