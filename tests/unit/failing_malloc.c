#include "failing_malloc.h"

#include "replaced_malloc.h"

#if !HEAP_IS_REPLACED

bool failing_malloc_works(void) { return false; }
void failing_malloc_begin(long nth, bool all_after) { (void)nth, (void)all_after; }
bool failing_malloc_end(long *live) {
    *live = 0;
    return false;
}
size_t failing_malloc_bytes(void) { return 0; }

#else

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

bool heap_refuses(size_t size) {
    if (armed) bytes += size;
    if (!armed || (failed && !persistent) || countdown-- > 0) return false;
    return failed = true;
}

void heap_gains(void *block) {
    (void)block;
    if (armed) live_blocks++;
}

void heap_loses(void *block) {
    (void)block;
    if (armed) live_blocks--;
}

#endif
