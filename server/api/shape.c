/*
 * shape.c - POST /v1/shape: a layer, or a chain of layers, on an input shape; a merge on several.
 */
#include "api/layer_json.h"
#include "api/members.h"
#include "api/problem.h"
#include "api/shape_request.h"

#include <convscope/chain.h>
#include <convscope/inspect.h>

/* Longer chains are refused: models go to another endpoint. */
enum { MAX_LAYERS = 4096, USUAL_ANSWER = 8192, USUAL_FIELDS = 512 };

/* An answer being written. */
typedef struct shape_answer {
    shape_request *request;
    api_call *call; /* of the request */
    json_writer writer;
    cvs_text scratch;
    shape_inputs inputs; /* of the layer to be answered next */
    cvs_shape output;    /* of the layer just answered, in names where there are names */
} shape_answer;

/* ---- one layer -------------------------------------------------------------------- */

/* The shape that goes into the first layer: the request's, or what the layer's own text says. */
static cvs_status first_input(shape_answer *a, const cvs_reading *reading) {
    if (a->inputs.one.rank > 0 || a->inputs.listed) return CVS_OK;
    if (!reading->has_input_shape) return layer_input_missing(a->call, &reading->layer);
    a->inputs.one = reading->input_shape;
    return CVS_OK;
}

static cvs_status infer_once(const shape_inputs *inputs, const cvs_layer *layer, cvs_inference *out, cvs_error *err) {
    cvs_symbols *symbols = inputs->names.symbols;
    if (inputs->listed) return cvs_infer_merge(layer, inputs->listed, inputs->count, symbols, out, err);
    return cvs_infer_valid(layer, &inputs->one, symbols, out, err);
}

/* Put the values in for the names that have one. */
static cvs_status bind_names(api_call *call, shape_inputs *inputs) {
    inputs->one = shape_input_bound(&inputs->names, &inputs->one);
    if (!inputs->listed) return CVS_OK;
    cvs_shape *bound = cvs_arena_alloc(&call->arena, inputs->count * sizeof *bound);
    if (!bound) return problem_no_memory(&call->error);
    for (size_t i = 0; i < inputs->count; i++) bound[i] = shape_input_bound(&inputs->names, &inputs->listed[i]);
    inputs->listed = bound;
    return CVS_OK;
}

/* Put the layer on its inputs once more, with the values of their names. */
static cvs_status infer_bound(shape_answer *a, shape_case *subject) {
    shape_inputs inputs = a->inputs;
    subject->symbolic = a->output;
    cvs_status status = bind_names(a->call, &inputs);
    subject->inputs = inputs.listed;
    if (status != CVS_OK) return status;
    return infer_once(&inputs, &subject->reading.layer, &subject->inference, &a->call->error);
}

/* Put the valid layer on its inputs; where names have values, once with the names and once with the values. */
static cvs_status infer(shape_answer *a, shape_case *subject) {
    subject->symbols = a->inputs.names.symbols;
    subject->inputs = a->inputs.listed;
    subject->input_count = a->inputs.count;
    cvs_status status = infer_once(&a->inputs, &subject->reading.layer, &subject->inference, &a->call->error);
    if (status != CVS_OK) return status;
    a->output = subject->inference.output.shape;
    return a->inputs.names.count > 0 ? infer_bound(a, subject) : CVS_OK;
}

/* A multiplier that nobody said is that of the weights the user saw. */
static cvs_status settle_multiplier(shape_answer *a, shape_case *subject) {
    const shape_wish *wish = &a->request->wish;
    if (!wish->weights_count || cvs_reading_says(&subject->reading, "multiplier")) return CVS_OK;
    int64_t multiplier = cvs_multiplier_of(&subject->inference, &wish->weights[0]);
    if (multiplier <= 1) return CVS_OK;
    subject->reading.layer.multiplier = multiplier;
    cvs_status status = cvs_layer_validate(&subject->reading.layer, &a->call->error);
    return status == CVS_OK ? infer(a, subject) : status;
}

/* Read the layer, put it on its inputs, write its answer; a->output is what comes out. */
static cvs_status answer_layer(shape_answer *a, const json_t *json, const layer_place *at, shape_case *subject) {
    subject->at = at;
    subject->symbolic.rank = 0;
    cvs_status status = layer_read(a->call, json, at, a->request->framework, &subject->reading);
    if (status == CVS_OK) status = first_input(a, &subject->reading);
    if (status != CVS_OK) return status;
    status = infer(a, subject);
    if (status == CVS_OK) status = settle_multiplier(a, subject);
    if (status == CVS_OK) status = shape_answer_write(a->call, subject, &a->request->wish, &a->writer, &a->scratch);
    if (status != CVS_OK) layer_locate(&a->call->error, &subject->reading, at);
    return status;
}

/* ---- a chain ------------------------------------------------------------------------ */

static cvs_status answer_layers(shape_answer *a, const json_t *layers, shape_case *last, cvs_chain *chain) {
    bool summed = shape_wants(&a->request->wish, SHAPE_PARAMETERS) || shape_wants(&a->request->wish, SHAPE_COST) ||
                  shape_wants(&a->request->wish, SHAPE_RECEPTIVE_FIELD);
    cvs_status status = CVS_OK;
    json_begin_array(&a->writer);
    for (size_t i = 0; i < json_array_size(layers) && status == CVS_OK; i++) {
        layer_place at = {.layer = "/layers", .nth = i + 1, .input_has_sizes = i == 0};
        if (i == 0) at.input_shape = "/input_shape";
        status = answer_layer(a, json_array_get(layers, i), &at, last);
        if (status == CVS_OK && summed) status = cvs_chain_add(chain, &last->inference, &a->call->error);
        a->inputs.one = a->output;
        a->inputs.listed = NULL;
    }
    json_end_array(&a->writer);
    return status;
}

static void write_totals(shape_answer *a, const shape_case *last, const cvs_chain *chain) {
    layer_json json = {&a->writer, last->symbols, &a->scratch};
    if (shape_wants(&a->request->wish, SHAPE_OUTPUT)) {
        json_key(&a->writer, "output");
        json_begin_object(&a->writer);
        layer_json_tensor(&json, &last->inference.output);
        json_end_object(&a->writer);
    }
    if (shape_wants(&a->request->wish, SHAPE_PARAMETERS)) layer_json_count(&a->writer, "parameters", chain->parameters);
    if (shape_wants(&a->request->wish, SHAPE_COST)) {
        json_key(&a->writer, "cost");
        layer_json_cost(&a->writer, &chain->cost);
    }
    if (shape_wants(&a->request->wish, SHAPE_RECEPTIVE_FIELD)) {
        json_key(&a->writer, "receptive_field");
        layer_json_receptive_field(&a->writer, &chain->field);
    }
}

static cvs_status answer_chain(shape_answer *a, const json_t *layers) {
    cvs_error *err = &a->call->error;
    if (!json_is_array(layers)) return members_wrong_type(layers, "/layers", "an array of layers", err);
    size_t count = json_array_size(layers);
    if (count < 1 || count > MAX_LAYERS) {
        return cvs_fail(err, CVS_INVALID, "wrong-length", "/layers", "A chain has 1 to %d layers, this one %zu.",
                        MAX_LAYERS, count);
    }
    if (a->request->wish.cell || a->request->wish.weights) {
        return cvs_fail(err, CVS_INVALID, "not-for-chains", a->request->wish.cell ? "/cell" : "/weights_shapes",
                        "This is a question about one layer: ask it with \"layer\" instead of \"layers\".");
    }
    shape_case last;
    cvs_chain chain = {0};
    json_begin_object(&a->writer);
    json_key(&a->writer, "layers");
    cvs_status status = answer_layers(a, layers, &last, &chain);
    if (status != CVS_OK) return status;
    write_totals(a, &last, &chain);
    json_end_object(&a->writer);
    return CVS_OK;
}

static cvs_status answer(shape_answer *a) {
    const json_t *layer = a->call->given[SHAPE_ASKS_LAYER], *layers = a->call->given[SHAPE_ASKS_LAYERS];
    if (!layer == !layers) {
        return cvs_fail(&a->call->error, CVS_INVALID, layer ? "layer-ambiguous" : "layer-missing",
                        layer ? "/layers" : "/layer",
                        "A request has either \"layer\", e.g. \"Conv2D(8, 3)\", or \"layers\", an array of them; this "
                        "one has %s.",
                        layer ? "both" : "neither");
    }
    cvs_status status = shape_request_read(a->request);
    if (status != CVS_OK) return status;
    a->inputs = a->request->inputs;
    json_writer_reserve(&a->writer, a->request->wish.fields == SHAPE_ALL_FIELDS ? USUAL_ANSWER : USUAL_FIELDS);
    if (layers) return answer_chain(a, layers);
    shape_case subject;
    return answer_layer(a, layer, &(layer_place){"/layer", 0, "/input_shape", true}, &subject);
}

void api_shape(const api_context *context, const api_request *request, api_response *response) {
    shape_request r; /* the weights and the cell stay as they are until somebody asks about them */
    shape_request_start(&r, api_language(request));
    shape_answer a = {.request = &r, .call = &r.call, .writer = call_writer(request->account)};
    if (!call_open(&r.call, context, request, shape_request_members, response)) return;
    if (answer(&a) == CVS_OK) {
        call_respond(&a.writer, response);
    } else {
        call_refuse(&r.call, response);
    }
    json_writer_free(&a.writer);
    cvs_text_free(&a.scratch);
    call_close(&r.call);
}
