#include "model/names.h"

#include <limits.h>
#include <string.h>

enum { FIRST_CAPACITY = 64 };

/* FNV-1a (Fowler, Noll, Vo), 64 bits. */
static uint64_t hash(const char *text) {
    uint64_t value = UINT64_C(14695981039346656037);
    for (; *text; text++) value = (value ^ (unsigned char)*text) * UINT64_C(1099511628211);
    return value;
}

static cvs__name *place_of(const cvs__names *names, const char *text) {
    size_t at = (size_t)hash(text) & (names->capacity - 1);
    while (names->places[at].text && strcmp(names->places[at].text, text) != 0) at = (at + 1) & (names->capacity - 1);
    return &names->places[at];
}

int cvs__names_find(const cvs__names *names, const char *text) {
    if (names->count == 0) return -1;
    const cvs__name *place = place_of(names, text);
    return place->text ? place->number : -1;
}

/* What was there before stays in the arena: all tables together take twice the last one's room. */
static bool grow(cvs__names *names) {
    const cvs__names old = *names;
    names->capacity = old.capacity ? old.capacity * 2 : FIRST_CAPACITY;
    names->places = cvs_arena_alloc(names->arena, names->capacity * sizeof *names->places);
    if (!names->places) {
        *names = old;
        return false;
    }
    for (size_t i = 0; i < old.capacity; i++)
        if (old.places[i].text) *place_of(names, old.places[i].text) = old.places[i];
    return true;
}

bool cvs__names_add(cvs__names *names, const char *text, int number) {
    if (names->count * 2 >= names->capacity && !grow(names)) return false;
    cvs__name *place = place_of(names, text);
    names->count += !place->text;
    *place = (cvs__name){text, number};
    return true;
}

/* "text#use", or the text itself for use 1. */
static bool is_taken(const cvs__names *names, const char *text, char mark, int use, cvs_text *made) {
    cvs_text_clear(made);
    cvs_text_add(made, text);
    if (use > 1) cvs_text_addf(made, "%c%d", mark, use);
    return made->data && cvs__names_find(names, made->data) >= 0;
}

const char *cvs__names_unique(const cvs__names *names, const char *text, char mark) {
    cvs_text made = {0};
    int taken = 0, free = 1; /* as numbers of uses are: all are taken up to the first, and that one is free */
    while (free < INT_MAX / 2 && is_taken(names, text, mark, free, &made)) {
        taken = free;
        free *= 2;
    }
    while (free - taken > 1) {
        const int middle = taken + (free - taken) / 2;
        if (is_taken(names, text, mark, middle, &made))
            taken = middle;
        else
            free = middle;
    }
    (void)is_taken(names, text, mark, free, &made);
    const char *copy = made.failed ? NULL : cvs_arena_copy(names->arena, made.data ? made.data : "", made.length);
    cvs_text_free(&made);
    return copy;
}
