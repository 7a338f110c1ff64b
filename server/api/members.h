/*
 * members.h - typed reading of a JSON object's members.
 *
 * `pointer` is always the JSON pointer of the object ("" for the request itself); errors point at the member. An
 * optional member that is absent or null leaves *out as it was.
 */
#ifndef CONVSCOPE_MEMBERS_H
#define CONVSCOPE_MEMBERS_H

#include <convscope/base.h>
#include <jansson.h>

/* Room for any JSON pointer of a cvs_error. */
#define POINTER_SIZE 256

/* `pointer`, "/" and `key`, which is escaped as RFC 6901 asks. */
void members_pointer(char out[POINTER_SIZE], const char *pointer, const char *key);

/* "a string", "an array", ... */
const char *members_type_name(const json_t *json);

/* CVS_INVALID, code "wrong-type": `expected` is what should stand at `pointer`, with its article. */
cvs_status members_wrong_type(const json_t *got, const char *pointer, const char *expected, cvs_error *err);

/* Is `json` an object, and all of its members among `known` (NULL at its end)? Names the first that is not. */
cvs_status members_check(const json_t *json, const char *pointer, const char *const *known,
                         cvs_error *err) CVS_NODISCARD;
/* The same; given[i] is afterwards the i-th of them, or as it was where that is absent or null. */
cvs_status members_list(const json_t *json, const char *pointer, const char *const *known, const json_t **given,
                        cvs_error *err) CVS_NODISCARD;

/* CVS_INVALID, code "unknown-member": `key` of the object at `pointer` is none of `known`, of which one may be meant.
 */
cvs_status members_unknown(const char *key, const char *pointer, const char *const *known, cvs_error *err);

/* The member, or NULL where it is absent or null. */
const json_t *members_get(const json_t *object, const char *key);

cvs_status members_string(const json_t *object, const char *pointer, const char *key, const char **out,
                          cvs_error *err) CVS_NODISCARD;
cvs_status members_int(const json_t *object, const char *pointer, const char *key, int64_t *out,
                       cvs_error *err) CVS_NODISCARD;
cvs_status members_bool(const json_t *object, const char *pointer, const char *key, bool *out,
                        cvs_error *err) CVS_NODISCARD;
cvs_status members_array(const json_t *object, const char *pointer, const char *key, const json_t **out,
                         cvs_error *err) CVS_NODISCARD;

/* An array of at most `capacity` integers; `pointer` is the array's own. */
cvs_status members_positions(const json_t *array, const char *pointer, int64_t *out, int capacity, int *count,
                             cvs_error *err) CVS_NODISCARD;

/* The place of a word among `names` (NULL at their end), or -1. */
int members_find(const char *word, const char *const *names);

/* One word of `names` (NULL at its end): its place in *out. An unknown word is CVS_INVALID with code `code`. */
cvs_status members_choice(const char *word, const char *pointer, const char *const *names, const char *code, int *out,
                          cvs_error *err) CVS_NODISCARD;

#endif
