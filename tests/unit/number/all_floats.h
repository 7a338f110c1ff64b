/* all_floats.h - what all_floats checks, a slice at a time; each says what is wrong. */
#ifndef CONVSCOPE_TESTS_ALL_FLOATS_H
#define CONVSCOPE_TESTS_ALL_FLOATS_H

#include <cstdint>
#include <vector>

extern "C" {
#include "draw_number.h"
#include "number/lists.h"
#include "number/printers.h"
}

/* A printer, and the reader of that level or of the one below. */
struct level {
    const char *name;
    cvs__print_fn print;
    cvs__list_fn read;
};

/* Those of this CPU, or the one of them that is named `only`. */
std::vector<level> levels_here(const char *only);

/* The i-th of the random numbers that `seed` gives. */
inline uint64_t draw(uint64_t seed, uint64_t i) {
    uint64_t state = seed + i * UINT64_C(0xd1342543de82ef95);
    return next_random(&state);
}

enum { SLICE = 4096 /* magnitudes */, SLICES = 0x80000000 / SLICE };

/* The magnitudes from index * SLICE on, with both signs. */
bool check_slice(const std::vector<level> &levels, uint64_t index);

/* A thousand texts that `seed` gives. */
bool check_decimals(const std::vector<level> &levels, uint64_t seed);

#endif
