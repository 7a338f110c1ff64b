/* base64.h - RFC 4648 section 4, strict: padded, nothing between the letters. */
#ifndef CONVSCOPE_BASE64_H
#define CONVSCOPE_BASE64_H

#include <stdbool.h>
#include <stddef.h>

/* The bytes that text of this length stands for, or false when no text of this length is base64. */
bool base64_decoded_size(const char *text, size_t length, size_t *size);

/* Decode into base64_decoded_size() bytes. False at a letter that does not belong, with its place in *bad. */
bool base64_decode(const char *text, size_t length, void *out, size_t *bad);

/* The letters that `size` bytes take. */
size_t base64_encoded_size(size_t size);
void base64_encode(const void *bytes, size_t size, char *out);

#endif
