/*
 * short_memory - for LD_PRELOAD: the heap of the program under test, which short_memory.py watches and makes short.
 * Both map the file that CONVSCOPE_SHORT_MEMORY names, so that a shortage is on order for one request of a server that
 * runs, and not for what it did before.
 */
#include "replaced_malloc.h"

#include <dlfcn.h>
#include <execinfo.h>
#include <fcntl.h>
#include <malloc.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { WHERE_MAX = 960, FRAMES = 24 };

/* What is in the file; short_memory.py knows its layout. */
typedef struct control {
    atomic_llong countdown;  /* allocation number so many from now on fails; 0: none does */
    atomic_llong all_after;  /* not 0: every one after it fails as well */
    atomic_llong failed;     /* how many have */
    atomic_llong live, size; /* blocks, and their bytes */
    char where[WHERE_MAX];   /* who asked for the first that failed: a line for each caller, innermost first */
} control;

static control *shared; /* NULL: not yet, or nobody watches */

/* Callers of the allocation, without this library: "libz.so.1+0x1234". */
static void note_where(void) {
    void *frame[FRAMES];
    const int count = backtrace(frame, FRAMES);
    Dl_info self, info;
    size_t length = 0;
    dladdr((void *)note_where, &self);
    for (int i = 0; i < count && length < WHERE_MAX; i++) {
        if (!dladdr(frame[i], &info) || info.dli_fbase == self.dli_fbase) continue;
        const char *slash = strrchr(info.dli_fname, '/');
        length += (size_t)snprintf(shared->where + length, WHERE_MAX - length, "%s+0x%tx\n",
                                   slash ? slash + 1 : info.dli_fname, (char *)frame[i] - (char *)info.dli_fbase);
    }
}

bool heap_refuses(size_t size) {
    (void)size;
    if (!shared) return false;
    long long left = atomic_load(&shared->countdown);
    if (left > 0) left = atomic_fetch_sub(&shared->countdown, 1);
    if (left != 1 && !(atomic_load(&shared->failed) && atomic_load(&shared->all_after))) return false;
    if (atomic_fetch_add(&shared->failed, 1) == 0) note_where();
    return true;
}

static void count(void *block, int sign) {
    if (!shared) return;
    atomic_fetch_add(&shared->live, sign);
    atomic_fetch_add(&shared->size, sign * (long long)malloc_usable_size(block));
}

void heap_gains(void *block) { count(block, 1); }
void heap_loses(void *block) { count(block, -1); }

/* The first backtrace() allocates. */
__attribute__((constructor)) static void begin(void) {
    const char *path = getenv("CONVSCOPE_SHORT_MEMORY");
    void *frame[1];
    (void)backtrace(frame, 1);
    const int fd = path ? open(path, O_RDWR | O_CLOEXEC) : -1;
    if (fd < 0) return;
    void *mapped = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    close(fd);
    if (mapped != MAP_FAILED) shared = mapped;
}
