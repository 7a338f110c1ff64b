#include "api/json_memory.h"

#include <setjmp.h>
#include <stdlib.h>

/* The parse that this thread is in; arena is NULL outside of one. */
static _Thread_local struct {
    cvs_arena *arena;
    jmp_buf exhausted;
    cvs_status failure;
} parse;

static void *allocate(size_t size) {
    if (!parse.arena) return malloc(size);
    void *block = cvs_arena_take(parse.arena, size);
    if (block) return block;
    parse.failure = parse.arena->full ? CVS_TOO_LARGE : CVS_NO_MEMORY;
    longjmp(parse.exhausted, 1);
}

static void release(void *block) {
    if (!parse.arena) free(block);
}

void json_memory_init(void) { json_set_alloc_funcs(allocate, release); }

json_t *json_memory_parse(cvs_arena *arena, const char *text, size_t length, json_error_t *error, cvs_status *failure) {
    json_t *volatile root = NULL;
    parse.arena = arena;
    parse.failure = CVS_OK;
    if (setjmp(parse.exhausted) == 0) root = json_loadb(text, length, JSON_REJECT_DUPLICATES, error);
    parse.arena = NULL;
    *failure = parse.failure;
    return root;
}
