/* Lists of numbers to text, at every level, in memory between unmapped pages: a list is its numbers as each is printed
   alone (which test_float_text.c checks), with commas between. */
#include "draw_number.h"
#include "fence.h"
#include "number/printers.h"

#include <convscope/number.h>

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

Suite *printers_suite(void);

enum { MOST = 140 /* some blocks of those that are printed at once, and a rest */ };

typedef struct level {
    const char *name;
    cvs__print_fn print;
} level;

enum { LEVELS = 4 };

static void find_levels(level *levels) {
    levels[0] = (level){"portable", cvs__print_portable};
    levels[1] = (level){"avx2", cvs__print_avx2()};
    levels[2] = (level){"avx512", cvs__print_avx512()};
    levels[3] = (level){"the best", cvs_floats_to_text};
    for (int i = 0; i < LEVELS; i++)
        if (!levels[i].print) fprintf(stderr, "SKIPPED level %s: this CPU or build lacks it\n", levels[i].name);
}

static size_t print_each(const float *values, size_t count, char *out) {
    char *p = out;
    for (size_t i = 0; i < count; i++) {
        if (i > 0) *p++ = ',';
        p += cvs_float_to_text(values[i], p);
    }
    return (size_t)(p - out);
}

static void check_list(const level *l, const float *values, size_t count, fence_side side) {
    char wanted[MOST * (CVS_FLOAT_TEXT_MAX + 1)];
    const size_t length = print_each(values, count, wanted);
    fenced in = fence_copy(values, (int64_t)count, side), out = fence(count * (CVS_FLOAT_TEXT_MAX + 1), side);
    const size_t found = l->print(in.data, count, (char *)out.data);
    if (found != length || memcmp(out.data, wanted, length) != 0)
        ck_abort_msg("%s: \"%.*s\", not \"%.*s\"", l->name, (int)found, (char *)out.data, (int)length, wanted);
    unfence(&in);
    unfence(&out);
}

static void check_at_every_level(const float *values, size_t count) {
    level levels[LEVELS];
    find_levels(levels);
    for (int i = 0; i < LEVELS; i++) {
        if (!levels[i].print) continue;
        check_list(&levels[i], values, count, ENDS_BEFORE);
        check_list(&levels[i], values, count, BEGINS_AFTER);
    }
}

/* One to nine digits, any sign, an exponent from `lowest` to `highest`; zeros of both signs among them. */
static float draw_decimal(uint64_t *state, int lowest, int highest) {
    char text[32];
    const uint64_t random = next_random(state);
    if (random % 16 == 0) return random & 16 ? 0.0F : -0.0F;
    const int exponent = lowest + (int)(next_random(state) % (uint64_t)(highest - lowest + 1));
    snprintf(text, sizeof text, "%09u", (unsigned)(next_random(state) % 900000000 + 100000000));
    const int digits = 1 + (int)(random >> 32) % 9;
    char number[48];
    snprintf(number, sizeof number, "%s%c.%.*se%d", random & 1 ? "-" : "", *text, digits - 1, text + 1, exponent);
    return strtof(number, NULL);
}

START_TEST(numbers_without_an_exponent) {
    float values[MOST];
    uint64_t state = 1;
    for (int i = 0; i < 400; i++) {
        const size_t count = next_random(&state) % (MOST + 1);
        for (size_t n = 0; n < count; n++) values[n] = draw_decimal(&state, -5, 8);
        check_at_every_level(values, count);
    }
}
END_TEST

START_TEST(numbers_of_all_kinds) {
    float values[MOST];
    uint64_t state = 2;
    for (int i = 0; i < 200; i++) {
        const uint64_t odd = 1 + next_random(&state) % 60;
        for (size_t n = 0; n < MOST; n++)
            values[n] =
                next_random(&state) % odd ? draw_decimal(&state, -6, 9) : from_bits((uint32_t)next_random(&state));
        check_at_every_level(values, MOST);
    }
}
END_TEST

START_TEST(lists_of_all_lengths) {
    float values[MOST];
    uint64_t state = 3;
    for (size_t count = 0; count <= MOST; count++) {
        for (size_t n = 0; n < MOST; n++) values[n] = draw_decimal(&state, -5, 8);
        check_at_every_level(values, count);
        if (count == 0) continue;
        static const uint32_t last[] = {0x7f800000, 0xff800000, 0x7fc00000, 1, 0x80000001, 0x7f7fffff, 0x80000000, 0};
        values[count - 1] = from_bits(last[count % (sizeof last / sizeof *last)]);
        check_at_every_level(values, count);
    }
}
END_TEST

/* Where all numbers are as long as a number can be, the room that is promised is filled to its end. */
START_TEST(the_longest_numbers) {
    float values[MOST];
    uint32_t bits = bits_of(-1e-5F);
    for (size_t n = 0; n < MOST; bits++) {
        char text[CVS_FLOAT_TEXT_MAX];
        if (cvs_float_to_text(from_bits(bits), text) == CVS_FLOAT_TEXT_MAX) values[n++] = from_bits(bits);
        ck_assert_uint_lt(bits, bits_of(-1e-4F));
    }
    for (size_t count = 0; count <= MOST; count++) check_at_every_level(values, count);
}
END_TEST

Suite *printers_suite(void) {
    Suite *suite = suite_create("printers");
    TCase *core = tcase_create("core");
    tcase_set_timeout(core, 60);
    tcase_add_test(core, numbers_without_an_exponent);
    tcase_add_test(core, numbers_of_all_kinds);
    tcase_add_test(core, lists_of_all_lengths);
    tcase_add_test(core, the_longest_numbers);
    suite_add_tcase(suite, core);
    return suite;
}
