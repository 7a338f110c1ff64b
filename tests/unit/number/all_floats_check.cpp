#include "all_floats.h"

#include <charconv>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>

std::vector<level> levels_here(const char *only) {
    const cvs__list_fn best = cvs__list_avx2() ? cvs__list_avx2() : cvs__list_portable;
    const level all[] = {{"portable", cvs__print_portable, cvs__list_portable},
                         {"avx2", cvs__print_avx2(), best},
                         {"avx512", cvs__print_avx512(), best}};
    std::vector<level> here;
    for (const level &l : all)
        if (l.print && (!only || !std::strcmp(only, l.name))) here.push_back(l);
    return here;
}

/* ---- printed and read back ------------------------------------------------------------------- */

/* Appends to the text at `out`; where that ends. */
static char *put(char *out, const char *from, size_t count) {
    std::memcpy(out, from, count);
    return out + count;
}

static char *put_zeros(char *out, size_t count) {
    std::memset(out, '0', count);
    return out + count;
}

/* The digits of std::to_chars, in the spelling that number.h promises. */
static char *spell_positive(float value, char *out) {
    char digits[32];
    const char *end = std::to_chars(digits, digits + sizeof digits, value, std::chars_format::scientific).ptr;
    const char *e = end - 4; /* e-05, e+38: a float32 has two digits there */
    const int size = (e[2] - '0') * 10 + e[3] - '0', exponent = e[1] == '-' ? -size : size;
    const size_t count = e - digits > 2 ? static_cast<size_t>(e - digits - 1) : 1;
    std::memmove(digits + 1, digits + 2, count - 1); /* without the point */
    if (exponent < -5 || exponent > 8) {
        out = put(out, digits, 1);
        if (count > 1) out = put(put(out, ".", 1), digits + 1, count - 1);
        return std::to_chars(put(out, "e", 1), out + 8, exponent).ptr;
    }
    if (exponent < 0) return put(put_zeros(put(out, "0.", 2), static_cast<size_t>(-exponent - 1)), digits, count);
    const size_t whole = static_cast<size_t>(exponent) + 1;
    if (count <= whole) return put_zeros(put(out, digits, count), whole - count);
    return put(put(put(out, digits, whole), ".", 1), digits + whole, count - whole);
}

enum { BOTH = 2 * SLICE, ROOM = BOTH * (CVS_FLOAT_TEXT_MAX + 1) };

/* A slice, each number with its negative behind it; what its text has to be; what it is printed and read to. */
struct slice {
    float values[BOTH], back[BOTH];
    char wanted[ROOM], text[ROOM];
    size_t length;
    bool finite;
};

static char *spell_both(uint32_t bits, char *out) {
    if (bits == 0) return put(out, "0,-0.0,", 7);
    if (bits >= UINT32_C(0x7f800000)) return put(out, "null,null,", 10);
    char *end = spell_positive(from_bits(bits), out);
    const size_t length = static_cast<size_t>(end - out);
    return put(put(put(end, ",-", 2), out, length), ",", 1);
}

static void fill_slice(slice *s, uint64_t index) {
    const uint32_t first = static_cast<uint32_t>(index * SLICE);
    char *p = s->wanted;
    for (uint32_t i = 0; i < SLICE; i++) {
        s->values[2 * i] = from_bits(first + i);
        s->values[2 * i + 1] = from_bits((first + i) | UINT32_C(0x80000000));
        p = spell_both(first + i, p);
    }
    s->length = static_cast<size_t>(p - s->wanted) - 1;
    s->finite = first < UINT32_C(0x7f800000);
}

static bool complain(const level &l, const char *what, float at) {
    std::printf("%s: %s in the slice of 0x%08x\n", l.name, what, bits_of(at));
    return false;
}

static bool check_level(const level &l, slice *s) {
    const size_t length = l.print(s->values, BOTH, s->text);
    if (length != s->length || std::memcmp(s->text, s->wanted, length) != 0)
        return complain(l, "not the shortest text", s->values[0]);
    if (!s->finite) return true;
    size_t used;
    cvs_list_stop stop;
    const size_t count = l.read(s->text, length, s->back, BOTH, &used, &stop);
    if (count != BOTH || used != length) return complain(l, "not a list that ends", s->values[0]);
    for (size_t i = 0; i < count; i++)
        if (bits_of(s->back[i]) != bits_of(s->values[i])) return complain(l, "does not read back", s->values[i]);
    return true;
}

bool check_slice(const std::vector<level> &levels, uint64_t index) {
    static thread_local slice s;
    fill_slice(&s, index);
    bool right = true;
    for (const level &l : levels) right &= check_level(l, &s);
    return right;
}

/* ---- decimal texts ----------------------------------------------------------------------------- */

enum { MOST_BEFORE = 40 };

/* `before` numbers stand in front of it. */
static bool check_text(const std::vector<level> &levels, const std::string &text, size_t before) {
    const float wanted = std::strtof(text.c_str(), nullptr);
    float found = NAN;
    bool right =
        cvs_text_to_float(text.data(), text.size(), &found) == text.size() && bits_of(found) == bits_of(wanted);
    std::string list;
    for (size_t i = 0; i < before; i++) list += "1,";
    list += text + "," + std::string(64, ' '); /* the end of a text is read another way */
    for (const level &l : levels) {
        float out[MOST_BEFORE + 1];
        size_t used;
        cvs_list_stop stop;
        const size_t count = l.read(list.data(), list.size(), out, before + 1, &used, &stop);
        right &= std::isinf(wanted) ? count == before && stop == CVS_LIST_TOO_LARGE
                                    : count == before + 1 && bits_of(out[before]) == bits_of(wanted);
    }
    if (!right) std::printf("%s is not read as %a\n", text.c_str(), static_cast<double>(wanted));
    return right;
}

bool check_decimals(const std::vector<level> &levels, uint64_t seed) {
    bool right = true;
    for (int i = 0; i < 1000; i++) {
        char text[64];
        draw_text(&seed, text, i % 2 ? 12 : 25);
        right &= check_text(levels, text, draw(seed, 0) % (MOST_BEFORE + 1));
    }
    return right;
}
