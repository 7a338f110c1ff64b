#!/usr/bin/env python3
"""Writes powers_of_ten.h: 10^n for n = -31..45 as 64-bit significands, rounded up.

significand(n) = ceil(10^n * 2^-r) with r such that 2^63 <= significand < 2^64. Python's integers and
fractions are exact, so the table is a computed fact: python3 powers_of_ten.py > powers_of_ten.h
"""
from fractions import Fraction
from math import ceil

FIRST, LAST = -31, 45


def significand(n):
    value = Fraction(10) ** n
    while value < 2**63:
        value *= 2
    while value >= 2**64:
        value /= 2
    return ceil(value)


print("""/* Written by powers_of_ten.py: change that, not this. */
#ifndef CONVSCOPE_POWERS_OF_TEN_H
#define CONVSCOPE_POWERS_OF_TEN_H

#include <stdint.h>

/* Entry i is ceil(10^(i + FIRST_POWER) * 2^-r), with r such that the top bit is set. */
enum { FIRST_POWER = %d, LAST_POWER = %d };

static const uint64_t powers_of_ten[LAST_POWER - FIRST_POWER + 1] = {""" % (FIRST, LAST))
for n in range(FIRST, LAST + 1):
    print("    0x%016x, /* 1e%d */" % (significand(n), n))
print("""};

#endif""")
