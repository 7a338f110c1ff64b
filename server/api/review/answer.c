/* answer.c - a review as JSON. */
#include "api/layer_json.h"
#include "api/review/review.h"
#include "api/review/words.h"

#include <string.h>

typedef struct answer {
    const review *r;
    json_writer *writer;
    layer_json json;
    const cvs_model_tensor *tensors;
} answer;

void review_json_shape(const layer_json *json, const cvs_model_tensor *tensor) {
    if (!tensor->ranked) {
        json_write_null(json->writer);
        return;
    }
    json_begin_array(json->writer);
    for (int i = 0; i < tensor->shape.rank; i++) layer_json_dim(json, tensor->shape.dim[i]);
    json_end_array(json->writer);
}

/* ---- one layer -------------------------------------------------------------------- */

static void write_names(const answer *a, const char *key, const int *tensors, int count) {
    json_key(a->writer, key);
    json_begin_array(a->writer);
    for (int i = 0; i < count; i++) json_write_string(a->writer, a->tensors[tensors[i]].name);
    json_end_array(a->writer);
}

static void write_shapes(const answer *a, const char *key, const int *tensors, int count) {
    json_key(a->writer, key);
    json_begin_array(a->writer);
    for (int i = 0; i < count; i++) review_json_shape(&a->json, &a->tensors[tensors[i]]);
    json_end_array(a->writer);
}

static void write_weights(const answer *a, const cvs_model_layer *layer) {
    json_key(a->writer, "weights");
    json_begin_array(a->writer);
    for (int i = 0; i < layer->weight_count; i++) {
        const cvs_model_weight *weight = &layer->weights[i];
        json_begin_object(a->writer);
        json_member_string(a->writer, "name", weight->name);
        layer_json_tensor(&a->json, &weight->tensor);
        layer_json_count(a->writer, "count", weight->count);
        json_member_bool(a->writer, "trainable", weight->trainable);
        json_end_object(a->writer);
    }
    json_end_array(a->writer);
}

static void write_field(const answer *a, const char *key, const cvs_receptive_field *field) {
    json_key(a->writer, key);
    if (field->rank > 0)
        layer_json_receptive_field(a->writer, field);
    else
        json_write_null(a->writer);
}

static bool same_field(const cvs_receptive_field *a, const cvs_receptive_field *b) {
    return a->rank == b->rank && memcmp(a->size, b->size, (size_t)a->rank * sizeof *a->size) == 0;
}

static void write_error(const answer *a, const cvs_error *error) {
    json_key(a->writer, "error");
    json_begin_object(a->writer);
    json_member_string(a->writer, "code", error->code);
    json_member_string(a->writer, "message", error->message);
    json_member_string(a->writer, "expected", error->expected);
    review_json_pointer(a->writer, &a->r->text, error->pointer);
    if (error->line > 0) {
        json_member_int(a->writer, "line", error->line);
        json_member_int(a->writer, "column", error->column);
    }
    json_end_object(a->writer);
}

static void write_figures(const answer *a, const cvs_model_layer *layer) {
    layer_json_count(a->writer, "parameters", layer->parameters);
    layer_json_count(a->writer, "trainable", layer->trainable);
    layer_json_count(a->writer, "macs", layer->cost.macs);
    layer_json_count(a->writer, "flops", layer->cost.flops);
    write_field(a, "receptive_field", &layer->field.most);
    if (!same_field(&layer->field.least, &layer->field.most))
        write_field(a, "receptive_field_least", &layer->field.least);
    layer_json_count(a->writer, "output_bytes", layer->output_bytes);
    layer_json_count(a->writer, "live_bytes", layer->live_bytes);
}

static void write_layer(const answer *a, const cvs_model_layer *layer) {
    json_begin_object(a->writer);
    json_member_string(a->writer, "name", layer->name);
    json_member_string(a->writer, "type", layer->type);
    json_member_string(a->writer, "state", review_state_name(layer->state));
    review_json_pointer(a->writer, &a->r->text, layer->pointer);
    if (layer->place.line > 0) {
        json_member_int(a->writer, "line", layer->place.line);
        json_member_int(a->writer, "column", layer->place.column);
    }
    write_names(a, "inputs", layer->inputs, layer->input_count);
    write_names(a, "outputs", layer->outputs, layer->output_count);
    write_shapes(a, "input_shapes", layer->inputs, layer->input_count);
    json_key(a->writer, "output_shape");
    if (layer->output_count > 0)
        review_json_shape(&a->json, &a->tensors[layer->outputs[0]]);
    else
        json_write_null(a->writer);
    if (layer->output_count > 1) write_shapes(a, "output_shapes", layer->outputs, layer->output_count);
    write_weights(a, layer);
    if (layer->shared) json_member_bool(a->writer, "shared", true);
    write_figures(a, layer);
    if (layer->state == CVS_MODEL_FAILED || layer->state == CVS_MODEL_UNKNOWN) write_error(a, &layer->error);
    json_end_object(a->writer);
}

static void write_layers(const answer *a) {
    int count, inputs;
    const int *input = cvs_model_inputs(a->r->model, &inputs);
    const cvs_model_layer *layers = cvs_model_layers(a->r->model, &count);
    json_key(a->writer, "layers");
    json_begin_array(a->writer);
    for (int i = 0; i < inputs; i++) {
        const cvs_model_layer row = review_input_row(a->r, &input[i]);
        write_layer(a, &row);
    }
    for (int i = 0; i < count; i++) write_layer(a, &layers[i]);
    json_end_array(a->writer);
}

/* ---- the whole ------------------------------------------------------------------------- */

static void write_tensors(const answer *a) {
    int count;
    (void)cvs_model_tensors(a->r->model, &count);
    json_key(a->writer, "tensors");
    json_begin_object(a->writer);
    for (int i = 0; i < count; i++) {
        json_key_text(a->writer, a->tensors[i].name);
        review_json_shape(&a->json, &a->tensors[i]);
    }
    json_end_object(a->writer);
}

static void write_list(const answer *a, const char *key, const int *(*ask)(const cvs_model *model, int *count)) {
    int count;
    const int *tensors = ask(a->r->model, &count);
    write_names(a, key, tensors, count);
}

/* Of each sum the types of the layers that it leaves out. */
static void write_not_counted(const answer *a, const review_sum *sum) {
    review_types types;
    review_not_counted(a->r, sum, &types);
    json_key(a->writer, sum->name);
    json_begin_array(a->writer);
    for (int i = 0; i < types.count; i++) json_write_string(a->writer, types.type[i]);
    json_end_array(a->writer);
}

static void write_totals(const answer *a) {
    const cvs_model_totals *totals = &a->r->totals;
    json_key(a->writer, "totals");
    json_begin_object(a->writer);
    for (const review_sum *sum = review_sums; sum->name; sum++)
        layer_json_count(a->writer, sum->name,
                         review_sum_of(totals, sum)->completeness == CVS_MODEL_UNAVAILABLE
                             ? CVS_DIM_UNKNOWN
                             : review_sum_of(totals, sum)->value);
    json_key(a->writer, "peak_layer");
    json_write_string(a->writer, review_layer_name(a->r, totals->peak_layer));
    json_key(a->writer, "completeness");
    json_begin_object(a->writer);
    for (const review_sum *sum = review_sums; sum->name; sum++)
        json_member_string(a->writer, sum->name, cvs_model_completeness_name(review_sum_of(totals, sum)->completeness));
    json_end_object(a->writer);
    json_key(a->writer, "not_counted");
    json_begin_object(a->writer);
    for (const review_sum *sum = review_sums; sum->name; sum++) {
        if (review_sum_of(totals, sum)->completeness != CVS_MODEL_COMPLETE) write_not_counted(a, sum);
    }
    json_end_object(a->writer);
    json_end_object(a->writer);
}

static void write_numbers(const cvs_model_finding *finding, json_writer *writer) {
    json_key(writer, "numbers");
    json_begin_object(writer);
    for (int i = 0; i < finding->number_count; i++) {
        json_key(writer, finding->numbers[i].name);
        json_write_double(writer, finding->numbers[i].value);
    }
    json_end_object(writer);
}

void review_json_finding(const review *r, int number, json_writer *writer) {
    const cvs_model_finding *finding = &r->found.finding[number];
    const review_finding *beside = &r->beside[number];
    json_begin_object(writer);
    json_member_string(writer, "rule", finding->rule->id);
    json_member_string(writer, "name", finding->rule->name);
    json_member_string(writer, "level", cvs_level_name(finding->level));
    json_member_string(writer, "layer", review_layer_name(r, finding->layer));
    if (finding->other >= 0) json_member_string(writer, "other_layer", review_layer_name(r, finding->other));
    json_member_string(writer, "message", finding->message);
    json_member_string(writer, "fix", finding->fix);
    review_json_pointer(writer, &r->text, finding->pointer);
    if (beside->region.line > 0) {
        json_member_int(writer, "line", beside->region.line);
        json_member_int(writer, "column", beside->region.column);
    }
    if (finding->number_count > 0) write_numbers(finding, writer);
    json_member_string(writer, "fingerprint", beside->fingerprint);
    if (beside->ignored) json_member_bool(writer, "ignored", true);
    if (r->wish->baseline.given) json_member_string(writer, "baseline", beside->known ? "unchanged" : "new");
    json_end_object(writer);
}

/* What was taken for granted where the model does not say it. */
static void write_notes(const answer *a) {
    int count;
    const char *const *notes = cvs_model_notes(a->r->model, &count);
    json_member_string(a->writer, "order", cvs_model_order_name(cvs_model_order_known(a->r->model)));
    json_key(a->writer, "notes");
    json_begin_array(a->writer);
    for (int i = 0; i < count; i++) json_write_string(a->writer, notes[i]);
    json_end_array(a->writer);
}

void review_write_json(const review *r, json_writer *writer, cvs_text *scratch) {
    int count;
    answer a = {r, writer, {writer, r->wish->names.symbols, scratch}, cvs_model_tensors(r->model, &count)};
    json_begin_object(writer);
    json_member_string(writer, "framework", cvs_framework_name(cvs_model_framework(r->model)));
    json_member_string(writer, "name", cvs_model_name(r->model));
    write_list(&a, "inputs", cvs_model_inputs);
    write_list(&a, "outputs", cvs_model_outputs);
    write_notes(&a);
    write_layers(&a);
    write_tensors(&a);
    write_totals(&a);
    json_key(writer, "findings");
    json_begin_array(writer);
    for (int i = 0; i < r->found.count; i++) review_json_finding(r, i, writer);
    json_end_array(writer);
    json_member_bool(writer, "complete", r->found.complete);
    json_end_object(writer);
}
