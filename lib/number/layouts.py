#!/usr/bin/env python3
"""Writes layouts.h: how nine digits become text, for each sign and each exponent that is not written.

python3 layouts.py > layouts.h
"""
LOWEST, HIGHEST, TAIL = -5, 8, 8
FIRST, NONE = TAIL, 0x80  # where the first digit is, behind the other eight; what moves no digit


def spelled(sign, exponent):
    """What stands at each place: a character, or the number of a digit."""
    if exponent < 0:
        places = ["0", "."] + ["0"] * (-exponent - 1) + [FIRST] + list(range(TAIL))
    else:
        places = [FIRST] + list(range(exponent)) + ["."] + list(range(exponent, TAIL))
    return list(sign) + places


def length(sign, exponent, zeros):
    digits = TAIL - zeros
    if exponent < 0:
        return len(sign) + 2 - exponent + digits
    return len(sign) + 1 + (digits + 1 if digits > exponent else exponent)


def row(values):
    return "{" + ", ".join(str(v) for v in values) + "}"


def write_layout(places, lengths):
    places = places + [0] * (16 - len(places))
    moved = [p if isinstance(p, int) else NONE for p in places]
    added = [ord("0") if isinstance(p, int) else ord(p) for p in places]
    print("    {%s,\n     %s,\n     %s}," % (row(moved), row(added), row(lengths)))


print("""/* Written by layouts.py: change that, not this. */
#ifndef CONVSCOPE_LAYOUTS_H
#define CONVSCOPE_LAYOUTS_H

#include <stdint.h>

/* Of each byte of a number's text: the digit that is moved there (%d the first, 0..7 the others, 0x80 none), what is
   added to it, and the bytes of the text when so many digits at the end are zeros. */
typedef struct layout {
    _Alignas(16) uint8_t from[16];
    uint8_t added[16], lengths[16];
} layout;

/* The layout of a positive number with exponent e is number e + %d; of a negative one, LAYOUT_SIGNED further on. */
enum { LAYOUT_SIGNED = %d, LAYOUT_MINUS_ZERO = 2 * LAYOUT_SIGNED };

/* clang-format off */
static const layout layouts[LAYOUT_MINUS_ZERO + 1] = {""" % (FIRST, -LOWEST, HIGHEST - LOWEST + 1))
for sign in "", "-":
    for exponent in range(LOWEST, HIGHEST + 1):
        write_layout(spelled(sign, exponent), [length(sign, exponent, zeros) for zeros in range(TAIL + 1)])
write_layout(list("-0.0"), [4] * (TAIL + 1))
print("""};
/* clang-format on */

#endif""")
