/* assertions.c - Check's assertions where no test of Check's runs: helpers of the unit tests serve the targets too. */
#include "harness.h"

#include <check.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

void _mark_point(const char *file, int line) { (void)file, (void)line; }

void _ck_assert_failed(const char *file, int line, const char *expression, const char *message, ...) {
    va_list arguments;
    va_start(arguments, message);
    fprintf(stderr, "does not hold: %s:%d: %s ", file, line, expression);
    if (message) vfprintf(stderr, message, arguments);
    fputc('\n', stderr);
    va_end(arguments);
    abort();
}
