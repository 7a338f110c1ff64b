#include "fence.h"

#include <check.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

fenced fence(size_t bytes, fence_side side) {
    const size_t page = (size_t)sysconf(_SC_PAGESIZE), inner = (bytes + page - 1) / page * page;
    fenced f = {.map_bytes = inner + 2 * page};
    f.map = mmap(NULL, f.map_bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    ck_assert_ptr_ne(f.map, MAP_FAILED);
    ck_assert_int_eq(mprotect(f.map, page, PROT_NONE), 0);
    ck_assert_int_eq(mprotect(f.map + page + inner, page, PROT_NONE), 0);
    f.data = (float *)(f.map + page + (side == ENDS_BEFORE ? inner - bytes : 0));
    return f;
}

fenced fence_copy(const float *from, int64_t count, fence_side side) {
    fenced f = fence((size_t)count * sizeof(float), side);
    memcpy(f.data, from, (size_t)count * sizeof(float));
    return f;
}

void unfence(fenced *f) { munmap(f->map, f->map_bytes); }
