#include "dialect/utf8.h"

#include <stdbool.h>
#include <string.h>

static bool is_scalar(uint32_t point) { return point <= 0x10FFFF && (point < 0xD800 || point > 0xDFFF); }

int cvs__utf8_decode(const char *bytes, size_t length, uint32_t *point) {
    static const uint32_t smallest[] = {0, 0, 0x80, 0x800, 0x10000};
    if (!length) return 0;
    unsigned char lead = (unsigned char)bytes[0];
    int size = lead < 0x80 ? 1 : lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC0 ? 2 : 0;
    if (!size || lead > 0xF4 || (size_t)size > length) return 0;
    uint32_t value = size == 1 ? lead : lead & (0x7FU >> size);
    for (int i = 1; i < size; i++) {
        unsigned char next = (unsigned char)bytes[i];
        if ((next & 0xC0) != 0x80) return 0;
        value = value << 6 | (next & 0x3F);
    }
    if (value < smallest[size] || !is_scalar(value)) return 0;
    *point = value;
    return size;
}

int cvs__utf8_encode(uint32_t point, char bytes[4]) {
    if (point < 0x80) {
        bytes[0] = (char)point;
        return 1;
    }
    int size = point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
    for (int i = size - 1; i > 0; i--) {
        bytes[i] = (char)(0x80 | (point & 0x3F));
        point >>= 6;
    }
    bytes[0] = (char)((0xF00 >> size & 0xFF) | point);
    return size;
}

size_t cvs__utf8_cut(const char *text, size_t length, size_t most) {
    if (length <= most) return length;
    while (most > 0 && ((unsigned char)text[most] & 0xC0) == 0x80) most--;
    return most;
}

int cvs__utf8_shown(const char *text) {
    enum { MOST = 80 };
    return (int)cvs__utf8_cut(text, strlen(text), MOST);
}
