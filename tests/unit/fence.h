/* fence.h - memory with an unmapped page on either side: a read or write of one float too many ends the test. */
#ifndef CONVSCOPE_TESTS_FENCE_H
#define CONVSCOPE_TESTS_FENCE_H

#include <stddef.h>
#include <stdint.h>

typedef enum fence_side { BEGINS_AFTER, ENDS_BEFORE } fence_side;

typedef struct fenced {
    char *map;
    size_t map_bytes;
    float *data;
} fenced;

/* `bytes` of zeros, flush with the page that `side` names. */
fenced fence(size_t bytes, fence_side side);
fenced fence_copy(const float *from, int64_t count, fence_side side);
void unfence(fenced *f);

#endif
