/*
 * mutate_json.c - how inputs that are JSON are changed: a value, a member, a piece of text at a time, so that what
 * comes out is JSON again and the change reaches what reads the values. One time in five, and where the input is no
 * JSON, bytes change as libFuzzer would have it. New members come from other inputs, by crossing two of them.
 */
#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t most);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t most, unsigned seed);
size_t LLVMFuzzerCustomCrossOver(const uint8_t *first, size_t first_size, const uint8_t *second, size_t second_size,
                                 uint8_t *out, size_t most, unsigned seed);

/* ---- chance ------------------------------------------------------------ */

/* splitmix64, Vigna */
typedef uint64_t dice;

static size_t roll(dice *d, size_t sides) {
    uint64_t z = *d += UINT64_C(0x9E3779B97F4A7C15);
    z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    return (size_t)((z ^ (z >> 31)) % sides);
}

/* ---- a place in the document ------------------------------------------- */

typedef struct place {
    json_t *parent, *value;
    const char *key; /* where the parent is an object */
    size_t index;    /* where it is an array */
} place;

static place child_of(json_t *parent, size_t index) {
    place at = {.parent = parent, .index = index};
    if (json_is_array(parent)) {
        at.value = json_array_get(parent, index);
        return at;
    }
    void *member = json_object_iter(parent);
    while (index-- > 0) member = json_object_iter_next(parent, member);
    at.key = json_object_iter_key(member);
    at.value = json_object_iter_value(member);
    return at;
}

static size_t children(const json_t *value) {
    return json_is_array(value) ? json_array_size(value) : json_object_size(value);
}

/* Level by level, so that the numbers of a tensor are not what is changed most. value is NULL in an empty root. */
static place pick(json_t *root, dice *d) {
    place at = {.parent = root};
    for (json_t *inside = root; children(inside) > 0; inside = at.value) {
        at = child_of(inside, roll(d, children(inside)));
        if (roll(d, 3) == 0) break;
    }
    return at;
}

static void put(place at, json_t *value) {
    if (!value) return;
    if (at.key) {
        json_object_set_new(at.parent, at.key, value);
    } else if (at.value) {
        json_array_set_new(at.parent, at.index, value);
    } else {
        json_decref(value);
    }
}

static void take_out(place at) {
    if (at.key)
        json_object_del(at.parent, at.key);
    else
        json_array_remove(at.parent, at.index);
}

/* ---- changes ----------------------------------------------------------- */

static json_t *any_scalar(dice *d) {
    static const json_int_t edges[] = {-1,        0,        1, 2, 3, 5, 8, 64, 255, INT32_MAX, INT64_C(1) << 32,
                                       INT64_MAX, INT64_MIN};
    static const char *const words[] = {"?", "H", "H=3", "same", "", "en", "0"};
    switch (roll(d, 6)) {
    case 0:
        return json_null();
    case 1:
        return json_boolean(roll(d, 2));
    case 2:
        return json_real((double)(int64_t)roll(d, 2000) / 64 - 15);
    case 3:
        return json_string(words[roll(d, sizeof words / sizeof *words)]);
    default:
        return json_integer(edges[roll(d, sizeof edges / sizeof *edges)]);
    }
}

/* The text as libFuzzer mutates it; NULL where that is no UTF-8. */
static json_t *mutated_text(const json_t *string) {
    enum { MOST = 1024 };
    char text[MOST];
    size_t length = json_string_length(string);
    if (length > MOST / 2) length = MOST / 2;
    memcpy(text, json_string_value(string), length);
    length = LLVMFuzzerMutate((uint8_t *)text, length, MOST);
    return json_stringn(text, length);
}

static json_t *mutated_integer(const json_t *integer, dice *d) {
    const uint64_t value = (uint64_t)json_integer_value(integer);
    switch (roll(d, 5)) {
    case 0:
        return json_integer((json_int_t)(value + 1));
    case 1:
        return json_integer((json_int_t)(value - 1));
    case 2:
        return json_integer((json_int_t)(value * 2));
    case 3:
        return json_integer((json_int_t)(0 - value));
    default:
        return json_integer((json_int_t)(1 + roll(d, 16)));
    }
}

/* One element, or member, more or less; or two elements change places. */
static void change_container(json_t *container, dice *d) {
    const size_t count = children(container);
    if (count == 0) {
        if (json_is_array(container)) json_array_append_new(container, any_scalar(d));
        return;
    }
    place one = child_of(container, roll(d, count)), other = child_of(container, roll(d, count));
    switch (roll(d, 3)) {
    case 0:
        take_out(one);
        break;
    case 1:
        if (json_is_array(container)) json_array_insert_new(container, one.index, json_deep_copy(other.value));
        break;
    default: {
        json_t *kept = json_deep_copy(one.value);
        put(one, json_deep_copy(other.value));
        put(other, kept);
    }
    }
}

static void change(place at, dice *d) {
    if (!at.value || roll(d, 8) == 0) {
        put(at, any_scalar(d));
    } else if (json_is_string(at.value)) {
        put(at, mutated_text(at.value));
    } else if (json_is_integer(at.value)) {
        put(at, mutated_integer(at.value, d));
    } else if (json_is_array(at.value) || json_is_object(at.value)) {
        change_container(at.value, d);
    } else {
        put(at, any_scalar(d));
    }
}

/* ---- what libFuzzer calls ---------------------------------------------- */

/* *used: the bytes that are the JSON. */
static json_t *parse(const uint8_t *data, size_t size, size_t *used) {
    json_error_t end;
    json_t *root = json_loadb((const char *)data, size, JSON_DISABLE_EOF_CHECK, &end);
    *used = root ? (size_t)end.position : 0;
    return root;
}

/* The JSON and what follows it; 0 when it does not fit. */
static size_t write(json_t *root, const uint8_t *rest, size_t rest_size, uint8_t *out, size_t most) {
    const size_t length = json_dumpb(root, (char *)out, most, JSON_COMPACT | JSON_REAL_PRECISION(9));
    if (length > most || most - length < rest_size) return 0;
    memcpy(out + length, rest, rest_size);
    return length + rest_size;
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t most, unsigned seed) {
    dice d = seed;
    size_t used = 0;
    json_t *root = roll(&d, 5) ? parse(data, size, &used) : NULL;
    if (!root) return LLVMFuzzerMutate(data, size, most);
    for (size_t changes = 1 + roll(&d, 3); changes > 0; changes--) change(pick(root, &d), &d);
    uint8_t *room = malloc(most);
    const size_t length = room ? write(root, data + used, size - used, room, most) : 0;
    if (length > 0) memcpy(data, room, length);
    free(room);
    json_decref(root);
    return length > 0 ? length : LLVMFuzzerMutate(data, size, most);
}

/* A value of the second input where one is in the first, or as a member beside it. */
size_t LLVMFuzzerCustomCrossOver(const uint8_t *first, size_t first_size, const uint8_t *second, size_t second_size,
                                 uint8_t *out, size_t most, unsigned seed) {
    dice d = seed;
    size_t used, unused, length = 0;
    json_t *root = parse(first, first_size, &used), *other = parse(second, second_size, &unused);
    if (root && other) {
        const place to = pick(root, &d), from = pick(other, &d);
        if (from.value && from.key && to.key && roll(&d, 4) > 0)
            json_object_set_new(to.parent, from.key, json_deep_copy(from.value));
        else if (from.value)
            put(to, json_deep_copy(from.value));
        length = write(root, first + used, first_size - used, out, most);
    }
    json_decref(root);
    json_decref(other);
    return length;
}
