/*
 * number.h - float32 to decimal text: the shortest digits that read back to
 * the same float32, bit for bit.
 *
 * The digits are those of std::to_chars(float): the shortest, and among the
 * shortest the closest to the exact value. The spelling is JSON's: "0", "-0.0"
 * for the negative zero, "0.1", "16777216", "1e-45", "3.4028235e38".
 */
#ifndef CONVSCOPE_NUMBER_H
#define CONVSCOPE_NUMBER_H

#include <convscope/base.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Room that one number always fits, without a NUL. */
#define CVS_FLOAT_TEXT_MAX 16

/* Write `value` at `out` (CVS_FLOAT_TEXT_MAX bytes); the bytes written. NaN and infinity are "null". */
CVS_API size_t cvs_float_to_text(float value, char *out);

/* `count` numbers with a comma between: at most count*(CVS_FLOAT_TEXT_MAX + 1) bytes at `out`; the bytes written. */
CVS_API size_t cvs_floats_to_text(const float *values, size_t count, char *out);

#ifdef __cplusplus
}
#endif

#endif
