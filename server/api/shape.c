/*
 * shape.c - POST /v1/shape: a layer, or a chain of layers, on an input shape.
 */
#include "api/layer_input.h"
#include "api/layer_json.h"
#include "api/members.h"
#include "api/shape_answer.h"

#include <convscope/chain.h>

#include <stdio.h>
#include <string.h>

/* Longer chains are refused: models go to another endpoint. */
enum { MAX_LAYERS = 4096, USUAL_ANSWER = 8192 };

static const char *const shape_members[] = {"layer",  "layers", "framework", "input_shape", "weights_shapes",
                                            "fields", "cell",   "language",  NULL};

/* One request and what is read from it. */
typedef struct shape_request {
    api_call call;
    json_writer writer;
    cvs_text scratch;
    cvs_framework framework;
    shape_input input; /* of the layer to be answered next */
    shape_wish wish;
    cvs_shape weights[CVS_MAX_WEIGHTS];
    int64_t cell[CVS_MAX_SPATIAL];
    cvs_shape output; /* of the layer just answered, in names where there are names */
} shape_request;

/* ---- reading the request -------------------------------------------------------- */

static cvs_status read_language(shape_request *r) {
    const char *tag = NULL;
    cvs_error *err = &r->call.error;
    cvs_status status = members_string(r->call.root, "", "language", &tag, err);
    if (status != CVS_OK || !tag || cvs_language_from_tag(tag, &r->wish.language)) return status;
    (void)cvs_fail(err, CVS_INVALID, "unknown-language", "/language", "The language \"%s\" is not spoken here.", tag);
    cvs_fail_value(err, "%s", tag);
    cvs_fail_expected(err, "en, zh");
    return CVS_INVALID;
}

static cvs_status read_field(shape_request *r, const json_t *name, size_t index) {
    char pointer[32];
    int field;
    snprintf(pointer, sizeof pointer, "/fields/%zu", index);
    if (!json_is_string(name)) return members_wrong_type(name, pointer, "a field's name", &r->call.error);
    cvs_status status =
        members_choice(json_string_value(name), pointer, shape_field_names, "unknown-field", &field, &r->call.error);
    if (status == CVS_OK) r->wish.fields |= 1U << field;
    return status;
}

static cvs_status read_fields(shape_request *r) {
    const json_t *fields = NULL;
    cvs_status status = members_array(r->call.root, "", "fields", &fields, &r->call.error);
    r->wish.fields = fields ? 0 : SHAPE_ALL_FIELDS;
    for (size_t i = 0; status == CVS_OK && i < json_array_size(fields); i++) {
        status = read_field(r, json_array_get(fields, i), i);
    }
    return status;
}

static cvs_status read_weights_shape(shape_request *r, const json_t *json, size_t index) {
    shape_input shape;
    cvs_error *err = &r->call.error;
    cvs_status status = shape_input_read(json, &r->call.arena, &shape, err);
    if (status == CVS_OK) {
        r->weights[index] = shape.shape;
        return CVS_OK;
    }
    char pointer[40];
    snprintf(pointer, sizeof pointer, "/weights_shapes/%zu", index);
    cvs_error_prefix(err, pointer);
    return status;
}

static cvs_status read_weights_shapes(shape_request *r) {
    const json_t *shapes = NULL;
    cvs_status status = members_array(r->call.root, "", "weights_shapes", &shapes, &r->call.error);
    if (status != CVS_OK || !shapes) return status;
    size_t count = json_array_size(shapes);
    if (count > CVS_MAX_WEIGHTS) {
        return cvs_fail(&r->call.error, CVS_INVALID, "too-many-weights", "/weights_shapes",
                        "A layer has at most %d weights, these are %zu.", CVS_MAX_WEIGHTS, count);
    }
    for (size_t i = 0; i < count && status == CVS_OK; i++) status = read_weights_shape(r, json_array_get(shapes, i), i);
    r->wish.weights = r->weights;
    r->wish.weights_count = count;
    return status;
}

static cvs_status read_cell(shape_request *r) {
    const json_t *cell = NULL;
    cvs_error *err = &r->call.error;
    cvs_status status = members_array(r->call.root, "", "cell", &cell, err);
    if (status != CVS_OK || !cell) return status;
    r->wish.cell = r->cell;
    return members_positions(cell, "/cell", r->cell, CVS_MAX_SPATIAL, &r->wish.cell_rank, err);
}

static cvs_status read_input(shape_request *r) {
    const json_t *json = members_get(r->call.root, "input_shape");
    if (!json) return CVS_OK;
    cvs_status status = shape_input_read(json, &r->call.arena, &r->input, &r->call.error);
    if (status != CVS_OK) cvs_error_prefix(&r->call.error, "/input_shape");
    return status;
}

static cvs_status read_request(shape_request *r) {
    cvs_status status = framework_read(&r->call, &r->framework);
    if (status == CVS_OK) status = read_language(r);
    if (status == CVS_OK) status = read_fields(r);
    if (status == CVS_OK) status = read_weights_shapes(r);
    if (status == CVS_OK) status = read_cell(r);
    if (status == CVS_OK) status = read_input(r);
    return status;
}

/* ---- one layer -------------------------------------------------------------------- */

/* The shape that goes into the first layer: the request's, or what the layer's own text says. */
static cvs_status first_input(shape_request *r, const cvs_reading *reading) {
    if (!reading->has_input_shape) return layer_input_missing(&r->call, &reading->layer);
    r->input.shape = reading->input_shape;
    return CVS_OK;
}

/* Put the layer on r->input; where names have values, once with the names and once with the values. */
static cvs_status infer(shape_request *r, shape_case *subject) {
    const cvs_layer *layer = &subject->reading.layer;
    cvs_error *err = &r->call.error;
    subject->symbols = r->input.symbols;
    cvs_status status = cvs_infer(layer, &r->input.shape, r->input.symbols, &subject->inference, err);
    if (status != CVS_OK) return status;
    r->output = subject->inference.output.shape;
    if (r->input.binding_count == 0) return CVS_OK;
    subject->symbolic = r->output;
    cvs_shape bound = shape_input_bound(&r->input);
    return cvs_infer(layer, &bound, r->input.symbols, &subject->inference, err);
}

/* Read the layer, put it on r->input, write its answer; r->output is what comes out. */
static cvs_status answer_layer(shape_request *r, const json_t *json, const layer_place *at, shape_case *subject) {
    *subject = (shape_case){.at = at};
    cvs_error *err = &r->call.error;
    cvs_status status = layer_read(&r->call, json, at, r->framework, &subject->reading);
    if (status == CVS_OK && r->input.shape.rank == 0) status = first_input(r, &subject->reading);
    if (status != CVS_OK) return status;
    status = infer(r, subject);
    if (status == CVS_OK) status = shape_answer_write(&r->call, subject, &r->wish, &r->writer, &r->scratch);
    if (status != CVS_OK) layer_locate(err, &subject->reading, at);
    return status;
}

/* ---- a chain ------------------------------------------------------------------------ */

static cvs_status answer_layers(shape_request *r, const json_t *layers, shape_case *last, cvs_chain *chain) {
    bool summed = shape_wants(&r->wish, "parameters") || shape_wants(&r->wish, "cost") ||
                  shape_wants(&r->wish, "receptive_field");
    cvs_status status = CVS_OK;
    json_begin_array(&r->writer);
    for (size_t i = 0; i < json_array_size(layers) && status == CVS_OK; i++) {
        layer_place at;
        snprintf(at.layer, sizeof at.layer, "/layers/%zu", i);
        at.input_has_sizes = i == 0;
        at.input_shape = i == 0 ? "/input_shape" : at.layer;
        status = answer_layer(r, json_array_get(layers, i), &at, last);
        if (status == CVS_OK && summed) status = cvs_chain_add(chain, &last->inference, &r->call.error);
        r->input.shape = r->output;
    }
    json_end_array(&r->writer);
    return status;
}

static void write_totals(shape_request *r, const shape_case *last, const cvs_chain *chain) {
    layer_json json = {&r->writer, last->symbols, &r->scratch};
    if (shape_wants(&r->wish, "output")) {
        json_key(&r->writer, "output");
        json_begin_object(&r->writer);
        layer_json_tensor(&json, &last->inference.output);
        json_end_object(&r->writer);
    }
    if (shape_wants(&r->wish, "parameters")) layer_json_count(&r->writer, "parameters", chain->parameters);
    if (shape_wants(&r->wish, "cost")) {
        json_key(&r->writer, "cost");
        layer_json_cost(&r->writer, &chain->cost);
    }
    if (shape_wants(&r->wish, "receptive_field")) {
        json_key(&r->writer, "receptive_field");
        layer_json_receptive_field(&r->writer, &chain->field);
    }
}

static cvs_status answer_chain(shape_request *r, const json_t *layers) {
    cvs_error *err = &r->call.error;
    if (!json_is_array(layers)) return members_wrong_type(layers, "/layers", "an array of layers", err);
    size_t count = json_array_size(layers);
    if (count < 1 || count > MAX_LAYERS) {
        return cvs_fail(err, CVS_INVALID, "wrong-length", "/layers", "A chain has 1 to %d layers, this one %zu.",
                        MAX_LAYERS, count);
    }
    if (r->wish.cell || r->wish.weights) {
        return cvs_fail(err, CVS_INVALID, "not-for-chains", r->wish.cell ? "/cell" : "/weights_shapes",
                        "This is a question about one layer: ask it with \"layer\" instead of \"layers\".");
    }
    shape_case last;
    cvs_chain chain = {0};
    json_begin_object(&r->writer);
    json_key(&r->writer, "layers");
    cvs_status status = answer_layers(r, layers, &last, &chain);
    if (status != CVS_OK) return status;
    write_totals(r, &last, &chain);
    json_end_object(&r->writer);
    return CVS_OK;
}

static cvs_status answer(shape_request *r) {
    const json_t *layer = members_get(r->call.root, "layer"), *layers = members_get(r->call.root, "layers");
    if (!layer == !layers) {
        return cvs_fail(&r->call.error, CVS_INVALID, layer ? "layer-ambiguous" : "layer-missing",
                        layer ? "/layers" : "/layer",
                        "A request has either \"layer\", e.g. \"Conv2D(8, 3)\", or \"layers\", an array of them; this "
                        "one has %s.",
                        layer ? "both" : "neither");
    }
    cvs_status status = read_request(r);
    if (status != CVS_OK) return status;
    if (layers) return answer_chain(r, layers);
    shape_case subject;
    return answer_layer(r, layer, &(layer_place){"/layer", "/input_shape", true}, &subject);
}

void api_shape(const api_context *context, const api_request *request, api_response *response) {
    shape_request r = {.wish = {.language = api_language(request)}};
    if (!call_open(&r.call, context, request, shape_members, response)) return;
    json_writer_reserve(&r.writer, USUAL_ANSWER);
    if (answer(&r) == CVS_OK) {
        call_respond(&r.writer, response);
    } else {
        call_refuse(&r.call, response);
    }
    json_writer_free(&r.writer);
    cvs_text_free(&r.scratch);
    call_close(&r.call);
}
