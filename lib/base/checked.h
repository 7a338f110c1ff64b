/*
 * checked.h - sums and products of sizes that tell when they overflow.
 * Each returns false, leaving *out alone in meaning, when the exact result
 * does not fit int64_t.
 */
#ifndef CONVSCOPE_CHECKED_H
#define CONVSCOPE_CHECKED_H

#include <stdbool.h>
#include <stdint.h>

static inline bool cvs__add(int64_t a, int64_t b, int64_t *out) { return !__builtin_add_overflow(a, b, out); }
static inline bool cvs__sub(int64_t a, int64_t b, int64_t *out) { return !__builtin_sub_overflow(a, b, out); }
static inline bool cvs__mul(int64_t a, int64_t b, int64_t *out) { return !__builtin_mul_overflow(a, b, out); }

#endif
