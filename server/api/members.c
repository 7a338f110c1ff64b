#include "api/members.h"

#include <stdio.h>
#include <string.h>

const char *members_type_name(const json_t *json) {
    switch (json_typeof(json)) {
    case JSON_OBJECT:
        return "an object";
    case JSON_ARRAY:
        return "an array";
    case JSON_STRING:
        return "a string";
    case JSON_INTEGER:
        return "an integer";
    case JSON_REAL:
        return "a real number";
    case JSON_TRUE:
    case JSON_FALSE:
        return "true or false";
    default:
        return "null";
    }
}

cvs_status members_wrong_type(const json_t *got, const char *pointer, const char *expected, cvs_error *err) {
    const char *name = strrchr(pointer, '/');
    (void)cvs_fail(err, CVS_INVALID, "wrong-type", pointer, "%s must be %s, and is %s.",
                   name ? name + 1 : "The request", expected, members_type_name(got));
    cvs_fail_value(err, "%s", members_type_name(got));
    cvs_fail_expected(err, "%s", expected);
    return CVS_INVALID;
}

void members_pointer(char out[POINTER_SIZE], const char *pointer, const char *key) {
    size_t length = (size_t)snprintf(out, POINTER_SIZE, "%s/", pointer);
    for (; *key && length + 2 < POINTER_SIZE; key++) {
        if (*key == '~' || *key == '/') {
            out[length++] = '~';
            out[length++] = *key == '~' ? '0' : '1';
        } else {
            out[length++] = *key;
        }
    }
    if (length < POINTER_SIZE) out[length] = '\0';
}

static void list_names(const char *const *names, char *out, size_t size) {
    size_t length = 0;
    out[0] = '\0';
    for (; *names && length < size; names++) {
        int written = snprintf(out + length, size - length, "%s%s", length ? ", " : "", *names);
        length += written > 0 ? (size_t)written : 0;
    }
}

cvs_status members_unknown(const char *key, const char *pointer, const char *const *known, cvs_error *err) {
    char at[POINTER_SIZE], names[256];
    members_pointer(at, pointer, key);
    list_names(known, names, sizeof names);
    const char *nearest = cvs_nearest_name(key, known);
    if (nearest) {
        (void)cvs_fail(err, CVS_INVALID, "unknown-member", at, "There is no member \"%s\" here; did you mean \"%s\"?",
                       key, nearest);
    } else {
        (void)cvs_fail(err, CVS_INVALID, "unknown-member", at, "There is no member \"%s\" here.", key);
    }
    cvs_fail_value(err, "%s", key);
    cvs_fail_expected(err, "%s", names);
    return CVS_INVALID;
}

int members_find(const char *word, const char *const *names) {
    for (int i = 0; names[i]; i++) {
        if (names[i][0] == word[0] && strcmp(names[i], word) == 0) return i;
    }
    return -1;
}

cvs_status members_list(const json_t *json, const char *pointer, const char *const *known, const json_t **given,
                        cvs_error *err) {
    if (!json_is_object(json)) return members_wrong_type(json, pointer, "an object", err);
    json_t *object = (json_t *)(uintptr_t)json; /* jansson's iterators take no const */
    for (void *it = json_object_iter(object); it; it = json_object_iter_next(object, it)) {
        const char *key = json_object_iter_key(it);
        int place = members_find(key, known);
        if (place < 0) return members_unknown(key, pointer, known, err);
        const json_t *value = json_object_iter_value(it);
        if (given && !json_is_null(value)) given[place] = value;
    }
    return CVS_OK;
}

cvs_status members_check(const json_t *json, const char *pointer, const char *const *known, cvs_error *err) {
    return members_list(json, pointer, known, NULL, err);
}

const json_t *members_get(const json_t *object, const char *key) {
    const json_t *member = json_object_get(object, key);
    return json_is_null(member) ? NULL : member;
}

static cvs_status wrong_member(const json_t *got, const char *pointer, const char *key, const char *expected,
                               cvs_error *err) {
    char at[POINTER_SIZE];
    members_pointer(at, pointer, key);
    return members_wrong_type(got, at, expected, err);
}

cvs_status members_string(const json_t *object, const char *pointer, const char *key, const char **out,
                          cvs_error *err) {
    const json_t *member = members_get(object, key);
    if (!member) return CVS_OK;
    if (!json_is_string(member)) return wrong_member(member, pointer, key, "a string", err);
    *out = json_string_value(member);
    return CVS_OK;
}

cvs_status members_int(const json_t *object, const char *pointer, const char *key, int64_t *out, cvs_error *err) {
    const json_t *member = members_get(object, key);
    if (!member) return CVS_OK;
    if (!json_is_integer(member)) return wrong_member(member, pointer, key, "an integer", err);
    *out = json_integer_value(member);
    return CVS_OK;
}

cvs_status members_bool(const json_t *object, const char *pointer, const char *key, bool *out, cvs_error *err) {
    const json_t *member = members_get(object, key);
    if (!member) return CVS_OK;
    if (!json_is_boolean(member)) return wrong_member(member, pointer, key, "true or false", err);
    *out = json_is_true(member);
    return CVS_OK;
}

cvs_status members_array(const json_t *object, const char *pointer, const char *key, const json_t **out,
                         cvs_error *err) {
    const json_t *member = members_get(object, key);
    if (!member) return CVS_OK;
    if (!json_is_array(member)) return wrong_member(member, pointer, key, "an array", err);
    *out = member;
    return CVS_OK;
}

cvs_status members_positions(const json_t *array, const char *pointer, int64_t *out, int capacity, int *count,
                             cvs_error *err) {
    *count = 0;
    if (!json_is_array(array)) return members_wrong_type(array, pointer, "an array of integers", err);
    size_t size = json_array_size(array);
    if (size > (size_t)capacity) {
        return cvs_fail(err, CVS_INVALID, "wrong-length", pointer, "This array has %zu entries, possible are %d.", size,
                        capacity);
    }
    for (size_t i = 0; i < size; i++) {
        char at[POINTER_SIZE];
        snprintf(at, sizeof at, "%s/%zu", pointer, i);
        const json_t *entry = json_array_get(array, i);
        if (!json_is_integer(entry)) return members_wrong_type(entry, at, "an integer", err);
        out[i] = json_integer_value(entry);
    }
    *count = (int)size;
    return CVS_OK;
}

cvs_status members_choice(const char *word, const char *pointer, const char *const *names, const char *code, int *out,
                          cvs_error *err) {
    *out = members_find(word, names);
    if (*out >= 0) return CVS_OK;
    char list[256];
    list_names(names, list, sizeof list);
    const char *nearest = cvs_nearest_name(word, names);
    (void)cvs_fail(err, CVS_INVALID, code, pointer, "\"%s\" is none of %s%s%s%s", word, list,
                   nearest ? "; did you mean \"" : "", nearest ? nearest : "", nearest ? "\"?" : ".");
    cvs_fail_value(err, "%s", word);
    cvs_fail_expected(err, "%s", list);
    return CVS_INVALID;
}
