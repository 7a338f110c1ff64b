/*
 * The rules of a request's head, http_head_read(), and of its first line, as pure functions. The input is text:
 * the version, the target, then a field a line, "Name: value"; a line end inside is written as it is nowhere.
 */
#include "harness.h"
#include "http/headers.h"
#include "http/routes.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { MOST_FIELDS = HTTP_FIELDS_MAX + 8 };

typedef struct head {
    char *version, *target; /* texts of their own */
    http_field field[MOST_FIELDS];
    size_t count;
} head;

/* ---- cutting the input ------------------------------------------------- */

/* A copy with nothing behind it, so that a byte read too far is seen. */
static const char *exact(const uint8_t *bytes, size_t length) {
    char *copy = malloc(length ? length : 1);
    fuzz_require(copy, "there is memory");
    memcpy(copy, bytes, length);
    return copy;
}

static const uint8_t *line_end(const uint8_t *data, const uint8_t *end) {
    const uint8_t *found = data < end ? memchr(data, '\n', (size_t)(end - data)) : NULL;
    return found ? found : end;
}

static http_field cut_field(const uint8_t *line, const uint8_t *end) {
    const uint8_t *colon = memchr(line, ':', (size_t)(end - line));
    const uint8_t *value = colon ? colon + 1 : end;
    if (!colon) colon = end;
    while (value < end && *value == ' ') value++;
    const size_t name_length = (size_t)(colon - line), value_length = (size_t)(end - value);
    return (http_field){exact(line, name_length), name_length, exact(value, value_length), value_length};
}

static char *cut_text(const uint8_t **data, const uint8_t *end) {
    const uint8_t *stop = line_end(*data, end);
    char *text = fuzz_text(*data, (size_t)(stop - *data));
    *data = stop < end ? stop + 1 : end;
    return text;
}

static void cut_head(const uint8_t *data, const uint8_t *end, head *h) {
    h->version = cut_text(&data, end);
    h->target = cut_text(&data, end);
    for (h->count = 0; data < end && h->count < MOST_FIELDS; h->count++) {
        const uint8_t *stop = line_end(data, end);
        h->field[h->count] = cut_field(data, stop);
        data = stop < end ? stop + 1 : end;
    }
}

static void free_head(head *h) {
    free(h->version);
    free(h->target);
    for (size_t i = 0; i < h->count; i++) {
        free((char *)(uintptr_t)h->field[i].name);
        free((char *)(uintptr_t)h->field[i].value);
    }
}

/* ---- what holds -------------------------------------------------------- */

static size_t count_of(const head *h, const char *name) {
    size_t found = 0;
    for (size_t i = 0; i < h->count; i++)
        found += h->field[i].name_length == strlen(name) && !strncasecmp(h->field[i].name, name, strlen(name));
    return found;
}

static bool has_byte(const http_field *field, unsigned char byte) {
    return memchr(field->name, byte, field->name_length) || memchr(field->value, byte, field->value_length);
}

/* Where a request ends is in no doubt (RFC 9112, 6), and no byte of its head may begin another line. */
static void check_accepted(const head *h, const http_head *read) {
    const bool http10 = strcmp(h->version, "HTTP/1.0") == 0;
    fuzz_require(http10 || strcmp(h->version, "HTTP/1.1") == 0, "a version that is spoken");
    fuzz_require(h->count <= HTTP_FIELDS_MAX, "no more fields than may be");
    fuzz_require(count_of(h, "Content-Length") == read->has_length, "one length, or none");
    fuzz_require(count_of(h, "Transfer-Encoding") == read->chunked, "one coding, or none");
    fuzz_require(!read->chunked || (!read->has_length && !http10), "a length or chunks");
    fuzz_require(count_of(h, "Host") == 1 || (http10 && count_of(h, "Host") == 0), "one host");
    fuzz_require(!read->expects_continue || (!http10 && count_of(h, "Expect") > 0), "HTTP/1.1 expects");
    for (size_t i = 0; i < h->count; i++) {
        fuzz_require(h->field[i].name_length > 0, "fields have names");
        fuzz_require(!has_byte(&h->field[i], '\r') && !has_byte(&h->field[i], '\0'), "no byte ends a line");
    }
}

static void check_length(const head *h, const http_head *read) {
    for (size_t i = 0; i < h->count; i++) {
        const http_field *field = &h->field[i];
        if (field->name_length != 14 || strncasecmp(field->name, "Content-Length", 14) != 0) continue;
        char *digits = fuzz_text(field->value, field->value_length);
        fuzz_require(strspn(digits, "0123456789") == field->value_length && field->value_length > 0,
                     "a length is digits");
        fuzz_require(strtoull(digits, NULL, 10) == read->content_length, "the length is %s", digits);
        free(digits);
    }
}

static http_refusal judge(const head *h, http_head *read) {
    return http_head_read(h->version, h->field, h->count, read);
}

/* What an answer is compressed with is taken by the client, or is nothing. */
static void check_coding(const http_accept *accept) {
    const http_coding best = http_accept_best(accept);
    fuzz_require(best < HTTP_CODING_UNKNOWN, "coding %d is spoken", (int)best);
    fuzz_require(best == HTTP_CODING_IDENTITY || http_accept_takes(accept, best), "coding %d is taken", (int)best);
    for (int i = 0; i < HTTP_CODINGS; i++)
        fuzz_require(accept->weight[i] >= 0 && accept->weight[i] <= 1000, "%d thousandths", accept->weight[i]);
}

/* The order of fields, and a field of no meaning more, change nothing about whether a head passes. */
static void check_siblings(const head *h, bool passes) {
    http_head read;
    head other = *h;
    for (size_t i = 0; i < h->count; i++) other.field[i] = h->field[h->count - 1 - i];
    fuzz_require((judge(&other, &read).status == 0) == passes, "the order of fields means nothing");
    other = *h;
    if (h->count >= HTTP_FIELDS_MAX) return;
    other.field[other.count++] = (http_field){"X-More", 6, "a b", 3};
    fuzz_require((judge(&other, &read).status == 0) == passes, "an unknown field means nothing");
}

static void check_head(const head *h) {
    static const int statuses[] = {0, 400, 417, 431, 501, 505};
    http_head read;
    const http_refusal refusal = judge(h, &read);
    bool known = false;
    for (size_t i = 0; i < sizeof statuses / sizeof *statuses; i++) known |= refusal.status == statuses[i];
    fuzz_require(known, "%d is no verdict", refusal.status);
    fuzz_require(!refusal.status == !refusal.code && !refusal.status == !refusal.detail, "a refusal says why");
    if (!refusal.status) check_accepted(h, &read);
    if (!refusal.status) check_length(h, &read);
    check_coding(&read.accept);
    check_siblings(h, refusal.status == 0);
}

static void check_target(const char *target) {
    bool plain = *target != '\0';
    for (const char *p = target; *p; p++) plain &= *p > ' ' && *p < 0x7f;
    fuzz_require(http_target_valid(target) == plain, "a target is letters that are seen: %s", target);
    const http_route *route = NULL;
    char allow[HTTP_ALLOW_MAX];
    for (size_t i = 0; i < 2; i++) {
        const char *method = i ? "POST" : "GET";
        http_values values;
        const http_match match = http_route_find(target, method, &route, &values);
        fuzz_require(match != HTTP_MATCH_FOUND || route, "a route is found");
        fuzz_require(match != HTTP_MATCH_NO_PATH || !route, "no route is nowhere");
        route = NULL;
    }
    http_route_allow(target, allow);
    fuzz_require(strstr(allow, "OPTIONS"), "what is allowed: %s", allow);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    head h;
    cut_head(data, data + size, &h);
    check_head(&h);
    check_target(h.target);
    free_head(&h);
    return 0;
}
