#include "api/base64.h"

#include <stdint.h>

static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/* The place of a letter among them, from 1 on; 0 of what is none. */
static const unsigned char places[256] = {
    ['A'] = 1,  ['B'] = 2,  ['C'] = 3,  ['D'] = 4,  ['E'] = 5,  ['F'] = 6,  ['G'] = 7,  ['H'] = 8,
    ['I'] = 9,  ['J'] = 10, ['K'] = 11, ['L'] = 12, ['M'] = 13, ['N'] = 14, ['O'] = 15, ['P'] = 16,
    ['Q'] = 17, ['R'] = 18, ['S'] = 19, ['T'] = 20, ['U'] = 21, ['V'] = 22, ['W'] = 23, ['X'] = 24,
    ['Y'] = 25, ['Z'] = 26, ['a'] = 27, ['b'] = 28, ['c'] = 29, ['d'] = 30, ['e'] = 31, ['f'] = 32,
    ['g'] = 33, ['h'] = 34, ['i'] = 35, ['j'] = 36, ['k'] = 37, ['l'] = 38, ['m'] = 39, ['n'] = 40,
    ['o'] = 41, ['p'] = 42, ['q'] = 43, ['r'] = 44, ['s'] = 45, ['t'] = 46, ['u'] = 47, ['v'] = 48,
    ['w'] = 49, ['x'] = 50, ['y'] = 51, ['z'] = 52, ['0'] = 53, ['1'] = 54, ['2'] = 55, ['3'] = 56,
    ['4'] = 57, ['5'] = 58, ['6'] = 59, ['7'] = 60, ['8'] = 61, ['9'] = 62, ['+'] = 63, ['/'] = 64};

static unsigned place(char letter) { return places[(unsigned char)letter]; }

static size_t padding_of(const char *text, size_t length) {
    if (length == 0 || text[length - 1] != '=') return 0;
    return text[length - 2] == '=' ? 2 : 1;
}

bool base64_decoded_size(const char *text, size_t length, size_t *size) {
    if (length % 4 != 0) return false;
    *size = length / 4 * 3 - padding_of(text, length);
    return true;
}

/* Whole groups of four letters as far as they are right: how many letters. */
static size_t decode_groups(const char *text, size_t length, unsigned char *bytes) {
    size_t i = 0;
    for (; i + 4 <= length; i += 4, bytes += 3) {
        const unsigned a = place(text[i]), b = place(text[i + 1]), c = place(text[i + 2]), d = place(text[i + 3]);
        if (!a || !b || !c || !d) break;
        const unsigned bits = (a - 1) << 18 | (b - 1) << 12 | (c - 1) << 6 | (d - 1);
        bytes[0] = (unsigned char)(bits >> 16);
        bytes[1] = (unsigned char)(bits >> 8);
        bytes[2] = (unsigned char)bits;
    }
    return i;
}

bool base64_decode(const char *text, size_t length, void *out, size_t *bad) {
    const size_t count = length - padding_of(text, length), whole = decode_groups(text, count, out);
    unsigned char *bytes = (unsigned char *)out + whole / 4 * 3;
    uint32_t bits = 0;
    for (size_t i = whole; i < count; i++) {
        if (!place(text[i])) {
            *bad = i;
            return false;
        }
        bits = bits << 6 | (place(text[i]) - 1);
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
