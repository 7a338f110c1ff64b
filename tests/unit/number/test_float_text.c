#include "oracle.h"

#include <convscope/number.h>

#include <check.h>
#include <float.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static float from_bits(uint32_t bits) {
    float value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

static void check_text(float value, const char *expected) {
    char text[CVS_FLOAT_TEXT_MAX + 1];
    size_t length = cvs_float_to_text(value, text);
    text[length] = '\0';
    ck_assert_str_eq(text, expected);
}

static void check_oracle(uint32_t bits) {
    char text[CVS_FLOAT_TEXT_MAX];
    size_t length = cvs_float_to_text(from_bits(bits), text);
    const char *complaint = oracle_complaint(from_bits(bits), text, length);
    ck_assert_msg(!complaint, "0x%08x: %.*s: %s", bits, (int)length, text, complaint);
}

START_TEST(spelling_is_json) {
    static const struct {
        float value;
        const char *text;
    } cases[] = {
        {0.0F, "0"},
        {-0.0F, "-0.0"},
        {1.0F, "1"},
        {-1.0F, "-1"},
        {0.1F, "0.1"},
        {-2.5F, "-2.5"},
        {10.0F, "10"},
        {100.25F, "100.25"},
        {16777216.0F, "16777216"},
        {123456789.0F, "123456790"},
        {999999940.0F, "999999940"},
        {1e9F, "1e9"},
        {1234567890.0F, "1.234568e9"},
        {1e-5F, "0.00001"},
        {-1.2345678e-5F, "-0.000012345678"},
        {9.99999e-6F, "9.99999e-6"},
        {1e-45F, "1e-45"},
        {FLT_MIN, "1.1754944e-38"},
        {FLT_MAX, "3.4028235e38"},
        {-FLT_MAX, "-3.4028235e38"},
        {0.33333334F, "0.33333334"},
        {3.1415927F, "3.1415927"},
        {INFINITY, "null"},
        {-INFINITY, "null"},
        {NAN, "null"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) check_text(cases[i].value, cases[i].text);
}
END_TEST

/* Around every power of two the interval is lopsided; the ends of the exponent range are subnormal or infinite. */
START_TEST(shortest_around_powers_of_two) {
    for (uint32_t field = 0; field <= 255; field++) {
        for (int step = -3; step <= 3; step++) {
            uint32_t bits = (field << 23) + (uint32_t)step;
            check_oracle(bits);
            check_oracle(bits ^ UINT32_C(0x80000000));
        }
    }
}
END_TEST

START_TEST(shortest_around_powers_of_ten) {
    for (int power = -45; power <= 38; power++) {
        char text[16];
        snprintf(text, sizeof text, "1e%d", power);
        float value = strtof(text, NULL);
        uint32_t bits;
        memcpy(&bits, &value, sizeof bits);
        for (int step = -20; step <= 20; step++) check_oracle(bits + (uint32_t)step);
    }
}
END_TEST

START_TEST(shortest_for_small_integers_and_fractions) {
    for (int i = 0; i < 8000; i++) {
        uint32_t bits;
        float values[] = {(float)i, (float)i / 1024, (float)i / 1000};
        for (size_t k = 0; k < 3; k++) {
            memcpy(&bits, &values[k], sizeof bits);
            check_oracle(bits);
        }
    }
}
END_TEST

/* A prime stride visits every exponent and all kinds of significands. */
START_TEST(shortest_over_all_exponents) {
    for (uint64_t bits = 0; bits <= UINT32_MAX; bits += 50021) check_oracle((uint32_t)bits);
}
END_TEST

/* Reading back is cheap enough for millions. */
START_TEST(millions_read_back) {
    for (uint64_t bits = 7; bits < UINT32_C(0x7f800000); bits += 1009) {
        char text[CVS_FLOAT_TEXT_MAX + 1];
        text[cvs_float_to_text(from_bits((uint32_t)bits), text)] = '\0';
        float back = strtof(text, NULL);
        uint32_t back_bits;
        memcpy(&back_bits, &back, sizeof back_bits);
        ck_assert_msg(back_bits == bits, "0x%08x: %s reads as 0x%08x", (uint32_t)bits, text, back_bits);
    }
}
END_TEST

Suite *float_text_suite(void);
Suite *float_text_suite(void) {
    Suite *suite = suite_create("number/float_text");
    TCase *core = tcase_create("core");
    tcase_set_timeout(core, 60);
    tcase_add_test(core, spelling_is_json);
    tcase_add_test(core, shortest_around_powers_of_two);
    tcase_add_test(core, shortest_around_powers_of_ten);
    tcase_add_test(core, shortest_for_small_integers_and_fractions);
    tcase_add_test(core, shortest_over_all_exponents);
    tcase_add_test(core, millions_read_back);
    suite_add_tcase(suite, core);
    return suite;
}
