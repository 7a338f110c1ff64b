/* numeral.h - RFC 8259's grammar of a number, written down letter for letter: the oracle of what is one. */
#ifndef CONVSCOPE_TESTS_FUZZ_NUMERAL_H
#define CONVSCOPE_TESTS_FUZZ_NUMERAL_H

#include <stddef.h>

/* How many of the bytes text[0..length) are the number that stands at their start; 0 when none does. */
size_t numeral_length(const char *text, size_t length);

/* What strtof() makes of those. */
float numeral_value(const char *text, size_t length);

#endif
