/*
 * keys.h - the keys that clients show to be let in, and the file that says which there are.
 *
 * A key is 256 random bits, and the file has its SHA-256. Slow password hashes are for secrets that people choose, of
 * which there are few enough to try; nobody tries 2^256 keys, so whoever reads the file still has none. And an answer
 * that takes microseconds must not wait for a hash that takes a tenth of a second on purpose.
 *
 * The file has a line a key, NAME:sha256:HASH with the hash in 64 hexadecimal digits; empty lines and those that begin
 * with # are for people. Names are theirs too: letters, digits, '.', '_' and '-'.
 */
#ifndef CONVSCOPE_HTTP_KEYS_H
#define CONVSCOPE_HTTP_KEYS_H

#include <convscope/base.h>

/* More are refused: every one is compared with every request's. */
#define HTTP_KEYS_MAX 1024

#define HTTP_KEY_NAME_MAX 64

/* Room for a key, "convscope_" and 64 hexadecimal digits, and for its line; both with their NUL. */
#define HTTP_KEY_SIZE      (10 + 64 + 1)
#define HTTP_KEY_LINE_SIZE (HTTP_KEY_NAME_MAX + 8 + 64 + 1)

typedef struct http_keys http_keys;

/* Read the file. CVS_INVALID says what is wrong with which line, with code "bad-key-file" or as in secret_file.h:
 * others must not be able to change it. `path` is borrowed. */
cvs_status http_keys_open(const char *path, http_keys **out, cvs_error *err) CVS_NODISCARD;

/* Read it again. On failure the keys stay as they were. Any thread, while others ask. */
cvs_status http_keys_reload(http_keys *keys, cvs_error *err) CVS_NODISCARD;

size_t http_keys_count(http_keys *keys);

/* Whether the `length` bytes at `key` are one of the keys. How long that takes does not tell how nearly. Any thread. */
bool http_keys_know(http_keys *keys, const char *key, size_t length);

void http_keys_free(http_keys *keys); /* NULL is fine */

/* Make a key, and its line for the file (without a line end). CVS_INVALID with code "bad-key-name". */
cvs_status http_keys_make(const char *name, char key[HTTP_KEY_SIZE], char line[HTTP_KEY_LINE_SIZE],
                          cvs_error *err) CVS_NODISCARD;

#endif
