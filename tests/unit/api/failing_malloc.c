#include "failing_malloc.h"

#include <errno.h>
#include <stdlib.h>

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__) || !defined(__GLIBC__)

bool failing_malloc_works(void) { return false; }
void failing_malloc_begin(long nth, bool all_after) { (void)nth, (void)all_after; }
bool failing_malloc_end(long *live) {
    *live = 0;
    return false;
}
size_t failing_malloc_bytes(void) { return 0; }

#else

/* glibc's own functions under names that nobody replaces. */
void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *block, size_t size);
void *__libc_memalign(size_t alignment, size_t size);
void __libc_free(void *block);

static bool armed, failed, persistent;
static long countdown, live_blocks;
static size_t bytes;

bool failing_malloc_works(void) { return true; }

void failing_malloc_begin(long nth, bool all_after) {
    armed = true;
    failed = false;
    persistent = all_after;
    countdown = nth;
    live_blocks = 0;
    bytes = 0;
}

bool failing_malloc_end(long *live) {
    armed = false;
    *live = live_blocks;
    return failed;
}

size_t failing_malloc_bytes(void) { return bytes; }

static bool fails(size_t size) {
    if (armed) bytes += size;
    if (!armed || (failed && !persistent) || countdown-- > 0) return false;
    failed = true;
    errno = ENOMEM;
    return true;
}

static void *counted(void *block) {
    if (armed && block) live_blocks++;
    return block;
}

/* The build hides symbols by default; these have to be found by the libraries. */
#pragma GCC visibility push(default)

void *malloc(size_t size) { return fails(size) ? NULL : counted(__libc_malloc(size)); }
void *calloc(size_t count, size_t size) { return fails(count * size) ? NULL : counted(__libc_calloc(count, size)); }
void *aligned_alloc(size_t alignment, size_t size) {
    return fails(size) ? NULL : counted(__libc_memalign(alignment, size));
}

void *realloc(void *block, size_t size) {
    if (!block) return malloc(size);
    return fails(size) ? NULL : __libc_realloc(block, size);
}

int posix_memalign(void **out, size_t alignment, size_t size) {
    void *block = aligned_alloc(alignment, size);
    if (!block) return ENOMEM;
    *out = block;
    return 0;
}

void free(void *block) {
    if (armed && block) live_blocks--;
    __libc_free(block);
}

#pragma GCC visibility pop

#endif
