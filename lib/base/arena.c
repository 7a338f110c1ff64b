#include <convscope/base.h>

#include <stdalign.h>
#include <stdlib.h>
#include <string.h>

#include "base/guard.h"
#include "base/rare.h"

struct cvs_arena_block {
    struct cvs_arena_block *next;
    size_t used, size;
    alignas(max_align_t) unsigned char bytes[];
};

enum { FIRST_BLOCK = 4096, DOUBLED_UP_TO = 1 << 16, LARGEST_BLOCK = 1 << 20 };

cvs_arena cvs_arena_make(size_t limit) { return (cvs_arena){.limit = limit}; }

/*
 * Blocks double from 4 KiB to 64, so that a small request costs one malloc and a large one few; from there on a block
 * is a quarter of all that was taken, so that no more than a fifth lies idle at the end.
 */
static size_t next_size(const cvs_arena *arena) {
    if (!arena->blocks) return FIRST_BLOCK;
    const size_t doubled = arena->blocks->size * 2, quarter = arena->used / 4;
    if (quarter > LARGEST_BLOCK) return LARGEST_BLOCK;
    if (quarter > DOUBLED_UP_TO) return quarter;
    return doubled < DOUBLED_UP_TO ? doubled : DOUBLED_UP_TO;
}

static struct cvs_arena_block *add_block(cvs_arena *arena, size_t needed) {
    size_t size = next_size(arena);
    if (size < needed) size = needed;
    if (size > SIZE_MAX - sizeof(struct cvs_arena_block)) return NULL;
    size_t total = sizeof(struct cvs_arena_block) + size;
    if (arena->limit && (total > arena->limit || arena->used > arena->limit - total)) {
        arena->full = true;
        return NULL;
    }
    if (arena->allowance && !arena->allowance->take(arena->allowance, total)) return NULL;
    struct cvs_arena_block *block = malloc(total);
    if (!block) return NULL;
    *block = (struct cvs_arena_block){.next = arena->blocks, .size = size};
    cvs__guard_close(block->bytes, size);
    arena->blocks = block;
    arena->used += total;
    return block;
}

CVS__RARE static void *take_from_new(cvs_arena *arena, size_t size, size_t asked) {
    struct cvs_arena_block *block = add_block(arena, size);
    if (!block) return NULL;
    block->used = size;
    cvs__guard_open(block->bytes, asked);
    return block->bytes;
}

void *cvs_arena_take(cvs_arena *arena, size_t size) {
    const size_t align = alignof(max_align_t), asked = size;
    if (size > SIZE_MAX - align - CVS__GUARD) return NULL;
    size = (size + CVS__GUARD + align - 1) / align * align;
    struct cvs_arena_block *block = arena->blocks;
    if (!block || size > block->size - block->used) return take_from_new(arena, size, asked);
    void *bytes = block->bytes + block->used;
    block->used += size;
    cvs__guard_open(bytes, asked);
    return bytes;
}

void *cvs_arena_alloc(cvs_arena *arena, size_t size) {
    void *bytes = cvs_arena_take(arena, size);
    return bytes ? memset(bytes, 0, size) : NULL;
}

char *cvs_arena_copy(cvs_arena *arena, const char *text, size_t length) {
    if (length == SIZE_MAX) return NULL;
    char *copy = cvs_arena_take(arena, length + 1);
    if (!copy) return NULL;
    if (length) memcpy(copy, text, length);
    copy[length] = '\0';
    return copy;
}

void cvs_arena_free(cvs_arena *arena) {
    struct cvs_arena_block *block = arena->blocks;
    while (block) {
        struct cvs_arena_block *next = block->next;
        free(block);
        block = next;
    }
    arena->blocks = NULL;
    arena->used = 0;
    arena->full = false;
}
