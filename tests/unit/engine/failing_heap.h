/*
 * failing_heap.h - a heap that fails on demand. The linker puts it between the library and malloc(), calloc(),
 * realloc() and aligned_alloc() (--wrap), so that sanitizers keep watching underneath.
 */
#ifndef CONVSCOPE_TESTS_FAILING_HEAP_H
#define CONVSCOPE_TESTS_FAILING_HEAP_H

#include <stdbool.h>

/* From now on count; allocation number `n` (from 0) fails, and with `all_after` every later one too. */
void heap_fail_at(long n, bool all_after);

typedef struct heap_count {
    long asked;  /* allocations asked for */
    long leaked; /* blocks allocated and not freed */
} heap_count;

/* Allocate as ever, and what was counted. Check's own assertions allocate too: none may stand in between. */
heap_count heap_heal(void);

#endif
