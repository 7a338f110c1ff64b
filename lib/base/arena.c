#include <convscope/base.h>

#include <stdalign.h>
#include <stdlib.h>
#include <string.h>

#include "base/rare.h"

struct cvs_arena_block {
    struct cvs_arena_block *next;
    size_t used, size;
    alignas(max_align_t) unsigned char bytes[];
};

enum { FIRST_BLOCK = 4096, LARGEST_BLOCK = 1 << 20 };

cvs_arena cvs_arena_make(size_t limit) { return (cvs_arena){.limit = limit}; }

/* Blocks double from 4 KiB, so that a small request costs one malloc and a large one few. */
static struct cvs_arena_block *add_block(cvs_arena *arena, size_t needed) {
    size_t size = arena->blocks ? arena->blocks->size * 2 : FIRST_BLOCK;
    if (size > LARGEST_BLOCK) size = LARGEST_BLOCK;
    if (size < needed) size = needed;
    if (size > SIZE_MAX - sizeof(struct cvs_arena_block)) return NULL;
    size_t total = sizeof(struct cvs_arena_block) + size;
    if (arena->limit && (total > arena->limit || arena->used > arena->limit - total)) return NULL;
    struct cvs_arena_block *block = malloc(total);
    if (!block) return NULL;
    *block = (struct cvs_arena_block){.next = arena->blocks, .size = size};
    arena->blocks = block;
    arena->used += total;
    return block;
}

CVS__RARE static void *take_from_new(cvs_arena *arena, size_t size) {
    struct cvs_arena_block *block = add_block(arena, size);
    if (!block) return NULL;
    block->used = size;
    return block->bytes;
}

void *cvs_arena_take(cvs_arena *arena, size_t size) {
    const size_t align = alignof(max_align_t);
    if (size > SIZE_MAX - align) return NULL;
    size = (size + align - 1) / align * align;
    struct cvs_arena_block *block = arena->blocks;
    if (!block || size > block->size - block->used) return take_from_new(arena, size);
    void *bytes = block->bytes + block->used;
    block->used += size;
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
    *arena = cvs_arena_make(arena->limit);
}
