/* test_inflate.c - compressed bodies in every split, cut anywhere, damaged anywhere. */
#include "http/inflate.h"

#include "compress.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

Suite *inflate_suite(void);

static const http_coding codings[] = {HTTP_CODING_GZIP, HTTP_CODING_ZSTD};

/* ---- a receiver ------------------------------------------------------------ */

typedef struct receiver {
    char bytes[1 << 20];
    size_t length, wanted; /* refuses more than it wants */
} receiver;

static receiver got;

static bool receive(void *cls, const char *bytes, size_t size) {
    receiver *to = cls;
    ck_assert_uint_gt(size, 0);
    if (size > to->wanted - to->length) return false;
    memcpy(to->bytes + to->length, bytes, size);
    to->length += size;
    return true;
}

/* Inflate `body` in pieces of `piece` bytes after a first one of `first`. */
static http_refusal inflate_pieces(http_coding coding, compressed body, size_t first, size_t piece) {
    http_inflater *inflater = http_inflater_create(coding);
    ck_assert_ptr_nonnull(inflater);
    got.length = 0;
    got.wanted = sizeof got.bytes;
    for (size_t at = 0, size = first; at < body.length; at += size, size = piece) {
        if (size > body.length - at) size = body.length - at;
        if (size && !http_inflater_add(inflater, body.bytes + at, size, receive, &got)) break;
    }
    const http_refusal verdict = http_inflater_verdict(inflater);
    http_inflater_free(inflater);
    return verdict;
}

static http_refusal inflate_at_once(http_coding coding, compressed body) {
    return inflate_pieces(coding, body, body.length, 1);
}

typedef struct spooled {
    compressed body;
    size_t at, piece;
    bool breaks; /* at its end */
} spooled;

static int64_t give(void *cls, char *out, size_t size) {
    spooled *from = cls;
    size_t part = from->body.length - from->at;
    if (part > from->piece) part = from->piece;
    if (part > size) part = size;
    if (part == 0 && from->breaks) return -1;
    if (part) memcpy(out, from->body.bytes + from->at, part);
    from->at += part;
    return (int64_t)part;
}

/* Read in pieces of `size`; what the last read returned. */
static int64_t read_all(http_coding coding, spooled from, size_t size) {
    http_inflater *inflater = http_inflater_create(coding);
    int64_t part;
    got.length = 0;
    while ((part = http_inflater_read(inflater, give, &from, got.bytes + got.length, size)) > 0) {
        ck_assert_int_le(part, (int64_t)size);
        got.length += (size_t)part;
    }
    ck_assert_int_eq(http_inflater_read(inflater, give, &from, got.bytes + got.length, size), part);
    http_inflater_free(inflater);
    return part;
}

static void check_code(http_refusal refusal, const char *code) {
    ck_assert_int_eq(refusal.status, 400);
    ck_assert_str_eq(refusal.code, code);
    ck_assert_uint_gt(strlen(refusal.detail), 20);
}

static void check_got(const char *text) {
    ck_assert_uint_eq(got.length, strlen(text));
    ck_assert_int_eq(memcmp(got.bytes, text, got.length), 0);
}

/* ---- whole bodies ------------------------------------------------------------ */

static const char text[] = "{\"layer\": \"Conv1D(8, 3)\", \"input_shape\": [null, 90, 4], \"fields\": [\"output\"]}";

/* With `skippable` zstd has a frame between them that says nothing. */
static compressed two_parts(http_coding coding, bool skippable) {
    compressed body = compress_part(coding, text, 30);
    if (skippable && coding == HTTP_CODING_ZSTD)
        body = compressed_append(body, compressed_copy("\x5a\x2a\x4d\x18\3\0\0\0abc", 11));
    return compressed_append(body, compress_part(coding, text + 30, sizeof text - 1 - 30));
}

START_TEST(every_split_gives_the_same_bytes) {
    compressed body = two_parts(codings[_i], true);
    for (size_t first = 0; first <= body.length; first++) {
        ck_assert_int_eq(inflate_pieces(codings[_i], body, first, body.length).status, 0);
        check_got(text);
    }
    ck_assert_int_eq(inflate_pieces(codings[_i], body, 1, 1).status, 0);
    check_got(text);
    compressed_free(body);
}
END_TEST

START_TEST(long_bodies) {
    enum { LENGTH = 700001 };
    char *plain = malloc(LENGTH);
    ck_assert_ptr_nonnull(plain);
    for (size_t i = 0; i < LENGTH; i++) plain[i] = (char)('0' + (i * i >> 7) % 10);
    compressed body = compress_part(codings[_i], plain, LENGTH);
    const size_t pieces[] = {1, 777, 65536, body.length};
    for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++) {
        ck_assert_int_eq(inflate_pieces(codings[_i], body, 0, pieces[i]).status, 0);
        ck_assert_uint_eq(got.length, LENGTH);
        ck_assert_int_eq(memcmp(got.bytes, plain, LENGTH), 0);
    }
    compressed_free(body);
    free(plain);
}
END_TEST

START_TEST(pieces_that_come_out_just_full) {
    static char zeros[3 * 65536];
    for (size_t length = 65535; length <= sizeof zeros; length += 65536 / 2 + 1) {
        const size_t lengths[] = {length, length / 65536 * 65536};
        for (size_t i = 0; i < 2; i++) {
            compressed body = compress_part(codings[_i], zeros, lengths[i]);
            ck_assert_int_eq(inflate_at_once(codings[_i], body).status, 0);
            ck_assert_uint_eq(got.length, lengths[i]);
            compressed_free(body);
        }
    }
}
END_TEST

START_TEST(what_waits_in_the_library_comes_out) {
    static char zeros[3 * 65536 + 1];
    for (size_t length = 65535; length <= sizeof zeros; length += 32769) {
        compressed body = compress_without_checksum(zeros, length);
        ck_assert_int_eq(inflate_at_once(HTTP_CODING_ZSTD, body).status, 0);
        ck_assert_uint_eq(got.length, length);
        ck_assert_int_eq(read_all(HTTP_CODING_ZSTD, (spooled){body, 0, body.length, false}, 1000), 0);
        ck_assert_uint_eq(got.length, length);
        compressed_free(body);
    }
}
END_TEST

START_TEST(nothing_is_nothing) {
    compressed none = {NULL, 0}, empty = compress_part(codings[_i], "", 0);
    ck_assert_int_eq(inflate_at_once(codings[_i], none).status, 0);
    check_got("");
    ck_assert_int_eq(inflate_at_once(codings[_i], empty).status, 0);
    check_got("");
    compressed_free(empty);
    http_inflater_free(NULL);
}
END_TEST

/* ---- read back -------------------------------------------------------------------- */

START_TEST(read_in_every_split) {
    compressed body = two_parts(codings[_i], true);
    for (size_t piece = 1; piece <= body.length; piece++) {
        for (size_t size = 1; size < 100; size++) {
            ck_assert_int_eq(read_all(codings[_i], (spooled){body, 0, piece, false}, size), 0);
            check_got(text);
        }
    }
    ck_assert_int_eq(read_all(codings[_i], (spooled){{got.bytes, 0}, 0, 1, false}, 10), 0);
    compressed_free(body);
}
END_TEST

START_TEST(read_up_to_what_is_wrong) {
    compressed body = two_parts(codings[_i], true);
    ck_assert_int_eq(read_all(codings[_i], (spooled){body, 0, 7, true}, 9), -1);
    check_got(text);
    body.length--;
    ck_assert_int_eq(read_all(codings[_i], (spooled){body, 0, 7, false}, 9), -1);
    body.bytes[0] ^= 1;
    ck_assert_int_eq(read_all(codings[_i], (spooled){body, 0, 7, false}, 9), -1);
    check_got("");
    compressed_free(body);
}
END_TEST

/* ---- damaged bodies ------------------------------------------------------------ */

START_TEST(every_cut_is_seen) {
    compressed body = two_parts(codings[_i], true);
    const size_t first = compress_part_length(codings[_i], text, 30),
                 skipped = codings[_i] == HTTP_CODING_ZSTD ? 11 : 0;
    const size_t magic = codings[_i] == HTTP_CODING_ZSTD ? 4 : 2;
    for (size_t length = 1; length < body.length; length++) {
        const http_refusal refusal = inflate_at_once(codings[_i], (compressed){body.bytes, length});
        const size_t in_part = length < first             ? length
                               : length < first + skipped ? length - first
                                                          : length - first - skipped;
        if (in_part == 0)
            ck_assert_int_eq(refusal.status, 0);
        else
            check_code(refusal,
                       length > first && in_part < magic ? "compressed-body-trailing" : "compressed-body-truncated");
    }
    compressed_free(body);
}
END_TEST

/* A changed byte is found, or is one of those that say nothing of the bytes (a time, a name, a system). */
START_TEST(every_changed_byte_is_seen_or_harmless) {
    compressed body = two_parts(codings[_i], false);
    size_t harmless = 0;
    for (size_t at = 0; at < body.length; at++) {
        for (int change = 1; change < 256; change++) {
            body.bytes[at] = (char)(body.bytes[at] ^ change);
            const http_refusal refusal = inflate_at_once(codings[_i], body);
            body.bytes[at] = (char)(body.bytes[at] ^ change);
            if (refusal.status == 0) {
                check_got(text);
                harmless++;
            } else {
                ck_assert_int_eq(refusal.status, 400);
            }
        }
    }
    ck_assert_uint_lt(harmless, body.length * 255 / 4);
    compressed_free(body);
}
END_TEST

START_TEST(a_wrong_checksum_is_seen) {
    compressed body = compress_part(codings[_i], text, sizeof text - 1);
    const size_t crc = codings[_i] == HTTP_CODING_GZIP ? body.length - 8 : body.length - 4;
    body.bytes[crc] ^= 1;
    check_code(inflate_at_once(codings[_i], body), "compressed-body-corrupt");
    compressed_free(body);
}
END_TEST

START_TEST(what_follows_is_refused) {
    static const char *const tails[] = {"\n", "garbage", "{}"};
    for (size_t i = 0; i < sizeof tails / sizeof *tails; i++) {
        compressed body = compress_part(codings[_i], text, sizeof text - 1);
        body = compressed_append(body, compressed_copy(tails[i], strlen(tails[i])));
        check_code(inflate_at_once(codings[_i], body), "compressed-body-trailing");
        check_code(inflate_pieces(codings[_i], body, 1, 1), "compressed-body-trailing");
        compressed_free(body);
    }
}
END_TEST

START_TEST(something_else_is_refused) {
    const http_coding other = codings[_i] == HTTP_CODING_GZIP ? HTTP_CODING_ZSTD : HTTP_CODING_GZIP;
    compressed body = compress_part(other, text, sizeof text - 1), plain = compressed_copy(text, sizeof text - 1);
    check_code(inflate_at_once(codings[_i], body), "compressed-body-mismatch");
    check_code(inflate_at_once(codings[_i], plain), "compressed-body-mismatch");
    compressed_free(body);
    compressed_free(plain);
}
END_TEST

/* The last bytes of this frame's header begin one that is skipped, as libzstd alone sees it, and its content ends it.
 */
START_TEST(a_header_that_looks_like_a_frame) {
    static const char frame[] = "\x28\xb5\x2f\xfd\x50\x2a\x4d\x18\4\0\0\0\4\0\0\x1f";
    char copy[sizeof frame - 1];
    memcpy(copy, frame, sizeof copy);
    for (size_t first = 0; first <= sizeof copy; first++)
        check_code(inflate_pieces(HTTP_CODING_ZSTD, (compressed){copy, sizeof copy}, first, sizeof copy),
                   "compressed-body-truncated");
}
END_TEST

/* libzstd alone would read the last three. */
START_TEST(formats_from_before_version_1_are_refused) {
    for (char last = 0x20; last < 0x30; last++) {
        char frame[64] = {last, '\xb5', 0x2f, '\xfd'};
        if (last == 0x28) continue;
        check_code(inflate_at_once(HTTP_CODING_ZSTD, (compressed){frame, sizeof frame}), "compressed-body-mismatch");
    }
}
END_TEST

/* ---- bounds -------------------------------------------------------------------- */

START_TEST(windows_up_to_the_bound) {
    for (int log = 20; log <= 27; log++) {
        compressed body = compress_with_window(log);
        for (size_t first = 0; first < 20; first++) {
            const http_refusal refusal = inflate_pieces(HTTP_CODING_ZSTD, body, first, body.length);
            if (log <= HTTP_INFLATE_WINDOW_LOG)
                ck_assert_int_eq(refusal.status, 0);
            else
                check_code(refusal, "zstd-window-too-large");
        }
        compressed_free(body);
    }
}
END_TEST

START_TEST(a_dictionary_is_named) {
    compressed body = compress_with_dictionary(text, sizeof text - 1);
    check_code(inflate_at_once(HTTP_CODING_ZSTD, body), "zstd-dictionary");
    check_code(inflate_pieces(HTTP_CODING_ZSTD, body, 1, 1), "zstd-dictionary");
    compressed_free(body);
}
END_TEST

START_TEST(it_stops_when_the_receiver_has_enough) {
    static char zeros[1 << 20];
    compressed body = compress_part(codings[_i], zeros, sizeof zeros);
    http_inflater *inflater = http_inflater_create(codings[_i]);
    got.length = 0;
    got.wanted = 100000;
    ck_assert(!http_inflater_add(inflater, body.bytes, body.length, receive, &got));
    ck_assert_uint_eq(got.length, 65536);
    got.wanted = sizeof got.bytes;
    ck_assert(!http_inflater_add(inflater, body.bytes, body.length, receive, &got));
    ck_assert_uint_eq(got.length, 65536);
    ck_assert_int_eq(http_inflater_verdict(inflater).status, 0);
    http_inflater_free(inflater);
    compressed_free(body);
}
END_TEST

Suite *inflate_suite(void) {
    Suite *suite = suite_create("inflate");
    TCase *core = tcase_create("core"), *damaged = tcase_create("damaged"), *limits = tcase_create("limits");
    enum { BOTH = sizeof codings / sizeof *codings };
    tcase_set_timeout(damaged, 60);
    tcase_add_loop_test(core, every_split_gives_the_same_bytes, 0, BOTH);
    tcase_add_loop_test(core, long_bodies, 0, BOTH);
    tcase_add_loop_test(core, pieces_that_come_out_just_full, 0, BOTH);
    tcase_add_test(core, what_waits_in_the_library_comes_out);
    tcase_add_loop_test(core, nothing_is_nothing, 0, BOTH);
    tcase_add_loop_test(core, read_in_every_split, 0, BOTH);
    tcase_add_loop_test(damaged, read_up_to_what_is_wrong, 0, BOTH);
    tcase_add_loop_test(damaged, every_cut_is_seen, 0, BOTH);
    tcase_add_loop_test(damaged, every_changed_byte_is_seen_or_harmless, 0, BOTH);
    tcase_add_loop_test(damaged, a_wrong_checksum_is_seen, 0, BOTH);
    tcase_add_loop_test(damaged, what_follows_is_refused, 0, BOTH);
    tcase_add_loop_test(damaged, something_else_is_refused, 0, BOTH);
    tcase_add_test(damaged, a_header_that_looks_like_a_frame);
    tcase_add_test(damaged, formats_from_before_version_1_are_refused);
    tcase_add_test(limits, windows_up_to_the_bound);
    tcase_add_test(limits, a_dictionary_is_named);
    tcase_add_loop_test(limits, it_stops_when_the_receiver_has_enough, 0, BOTH);
    suite_add_tcase(suite, core);
    suite_add_tcase(suite, damaged);
    suite_add_tcase(suite, limits);
    return suite;
}
