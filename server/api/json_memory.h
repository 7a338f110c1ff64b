/*
 * json_memory.h - parsing JSON into an arena.
 *
 * jansson 2.14 cannot be trusted with an allocation that fails: its lexer goes on without the letter that it could not
 * store, and then answers with another text than was sent, or stops the process on an assertion. So it never sees one.
 * While it parses, its memory comes from the request's arena; when that is exhausted, the parser is left at once, and
 * what it had built goes with the arena. The arena's ceiling is thereby the exact limit of what a request may cost.
 */
#ifndef CONVSCOPE_JSON_MEMORY_H
#define CONVSCOPE_JSON_MEMORY_H

#include <convscope/base.h>
#include <jansson.h>

/* Once per process, before threads: let jansson allocate through here. */
void json_memory_init(void);

/*
 * Parse, refusing duplicate members. The value lives in `arena` and goes with it: it must not be released with
 * json_decref(). NULL with `error` filled in when the text is not JSON; NULL with *failure CVS_TOO_LARGE when the
 * arena's ceiling was reached, CVS_NO_MEMORY when the heap's was, else CVS_OK.
 */
json_t *json_memory_parse(cvs_arena *arena, const char *text, size_t length, json_error_t *error,
                          cvs_status *failure) CVS_NODISCARD;

#endif
