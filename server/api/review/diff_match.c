/* diff_match.c - which layer of one model is which of the other. */
#include "api/problem.h"
#include "api/review/diff.h"

#include <stdlib.h>
#include <string.h>

/* Pairs of layers that are weighed against each other; of more, only names are compared. */
enum { MOST_CELLS = 16 * 1024 * 1024 };

/* ---- what a layer is -------------------------------------------------------------------- */

bool diff_is_derived(const char *setting) { return strcmp(setting, "in_channels") == 0; }

/* FNV-1a */
static uint64_t hash_text(uint64_t sum, const char *text) {
    for (; *text; text++) sum = (sum ^ (unsigned char)*text) * UINT64_C(0x100000001b3);
    return sum;
}

/* Members in any order. */
static bool hash_settings(const json_t *settings, uint64_t *sum) {
    json_t *object = (json_t *)(uintptr_t)settings; /* jansson's iterators want a json_t that is not const */
    for (void *i = json_object_iter(object); i; i = json_object_iter_next(object, i)) {
        if (diff_is_derived(json_object_iter_key(i))) continue;
        char *value = json_dumps(json_object_iter_value(i), JSON_ENCODE_ANY | JSON_COMPACT | JSON_SORT_KEYS);
        if (!value) return false;
        *sum += hash_text(hash_text(UINT64_C(0xcbf29ce484222325), json_object_iter_key(i)), value);
        free(value);
    }
    return true;
}

static cvs_status read_settings(model_diff *diff, const cvs_inference *inference, diff_layer *out) {
    cvs_text text = {0};
    cvs_error ignored = {0};
    json_t *json = NULL;
    cvs_status status = cvs_dialect_write(inference, CVS_CONVSCOPE, CVS_ENGLISH, &text, &ignored);
    if (text.failed) status = CVS_NO_MEMORY;
    if (status == CVS_OK) status = call_parse(diff->call, text.data, text.length, "The layer", &json);
    cvs_text_free(&text);
    if (status == CVS_NO_MEMORY) return problem_no_memory(&diff->call->error);
    if (status == CVS_TOO_LARGE) return status;
    out->settings = json;
    return !json || hash_settings(json, &out->hash) ? CVS_OK : problem_no_memory(&diff->call->error);
}

static cvs_status describe(model_diff *diff, diff_side *side) {
    cvs_status status = CVS_OK;
    side->about = cvs_arena_alloc(&diff->call->arena, ((size_t)side->count + 1) * sizeof *side->about);
    if (!side->about) return problem_no_memory(&diff->call->error);
    for (int i = 0; i < side->count && status == CVS_OK; i++) {
        side->about[i].other = -1;
        side->about[i].hash = hash_text(UINT64_C(0xcbf29ce484222325), side->layers[i].type);
        if (side->layers[i].inference) status = read_settings(diff, side->layers[i].inference, &side->about[i]);
    }
    return status;
}

/* ---- how much two layers have in common ------------------------------------------------------ */

static const char *type_before(const diff_side *side, int layer) {
    const cvs_model_layer *seen = &side->layers[layer];
    const int producer = seen->input_count > 0 ? side->tensors[seen->inputs[0]].producer : -1;
    return producer < 0 ? "" : side->layers[producer].type;
}

/* 0: they are no match. */
static int likeness(const model_diff *diff, int before, int after) {
    const cvs_model_layer *a = &diff->before.layers[before], *b = &diff->after.layers[after];
    const bool same_name = strcmp(a->name, b->name) == 0;
    if (strcmp(a->type, b->type) != 0) return same_name ? 1 : 0;
    return 4 + 2 * same_name + 5 * (diff->before.about[before].hash == diff->after.about[after].hash) +
           (a->input_count == b->input_count) +
           (strcmp(type_before(&diff->before, before), type_before(&diff->after, after)) == 0);
}

static void pair(model_diff *diff, int before, int after) {
    diff->before.about[before].other = after;
    diff->after.about[after].other = before;
}

static bool is_same(const model_diff *diff, int before, int after) {
    return diff->before.about[before].hash == diff->after.about[after].hash &&
           strcmp(diff->before.layers[before].name, diff->after.layers[after].name) == 0;
}

/* ---- the best of all ways to match them in their order ------------------------------------------ */

/* Layers that are not the same at both ends. */
typedef struct middle {
    int before, after; /* the first of each */
    int rows, columns;
} middle;

enum { SKIP_BEFORE, SKIP_AFTER, MATCH };

/* The most that a row and those above it can have, column by column; and how: a way a cell. */
static void fill_row(const model_diff *diff, const middle *m, int row, int *best, unsigned char *way) {
    int corner = best[0]; /* of the row above, one to the left */
    for (int column = 1; column <= m->columns; column++) {
        const int above = best[column], left = best[column - 1];
        const int like = likeness(diff, m->before + row, m->after + column - 1);
        best[column] = above >= left ? above : left;
        way[column - 1] = above >= left ? SKIP_BEFORE : SKIP_AFTER;
        if (like > 0 && corner + like > best[column]) {
            best[column] = corner + like;
            way[column - 1] = MATCH;
        }
        corner = above;
    }
}

static void walk_back(model_diff *diff, const middle *m, const unsigned char *ways) {
    int row = m->rows, column = m->columns;
    while (row > 0 && column > 0) {
        const unsigned char way = ways[(size_t)(row - 1) * (size_t)m->columns + (size_t)column - 1];
        if (way == MATCH) pair(diff, m->before + row - 1, m->after + column - 1);
        row -= way != SKIP_AFTER;
        column -= way != SKIP_BEFORE;
    }
}

static cvs_status align(model_diff *diff, const middle *m) {
    const size_t cells = (size_t)m->rows * (size_t)m->columns;
    if (cells == 0 || cells > MOST_CELLS) return CVS_OK;
    unsigned char *ways = cvs_arena_take(&diff->call->arena, cells);
    int *best = cvs_arena_alloc(&diff->call->arena, ((size_t)m->columns + 1) * sizeof *best);
    if (!ways || !best) return problem_no_memory(&diff->call->error);
    for (int row = 0; row < m->rows; row++) fill_row(diff, m, row, best, ways + (size_t)row * (size_t)m->columns);
    walk_back(diff, m, ways);
    return CVS_OK;
}

/* ---- what has moved -------------------------------------------------------------------------------- */

typedef struct name_entry {
    const char *name;
    int layer;
} name_entry;

static int compare_names(const void *a, const void *b) {
    return strcmp(((const name_entry *)a)->name, ((const name_entry *)b)->name);
}

/* Layers that are left and have the same name and type. */
static cvs_status match_names(model_diff *diff) {
    const diff_side *after = &diff->after;
    name_entry *entries = cvs_arena_take(&diff->call->arena, ((size_t)after->count + 1) * sizeof *entries);
    size_t count = 0;
    if (!entries) return problem_no_memory(&diff->call->error);
    for (int i = 0; i < after->count; i++)
        if (after->about[i].other < 0) entries[count++] = (name_entry){after->layers[i].name, i};
    qsort(entries, count, sizeof *entries, compare_names);
    for (int i = 0; i < diff->before.count; i++) {
        const name_entry key = {diff->before.layers[i].name, i};
        if (diff->before.about[i].other >= 0) continue;
        const name_entry *found = bsearch(&key, entries, count, sizeof *entries, compare_names);
        if (found && strcmp(diff->before.layers[i].type, after->layers[found->layer].type) == 0)
            pair(diff, i, found->layer);
    }
    return CVS_OK;
}

cvs_status diff_match(model_diff *diff) {
    middle m = {.rows = diff->before.count, .columns = diff->after.count};
    cvs_status status = describe(diff, &diff->before);
    if (status == CVS_OK) status = describe(diff, &diff->after);
    if (status != CVS_OK) return status;
    while (m.rows > 0 && m.columns > 0 && is_same(diff, m.before, m.after)) {
        pair(diff, m.before++, m.after++);
        m.rows--;
        m.columns--;
    }
    while (m.rows > 0 && m.columns > 0 && is_same(diff, m.before + m.rows - 1, m.after + m.columns - 1)) {
        m.rows--;
        m.columns--;
        pair(diff, m.before + m.rows, m.after + m.columns);
    }
    status = align(diff, &m);
    return status == CVS_OK ? match_names(diff) : status;
}
