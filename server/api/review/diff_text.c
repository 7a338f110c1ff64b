/* diff_text.c - what changed between two models, for people: plain text, and a comment in Markdown. */
#include "api/review/diff.h"

#include <stdlib.h>

/* How a text is put together: plain, or as Markdown. */
typedef struct style {
    void (*add)(const char *text, cvs_text *out); /* a user's text */
    const char *row, *cell, *end;                 /* of a line: before it, between what is in it, behind it */
} style;

static const style plain = {review_add_plain, "", "  ", "\n"};
static const style markdown = {review_markdown_add, "| ", " | ", " |\n"};

typedef struct writing {
    const style *s;
    cvs_text *out;
    int rows;
} writing;

static void add_change(int64_t before, int64_t after, cvs_text *out) {
    if (before < 0 || after < 0) {
        cvs_text_add(out, "?");
        return;
    }
    const int64_t change = after - before;
    cvs_text_add(out, change < 0 ? "-" : "+");
    review_add_count(change < 0 ? -change : change, out);
    if (before > 0) cvs_text_addf(out, " (%+.1f %%)", 100.0 * (double)change / (double)before);
}

/* ---- totals ------------------------------------------------------------------------------ */

static int64_t value_of(const review *r, const review_sum *sum) {
    const cvs_model_sum *total = review_sum_of(&r->totals, sum);
    return total->completeness == CVS_MODEL_UNAVAILABLE ? CVS_DIM_UNKNOWN : total->value;
}

/* Some layers may be left out. */
static void add_total(const review *r, const review_sum *sum, cvs_text *out) {
    if (review_sum_of(&r->totals, sum)->completeness == CVS_MODEL_PARTIAL) cvs_text_add(out, "at least ");
    (sum->bytes ? review_add_bytes : review_add_count)(value_of(r, sum), out);
}

static void write_totals(const model_diff *diff, const style *s, cvs_text *out) {
    for (const review_sum *sum = review_sums; sum->name; sum++) {
        const int64_t before = value_of(&diff->before.r, sum), after = value_of(&diff->after.r, sum);
        cvs_text_addf(out, "%s%s%s", s->row, sum->words, s->cell);
        add_total(&diff->before.r, sum, out);
        cvs_text_add(out, s->cell);
        add_total(&diff->after.r, sum, out);
        cvs_text_add(out, s->cell);
        if (before == after)
            cvs_text_add(out, "=");
        else
            add_change(before, after, out);
        cvs_text_add(out, s->end);
    }
}

/* ---- layers -------------------------------------------------------------------------------- */

static void add_shapes(const diff_side *side, int number, const style *s, cvs_text *out) {
    cvs_text shape = {0};
    for (int i = 0; i < side->layers[number].output_count; i++) {
        if (i > 0) cvs_text_add(&shape, ", ");
        review_add_shape(&side->r, &side->tensors[side->layers[number].outputs[i]], &shape);
    }
    s->add(shape.data ? shape.data : "", out);
    if (shape.failed) out->failed = true;
    cvs_text_free(&shape);
}

static void add_fields(const cvs_model_layer *before, const cvs_model_layer *after, cvs_text *out) {
    cvs_text_add(out, "; receptive field ");
    review_add_field(&before->field, out);
    cvs_text_add(out, " to ");
    review_add_field(&after->field, out);
}

/* "; kernel [1,1] to [3,3]" */
static void add_setting(const char *name, const json_t *before, const json_t *after, void *context) {
    const writing *w = context;
    const json_t *both[] = {before, after};
    cvs_text_addf(w->out, "; %s ", name);
    for (int i = 0; i < 2; i++) {
        char *text = both[i] ? json_dumps(both[i], JSON_ENCODE_ANY | JSON_COMPACT) : NULL;
        if (both[i] && !text) w->out->failed = true;
        if (i > 0) cvs_text_add(w->out, " to ");
        w->s->add(text ? text : "none", w->out);
        free(text);
    }
}

/* "(None, 8, 8, 4) to (None, 8, 8, 8); parameters +112 (+100.0 %)" */
static void add_changes(const model_diff *diff, const diff_pair *pair, const writing *w) {
    const cvs_model_layer *was = &diff->before.layers[pair->before], *is = &diff->after.layers[pair->after];
    cvs_text *out = w->out;
    add_shapes(&diff->before, pair->before, w->s, out);
    if (pair->shape) {
        cvs_text_add(out, " to ");
        add_shapes(&diff->after, pair->after, w->s, out);
    }
    if (pair->settings)
        diff_each_setting(diff->before.about[pair->before].settings, diff->after.about[pair->after].settings,
                          add_setting, (void *)(uintptr_t)w);
    for (const diff_figure *figure = diff_figures; figure->name; figure++) {
        const int64_t before = diff_figure_of(was, figure), after = diff_figure_of(is, figure);
        if (before == after) continue;
        cvs_text_addf(out, "; %s ", figure->words);
        add_change(before, after, out);
    }
    if (pair->field) add_fields(was, is, out);
    if (pair->state) cvs_text_addf(out, "; %s, was %s", review_state_name(is->state), review_state_name(was->state));
}

static void add_layer(const diff_side *side, int number, const writing *w) {
    cvs_text layer = {0};
    review_add_layer(&side->r, number, &layer);
    w->s->add(layer.data ? layer.data : "", w->out);
    if (layer.failed) w->out->failed = true;
    cvs_text_free(&layer);
}

static void write_layer(const model_diff *diff, int before, int after, void *context) {
    writing *w = context;
    diff_pair pair = {.name = false};
    if (before >= 0 && after >= 0) {
        pair = diff_compare(diff, before, after);
        if (!diff_changed(&pair)) return;
    }
    w->rows++;
    cvs_text_addf(w->out, "%s%s%s", w->s->row, diff_word(&pair, before, after), w->s->cell);
    if (before >= 0) add_layer(&diff->before, before, w);
    if (pair.name || pair.type) {
        cvs_text_add(w->out, " to ");
        add_layer(&diff->after, after, w);
    }
    if (before < 0) add_layer(&diff->after, after, w);
    cvs_text_add(w->out, w->s->cell);
    if (before >= 0 && after >= 0)
        add_changes(diff, &pair, w);
    else if (before >= 0)
        add_shapes(&diff->before, before, w->s, w->out);
    else
        add_shapes(&diff->after, after, w->s, w->out);
    cvs_text_add(w->out, w->s->end);
}

/* ---- findings -------------------------------------------------------------------------------- */

static int write_findings(const diff_side *side, const char *word, const style *s, cvs_text *out) {
    int count = 0;
    for (int i = 0; i < side->r.found.count; i++) {
        const cvs_model_finding *finding = &side->r.found.finding[i];
        if (!side->gone[i]) continue;
        count++;
        cvs_text_addf(out, "%s%s%s%s %s", s->row, word, s->cell, cvs_level_name(finding->level), finding->rule->id);
        cvs_text_add(out, s->cell);
        if (finding->layer >= 0) s->add(review_layer_name(&side->r, finding->layer), out);
        cvs_text_add(out, s->cell);
        s->add(finding->message, out);
        cvs_text_add(out, s->end);
    }
    return count;
}

/* ---- both forms -------------------------------------------------------------------------------- */

void diff_write_table(const model_diff *diff, cvs_text *out) {
    writing w = {&plain, out, 0};
    write_totals(diff, &plain, out);
    cvs_text_add(out, "\n");
    diff_each(diff, write_layer, &w);
    cvs_text_addf(out, "%d layers unchanged\n\n", diff->unchanged);
    const int fresh = write_findings(&diff->after, "new", &plain, out);
    const int fixed = write_findings(&diff->before, "fixed", &plain, out);
    cvs_text_addf(out, "%d new, %d fixed\n", fresh, fixed);
}

void diff_write_markdown(const model_diff *diff, cvs_text *out) {
    writing w = {&markdown, out, 0};
    cvs_text_add(out, "### Model changes\n\n| of one sample | before | after | change |\n"
                      "| --- | ---: | ---: | ---: |\n");
    write_totals(diff, &markdown, out);
    cvs_text_add(out, "\n| change | layer | what |\n| --- | --- | --- |\n");
    diff_each(diff, write_layer, &w);
    cvs_text_addf(out, "\n%d layers changed, %d did not.\n\n", w.rows, diff->unchanged);
    cvs_text_add(out, "| finding | rule | layer | what |\n| --- | --- | --- | --- |\n");
    (void)write_findings(&diff->after, "new", &markdown, out);
    (void)write_findings(&diff->before, "fixed", &markdown, out);
}
