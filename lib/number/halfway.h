/* halfway.h - the exact comparison that reading a number comes down to once in some 10^10 numbers. */
#ifndef CONVSCOPE_HALFWAY_H
#define CONVSCOPE_HALFWAY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The middle between two neighbouring float32 has at most 113 significant digits: with more, a digit that is not zero
   only says "above". */
enum { CVS__MOST_DIGITS = 128 };

/* digits[0] digits[1] ... as one integer, times 10^exponent; with `more` a little above that. */
typedef struct cvs__decimal {
    unsigned char digits[CVS__MOST_DIGITS]; /* 0..9, the first not 0 */
    int count;
    int exponent; /* -200..40 */
    bool more;
} cvs__decimal;

/* The sign of `decimal` - halves * 2^exponent; `halves` below 2^26, exponent -150..127. */
int cvs__compare_halfway(const cvs__decimal *decimal, uint32_t halves, int exponent);

#endif
