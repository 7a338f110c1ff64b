/* Lists as the vector levels read them, a block at a time: beside the portable level and strtof, at every place in a
   block, in memory that has unmapped pages around it. */
#include "draw_number.h"
#include "fence.h"
#include "number/lists.h"

#include <check.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

Suite *blocks_suite(void);

enum { MOST = 40, TEXT_ROOM = MOST * 64, PAGE_ROOM = 4096 };

/* NULL, and said so, where there is no level to test. */
static cvs__list_fn vector_level(void) {
    if (!cvs__list_avx2()) fprintf(stderr, "SKIPPED level avx2: this CPU or build lacks it\n");
    return cvs__list_avx2();
}

typedef struct outcome {
    float out[MOST];
    size_t count, used;
    cvs_list_stop stop;
} outcome;

/* Into memory that ends where `room` does. */
static outcome read_fenced(cvs__list_fn read, const char *text, size_t length, size_t room, fenced *out) {
    outcome o = {.count = 0};
    float *floats = (float *)(void *)((char *)out->data + PAGE_ROOM) - room;
    o.count = read(text, length, floats, room, &o.used, &o.stop);
    if (o.count <= room) memcpy(o.out, floats, o.count * sizeof *floats);
    return o;
}

static void check_alike(const char *text, size_t length, size_t room, fenced *out) {
    const outcome a = read_fenced(cvs__list_portable, text, length, room, out);
    const outcome b = read_fenced(cvs__list_avx2(), text, length, room, out);
    if (a.count != b.count || a.used != b.used || a.stop != b.stop || memcmp(a.out, b.out, a.count * sizeof *a.out))
        ck_abort_msg("\"%.*s\", room for %zu: %zu numbers, %zu bytes, stop %d, not %zu, %zu, %d", (int)length, text,
                     room, b.count, b.used, (int)b.stop, a.count, a.used, (int)a.stop);
}

/* Up to three bytes of it, or none, become what has a meaning in a list or is near to it. */
static void damage(uint64_t *state, char *text, size_t length) {
    static const char bytes[] = "..--++eeEE,,,001239/:; \t\r\n]}[x\xae\xff\x80";
    for (uint64_t times = next_random(state) % 4; times > 0; times--)
        text[next_random(state) % length] = bytes[next_random(state) % sizeof bytes];
}

START_TEST(damaged_lists_are_read_alike) {
    if (!vector_level()) return;
    fenced page = fence(PAGE_ROOM, ENDS_BEFORE), out = fence(PAGE_ROOM, ENDS_BEFORE);
    char text[TEXT_ROOM];
    float wanted[MOST];
    uint64_t state = 11;
    for (int i = 0; i < 100000; i++) {
        const size_t length = draw_list(&state, 1 + next_random(&state) % MOST, text, wanted);
        damage(&state, text, length);
        /* Short lists stop at a cut: the text behind belongs to others. */
        const size_t cut = next_random(&state) % 2 ? length : next_random(&state) % (length + 1);
        char *place = (char *)page.data + (i % 2 ? 0 : PAGE_ROOM - cut);
        memcpy(place, text, cut);
        check_alike(place, cut, next_random(&state) % 2 ? MOST : next_random(&state) % MOST, &out);
    }
    unfence(&page), unfence(&out);
}
END_TEST

/* Any bytes that may stand in a list, in any order: rarely a number, often the beginning of one. */
START_TEST(heaps_of_bytes_are_read_alike) {
    if (!vector_level()) return;
    static const char bytes[] = "0011223456789..--e,,,,  \n]";
    fenced out = fence(PAGE_ROOM, ENDS_BEFORE);
    uint64_t state = 12;
    for (int i = 0; i < 300000; i++) {
        char text[100];
        const size_t length = next_random(&state) % sizeof text;
        const size_t kinds = 3 + next_random(&state) % (sizeof bytes - 3);
        for (size_t n = 0; n < length; n++)
            text[n] = bytes[(next_random(&state) % kinds + (size_t)i) % (sizeof bytes - 1)];
        check_alike(text, length, MOST, &out);
    }
    unfence(&out);
}
END_TEST

/* A number at every place of a block, behind others and in front of some. */
static void check_everywhere(const char *number) {
    const float wanted = strtof(number, NULL);
    for (size_t before = 0; before < 140; before++) {
        char text[400], *p = text;
        for (size_t i = 0; i + 1 < before; i += 2) *p++ = '7', *p++ = ',';
        if (before % 2) *p++ = ' ';
        p += sprintf(p, "%s%s", number,
                     before % 3 ? ",7,7,7,7,7,7,7,7,7,7,7,7,7,7,7,7,7,7,7,7,7,7,7,7,7,7,7,7,7,7,7" : "]");
        float out[200];
        size_t used;
        cvs_list_stop stop;
        const size_t count = cvs__list_avx2()(text, (size_t)(p - text), out, 200, &used, &stop);
        const size_t expected = before / 2 + (before % 3 ? 32 : 1);
        if (count != expected || stop != CVS_LIST_CLOSED || bits_of(out[before / 2]) != bits_of(wanted))
            ck_abort_msg("\"%s\" behind %zu bytes: %zu numbers, %a", number, before, count, (double)out[before / 2]);
    }
}

START_TEST(hard_numbers_are_read_at_every_place) {
    static const char *const numbers[] = {
        "16777217",
        "-16777219",
        "8388609.5",
        "0.50000002980232239",
        "-0.50000002980232238",
        "33554430.5",
        "1.000000059604645",
        "1.0000000596046448",
        "1.00000005960464477539",
        "1.00000005960464477538",
        "0",
        "-0",
        "-0.0",
        "0.00000000000001",
        "-0.0000000000001",
        "9999999999999999",
        "-999999999999999",
        "9007199254740993",
        "0.12345678806304932",
        "-12.345678901234567",
        "12345678901234567.25",
        "18446744073709551616",
        "0.0000000000000000000000000000000001",
        "9999999999999999999",
        "10000000000000000000",
        "0.000012345678901234567",
        "1e-5",
        "1.2345678806304932e-05",
        "-1e22",
        "1E5",
        "1e+5",
        "1e05",
        "1e005",
        "-0e0",
        "0.5e-45",
        "1.5e-1",
        "9999999999999999999e-29",
        "12345678901234567890123456789012e-30",
        "3.4028235e38",
        "7.0064923216240854e-46",
        "1.00000017881393432617187499",
        "0.1000000000000000000000000000000000000000000000000001",
    };
    if (!vector_level()) return;
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) check_everywhere(numbers[i]);
}
END_TEST

/* The middle of two float32, or a double beside it, in 6 to 19 digits: what rounding twice gets wrong. */
START_TEST(middles_are_rounded_once) {
    enum { LISTS = 20000, NUMBERS = 16 };
    if (!vector_level()) return;
    uint64_t state = 13;
    for (int i = 0; i < LISTS; i++) {
        char text[NUMBERS * 40], *p = text;
        float wanted[NUMBERS], out[NUMBERS];
        for (int n = 0; n < NUMBERS; n++) {
            const float low =
                ldexpf((float)(0x800000 + next_random(&state) % 0x800000), (int)(next_random(&state) % 24) - 24);
            double value = ((double)low + (double)nextafterf(low, INFINITY)) / 2;
            if (next_random(&state) % 2) value = nextafter(value, next_random(&state) % 2 ? 0 : INFINITY);
            char *number = p;
            p += sprintf(p, "%s%.*g", next_random(&state) % 2 ? "-" : "", 6 + (int)(next_random(&state) % 14), value);
            wanted[n] = strtof(number, NULL);
            *p++ = ',';
        }
        size_t used;
        cvs_list_stop stop;
        const size_t count = cvs__list_avx2()(text, (size_t)(p - 1 - text), out, NUMBERS, &used, &stop);
        if (count != NUMBERS || memcmp(out, wanted, sizeof out) != 0) ck_abort_msg("\"%.*s\"", (int)(p - text), text);
    }
}
END_TEST

Suite *blocks_suite(void) {
    Suite *suite = suite_create("blocks");
    TCase *core = tcase_create("core");
    tcase_set_timeout(core, 60);
    tcase_add_test(core, damaged_lists_are_read_alike);
    tcase_add_test(core, heaps_of_bytes_are_read_alike);
    tcase_add_test(core, hard_numbers_are_read_at_every_place);
    tcase_add_test(core, middles_are_rounded_once);
    suite_add_tcase(suite, core);
    return suite;
}
