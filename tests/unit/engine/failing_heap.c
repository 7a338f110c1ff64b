#include "failing_heap.h"

#include <limits.h>
#include <stddef.h>

void *__real_malloc(size_t size);
void *__real_calloc(size_t number, size_t size);
void *__real_realloc(void *old, size_t size);
void *__real_aligned_alloc(size_t alignment, size_t size);
void __real_free(void *block);

void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t number, size_t size);
void *__wrap_realloc(void *old, size_t size);
void *__wrap_aligned_alloc(size_t alignment, size_t size);
void __wrap_free(void *block);

static bool counting;
static heap_count count;
static long fail_from, fail_to;

void heap_fail_at(long n, bool all_after) {
    count = (heap_count){0, 0};
    fail_from = n;
    fail_to = all_after ? LONG_MAX : n + 1;
    counting = true;
}

heap_count heap_heal(void) {
    counting = false;
    return count;
}

/* While nothing is counted threads may be allocating: then nothing is written here. */
static bool fails(void) {
    if (!counting) return false;
    const long now = count.asked++;
    return now >= fail_from && now < fail_to;
}

static void *counted(void *block) {
    if (block && counting) count.leaked++;
    return block;
}

void *__wrap_malloc(size_t size) { return fails() ? NULL : counted(__real_malloc(size)); }

void *__wrap_calloc(size_t number, size_t size) { return fails() ? NULL : counted(__real_calloc(number, size)); }

void *__wrap_aligned_alloc(size_t alignment, size_t size) {
    return fails() ? NULL : counted(__real_aligned_alloc(alignment, size));
}

void *__wrap_realloc(void *old, size_t size) {
    if (fails()) return NULL;
    return old ? __real_realloc(old, size) : counted(__real_realloc(old, size));
}

void __wrap_free(void *block) {
    if (block && counting) count.leaked--;
    __real_free(block);
}
