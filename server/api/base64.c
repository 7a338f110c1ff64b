#include "api/base64.h"

#include <stdint.h>

static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/* 0..63, or -1. */
static int letter_value(char letter) {
    if (letter >= 'A' && letter <= 'Z') return letter - 'A';
    if (letter >= 'a' && letter <= 'z') return letter - 'a' + 26;
    if (letter >= '0' && letter <= '9') return letter - '0' + 52;
    if (letter == '+') return 62;
    return letter == '/' ? 63 : -1;
}

static size_t padding_of(const char *text, size_t length) {
    if (length == 0 || text[length - 1] != '=') return 0;
    return text[length - 2] == '=' ? 2 : 1;
}

bool base64_decoded_size(const char *text, size_t length, size_t *size) {
    if (length % 4 != 0) return false;
    *size = length / 4 * 3 - padding_of(text, length);
    return true;
}

bool base64_decode(const char *text, size_t length, void *out, size_t *bad) {
    unsigned char *bytes = out;
    size_t count = length - padding_of(text, length);
    uint32_t bits = 0;
    for (size_t i = 0; i < count; i++) {
        int value = letter_value(text[i]);
        if (value < 0) {
            *bad = i;
            return false;
        }
        bits = bits << 6 | (uint32_t)value;
        if (i % 4 != 0) *bytes++ = (unsigned char)(bits >> (6 - 2 * (i % 4)));
    }
    /* The bits that padding cuts off have to be zero: two texts never stand for the same bytes. */
    size_t cut = count % 4;
    *bad = count ? count - 1 : 0;
    return cut == 0 || (bits & (cut == 2 ? 15 : 3)) == 0;
}

size_t base64_encoded_size(size_t size) { return (size + 2) / 3 * 4; }

void base64_encode(const void *bytes, size_t size, char *out) {
    const unsigned char *p = bytes;
    for (; size >= 3; size -= 3, p += 3) {
        uint32_t bits = (uint32_t)p[0] << 16 | (uint32_t)p[1] << 8 | p[2];
        *out++ = letters[bits >> 18];
        *out++ = letters[bits >> 12 & 63];
        *out++ = letters[bits >> 6 & 63];
        *out++ = letters[bits & 63];
    }
    if (size == 0) return;
    uint32_t bits = (uint32_t)p[0] << 16 | (size > 1 ? (uint32_t)p[1] << 8 : 0);
    *out++ = letters[bits >> 18];
    *out++ = letters[bits >> 12 & 63];
    *out++ = size > 1 ? letters[bits >> 6 & 63] : '=';
    *out = '=';
}
