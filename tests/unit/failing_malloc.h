/*
 * failing_malloc.h - the heap of a test program, with a shortage on order. It is replaced for the program and every
 * library it loads (replaced_malloc.h).
 */
#ifndef CONVSCOPE_TESTS_FAILING_MALLOC_H
#define CONVSCOPE_TESTS_FAILING_MALLOC_H

#include <stdbool.h>
#include <stddef.h>

/* Does the replacement work in this build? Sanitizers bring a heap of their own. */
bool failing_malloc_works(void);

/* From now on allocation number `nth` (from 0) fails, once or together with every one after it. */
void failing_malloc_begin(long nth, bool all_after);
/* No more failures. True when one was asked for and happened; *live is how many more blocks there are than at begin. */
bool failing_malloc_end(long *live);
/* The bytes asked for between the last begin and its end, those given back in between included. */
size_t failing_malloc_bytes(void);

#endif
