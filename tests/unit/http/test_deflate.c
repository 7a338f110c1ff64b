/* test_deflate.c - answers compressed in every split of what goes in and what comes out; the way back is inflate.h. */
#include "http/deflate.h"

#include "http/inflate.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

Suite *deflate_suite(void);

static const http_coding codings[] = {HTTP_CODING_GZIP, HTTP_CODING_ZSTD};

enum { ROOM = 1 << 20 };

/* ---- a source --------------------------------------------------------------- */

typedef struct source {
    char bytes[ROOM];
    size_t length, at;
    size_t piece; /* the most that is given at a time */
    int calls;
    bool slow;   /* takes longer than anybody should wait for what came before */
    bool breaks; /* at its end */
} source;

static source from;

static int64_t give(void *cls, char *out, size_t size) {
    source *s = cls;
    size_t part = s->length - s->at;
    if (part > s->piece) part = s->piece;
    if (part > size) part = size;
    if (s->slow) nanosleep(&(struct timespec){.tv_nsec = 120 * 1000 * 1000}, NULL);
    if (s->breaks && part == 0) return -1;
    memcpy(out, s->bytes + s->at, part);
    s->at += part;
    s->calls++;
    return (int64_t)part;
}

/* Floats as text, then names, then the same again. */
static void fill_source(size_t length, size_t piece) {
    unsigned state = 1;
    from = (source){.length = length, .piece = piece};
    for (size_t i = 0; i < length; i++) {
        state = state * 1664525u + 1013904223u;
        from.bytes[i] = i % 4096 < 2048 ? "0123456789.,-e"[state >> 16 & 7] : "\"shape\":[null,88,8],"[i % 20];
    }
}

/* ---- the way back ------------------------------------------------------------ */

typedef struct receiver {
    char bytes[ROOM];
    size_t length;
} receiver;

static receiver got;

static bool receive(void *cls, const char *bytes, size_t size) {
    receiver *to = cls;
    if (size > ROOM - to->length) return false;
    memcpy(to->bytes + to->length, bytes, size);
    to->length += size;
    return true;
}

/* Read in pieces of `size` and inflate them; how many bytes were read. */
static size_t read_back(http_deflater *deflater, http_coding coding, size_t size) {
    http_inflater *inflater = http_inflater_create(coding);
    char *piece = malloc(size);
    size_t total = 0;
    int64_t part;
    ck_assert(deflater && inflater && piece);
    got.length = 0;
    while ((part = http_deflater_read(deflater, give, &from, piece, size)) > 0) {
        ck_assert_int_le(part, (int64_t)size);
        ck_assert(http_inflater_add(inflater, piece, (size_t)part, receive, &got));
        total += (size_t)part;
    }
    ck_assert_int_eq(part, 0);
    ck_assert_int_eq(http_deflater_read(deflater, give, &from, piece, size), 0);
    ck_assert_int_eq(http_inflater_verdict(inflater).status, 0);
    http_inflater_free(inflater);
    free(piece);
    return total;
}

static void check_same(void) {
    ck_assert_uint_eq(got.length, from.length);
    ck_assert_int_eq(memcmp(got.bytes, from.bytes, got.length), 0);
}

static size_t round_trip(http_coding coding, uint64_t length, bool numbers, size_t size) {
    http_deflater *deflater = http_deflater_create(coding, length, numbers);
    const size_t total = read_back(deflater, coding, size);
    http_deflater_free(deflater);
    check_same();
    return total;
}

START_TEST(every_split_comes_back) {
    static const size_t lengths[] = {0, 1, 1000, 65535, 65536, 65537, 200000};
    static const size_t sizes[] = {16, 17, 100, 4096, 65536, 1000000};
    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
        for (size_t j = 0; j < sizeof sizes / sizeof *sizes; j++) {
            fill_source(lengths[i], sizes[j] < 4096 ? 3 * sizes[j] : 1000000);
            round_trip(codings[_i], lengths[i], false, sizes[j]);
            fill_source(lengths[i], 777);
            round_trip(codings[_i], HTTP_DEFLATE_UNKNOWN, j % 2, sizes[j]);
        }
    }
}
END_TEST

START_TEST(sources_of_single_bytes) {
    fill_source(5000, 1);
    round_trip(codings[_i], 5000, false, 100);
}
END_TEST

START_TEST(it_gets_shorter) {
    fill_source(500000, 1000000);
    ck_assert_uint_lt(round_trip(codings[_i], HTTP_DEFLATE_UNKNOWN, false, 65536), 160000);
    fill_source(500000, 1000000);
    ck_assert_uint_lt(round_trip(codings[_i], HTTP_DEFLATE_UNKNOWN, true, 65536), 300000);
    fill_source(5000, 1000000);
    ck_assert_uint_lt(round_trip(codings[_i], 5000, false, 65536), 2000);
}
END_TEST

/* What was given before the source became slow can be read before it is asked again. */
START_TEST(a_slow_source_does_not_hold_back_what_it_gave) {
    static char piece[65536];
    fill_source(3000, 1000);
    from.slow = true;
    http_deflater *deflater = http_deflater_create(codings[_i], HTTP_DEFLATE_UNKNOWN, false);
    http_inflater *inflater = http_inflater_create(codings[_i]);
    got.length = 0;
    for (int calls = 1; calls <= 3; calls++) {
        const int64_t part = http_deflater_read(deflater, give, &from, piece, sizeof piece);
        ck_assert_int_gt(part, 0);
        ck_assert_int_eq(from.calls, calls);
        ck_assert(http_inflater_add(inflater, piece, (size_t)part, receive, &got));
        ck_assert_uint_eq(got.length, (size_t)calls * 1000);
    }
    const int64_t rest = http_deflater_read(deflater, give, &from, piece, sizeof piece);
    ck_assert_int_gt(rest, 0);
    ck_assert(http_inflater_add(inflater, piece, (size_t)rest, receive, &got));
    ck_assert_int_eq(http_inflater_verdict(inflater).status, 0);
    check_same();
    http_deflater_free(deflater);
    http_inflater_free(inflater);
}
END_TEST

/* However little room there is for what is flushed. */
START_TEST(a_slow_source_comes_back_whole) {
    fill_source(300, 100);
    from.slow = true;
    round_trip(codings[_i], HTTP_DEFLATE_UNKNOWN, false, 16);
}
END_TEST

START_TEST(a_source_that_breaks_is_a_failure) {
    static char piece[1000];
    fill_source(100000, 1000);
    from.breaks = true;
    http_deflater *deflater = http_deflater_create(codings[_i], HTTP_DEFLATE_UNKNOWN, false);
    int64_t part;
    while ((part = http_deflater_read(deflater, give, &from, piece, sizeof piece)) > 0) continue;
    ck_assert_int_eq(part, -1);
    ck_assert_int_eq(http_deflater_read(deflater, give, &from, piece, sizeof piece), -1);
    http_deflater_free(deflater);
    http_deflater_free(NULL);
}
END_TEST

Suite *deflate_suite(void) {
    Suite *suite = suite_create("deflate");
    TCase *core = tcase_create("core"), *slow = tcase_create("slow");
    enum { BOTH = sizeof codings / sizeof *codings };
    tcase_set_timeout(core, 60);
    tcase_add_loop_test(core, every_split_comes_back, 0, BOTH);
    tcase_add_loop_test(core, sources_of_single_bytes, 0, BOTH);
    tcase_add_loop_test(core, it_gets_shorter, 0, BOTH);
    tcase_add_loop_test(slow, a_slow_source_does_not_hold_back_what_it_gave, 0, BOTH);
    tcase_add_loop_test(slow, a_slow_source_comes_back_whole, 0, BOTH);
    tcase_add_loop_test(slow, a_source_that_breaks_is_a_failure, 0, BOTH);
    suite_add_tcase(suite, core);
    suite_add_tcase(suite, slow);
    return suite;
}
