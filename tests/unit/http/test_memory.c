/*
 * test_memory.c - coders once for every allocation they make, that one failing: a clean refusal or no coder, no block
 * left over. And how much they take, whatever the data says of itself.
 */
#include "compress.h"

#include "failing_malloc.h"
#include "http/inflate.h"
#include "http/metrics.h"
#include "http/stream.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

Suite *memory_suite(void);

static const http_coding codings[] = {HTTP_CODING_GZIP, HTTP_CODING_ZSTD};
enum { BOTH = sizeof codings / sizeof *codings };

static char plain[200000];

static void fill_plain(void) {
    for (size_t i = 0; i < sizeof plain; i++) plain[i] = (char)('0' + (i * i >> 5) % 10);
}

static bool count_bytes(void *cls, const char *bytes, size_t size) {
    (void)bytes;
    *(size_t *)cls += size;
    return true;
}

/* ---- inflating -------------------------------------------------------------------- */

/* 0 when it was whole, 503 when memory was short. */
static int inflate_once(http_coding coding, compressed body, size_t *length) {
    http_inflater *inflater = http_inflater_create(coding);
    *length = 0;
    if (!inflater) return 503;
    (void)http_inflater_add(inflater, body.bytes, body.length, count_bytes, length);
    const int status = http_inflater_verdict(inflater).status;
    http_inflater_free(inflater);
    return status;
}

START_TEST(inflating_without_memory_is_503) {
    fill_plain();
    compressed body = compress_part(codings[_i], plain, sizeof plain);
    long nth = 0, live;
    for (bool failed = true; failed; nth++) {
        size_t length;
        failing_malloc_begin(nth, false);
        const int status = inflate_once(codings[_i], body, &length);
        failed = failing_malloc_end(&live);
        ck_assert_int_eq(status, failed ? 503 : 0);
        ck_assert_int_eq(live, 0);
        if (!failed) ck_assert_uint_eq(length, sizeof plain);
    }
    ck_assert_int_ge(nth, 3);
    compressed_free(body);
}
END_TEST

static size_t bytes_to_inflate(http_coding coding, compressed body) {
    size_t length;
    long live;
    failing_malloc_begin(1000000, false);
    ck_assert_int_eq(inflate_once(coding, body, &length), 0);
    (void)failing_malloc_end(&live);
    return failing_malloc_bytes();
}

START_TEST(inflating_takes_what_is_stated) {
    compressed gzip = compress_part(HTTP_CODING_GZIP, plain, sizeof plain);
    compressed largest = compress_with_window(HTTP_INFLATE_WINDOW_LOG);
    ck_assert_uint_le(bytes_to_inflate(HTTP_CODING_GZIP, gzip), (64 + 48 + 1) * 1024);
    ck_assert_uint_le(bytes_to_inflate(HTTP_CODING_ZSTD, largest), (64 + 480 + 1) * 1024 + HTTP_INFLATE_WINDOW);
    compressed_free(gzip);
    compressed_free(largest);
}
END_TEST

/* ---- deflating -------------------------------------------------------------------- */

static int64_t read_plain(void *cls, char *out, size_t size) {
    size_t *at = cls, part = sizeof plain - *at < size ? sizeof plain - *at : size;
    memcpy(out, plain + *at, part);
    *at += part;
    return (int64_t)part;
}

static const uint64_t lengths[] = {HTTP_DEFLATE_UNKNOWN, sizeof plain};

/* False when there was no memory. */
static bool deflate_once(http_coding coding, uint64_t length) {
    static char out[65536];
    http_deflater *deflater = http_deflater_create(coding, length, false);
    size_t at = 0;
    int64_t got = deflater ? 1 : -1;
    while (got > 0) got = http_deflater_read(deflater, read_plain, &at, out, sizeof out);
    http_deflater_free(deflater);
    return got == 0;
}

START_TEST(all_memory_to_deflate_is_taken_first) {
    fill_plain();
    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
        long nth = 0, live;
        for (bool failed = true; failed; nth++) {
            failing_malloc_begin(nth, false);
            const bool done = deflate_once(codings[_i], lengths[i]);
            failed = failing_malloc_end(&live);
            ck_assert_int_eq(done, !failed);
            ck_assert_int_eq(live, 0);
        }
        ck_assert_int_ge(nth, 3);
    }
}
END_TEST

START_TEST(deflating_takes_what_is_stated) {
    static const size_t stated[] = {(64 + 264 + 8) * 1024, (64 + 1126) * 1024};
    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
        long live;
        failing_malloc_begin(1000000, false);
        ck_assert(deflate_once(codings[_i], lengths[i]));
        (void)failing_malloc_end(&live);
        ck_assert_uint_le(failing_malloc_bytes(), stated[_i]);
    }
}
END_TEST

/* ---- answers ----------------------------------------------------------------------- */

static api_response response_of(size_t body, size_t tail) {
    api_response response = {.status = 200, .body = malloc(body), .tail = malloc(tail)};
    response.body_length = body;
    response.tail_length = tail;
    ck_assert(response.body && response.tail);
    memcpy(response.body, plain, body);
    memcpy(response.tail, plain + body, tail);
    return response;
}

START_TEST(without_memory_an_answer_goes_as_it_is) {
    fill_plain();
    long nth = 0, live;
    for (bool failed = true; failed; nth++) {
        api_response response = response_of(3000, 2000);
        failing_malloc_begin(nth, false);
        const bool shrunk = http_stream_shrink(&response, codings[_i], 5000);
        failed = failing_malloc_end(&live);
        ck_assert_int_eq(shrunk, !failed);
        if (failed) {
            ck_assert_int_eq(live, 0);
            ck_assert_int_eq(memcmp(response.body, plain, 3000), 0);
            ck_assert_int_eq(memcmp(response.tail, plain + 3000, 2000), 0);
        }
        api_response_free(&response);
    }
    ck_assert_int_ge(nth, 4);
}
END_TEST

START_TEST(without_memory_a_stream_goes_as_it_is_or_not_at_all) {
    long nth = 0, live;
    bool as_it_is = false;
    http_audience audience = {0};
    ck_assert_int_eq(http_pool_create(1, 0, &audience.pool, NULL), CVS_OK);
    http_pool_stop(audience.pool); /* nothing is read ahead on another thread */
    for (bool failed = true; failed; nth++) {
        api_response response = response_of(3000, 2000);
        http_coding coding = codings[_i];
        failing_malloc_begin(nth, false);
        http_stream stream = http_stream_of(&response);
        struct MHD_Response *wire = stream.cls ? http_stream_wire(&stream, &coding, &audience) : NULL;
        if (wire) as_it_is |= coding == HTTP_CODING_IDENTITY;
        if (wire) MHD_destroy_response(wire);
        api_response_free(&response);
        failed = failing_malloc_end(&live);
        ck_assert(failed || (wire && coding == codings[_i]));
        ck_assert_int_eq(live, -2); /* the response's own two blocks, made before */
    }
    ck_assert(as_it_is);
    http_pool_free(audience.pool);
}
END_TEST

/* ---- counting ---------------------------------------------------------------------- */

START_TEST(no_counters_without_memory) {
    long nth = 0, live;
    for (bool failed = true; failed; nth++) {
        failing_malloc_begin(nth, false);
        http_metrics *metrics = http_metrics_create(5, 3);
        failed = failing_malloc_end(&live);
        ck_assert_int_eq(metrics == NULL, failed);
        if (failed) ck_assert_int_eq(live, 0);
        http_metrics_free(metrics);
    }
    ck_assert_int_eq(nth, 3);
}
END_TEST

Suite *memory_suite(void) {
    Suite *suite = suite_create("memory");
    TCase *core = tcase_create("core"), *limits = tcase_create("limits");
    tcase_add_loop_test(core, inflating_without_memory_is_503, 0, BOTH);
    tcase_add_loop_test(core, all_memory_to_deflate_is_taken_first, 0, BOTH);
    tcase_add_loop_test(core, without_memory_an_answer_goes_as_it_is, 0, BOTH);
    tcase_add_loop_test(core, without_memory_a_stream_goes_as_it_is_or_not_at_all, 0, BOTH);
    tcase_add_test(limits, inflating_takes_what_is_stated);
    tcase_add_loop_test(limits, deflating_takes_what_is_stated, 0, BOTH);
    tcase_add_test(core, no_counters_without_memory);
    suite_add_tcase(suite, core);
    suite_add_tcase(suite, limits);
    return suite;
}
