/* diff_json.c - what changed between two models, as JSON. */
#include "api/layer_json.h"
#include "api/review/diff.h"

#include <stdlib.h>
#include <string.h>

typedef struct answer {
    const model_diff *diff;
    json_writer *writer;
    layer_json json;
} answer;

/* ---- layers -------------------------------------------------------------------------- */

static void write_place(const answer *a, const char *key, const diff_side *side, int number) {
    const cvs_model_layer *layer = &side->layers[number];
    json_key(a->writer, key);
    json_begin_object(a->writer);
    json_member_string(a->writer, "name", layer->name);
    json_member_string(a->writer, "type", layer->type);
    json_member_string(a->writer, "state", review_state_name(layer->state));
    review_json_pointer(a->writer, &side->r.text, layer->pointer);
    if (layer->place.line > 0) {
        json_member_int(a->writer, "line", layer->place.line);
        json_member_int(a->writer, "column", layer->place.column);
    }
    json_end_object(a->writer);
}

static void write_outputs(const answer *a, const diff_side *side, int number) {
    const cvs_model_layer *layer = &side->layers[number];
    const layer_json json = {a->writer, side->r.wish->names.symbols, a->json.scratch};
    json_begin_array(a->writer);
    for (int i = 0; i < layer->output_count; i++) review_json_shape(&json, &side->tensors[layer->outputs[i]]);
    json_end_array(a->writer);
}

static void write_sizes(const answer *a, const cvs_receptive_field *field) {
    if (field->rank > 0) {
        json_begin_array(a->writer);
        for (int i = 0; i < field->rank; i++) layer_json_dim(&a->json, field->size[i]);
        json_end_array(a->writer);
    } else {
        json_write_null(a->writer);
    }
}

static void write_known(json_writer *writer, int64_t number) {
    if (number >= 0)
        json_write_int(writer, number);
    else
        json_write_null(writer);
}

/* null where there is none. */
static void write_setting(const char *name, const json_t *before, const json_t *after, void *context) {
    const json_t *both[] = {before, after};
    json_writer *writer = context;
    json_key(writer, name);
    json_begin_array(writer);
    for (int i = 0; i < 2; i++) {
        char *text = both[i] ? json_dumps(both[i], JSON_ENCODE_ANY | JSON_COMPACT) : NULL;
        if (both[i] && !text) writer->text.failed = true;
        if (text)
            json_write_raw(writer, text, strlen(text));
        else
            json_write_null(writer);
        free(text);
    }
    json_end_array(writer);
}

static void write_figures(const answer *a, const cvs_model_layer *before, const cvs_model_layer *after) {
    for (const diff_figure *figure = diff_figures; figure->name; figure++) {
        const int64_t was = diff_figure_of(before, figure), is = diff_figure_of(after, figure);
        if (was == is) continue;
        json_key(a->writer, figure->name);
        json_begin_array(a->writer);
        write_known(a->writer, was);
        write_known(a->writer, is);
        json_end_array(a->writer);
    }
}

/* {"output_shapes": [before, after], ...} */
static void write_changes(const answer *a, const diff_pair *pair) {
    const diff_side *before = &a->diff->before, *after = &a->diff->after;
    const cvs_model_layer *was = &before->layers[pair->before], *is = &after->layers[pair->after];
    json_key(a->writer, "changes");
    json_begin_object(a->writer);
    if (pair->settings) {
        json_key(a->writer, "settings");
        json_begin_object(a->writer);
        diff_each_setting(before->about[pair->before].settings, after->about[pair->after].settings, write_setting,
                          a->writer);
        json_end_object(a->writer);
    }
    if (pair->shape) {
        json_key(a->writer, "output_shapes");
        json_begin_array(a->writer);
        write_outputs(a, before, pair->before);
        write_outputs(a, after, pair->after);
        json_end_array(a->writer);
    }
    if (pair->field) {
        json_key(a->writer, "receptive_field");
        json_begin_array(a->writer);
        write_sizes(a, &was->field.most);
        write_sizes(a, &is->field.most);
        json_end_array(a->writer);
    }
    write_figures(a, was, is);
    json_end_object(a->writer);
}

static void write_layer(const model_diff *diff, int before, int after, void *context) {
    const answer *a = context;
    diff_pair pair = {.name = false};
    if (before >= 0 && after >= 0) {
        pair = diff_compare(diff, before, after);
        if (!diff_changed(&pair)) return;
    }
    json_begin_object(a->writer);
    json_member_string(a->writer, "change", diff_word(&pair, before, after));
    if (before >= 0) write_place(a, "before", &diff->before, before);
    if (after >= 0) write_place(a, "after", &diff->after, after);
    if (before >= 0 && after >= 0) write_changes(a, &pair);
    json_end_object(a->writer);
}

/* ---- the whole --------------------------------------------------------------------------- */

static void write_sum(const answer *a, const review_sum *sum) {
    const cvs_model_sum *was = review_sum_of(&a->diff->before.r.totals, sum);
    const cvs_model_sum *is = review_sum_of(&a->diff->after.r.totals, sum);
    const bool known = was->completeness != CVS_MODEL_UNAVAILABLE && is->completeness != CVS_MODEL_UNAVAILABLE;
    json_key(a->writer, sum->name);
    json_begin_object(a->writer);
    json_key(a->writer, "before");
    write_known(a->writer, was->completeness == CVS_MODEL_UNAVAILABLE ? CVS_DIM_UNKNOWN : was->value);
    json_key(a->writer, "after");
    write_known(a->writer, is->completeness == CVS_MODEL_UNAVAILABLE ? CVS_DIM_UNKNOWN : is->value);
    json_key(a->writer, "change");
    if (known)
        json_write_int(a->writer, is->value - was->value);
    else
        json_write_null(a->writer);
    json_member_bool(a->writer, "complete",
                     was->completeness == CVS_MODEL_COMPLETE && is->completeness == CVS_MODEL_COMPLETE);
    json_end_object(a->writer);
}

static void write_findings(const answer *a, const char *key, const diff_side *side) {
    json_key(a->writer, key);
    json_begin_array(a->writer);
    for (int i = 0; i < side->r.found.count; i++)
        if (side->gone[i]) review_json_finding(&side->r, i, a->writer);
    json_end_array(a->writer);
}

void diff_write_json(const model_diff *diff, json_writer *writer, cvs_text *scratch) {
    answer a = {diff, writer, {writer, diff->wish.names.symbols, scratch}};
    json_begin_object(writer);
    json_key(writer, "totals");
    json_begin_object(writer);
    for (const review_sum *sum = review_sums; sum->name; sum++) write_sum(&a, sum);
    json_end_object(writer);
    json_key(writer, "layers");
    json_begin_array(writer);
    diff_each(diff, write_layer, &a);
    json_end_array(writer);
    json_member_int(writer, "unchanged", diff->unchanged);
    json_key(writer, "findings");
    json_begin_object(writer);
    write_findings(&a, "new", &diff->after);
    write_findings(&a, "fixed", &diff->before);
    json_end_object(writer);
    json_end_object(writer);
}
