/* draw_number.h - numbers and their spellings, drawn at random. */
#ifndef CONVSCOPE_TESTS_DRAW_NUMBER_H
#define CONVSCOPE_TESTS_DRAW_NUMBER_H

#include <stddef.h>
#include <stdint.h>

/* splitmix64: the same numbers on every machine. */
uint64_t next_random(uint64_t *state);

uint32_t bits_of(float value);
float from_bits(uint32_t bits);

/* A JSON number of up to `most` digits: any digits, any point, any exponent. Room for most + 8 bytes. */
void draw_text(uint64_t *state, char *text, size_t most);

/* `count` numbers with commas between, of every spelling, so that short ones stand beside long ones, none infinite; at
   most 64 bytes each. Returns the length; `wanted` are the values as strtof reads them. */
size_t draw_list(uint64_t *state, size_t count, char *text, float *wanted);

#endif
