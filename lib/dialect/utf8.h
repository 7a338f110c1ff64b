/* utf8.h - code points in UTF-8. */
#ifndef CONVSCOPE_DIALECT_UTF8_H
#define CONVSCOPE_DIALECT_UTF8_H

#include <stddef.h>
#include <stdint.h>

/* Decode one code point; its length in bytes, or 0 when the bytes are not UTF-8. */
int cvs__utf8_decode(const char *bytes, size_t length, uint32_t *point);
/* At most `most` bytes of a text, cut between code points: how many. */
size_t cvs__utf8_cut(const char *text, size_t length, size_t most);
/* Encode one; its length in bytes. `point` is a valid scalar value. */
int cvs__utf8_encode(uint32_t point, char bytes[4]);

/* The precision of a "%.*s" that shows a user's text in a message: all of it, or its beginning. */
int cvs__utf8_shown(const char *text);

#endif
