/* markdown.c - a review for a comment: GitHub's Markdown, in which a model's names can do nothing. */
#include "api/review/rows.h"

#include <string.h>

void review_markdown_add(const char *text, cvs_text *out) {
    static const char special[] = "\\`*_{}[]<>()#+-.!|~@&:";
    cvs_text plain = {0};
    review_add_plain(text, &plain);
    for (const char *c = plain.data ? plain.data : ""; *c; c++) {
        if (*c == '<' || *c == '&')
            cvs_text_add(out, *c == '<' ? "&lt;" : "&amp;");
        else if (*c == '@')
            cvs_text_add(out, "@\xE2\x81\xA0"); /* a word joiner: nobody is called */
        else {
            if (strchr(special, *c) && !strchr("-.():+", *c)) cvs_text_add(out, "\\");
            cvs_text_append(out, c, 1);
        }
    }
    if (plain.failed) out->failed = true;
    cvs_text_free(&plain);
}

typedef struct rows {
    cvs_text *out;
    cvs_text cell;
} rows;

static void write_row(const review *r, const cvs_model_layer *layer, void *context) {
    rows *all = context;
    for (size_t i = 0; i < review_column_count; i++) {
        cvs_text_clear(&all->cell);
        review_columns[i].write(r, layer, &all->cell);
        if (all->cell.failed) all->out->failed = true;
        cvs_text_add(all->out, "| ");
        review_markdown_add(all->cell.data ? all->cell.data : "", all->out);
        cvs_text_add(all->out, " ");
    }
    cvs_text_add(all->out, "|\n");
}

static void write_layers(const review *r, cvs_text *out) {
    rows all = {.out = out};
    cvs_text_add(out, "<details><summary>Layers</summary>\n\n");
    for (size_t i = 0; i < review_column_count; i++) cvs_text_addf(out, "| %s ", review_columns[i].title);
    cvs_text_add(out, "|\n");
    for (size_t i = 0; i < review_column_count; i++)
        cvs_text_add(out, review_columns[i].is_number ? "| ---: " : "| --- ");
    cvs_text_add(out, "|\n");
    review_each_row(r, write_row, &all);
    cvs_text_add(out, "\n</details>\n");
    cvs_text_free(&all.cell);
}

static void write_totals(const review *r, cvs_text *out) {
    cvs_text_add(out, "| of one sample | |\n| --- | ---: |\n");
    for (const review_sum *sum = review_sums; sum->name; sum++) {
        const cvs_model_sum *value = review_sum_of(&r->totals, sum);
        const bool known = value->completeness != CVS_MODEL_UNAVAILABLE;
        cvs_text_addf(out, "| %s | %s", sum->words, value->completeness == CVS_MODEL_PARTIAL ? "at least " : "");
        (sum->bytes ? review_add_bytes : review_add_count)(known ? value->value : CVS_DIM_UNKNOWN, out);
        cvs_text_add(out, " |\n");
    }
    cvs_text_add(out, "\n");
}

static void write_finding(const review *r, int number, cvs_text *out) {
    const cvs_model_finding *finding = &r->found.finding[number];
    const source_region *region = &r->beside[number].region;
    cvs_text_addf(out, "| %s | %s %s | ", cvs_level_name(finding->level), finding->rule->id, finding->rule->name);
    if (finding->layer >= 0) review_markdown_add(review_layer_name(r, finding->layer), out);
    if (region->line > 0) cvs_text_addf(out, " (%d:%d)", region->line, region->column);
    cvs_text_add(out, " | ");
    review_markdown_add(finding->message, out);
    if (*finding->fix) {
        cvs_text_add(out, "<br>");
        review_markdown_add(finding->fix, out);
    }
    cvs_text_add(out, " |\n");
}

static void write_failures(const review *r, cvs_text *out) {
    int count;
    const cvs_model_layer *layers = cvs_model_layers(r->model, &count);
    for (int i = 0; i < count; i++) {
        const char *plight = review_plight(r, i);
        if (!plight) continue;
        cvs_text_addf(out, "| %s | | ", plight);
        review_markdown_add(layers[i].name, out);
        cvs_text_add(out, " | ");
        review_markdown_add(layers[i].error.message, out);
        cvs_text_add(out, " |\n");
    }
}

void review_write_markdown(const review *r, cvs_text *out) {
    cvs_text_add(out, "### Model ");
    review_markdown_add(*cvs_model_name(r->model) ? cvs_model_name(r->model) : "without a name", out);
    cvs_text_add(out, ": ");
    review_add_verdict(r, out);
    cvs_text_add(out, "\n\n");
    write_totals(r, out);
    cvs_text_add(out, "| level | rule | layer | finding |\n| --- | --- | --- | --- |\n");
    write_failures(r, out);
    for (int i = 0; i < r->found.count; i++)
        if (review_shows(r, i)) write_finding(r, i, out);
    cvs_text_add(out, "\n");
    write_layers(r, out);
}
