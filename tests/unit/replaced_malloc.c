#include "replaced_malloc.h"

#include <errno.h>

#if HEAP_IS_REPLACED

/* glibc's own functions under names that nobody replaces. */
void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *block, size_t size);
void *__libc_memalign(size_t alignment, size_t size);
void __libc_free(void *block);

static bool refused(size_t size) {
    if (!heap_refuses(size)) return false;
    errno = ENOMEM;
    return true;
}

static void *gained(void *block) {
    if (block) heap_gains(block);
    return block;
}

/* The build hides symbols by default; these have to be found by the libraries. */
#pragma GCC visibility push(default)

void *malloc(size_t size) { return refused(size) ? NULL : gained(__libc_malloc(size)); }
void *calloc(size_t count, size_t size) { return refused(count * size) ? NULL : gained(__libc_calloc(count, size)); }
void *aligned_alloc(size_t alignment, size_t size) {
    return refused(size) ? NULL : gained(__libc_memalign(alignment, size));
}

void *realloc(void *block, size_t size) {
    if (!block) return malloc(size);
    if (refused(size)) return NULL;
    heap_loses(block);
    return gained(__libc_realloc(block, size));
}

int posix_memalign(void **out, size_t alignment, size_t size) {
    void *block = aligned_alloc(alignment, size);
    if (!block) return ENOMEM;
    *out = block;
    return 0;
}

void free(void *block) {
    if (block) heap_loses(block);
    __libc_free(block);
}

#pragma GCC visibility pop

#endif
