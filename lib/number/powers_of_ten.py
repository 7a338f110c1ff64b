#!/usr/bin/env python3
"""Writes powers_of_ten.h: powers of ten as 64-bit significands, for printing rounded up, for reading cut off.

A significand is 10^n * 2^-r with r such that 2^63 <= significand < 2^64. Python's integers and fractions are exact, so
the tables are computed facts: python3 powers_of_ten.py > powers_of_ten.h
"""
from fractions import Fraction
from math import ceil, floor


def scaled(n):
    value = Fraction(10) ** n
    while value < 2**63:
        value *= 2
    while value >= 2**64:
        value /= 2
    return value


def write_table(prefix, name, first, last, rounded):
    print("enum { FIRST_%s = %d, LAST_%s = %d };\n" % (prefix, first, prefix, last))
    print("static const uint64_t %s[LAST_%s - FIRST_%s + 1] = {" % (name, prefix, prefix))
    for n in range(first, last + 1):
        print("    0x%016x, /* 1e%d */" % (rounded(scaled(n)), n))
    print("};\n")


print("""/* Written by powers_of_ten.py: change that, not this. */
#ifndef CONVSCOPE_POWERS_OF_TEN_H
#define CONVSCOPE_POWERS_OF_TEN_H

#include <stdint.h>

/* Entry i is ceil(10^(i + FIRST_POWER) * 2^-r), with r such that the top bit is set. */""")
write_table("POWER", "powers_of_ten", -31, 45, ceil)
print("/* The same for floor(). */")
write_table("READ_POWER", "powers_of_ten_below", -65, 38, floor)
print("#endif")
