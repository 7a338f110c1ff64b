/* table.c - a review as text: the table that people know from summary(), and the findings below it. */
#include "api/review/rows.h"

#include <string.h>

enum { COLUMNS = 6, GAP = 2, WIDEST = 60 };

typedef struct table {
    size_t width[COLUMNS];
    cvs_text cell;
    bool failed;   /* some cell has */
    cvs_text *out; /* NULL: cells are measured */
} table;

/* Characters, as far as that is known of a text: code points. */
static size_t width_of(const cvs_text *text) {
    size_t width = 0;
    for (size_t i = 0; i < text->length; i++) width += (text->data[i] & 0xC0) != 0x80;
    return width;
}

static void add_times(cvs_text *out, const char *what, size_t times) {
    while (times-- > 0) cvs_text_add(out, what);
}

static void take_cell(table *t, size_t column, bool is_number) {
    const size_t width = width_of(&t->cell), most = t->width[column];
    t->failed |= t->cell.failed;
    if (!t->out) {
        if (width > most) t->width[column] = width < WIDEST ? width : WIDEST;
        return;
    }
    const size_t space = width < most ? most - width : 0;
    if (is_number) add_times(t->out, " ", space);
    if (t->cell.length) cvs_text_append(t->out, t->cell.data, t->cell.length);
    if (column + 1 == COLUMNS) return;
    if (!is_number) add_times(t->out, " ", space);
    add_times(t->out, " ", GAP);
}

static void trim_line(cvs_text *out) {
    while (out->length > 0 && out->data[out->length - 1] == ' ') out->data[--out->length] = '\0';
    cvs_text_add(out, "\n");
}

static void take_row(const review *r, const cvs_model_layer *layer, void *context) {
    table *t = context;
    for (size_t i = 0; i < review_column_count; i++) {
        cvs_text_clear(&t->cell);
        review_columns[i].write(r, layer, &t->cell);
        take_cell(t, i, review_columns[i].is_number);
    }
    if (t->out && !t->out->failed) trim_line(t->out);
}

static void take_titles(table *t) {
    for (size_t i = 0; i < review_column_count; i++) {
        cvs_text_clear(&t->cell);
        cvs_text_add(&t->cell, review_columns[i].title);
        take_cell(t, i, review_columns[i].is_number);
    }
    if (t->out && !t->out->failed) trim_line(t->out);
}

static void write_rows(const review *r, cvs_text *out) {
    table t = {0};
    _Static_assert(COLUMNS == 6, "as many as review_columns has");
    take_titles(&t);
    review_each_row(r, take_row, &t);
    size_t whole = (COLUMNS - 1) * GAP;
    for (size_t i = 0; i < COLUMNS; i++) whole += t.width[i];
    t.out = out;
    take_titles(&t);
    add_times(out, "=", whole);
    cvs_text_add(out, "\n");
    review_each_row(r, take_row, &t);
    add_times(out, "=", whole);
    cvs_text_add(out, "\n");
    if (t.failed) out->failed = true;
    cvs_text_free(&t.cell);
}

static void write_sum(const review *r, const review_sum *sum, cvs_text *out) {
    const cvs_model_sum *value = review_sum_of(&r->totals, sum);
    const bool known = value->completeness != CVS_MODEL_UNAVAILABLE;
    cvs_text_addf(out, "%s: ", sum->words);
    if (value->completeness == CVS_MODEL_PARTIAL) cvs_text_add(out, "at least ");
    (sum->bytes ? review_add_bytes : review_add_count)(known ? value->value : CVS_DIM_UNKNOWN, out);
    if (value->completeness != CVS_MODEL_COMPLETE) {
        review_types types;
        review_not_counted(r, sum, &types);
        cvs_text_add(out, ", without");
        for (int i = 0; i < types.count; i++) {
            cvs_text_add(out, i > 0 ? ", " : " ");
            review_add_plain(types.type[i], out);
        }
    }
    cvs_text_add(out, "\n");
}

/* "models/net.json:12:5: " */
static void write_place(const review *r, const source_region *region, cvs_text *out) {
    if (r->wish->file) review_add_plain(r->wish->file, out);
    if (region->line > 0) cvs_text_addf(out, "%s%d:%d", r->wish->file ? ":" : "", region->line, region->column);
    if (r->wish->file || region->line > 0) cvs_text_add(out, ": ");
}

static void write_finding(const review *r, int number, cvs_text *out) {
    const cvs_model_finding *finding = &r->found.finding[number];
    write_place(r, &r->beside[number].region, out);
    cvs_text_addf(out, "%s %s %s", cvs_level_name(finding->level), finding->rule->id, finding->rule->name);
    if (finding->layer >= 0) {
        cvs_text_add(out, " in ");
        review_add_layer(r, finding->layer, out);
    }
    cvs_text_add(out, ": ");
    review_add_plain(finding->message, out);
    if (*finding->fix) {
        cvs_text_add(out, "\n    ");
        review_add_plain(finding->fix, out);
    }
    cvs_text_add(out, "\n");
}

static void write_notes(const review *r, cvs_text *out) {
    int count;
    const char *const *notes = cvs_model_notes(r->model, &count);
    for (int i = 0; i < count; i++) {
        cvs_text_add(out, "Taken for granted: ");
        review_add_plain(notes[i], out);
        cvs_text_add(out, "\n");
    }
}

static void write_failures(const review *r, cvs_text *out) {
    int count;
    const cvs_model_layer *layers = cvs_model_layers(r->model, &count);
    for (int i = 0; i < count; i++) {
        const cvs_error *why = &layers[i].error;
        const cvs_place *at = &layers[i].place;
        const char *plight = review_plight(r, i);
        source_region region = {.line = why->line, .column = why->column};
        if (!plight) continue;
        if (region.line == 0) region = (source_region){.line = at->line, .column = at->column};
        write_place(r, &region, out);
        cvs_text_addf(out, "%s: ", plight);
        review_add_layer(r, i, out);
        cvs_text_add(out, ": ");
        review_add_plain(why->message, out);
        cvs_text_add(out, "\n");
    }
}

void review_write_table(const review *r, cvs_text *out) {
    cvs_text_add(out, "Model: ");
    review_add_plain(*cvs_model_name(r->model) ? cvs_model_name(r->model) : "(no name)", out);
    cvs_text_addf(out, " (%s)\n\n", cvs_framework_name(cvs_model_framework(r->model)));
    write_rows(r, out);
    for (const review_sum *sum = review_sums; sum->name; sum++) write_sum(r, sum, out);
    cvs_text_add(out, "All of one sample; activations and weights as float32.\n\n");
    write_notes(r, out);
    write_failures(r, out);
    for (int i = 0; i < r->found.count; i++)
        if (review_shows(r, i)) write_finding(r, i, out);
    review_add_verdict(r, out);
    cvs_text_add(out, "\n");
}
