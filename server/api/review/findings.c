/* findings.c - what the rules find in a model: where it stands, and whether it is known already. */
#include "api/problem.h"
#include "api/review/ignored.h"
#include "api/review/review.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- fingerprints ------------------------------------------------------------------------ */

/* FNV-1a, 64 bits: not for secrets. */
static uint64_t hash(uint64_t so_far, const char *text) {
    for (;; text++) {
        so_far = (so_far ^ (unsigned char)*text) * UINT64_C(0x100000001b3);
        if (!*text) return so_far;
    }
}

/* Of the rule, the layer and the setting it is about, not of where they stand. Of the whole model there may be several
 * of one rule: which figure each is about says which it is. */
static void set_fingerprint(const cvs_model_finding *finding, const cvs_model_layer *layer, review_finding *out) {
    uint64_t sum = hash(UINT64_C(0xcbf29ce484222325), finding->rule->id);
    const char axis[] = {(char)('0' + finding->axis + 1), '\0'};
    if (layer) {
        const size_t length = strlen(layer->pointer);
        const bool below = strncmp(finding->pointer, layer->pointer, length) == 0;
        sum = hash(hash(hash(sum, layer->name), layer->type), below ? finding->pointer + length : "");
    }
    for (int i = 0; !layer && i < finding->number_count; i++) sum = hash(sum, finding->numbers[i].name);
    snprintf(out->fingerprint, sizeof out->fingerprint, "%016" PRIx64 ":1", hash(sum, axis));
}

static int compare(const void *key, const void *entry) { return strcmp(key, *(const char *const *)entry); }

static bool is_known(const review_baseline *baseline, const char *fingerprint) {
    return baseline->given && bsearch(fingerprint, baseline->fingerprints, baseline->count,
                                      sizeof *baseline->fingerprints, compare) != NULL;
}

/* ---- places ----------------------------------------------------------------------------------- */

/* In JSON by the pointers; in a text the places are known. */
static cvs_status place(review *r) {
    const size_t count = (size_t)r->found.count;
    if (!r->text.is_json || !r->text.bytes || count == 0) return CVS_OK;
    source_mark *marks = cvs_arena_alloc(&r->call->arena, count * sizeof *marks);
    if (!marks) return problem_no_memory(&r->call->error);
    for (size_t i = 0; i < count; i++) marks[i].pointer = r->found.finding[i].pointer;
    source_find(r->text.bytes, r->text.length, marks, count);
    for (size_t i = 0; i < count; i++) {
        const source_mark *mark = source_mark_of(marks, count, r->found.finding[i].pointer);
        if (mark) r->beside[i].region = mark->region;
    }
    return CVS_OK;
}

bool review_shows(const review *r, int number) { return !r->beside[number].known && !r->beside[number].ignored; }

bool review_has_error(const review *r, int layer) {
    for (int i = 0; i < r->found.count; i++)
        if (r->found.finding[i].layer == layer && r->found.finding[i].level == CVS_ERROR) return true;
    return false;
}

static void count(review *r, const cvs_model_layer *layers, int layer_count) {
    for (int i = 0; i < r->found.count; i++) {
        if (r->beside[i].ignored)
            r->ignored++;
        else if (r->beside[i].known)
            r->known++;
        else
            r->counts[r->found.finding[i].level]++;
    }
    for (int i = 0; i < layer_count; i++)
        if (layers[i].state == CVS_MODEL_FAILED && !review_has_error(r, i)) r->failed++;
}

cvs_status review_judge(review *r) {
    int layer_count;
    const cvs_model_layer *layers = cvs_model_layers(r->model, &layer_count);
    cvs_error *err = &r->call->error;
    const cvs_status status = cvs_model_findings(&r->call->arena, r->model, &r->wish->judge, &r->found, err);
    if (status != CVS_OK) return status;
    ignored comments;
    if (ignored_read(&comments, &r->text, &r->call->arena, err) != CVS_OK) return err->status;
    r->beside = cvs_arena_alloc(&r->call->arena, ((size_t)r->found.count + 1) * sizeof *r->beside);
    if (!r->beside) return problem_no_memory(err);
    for (int i = 0; i < r->found.count; i++) {
        const cvs_model_finding *finding = &r->found.finding[i];
        const cvs_place *at = &finding->place;
        set_fingerprint(finding, finding->layer >= 0 ? &layers[finding->layer] : NULL, &r->beside[i]);
        r->beside[i].known = is_known(&r->wish->baseline, r->beside[i].fingerprint);
        r->beside[i].ignored = ignored_has(&comments, finding->rule, at->line);
        if (at->line > 0) r->beside[i].region = (source_region){at->line, at->column, at->line, at->column, 0, 0};
    }
    count(r, layers, layer_count);
    return place(r);
}
