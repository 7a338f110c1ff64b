#include "http/body.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

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

/* Larger ones have pages of their own: growing moves no bytes, and pages that are let go are gone from the process. */
#define LEAST_TO_MAP ((size_t)256 * 1024)

/* NULL when there is no memory: the body is as it was. */
static char *resize(http_body *body, size_t capacity) {
    if (body->mapped) {
        char *moved = mremap(body->data, body->capacity, capacity, MREMAP_MAYMOVE);
        return moved == MAP_FAILED ? NULL : moved;
    }
    if (capacity < LEAST_TO_MAP) return realloc(body->data, capacity);
    char *pages = mmap(NULL, capacity, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (pages == MAP_FAILED) return NULL;
    if (body->length) memcpy(pages, body->data, body->length);
    free(body->data);
    body->mapped = true;
    return pages;
}

/* By half of what there is, so that one-byte chunks cost no more than large ones, up to what the client announced or
 * may send. */
static size_t next_capacity(const http_body *body, size_t needed) {
    size_t capacity =
        body->capacity ? body->capacity : smaller(FIRST_BYTES, body->declared ? body->declared : FIRST_BYTES);
    const size_t ceiling = body->declared >= needed ? body->declared : body->limit;
    while (capacity < needed) capacity = capacity <= ceiling / 3 * 2 ? capacity + capacity / 2 + 1 : ceiling;
    return capacity;
}

static bool grow(http_body *body, size_t needed) {
    const size_t capacity = next_capacity(body, needed);
    char *data = api_account_take(&body->account, capacity - body->capacity) ? resize(body, capacity) : NULL;
    if (!data) return false;
    body->data = data;
    body->capacity = capacity;
    return true;
}

static void drop(http_body *body) {
    if (body->mapped)
        munmap(body->data, body->capacity);
    else
        free(body->data);
    body->data = NULL;
    body->mapped = false;
    api_account_give(&body->account, body->capacity);
    body->length = body->capacity = 0;
}

static void give_up(http_body *body, http_body_state why) {
    drop(body);
    body->state = why;
}

void http_body_count(http_body *body, api_budget *budget) { body->account = api_account_open(budget); }

bool http_body_fits(http_body *body) {
    const bool fits = api_account_take(&body->account, body->declared);
    if (fits)
        api_account_give(&body->account, body->declared);
    else
        body->state = HTTP_BODY_NO_MEMORY;
    return fits;
}

void http_body_inflate(http_body *body, http_coding coding) {
    body->declared = 0;
    if (api_account_take(&body->account, http_inflater_memory(coding))) body->inflater = http_inflater_create(coding);
    if (!body->inflater) body->state = HTTP_BODY_NO_MEMORY;
}

static void keep(http_body *body, const char *bytes, size_t size) {
    if (size > body->limit - body->length) {
        give_up(body, HTTP_BODY_TOO_LARGE);
    } else if (body->length + size > body->capacity && !grow(body, body->length + size)) {
        give_up(body, HTTP_BODY_NO_MEMORY);
    } else {
        memcpy(body->data + body->length, bytes, size);
        body->length += size;
    }
}

/* An http_sink. */
static bool keep_inflated(void *cls, const char *bytes, size_t size) {
    http_body *body = cls;
    keep(body, bytes, size);
    return body->state == HTTP_BODY_WANTED;
}

/* Compressed bytes are counted too: those that become nothing would otherwise come for ever. */
static void inflate_and_keep(http_body *body, const char *bytes, size_t size) {
    if (body->seen > body->limit)
        give_up(body, HTTP_BODY_TOO_LARGE);
    else if (!http_inflater_add(body->inflater, bytes, size, keep_inflated, body))
        drop(body);
}

bool http_body_add(http_body *body, const char *bytes, size_t size) {
    body->seen = size <= SIZE_MAX - body->seen ? body->seen + size : SIZE_MAX;
    if (body->state == HTTP_BODY_WANTED) (body->inflater ? inflate_and_keep : keep)(body, bytes, size);
    return body->seen <= body->limit || body->seen - body->limit <= larger(body->limit, PATIENCE_BYTES);
}

http_refusal http_body_end(http_body *body) {
    http_refusal refusal = {0, NULL, NULL};
    if (body->state == HTTP_BODY_TOO_LARGE)
        refusal = (http_refusal){413, "body-too-large", NULL};
    else if (body->state == HTTP_BODY_NO_MEMORY)
        refusal = (http_refusal){503, "no-memory", "There is no memory for the request body at the moment."};
    else if (body->inflater)
        refusal = http_inflater_verdict(body->inflater);
    http_inflater_free(body->inflater);
    body->inflater = NULL;
    api_account_keep(&body->account, body->capacity);
    return refusal;
}

void http_body_free(http_body *body) {
    drop(body);
    http_inflater_free(body->inflater);
    body->inflater = NULL;
    api_account_keep(&body->account, 0);
}
