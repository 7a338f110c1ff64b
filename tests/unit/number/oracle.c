#include "oracle.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_DIGITS = 9 };

static void cut_zeros(char *digits) {
    size_t length = strlen(digits);
    while (length > 1 && digits[length - 1] == '0') digits[--length] = '\0';
}

/* "d.ddde-05" -> its number of `digits` digits as one integer, and the exponent. */
static long long split(const char *text, int *exponent) {
    char digits[32];
    size_t n = 0;
    for (; *text != 'e'; text++) {
        if (isdigit((unsigned char)*text)) digits[n++] = *text;
    }
    digits[n] = '\0';
    *exponent = atoi(text + 1);
    return atoll(digits);
}

static bool reads_back(long long digits, int count, int exponent, float value) {
    char text[64];
    snprintf(text, sizeof text, "%llde%d", digits, exponent - (count - 1));
    return strtof(text, NULL) == value;
}

oracle_decimal oracle_shortest(float value) {
    oracle_decimal out = {.digits = ""};
    value = fabsf(value);
    for (int count = 1; count <= MOST_DIGITS; count++) {
        char text[64];
        snprintf(text, sizeof text, "%.*e", count - 1, (double)value);
        int exponent;
        long long nearest = split(text, &exponent);
        /* The nearest decimal of this length first; where the interval is lopsided, the one on the other side. */
        static const int steps[] = {0, 1, -1};
        for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
            if (!reads_back(nearest + steps[i], count, exponent, value)) continue;
            snprintf(out.digits, sizeof out.digits, "%lld", nearest + steps[i]);
            out.exponent = exponent + ((int)strlen(out.digits) - count);
            cut_zeros(out.digits);
            return out;
        }
    }
    return out;
}

static bool read_digits(const char **p, const char *end, char *digits, int *count) {
    const char *start = *p;
    while (*p < end && isdigit((unsigned char)**p)) {
        if (*count < 20) digits[(*count)++] = **p;
        ++*p;
    }
    return *p > start;
}

/* e5, e-5 */
static bool read_exponent(const char **p, const char *end, int *exponent) {
    if (*p == end) return true;
    if (*(*p)++ != 'e') return false;
    int sign = 1, count = 0;
    char digits[24] = "";
    if (*p < end && **p == '-') {
        sign = -1;
        ++*p;
    }
    if (!read_digits(p, end, digits, &count)) return false;
    *exponent = sign * atoi(digits);
    return true;
}

bool oracle_read(const char *text, size_t length, oracle_decimal *out) {
    const char *p = text, *end = text + length;
    if (p < end && *p == '-') p++;
    char digits[24] = "";
    int count = 0, exponent = 0;
    if (!read_digits(&p, end, digits, &count)) return false;
    int whole = count;
    if (whole > 1 && digits[0] == '0') return false;
    if (p < end && *p == '.') {
        p++;
        if (!read_digits(&p, end, digits, &count)) return false;
    }
    if (!read_exponent(&p, end, &exponent) || p != end) return false;
    int zeros = 0;
    while (digits[zeros] == '0' && zeros < count - 1) zeros++;
    *out = (oracle_decimal){.exponent = exponent + whole - 1 - zeros};
    memcpy(out->digits, digits + zeros, (size_t)(count - zeros));
    cut_zeros(out->digits);
    return true;
}

static const char *special(float value) {
    if (!isfinite(value)) return "null";
    if (value == 0) return signbit(value) ? "-0.0" : "0";
    return NULL;
}

const char *oracle_complaint(float value, const char *text, size_t length) {
    const char *fixed = special(value);
    if (fixed) return length == strlen(fixed) && memcmp(text, fixed, length) == 0 ? NULL : "not the special spelling";
    if (length > 16) return "longer than 16 bytes";
    oracle_decimal read, wanted = oracle_shortest(value);
    if (!oracle_read(text, length, &read)) return "not a JSON number";
    if ((text[0] == '-') != (signbit(value) != 0)) return "wrong sign";
    if (strcmp(read.digits, wanted.digits) != 0) return "not the shortest and closest digits";
    if (read.exponent != wanted.exponent) return "wrong exponent";
    bool has_exponent = memchr(text, 'e', length) != NULL;
    if (has_exponent != (wanted.exponent < -5 || wanted.exponent > 8)) return "exponent where none belongs, or none";
    return NULL;
}
