/* support.h - what the dialect tests share: read a layer from text or JSON, say what went wrong. */
#ifndef CONVSCOPE_TESTS_DIALECT_SUPPORT_H
#define CONVSCOPE_TESTS_DIALECT_SUPPORT_H

#include <convscope/convscope.h>

#include <check.h>
#include <string.h>

/* A reading with the memory it lives in. */
typedef struct reading_case {
    cvs_arena arena;
    cvs_status status;
    cvs_error err;
    cvs_reading reading;
} reading_case;

/* Read a layer: an object where `source` begins with '{', else pasted text. Free with reading_free(). */
reading_case reading_make(const char *source, cvs_framework framework, size_t memory_limit);
void reading_free(reading_case *made);

/* The layer that `source` says; the test fails where it cannot be read. */
cvs_layer read_layer(const char *source);
cvs_layer read_layer_as(const char *source, cvs_framework framework);

/* The error that `source` gives; the test fails where it gives none. */
cvs_error read_error(const char *source);
cvs_error read_error_as(const char *source, cvs_framework framework);

/* Checks numbers per spatial axis. */
void check_ints(const int64_t *got, int a, int b, int c);

/* A generator of reproducible numbers (xorshift64*). */
typedef struct dice {
    uint64_t state;
} dice;
/* 0 .. sides - 1 */
int roll(dice *d, int sides);

#endif
