/* Decimal text to float32, against the C library's strtof, which is exact. The numbers that other readers got wrong are
   from the test data of Lemire's fast_float and from Clinger's "How to Read Floating Point Numbers Accurately" (1990),
   brought to float32. */
#include "draw_number.h"

#include <convscope/number.h>

#include <check.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

Suite *text_float_suite(void);

static void check_number(const char *text) {
    float found = NAN;
    const size_t length = strlen(text), used = cvs_text_to_float(text, length, &found);
    const float wanted = strtof(text, NULL);
    if (used != length) ck_abort_msg("\"%s\": %zu bytes of %zu", text, used, length);
    if (bits_of(found) != bits_of(wanted)) ck_abort_msg("\"%s\" is %a, not %a", text, (double)found, (double)wanted);
}

START_TEST(numbers_that_are_hard) {
    static const char *const texts[] = {
        "0",
        "-0",
        "-0.0",
        "0.0e5",
        "0e99999999999999999999",
        "1",
        "-1",
        "0.1",
        "10.5",
        "1e0",
        "1E+2",
        "1e-2",
        "3.4028234664e38",
        "3.4028235e38",
        "3.4028235677973365e38",
        "3.4028235677973366e38",
        "1e39",
        "-1e400",
        "340282356779733661637539395458142568447",
        "340282356779733661637539395458142568448",
        "1.1754943508e-38",
        "1.1754942e-38",
        "1.17549429e-38",
        "1e-45",
        "1.4012984643e-45",
        "7.0064923216240853e-46",
        "7.0064923216240854e-46",
        "7.1e-46",
        "1e-46",
        "1e-400",
        "1e-99999999999999999999",
        "16777216",
        "16777217",
        "16777218",
        "16777219",
        "16777217.00000000000000000000000000000000001",
        "9007199254740993",
        "9223372036854775807",
        "18446744073709551616",
        "123456789012345678901234567890",
        "8388609.5",
        "8388610.5",
        "8388609.49999999999999999999999999999999999999999",
        "1.00000017881393421514957253748434595763683319091796875001",
        "1.00000017881393432617187499",
        "1.000000178813934326171875",
        "1.00000017881393432617187501",
        "1.1754941406275178592461758986628081843312458647327962400313859427181746759860647699724722770042717456e-38",
        ("0.0000000000000000000000000000000000000"
         "11754943508222875079687365372222456778186655567720875215087517062784172"),
        "3.5028e-46",
        "2.2250738585072012e-308",
        "4.7019774032891500318749461488889827112746622270883e-38",
        "7.038531e-26",
        "3.2378e-30",
        "1090544144181609348671888949248",
        "1090544144181609348835077142190",
        "0.00000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000001e90",
        "1.2345678901234567890123456789e-20",
        "0.3",
        "0.3333333333333333148",
        "33554431",
        "99999999",
        "999999999",
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) check_number(texts[i]);
}
END_TEST

START_TEST(what_json_does_not_spell_is_no_number) {
    static const char *const texts[] = {"",     "-",     "+1",   ".5", "1.",  "01",       "-01", "00",
                                        "1.e5", "1e",    "1e+",  "e5", "NaN", "Infinity", "--1", "x",
                                        " 1",   "\"1\"", "null", "[1", "/",   ":"};
    float value;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        ck_assert_msg(cvs_text_to_float(texts[i], strlen(texts[i]), &value) == 0, "\"%s\" was taken", texts[i]);
    ck_assert_uint_eq(cvs_text_to_float("0x10", 4, &value), 1);
    ck_assert_uint_eq(cvs_text_to_float("1.5.5", 5, &value), 3);
    ck_assert_uint_eq(cvs_text_to_float("12-3", 4, &value), 2);
}
END_TEST

START_TEST(random_decimals_are_read_as_the_c_library_reads_them) {
    char text[1100];
    uint64_t state = 1;
    for (int i = 0; i < 1000000; i++) {
        draw_text(&state, text, i % 100 ? 25 : 900);
        check_number(text);
    }
}
END_TEST

/* The digits of any float32, as many as are asked for. */
START_TEST(printed_floats_read_back) {
    char text[64];
    uint64_t state = 2;
    for (int i = 0; i < 1000000; i++) {
        const float value = from_bits((uint32_t)next_random(&state));
        if (!isfinite(value)) continue;
        snprintf(text, sizeof text, "%.*e", (int)(next_random(&state) % 24), (double)value);
        check_number(text);
        char *end = text + cvs_float_to_text(value, text);
        *end = 0;
        check_number(text);
        if (bits_of(strtof(text, NULL)) != bits_of(value)) ck_abort_msg("%a is printed as %s", (double)value, text);
    }
}
END_TEST

/* The exact middle of two neighbours, up to 800 digits of it, and a digit above or below. */
static void check_middle(float low, int digits, uint64_t *state) {
    char text[1000];
    const double middle = ((double)low + (double)nextafterf(low, INFINITY)) / 2;
    snprintf(text, sizeof text, "%.*f", digits, middle);
    check_number(text);
    char *last = text + strlen(text) - 1;
    *last = (char)('1' + next_random(state) % 9);
    check_number(text);
    snprintf(text, sizeof text, "%.*f", digits, middle);
    for (last = text + strlen(text) - 1; last > text && *last == '0'; last--) *last = '9';
    if (*last >= '1' && *last <= '9') --*last;
    check_number(text);
}

START_TEST(middles_go_to_the_even_neighbour) {
    uint64_t state = 3;
    for (int i = 0; i < 20000; i++) {
        const float low = fabsf(from_bits((uint32_t)next_random(&state)));
        if (!isfinite(low) || low > 1e38F) continue;
        check_middle(low, 160 + (int)(next_random(&state) % 640), &state);
    }
    for (uint32_t bits = 0; bits < 300; bits++) check_middle(from_bits(bits), 700, &state);
}
END_TEST

Suite *text_float_suite(void) {
    Suite *suite = suite_create("text_float");
    TCase *core = tcase_create("core");
    tcase_set_timeout(core, 60);
    tcase_add_test(core, numbers_that_are_hard);
    tcase_add_test(core, what_json_does_not_spell_is_no_number);
    tcase_add_test(core, random_decimals_are_read_as_the_c_library_reads_them);
    tcase_add_test(core, printed_floats_read_back);
    tcase_add_test(core, middles_go_to_the_even_neighbour);
    suite_add_tcase(suite, core);
    return suite;
}
