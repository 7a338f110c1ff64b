#include "peers.h"

#include <charconv>

size_t print_by_to_chars(const float *values, size_t count, char *out) {
    char *p = out;
    for (size_t i = 0; i < count; i++) {
        if (i > 0) *p++ = ',';
        p = std::to_chars(p, p + 32, values[i]).ptr;
    }
    return static_cast<size_t>(p - out);
}

size_t parse_by_from_chars(const char *text, size_t length, float *out) {
    const char *p = text + 1, *end = text + length;
    size_t count = 0;
    while (p < end && *p != ']') {
        p = std::from_chars(p, end, out[count++]).ptr;
        if (*p == ',') p++;
    }
    return count;
}
