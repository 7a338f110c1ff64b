/* diff_compare.c - what changed between two models whose layers are matched. */
#include "api/problem.h"
#include "api/review/diff.h"

#include <string.h>

#define SHARE(name) offsetof(cvs_model_layer, name)

const diff_figure diff_figures[] = {
    {"parameters", "parameters", SHARE(parameters)},
    {"trainable", "trainable", SHARE(trainable)},
    {"macs", "MACs", SHARE(cost.macs)},
    {"output_bytes", "bytes of output", SHARE(output_bytes)},
    {"live_bytes", "bytes alive", SHARE(live_bytes)},
    {NULL, NULL, 0},
};

int64_t diff_figure_of(const cvs_model_layer *layer, const diff_figure *figure) {
    return *(const int64_t *)(const void *)((const char *)layer + figure->in_layer);
}

/* ---- layers -------------------------------------------------------------------------- */

void diff_each_setting(const json_t *before, const json_t *after, diff_setting_visit *visit, void *context) {
    /* jansson's iterators want a json_t that is not const */
    json_t *one = (json_t *)(uintptr_t)before, *other = (json_t *)(uintptr_t)after;
    for (void *i = json_object_iter(one); i; i = json_object_iter_next(one, i)) {
        const char *key = json_object_iter_key(i);
        const json_t *was = json_object_iter_value(i), *is = json_object_get(after, key);
        if (!diff_is_derived(key) && !(is && json_equal(was, is))) visit(key, was, is, context);
    }
    for (void *i = json_object_iter(other); i; i = json_object_iter_next(other, i)) {
        const char *key = json_object_iter_key(i);
        if (!diff_is_derived(key) && !json_object_get(before, key))
            visit(key, NULL, json_object_iter_value(i), context);
    }
}

static void note_change(const char *name, const json_t *before, const json_t *after, void *context) {
    (void)name;
    (void)before;
    (void)after;
    *(bool *)context = true;
}

static bool same_settings(const json_t *a, const json_t *b) {
    bool changed = !a != !b;
    if (!changed) diff_each_setting(a, b, note_change, &changed);
    return !changed;
}

/* Symbols of one side mean nothing on the other, but the requests give the same names in the same order. */
static bool same_shape(const cvs_model_tensor *a, const cvs_model_tensor *b) {
    if (a->ranked != b->ranked || (a->ranked && a->shape.rank != b->shape.rank)) return false;
    return !a->ranked || memcmp(a->shape.dim, b->shape.dim, (size_t)a->shape.rank * sizeof *a->shape.dim) == 0;
}

static bool same_outputs(const model_diff *diff, const cvs_model_layer *a, const cvs_model_layer *b) {
    if (a->output_count != b->output_count) return false;
    for (int i = 0; i < a->output_count; i++)
        if (!same_shape(&diff->before.tensors[a->outputs[i]], &diff->after.tensors[b->outputs[i]])) return false;
    return true;
}

static bool same_field(const cvs_receptive_field *a, const cvs_receptive_field *b) {
    return a->rank == b->rank && memcmp(a->size, b->size, (size_t)a->rank * sizeof *a->size) == 0;
}

diff_pair diff_compare(const model_diff *diff, int before, int after) {
    const cvs_model_layer *a = &diff->before.layers[before], *b = &diff->after.layers[after];
    diff_pair pair = {
        .before = before,
        .after = after,
        .name = strcmp(a->name, b->name) != 0,
        .type = strcmp(a->type, b->type) != 0,
        .settings = !same_settings(diff->before.about[before].settings, diff->after.about[after].settings),
        .shape = !same_outputs(diff, a, b),
        .field = !same_field(&a->field.least, &b->field.least) || !same_field(&a->field.most, &b->field.most),
        .state = a->state != b->state,
    };
    for (const diff_figure *figure = diff_figures; figure->name; figure++)
        pair.figures |= diff_figure_of(a, figure) != diff_figure_of(b, figure);
    return pair;
}

bool diff_changed(const diff_pair *pair) {
    return pair->name || pair->type || pair->settings || pair->shape || pair->field || pair->state || pair->figures;
}

const char *diff_word(const diff_pair *pair, int before, int after) {
    if (after < 0) return "removed";
    if (before < 0) return "added";
    diff_pair rest = *pair;
    rest.name = false;
    return diff_changed(&rest) ? "changed" : "renamed";
}

void diff_each(const model_diff *diff, void (*visit)(const model_diff *diff, int before, int after, void *context),
               void *context) {
    int next = 0; /* of those before */
    for (int after = 0; after < diff->after.count; after++) {
        const int before = diff->after.about[after].other;
        for (; next < before; next++)
            if (diff->before.about[next].other < 0) visit(diff, next, -1, context);
        if (next == before) next++;
        visit(diff, before, after, context);
    }
    for (; next < diff->before.count; next++)
        if (diff->before.about[next].other < 0) visit(diff, next, -1, context);
}

/* ---- findings -------------------------------------------------------------------------- */

static bool same_finding(const diff_side *side, const cvs_model_finding *one, const cvs_model_finding *other) {
    const int layer = one->layer < 0 ? -1 : side->about[one->layer].other;
    if (one->layer >= 0 && layer < 0) return false;
    return one->rule == other->rule && layer == other->layer && one->axis == other->axis;
}

/* Each finding of `other` stands for one of `side`. */
static cvs_status mark_gone(model_diff *diff, diff_side *side, const diff_side *other) {
    const int count = side->r.found.count, others = other->r.found.count;
    bool *taken = cvs_arena_alloc(&diff->call->arena, (size_t)others + 1);
    side->gone = cvs_arena_alloc(&diff->call->arena, (size_t)count + 1);
    if (!taken || !side->gone) return problem_no_memory(&diff->call->error);
    for (int i = 0; i < count; i++) {
        int match = 0;
        while (match < others &&
               (taken[match] || !same_finding(side, &side->r.found.finding[i], &other->r.found.finding[match])))
            match++;
        side->gone[i] = match == others;
        if (match < others) taken[match] = true;
    }
    return CVS_OK;
}

static void count_pair(const model_diff *diff, int before, int after, void *context) {
    int *unchanged = context;
    if (before < 0 || after < 0) return;
    const diff_pair pair = diff_compare(diff, before, after);
    *unchanged += !diff_changed(&pair);
}

cvs_status diff_find(model_diff *diff) {
    diff_each(diff, count_pair, &diff->unchanged);
    const cvs_status status = mark_gone(diff, &diff->before, &diff->after);
    return status == CVS_OK ? mark_gone(diff, &diff->after, &diff->before) : status;
}
