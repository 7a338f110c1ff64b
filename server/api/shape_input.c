#include "api/shape_input.h"

#include "api/members.h"
#include "api/problem.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char entry_forms[] = "a size of 0 or more, null or -1 for unknown, \"H\", or \"H=224\"";

/* Room for one more binding; what is outgrown stays in the arena until its end. */
static bool make_room(shape_names *names, cvs_arena *arena) {
    if (names->count < names->capacity) return true;
    size_t capacity = names->capacity ? 2 * names->capacity : CVS_MAX_RANK;
    cvs_binding *grown = cvs_arena_alloc(arena, capacity * sizeof *grown);
    if (!grown) return false;
    if (names->count) memcpy(grown, names->bindings, names->count * sizeof *grown);
    names->bindings = grown;
    names->capacity = capacity;
    return true;
}

static cvs_status bind(shape_names *names, cvs_arena *arena, const char *name, int64_t value, cvs_error *err) {
    for (size_t i = 0; i < names->count; i++) {
        if (strcmp(names->bindings[i].name, name) != 0) continue;
        if (names->bindings[i].value == value) return CVS_OK;
        return cvs_fail(err, CVS_INVALID, "name-bound-twice", "", "%s is %lld on one axis and %lld on another.", name,
                        (long long)names->bindings[i].value, (long long)value);
    }
    if (!make_room(names, arena)) return problem_no_memory(err);
    names->bindings[names->count++] = (cvs_binding){name, value};
    return CVS_OK;
}

/* The number after the "=" of "H=224". */
static cvs_status read_value(const char *text, int64_t *value, cvs_error *err) {
    char *end;
    long long number = *text >= '0' && *text <= '9' ? strtoll(text, &end, 10) : -1;
    if (number >= 0 && *end == '\0' && number <= CVS_MAX_PARAMETER) {
        *value = number;
        return CVS_OK;
    }
    (void)cvs_fail(err, CVS_INVALID, "size-not-a-number", "", "What follows \"=\" must be a size of 0 to %lld.",
                   (long long)CVS_MAX_PARAMETER);
    cvs_fail_value(err, "%s", text);
    return CVS_INVALID;
}

/* "H" or "H=224". */
static cvs_status read_name(const char *text, cvs_arena *arena, shape_names *names, cvs_dim *dim, cvs_error *err) {
    if (!names->symbols) names->symbols = cvs_symbols_create(arena);
    const char *equals = strchr(text, '=');
    char *name = cvs_arena_copy(arena, text, equals ? (size_t)(equals - text) : strlen(text));
    if (!names->symbols || !name) return problem_no_memory(err);
    cvs_status status = cvs_symbols_name(names->symbols, name, dim, err);
    if (status != CVS_OK || !equals) return status;
    int64_t value;
    status = read_value(equals + 1, &value, err);
    return status == CVS_OK ? bind(names, arena, name, value, err) : status;
}

static cvs_status read_entry(const json_t *json, cvs_arena *arena, shape_names *names, cvs_dim *dim, cvs_error *err) {
    if (json_is_null(json)) {
        *dim = CVS_DIM_UNKNOWN;
        return CVS_OK;
    }
    if (json_is_string(json)) return read_name(json_string_value(json), arena, names, dim, err);
    if (!json_is_integer(json)) {
        (void)cvs_fail(err, CVS_INVALID, "wrong-type", "", "A size is a number, null or a name, and this is %s.",
                       members_type_name(json));
        cvs_fail_value(err, "%s", members_type_name(json));
        cvs_fail_expected(err, "%s", entry_forms);
        return CVS_INVALID;
    }
    *dim = json_integer_value(json);
    if (*dim >= CVS_DIM_UNKNOWN) return CVS_OK;
    (void)cvs_fail(err, CVS_INVALID, "size-negative", "", "The size %lld is negative; null or -1 stands for unknown.",
                   (long long)*dim);
    cvs_fail_value(err, "%lld", (long long)*dim);
    cvs_fail_expected(err, "%s", entry_forms);
    return CVS_INVALID;
}

cvs_status shape_input_read(const json_t *json, cvs_arena *arena, shape_names *names, cvs_shape *out, cvs_error *err) {
    *out = (cvs_shape){.rank = 0};
    if (!json_is_array(json)) {
        (void)cvs_fail(err, CVS_INVALID, "wrong-type", "",
                       "A shape is an array, e.g. [null, 28, 28, 1], and this is %s.", members_type_name(json));
        cvs_fail_expected(err, "an array");
        return CVS_INVALID;
    }
    size_t rank = json_array_size(json);
    if (rank < 1 || rank > CVS_MAX_RANK) {
        return cvs_fail(err, CVS_INVALID, "wrong-rank", "", "The shape has %zu axes, possible are 1 to %d.", rank,
                        CVS_MAX_RANK);
    }
    for (size_t i = 0; i < rank; i++) {
        cvs_status status = read_entry(json_array_get(json, i), arena, names, &out->dim[i], err);
        if (status == CVS_OK) continue;
        char pointer[24];
        snprintf(pointer, sizeof pointer, "/%zu", i);
        cvs_error_prefix(err, pointer);
        return status;
    }
    out->rank = (int)rank;
    return CVS_OK;
}

cvs_shape shape_input_bound(const shape_names *names, const cvs_shape *shape) {
    cvs_shape bound = *shape;
    for (int i = 0; i < bound.rank; i++) {
        cvs_dim value = cvs_dim_bind(names->symbols, bound.dim[i], names->bindings, names->count);
        if (cvs_dim_is_known(value)) bound.dim[i] = value;
    }
    return bound;
}
