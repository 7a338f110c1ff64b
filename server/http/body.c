#include "http/body.h"

#include <stdlib.h>
#include <string.h>

/* The first piece of memory. A body that says it is smaller gets just its size. */
#define FIRST_BYTES ((size_t)64 * 1024)

http_body http_body_begin(size_t limit, uint64_t declared, bool wanted) {
    return (http_body){
        .limit = limit,
        .declared = declared <= limit ? (size_t)declared : 0,
        .state = wanted ? HTTP_BODY_WANTED : HTTP_BODY_UNWANTED,
    };
}

/* At least this much beyond the limit is read past, however small the limit is. */
#define PATIENCE_BYTES ((size_t)1024 * 1024)

static size_t smaller(size_t a, size_t b) { return a < b ? a : b; }
static size_t larger(size_t a, size_t b) { return a > b ? a : b; }

/* Doubles, so that one-byte chunks cost no more than large ones, up to what the client announced or may send. */
static bool grow(http_body *body, size_t needed) {
    size_t capacity =
        body->capacity ? body->capacity : smaller(FIRST_BYTES, body->declared ? body->declared : FIRST_BYTES);
    size_t ceiling = body->declared >= needed ? body->declared : body->limit;
    while (capacity < needed) capacity = capacity <= ceiling / 2 ? capacity * 2 : ceiling;
    char *data = realloc(body->data, capacity);
    if (!data) return false;
    body->data = data;
    body->capacity = capacity;
    return true;
}

static void give_up(http_body *body, http_body_state why) {
    http_body_free(body);
    body->state = why;
}

bool http_body_add(http_body *body, const char *bytes, size_t size) {
    body->seen = size <= SIZE_MAX - body->seen ? body->seen + size : SIZE_MAX;
    if (body->state == HTTP_BODY_WANTED) {
        if (size > body->limit - body->length) {
            give_up(body, HTTP_BODY_TOO_LARGE);
        } else if (body->length + size > body->capacity && !grow(body, body->length + size)) {
            give_up(body, HTTP_BODY_NO_MEMORY);
        } else {
            memcpy(body->data + body->length, bytes, size);
            body->length += size;
        }
    }
    return body->seen <= body->limit || body->seen - body->limit <= larger(body->limit, PATIENCE_BYTES);
}

void http_body_free(http_body *body) {
    free(body->data);
    body->data = NULL;
    body->length = body->capacity = 0;
}
