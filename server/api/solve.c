/*
 * solve.c - POST /v1/solve, the way back: which settings of a layer turn this input shape into that output shape?
 * What is asked for is written as "?" in the layer, whatever dialect that is in. Where no settings do, the answer's
 * "no_solution" says why, in the request's "language".
 */
#include "api/layer_input.h"
#include "api/layer_json.h"
#include "api/members.h"
#include "api/problem.h"
#include "api/shape_input.h"

#include <convscope/explain.h>
#include <convscope/inspect.h>

#include <string.h>

enum { MAX_SOLUTIONS = 16 };

static const char *const solve_members[] = {"layer", "framework", "input_shape", "output_shape", "language", NULL};
_Static_assert(sizeof solve_members / sizeof *solve_members <= CALL_MOST_MEMBERS, "a call has room for them");

static const struct setting {
    unsigned bit;
    const char *name;
} settings[] = {
    {CVS_ASK_FILTERS, "filters"},   {CVS_ASK_KERNEL, "kernel"},   {CVS_ASK_STRIDE, "stride"},
    {CVS_ASK_DILATION, "dilation"}, {CVS_ASK_PADDING, "padding"}, {CVS_ASK_OUTPUT_PADDING, "output_padding"},
};
enum { SETTING_COUNT = sizeof settings / sizeof *settings };

typedef struct solve_request {
    api_call call;
    json_writer writer;
    cvs_text scratch;
    cvs_reading reading;
    cvs_shape input, output;
    cvs_layer solution[MAX_SOLUTIONS];
    size_t count;
    cvs_language language;
} solve_request;

/* ---- reading --------------------------------------------------------------------- */

static cvs_status read_shape(solve_request *r, const char *key, const char *pointer, cvs_shape *out) {
    cvs_error *err = &r->call.error;
    const json_t *json = members_get(r->call.root, key);
    if (!json) {
        return cvs_fail(err, CVS_INVALID, "shape-missing", pointer,
                        "The way back needs both shapes: add \"%s\", batch axis included.", key);
    }
    cvs_shape shape;
    shape_names names = {0};
    cvs_status status = shape_input_read(json, &r->call.arena, &names, &shape, err);
    if (status != CVS_OK) {
        cvs_error_prefix(err, pointer);
        return status;
    }
    *out = shape_input_bound(&names, &shape);
    for (int i = 0; i < out->rank; i++)
        if (cvs_dim_is_symbolic(out->dim[i])) out->dim[i] = CVS_DIM_UNKNOWN; /* a name without a size tells no more */
    return CVS_OK;
}

static cvs_status read_asked_layer(solve_request *r, const layer_place *at) {
    cvs_error *err = &r->call.error;
    const json_t *layer = members_get(r->call.root, "layer");
    cvs_framework framework;
    if (!layer) {
        return cvs_fail(err, CVS_INVALID, "layer-missing", "/layer",
                        "A request has a \"layer\" with \"?\" for what is asked, e.g. \"Conv2D(64, 3, strides=?)\".");
    }
    cvs_status status = framework_read(&r->call, &framework);
    if (status == CVS_OK) status = layer_read_asking(&r->call, layer, at, framework, &r->reading);
    if (status != CVS_OK) return status;
    if (r->reading.asked) return CVS_OK;
    (void)cvs_fail(err, CVS_INVALID, "nothing-asked", "/layer",
                   "Nothing is asked: write \"?\" for the settings to be found, e.g. \"padding\": \"?\".");
    cvs_fail_expected(err, "\"?\" for the filters, kernel, stride, dilation, padding or output padding");
    return CVS_INVALID;
}

/* ---- answering ------------------------------------------------------------------- */

static void write_padding(json_writer *writer, const cvs_inference *inference) {
    const cvs_padding *padding = &inference->layer.padding;
    json_key(writer, "padding");
    json_begin_object(writer);
    json_member_string(writer, "mode", cvs_padding_mode_name(padding->mode));
    layer_json_list(writer, "before", padding->before, inference->layer.spatial_rank);
    layer_json_list(writer, "after", padding->after, inference->layer.spatial_rank);
    json_end_object(writer);
}

static void write_setting(json_writer *writer, const struct setting *setting, const cvs_inference *inference) {
    const cvs_layer *layer = &inference->layer;
    const int rank = layer->spatial_rank;
    switch (setting->bit) {
    case CVS_ASK_FILTERS:
        json_member_int(writer, setting->name, layer->filters);
        break;
    case CVS_ASK_KERNEL:
        layer_json_list(writer, setting->name, layer->kernel, rank);
        break;
    case CVS_ASK_STRIDE:
        layer_json_list(writer, setting->name, layer->stride, rank);
        break;
    case CVS_ASK_DILATION:
        layer_json_list(writer, setting->name, layer->dilation, rank);
        break;
    case CVS_ASK_OUTPUT_PADDING:
        layer_json_list(writer, setting->name, layer->output_padding, rank);
        break;
    default:
        write_padding(writer, inference);
    }
}

/* The layer as the user would write it, null where their framework cannot. */
static cvs_status write_code(solve_request *r, const cvs_inference *inference) {
    cvs_text_clear(&r->scratch);
    cvs_error ignored = {0};
    const cvs_framework framework = r->reading.framework;
    const cvs_status status = cvs_dialect_write(inference, framework, CVS_ENGLISH, &r->scratch, &ignored);
    if (status == CVS_NO_MEMORY) return problem_no_memory(&r->call.error);
    json_key(&r->writer, "equivalent");
    if (status != CVS_OK) {
        json_write_null(&r->writer);
    } else if (framework == CVS_ONNX || framework == CVS_CONVSCOPE) {
        json_write_raw(&r->writer, r->scratch.data, r->scratch.length);
    } else {
        json_write_text(&r->writer, r->scratch.data, r->scratch.length);
    }
    return CVS_OK;
}

static cvs_status write_solution(solve_request *r, const cvs_layer *layer) {
    cvs_inference inference;
    cvs_error *err = &r->call.error;
    cvs_status status = cvs_infer(layer, &r->input, NULL, &inference, err);
    if (status != CVS_OK) return status;
    const layer_json json = {&r->writer, NULL, &r->scratch};
    json_begin_object(&r->writer);
    json_key(&r->writer, "settings");
    json_begin_object(&r->writer);
    for (size_t i = 0; i < SETTING_COUNT; i++)
        if (r->reading.asked & settings[i].bit) write_setting(&r->writer, &settings[i], &inference);
    json_end_object(&r->writer);
    status = write_code(r, &inference);
    if (status != CVS_OK) return status;
    json_key(&r->writer, "layer");
    status = layer_json_layer(&json, &inference, err);
    json_end_object(&r->writer);
    return status;
}

static void write_asked(solve_request *r) {
    json_key(&r->writer, "asked");
    json_begin_array(&r->writer);
    for (size_t i = 0; i < SETTING_COUNT; i++)
        if (r->reading.asked & settings[i].bit) json_write_string(&r->writer, settings[i].name);
    json_end_array(&r->writer);
}

/* Nothing fits: say why. */
static cvs_status write_no_solution(solve_request *r) {
    cvs_no_way why;
    cvs_status status =
        cvs_layer_unsolved(&r->reading.layer, r->reading.asked, &r->input, &r->output, &why, &r->call.error);
    if (status != CVS_OK) return status;
    cvs_text_clear(&r->scratch);
    cvs_explain_no_way(&why, r->language, &r->scratch);
    json_key(&r->writer, "no_solution");
    json_write_text(&r->writer, r->scratch.data, r->scratch.length);
    return r->scratch.failed ? problem_no_memory(&r->call.error) : CVS_OK;
}

static cvs_status write_answer(solve_request *r) {
    cvs_status status = CVS_OK;
    json_begin_object(&r->writer);
    json_member_string(&r->writer, "framework", cvs_framework_name(r->reading.framework));
    write_asked(r);
    json_key(&r->writer, "solutions");
    json_begin_array(&r->writer);
    for (size_t i = 0; i < r->count && status == CVS_OK; i++) status = write_solution(r, &r->solution[i]);
    json_end_array(&r->writer);
    if (r->count == 0) status = write_no_solution(r);
    json_end_object(&r->writer);
    return status;
}

static cvs_status answer(solve_request *r) {
    const layer_place at = {.layer = "/layer", .input_shape = "/input_shape"};
    cvs_error *err = &r->call.error;
    cvs_status status = language_read(&r->call, &r->language);
    if (status == CVS_OK) status = read_asked_layer(r, &at);
    if (status == CVS_OK) status = read_shape(r, "input_shape", "/input_shape", &r->input);
    if (status == CVS_OK) status = read_shape(r, "output_shape", "/output_shape", &r->output);
    if (status != CVS_OK) return status;
    status = cvs_layer_solve(&r->reading.layer, r->reading.asked, &r->input, &r->output, r->solution, MAX_SOLUTIONS,
                             &r->count, err);
    return status == CVS_OK ? write_answer(r) : status;
}

void api_solve(const api_context *context, const api_request *request, api_response *response) {
    solve_request r = {.language = api_language(request), .writer = call_writer(request->account)};
    if (!call_open(&r.call, context, request, solve_members, response)) return;
    if (answer(&r) == CVS_OK) {
        call_respond(&r.writer, response);
    } else {
        call_refuse(&r.call, response);
    }
    json_writer_free(&r.writer);
    cvs_text_free(&r.scratch);
    call_close(&r.call);
}
