/*
 * number.h - float32 to decimal text, the shortest digits that read back to
 * the same float32, bit for bit; and decimal text to the nearest float32.
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

/*
 * One number at the start of text[0..length), spelled as JSON has it (RFC 8259, section 6), of any length: the bytes it
 * takes, 0 when none stands there ("", ".5", "+1", "01", "1.", "NaN"). *out is the nearest float32, of two the even
 * one: rounded once, from the decimal itself. It is infinite where the number rounds to that, "-0" is the negative
 * zero. A number that ends at `length` is whole. Nothing past it is read.
 */
CVS_API size_t cvs_text_to_float(const char *text, size_t length, float *out);

/* Why cvs_text_to_floats() stopped. */
typedef enum cvs_list_stop {
    CVS_LIST_CLOSED,    /* behind a number, and white space, stands no comma: whatever does, at *used, or the end */
    CVS_LIST_FULL,      /* `room` numbers were read, and a comma, which *used is behind */
    CVS_LIST_NO_NUMBER, /* at *used no number stands, or none as JSON spells it */
    CVS_LIST_TOO_LARGE  /* the number at *used rounds to infinity */
} cvs_list_stop;

/* Numbers separated by commas, with JSON's white space around each, from text[0..length) to `out`, at most `room` of
   them; how many. *used is how far they were read, in bytes. */
CVS_API size_t cvs_text_to_floats(const char *text, size_t length, float *out, size_t room, size_t *used,
                                  cvs_list_stop *stop);

#ifdef __cplusplus
}
#endif

#endif
