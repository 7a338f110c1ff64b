/*
 * random.h - reproducible tensors for {"random": seed}.
 *
 * The generator is SplitMix64 (Steele, Lea, Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014):
 * the same seed gives the same numbers on every machine, in the order of the elements, row-major.
 */
#ifndef CONVSCOPE_RANDOM_H
#define CONVSCOPE_RANDOM_H

#include <stddef.h>
#include <stdint.h>

/* `count` numbers, uniform in [-scale, scale), from a generator that starts at `seed`. */
void random_fill(uint64_t seed, float scale, float *out, size_t count);

#endif
