/*
 * base.h - what every room of libconvscope shares: status codes, error
 * details, bounded memory for one request, and growing text.
 *
 * Conventions of the whole library
 *   - A function that can fail returns a cvs_status; the details go to the
 *     caller's cvs_error, which may be NULL. The first error wins: a function
 *     never overwrites an error that is already set.
 *   - Nothing prints, exits, or keeps hidden global state.
 *   - Shapes are written with their axes in order, e.g. (batch, length,
 *     channels). Sizes are int64_t and count elements unless a name says bytes.
 *   - `const char *` text is UTF-8 and NUL-terminated unless a length is given.
 */
#ifndef CONVSCOPE_BASE_H
#define CONVSCOPE_BASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#if defined(__GNUC__)
#define CVS_API                   __attribute__((visibility("default")))
#define CVS_NODISCARD             __attribute__((warn_unused_result))
#define CVS_PRINTF(string, first) __attribute__((format(printf, string, first)))
#else
#define CVS_API
#define CVS_NODISCARD
#define CVS_PRINTF(string, first)
#endif

#ifdef __cplusplus
extern "C" {
#endif

#define CVS_VERSION "1.0.0"

/* The version the library was built with, e.g. "1.0.0". Static storage. */
CVS_API const char *cvs_version(void);

/* ---- status and error ------------------------------------------------- */

typedef enum cvs_status {
    CVS_OK = 0,
    CVS_INVALID,     /* the description is impossible: the caller's to mend */
    CVS_SYNTAX,      /* text that cannot be read; the error has line and column */
    CVS_UNSUPPORTED, /* legal, but this version does not do it */
    CVS_TOO_LARGE,   /* a size overflows, or passes a limit */
    CVS_NO_MEMORY,   /* an allocation failed */
    CVS_INTERRUPTED  /* whoever asked for it wanted it to end early */
} cvs_status;

/* "ok", "invalid", "syntax", "unsupported", "too-large", "no-memory", "interrupted". */
CVS_API const char *cvs_status_name(cvs_status status);

/*
 * Everything a caller needs to mend a mistake. All text is NUL-terminated and
 * cut at the end of its array if longer. A zeroed struct is "no error".
 */
typedef struct cvs_error {
    cvs_status status;
    char code[48];      /* stable, kebab-case: "kernel-larger-than-input" */
    char message[512];  /* one or two sentences with the numbers in them */
    char pointer[256];  /* RFC 6901 JSON pointer below what was handed in; "" is the whole of it */
    char value[128];    /* what was found, or "" */
    char expected[256]; /* what would be possible, or "" */
    int64_t offset;     /* for text: byte offset of the mistake, from 0; -1 when not about text */
    int line, column;   /* for text: both from 1, columns in code points; 0 when not about text */
} cvs_error;

/*
 * Record an error and return `status`, so that a caller can write
 *     return cvs_fail(err, CVS_INVALID, "stride-not-positive", "/stride/0", "the stride is %d", s);
 * Does nothing but return `status` when `err` is NULL or already holds an error.
 * `code` and `pointer` are copied; `pointer` may be NULL for "".
 */
CVS_API cvs_status cvs_fail(cvs_error *err, cvs_status status, const char *code, const char *pointer,
                            const char *format, ...) CVS_PRINTF(5, 6);

/* Add "what was found" / "what would be possible" to the error just recorded; no-ops when err is NULL. */
CVS_API void cvs_fail_value(cvs_error *err, const char *format, ...) CVS_PRINTF(2, 3);
CVS_API void cvs_fail_expected(cvs_error *err, const char *format, ...) CVS_PRINTF(2, 3);

/* Put `prefix` before err->pointer, e.g. "/layer" + "/stride/0". No-op when err is NULL or holds no error. */
CVS_API void cvs_error_prefix(cvs_error *err, const char *prefix);

/*
 * The entry of `known` (NULL at its end) that `name` is most likely a slip of: fewest letters inserted, left out,
 * replaced or swapped, case aside; NULL when all differ in more than a third of the letters. Static where `known` is.
 */
CVS_API const char *cvs_nearest_name(const char *name, const char *const *known);

/* ---- allowance: who is asked before memory is taken ------------------- */

/*
 * For whoever counts memory: asked for `bytes` more before they are taken from the heap, and free to say no, which is
 * then like a heap that is exhausted. Nobody says when they are given back. Put it first in a struct of your own.
 */
typedef struct cvs_allowance {
    bool (*take)(struct cvs_allowance *allowance, size_t bytes);
} cvs_allowance;

/* ---- arena: memory of one request ------------------------------------- */

/*
 * A bump allocator with a ceiling. Everything allocated from it lives until
 * cvs_arena_free(); nothing is freed singly.
 */
typedef struct cvs_arena {
    struct cvs_arena_block *blocks; /* newest first */
    size_t used;                    /* bytes taken from the heap so far */
    size_t limit;                   /* 0: no ceiling */
    bool full;                      /* the ceiling, and not the heap, said no */
    cvs_allowance *allowance;       /* asked before every block; borrowed; NULL: nobody is */
} cvs_arena;

/* An empty arena that will take at most `limit` bytes from the heap (0: no ceiling). Allocates nothing yet. */
CVS_API cvs_arena cvs_arena_make(size_t limit);

/* `size` zeroed bytes aligned for any type, or NULL when the heap or the ceiling is exhausted. */
CVS_API void *cvs_arena_alloc(cvs_arena *arena, size_t size) CVS_NODISCARD;

/* The same, but the bytes hold anything until they are written: for what is written as a whole at once. */
CVS_API void *cvs_arena_take(cvs_arena *arena, size_t size) CVS_NODISCARD;

/* A NUL-terminated copy of `length` bytes, or NULL. */
CVS_API char *cvs_arena_copy(cvs_arena *arena, const char *text, size_t length) CVS_NODISCARD;

/* Release everything; the arena may be used again. */
CVS_API void cvs_arena_free(cvs_arena *arena);

/* ---- text: a growing buffer ------------------------------------------- */

/*
 * A zeroed struct is an empty text. Appending never fails visibly: after an
 * allocation failure `failed` stays true, further appends do nothing, and the
 * caller checks once at the end. `data` is NUL-terminated whenever not NULL.
 */
typedef struct cvs_text {
    char *data; /* owned; free with cvs_text_free() */
    size_t length;
    size_t capacity;
    bool failed;
    cvs_allowance *allowance; /* asked before it grows; borrowed; NULL: nobody is */
} cvs_text;

CVS_API void cvs_text_append(cvs_text *text, const char *bytes, size_t length);
CVS_API void cvs_text_add(cvs_text *text, const char *string);
CVS_API void cvs_text_addf(cvs_text *text, const char *format, ...) CVS_PRINTF(2, 3);
CVS_API void cvs_text_add_int(cvs_text *text, int64_t value);

/* Room for `size` more bytes: a pointer to write them at, or NULL on failure. Follow with cvs_text_commit(). */
CVS_API char *cvs_text_reserve(cvs_text *text, size_t size);
/* `size` bytes were written at the pointer that cvs_text_reserve() gave. */
CVS_API void cvs_text_commit(cvs_text *text, size_t size);

/* Empty the text and keep its memory. */
CVS_API void cvs_text_clear(cvs_text *text);
CVS_API void cvs_text_free(cvs_text *text);

/* Hand the bytes to the caller (who calls free()); the text is empty afterwards. NULL when empty or failed. */
CVS_API char *cvs_text_take(cvs_text *text, size_t *length) CVS_NODISCARD;

#ifdef __cplusplus
}
#endif

#endif
