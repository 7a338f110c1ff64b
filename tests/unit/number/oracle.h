/*
 * oracle.h - what the shortest decimal of a float32 is, found the slow way: the C library's exact printf tries one
 * digit after the other until strtof reads the same float32 back. Shares nothing with lib/number.
 */
#ifndef CONVSCOPE_TESTS_NUMBER_ORACLE_H
#define CONVSCOPE_TESTS_NUMBER_ORACLE_H

#include <stdbool.h>
#include <stddef.h>

/* digits[0].digits[1]... * 10^exponent; no zeros at the end. */
typedef struct oracle_decimal {
    char digits[24];
    int exponent;
} oracle_decimal;

/* Of a finite `value` that is not zero, its sign left aside. */
oracle_decimal oracle_shortest(float value);

/* The digits and exponent of a JSON number, its sign left aside; false when `text` is not a JSON number. */
bool oracle_read(const char *text, size_t length, oracle_decimal *out);

/* NULL when `text` is what cvs_float_to_text() has to write for `value`; else what is wrong with it. */
const char *oracle_complaint(float value, const char *text, size_t length);

#endif
