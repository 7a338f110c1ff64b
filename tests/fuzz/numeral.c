#include "numeral.h"

#include "harness.h"

#include <stdlib.h>

static size_t digits(const char *text, size_t at, size_t length) {
    size_t end = at;
    while (end < length && text[end] >= '0' && text[end] <= '9') end++;
    return end - at;
}

/* int = zero / ( digit1-9 *DIGIT ) */
static size_t whole(const char *text, size_t at, size_t length) {
    const size_t count = digits(text, at, length);
    return count > 1 && text[at] == '0' ? 0 : count;
}

/* number = [ minus ] int [ frac ] [ exp ] */
size_t numeral_length(const char *text, size_t length) {
    size_t at = 0;
    if (at < length && text[at] == '-') at++;
    size_t count = whole(text, at, length);
    if (count == 0) return 0;
    at += count;
    if (at < length && text[at] == '.') {
        count = digits(text, at + 1, length);
        if (count == 0) return 0;
        at += 1 + count;
    }
    if (at == length || (text[at] != 'e' && text[at] != 'E')) return at;
    at++;
    if (at < length && (text[at] == '+' || text[at] == '-')) at++;
    count = digits(text, at, length);
    return count == 0 ? 0 : at + count;
}

float numeral_value(const char *text, size_t length) {
    char *copy = fuzz_text(text, length);
    const float value = strtof(copy, NULL);
    free(copy);
    return value;
}
