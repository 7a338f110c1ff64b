#include "api/shape_answer.h"

#include "api/members.h"
#include "api/problem.h"
#include "api/shape_asked.h"

#include <string.h>

/* What the writers of the members share. */
typedef struct answer {
    const shape_case *subject;
    const cvs_inference *inference;
    const shape_wish *wish;
    layer_json json;
    json_writer *writer; /* json.writer */
    cvs_text *scratch;   /* json.scratch */
    cvs_arena *arena;
    cvs_error *err;
    cvs_weights weights; /* in the layer's own layout; read by own_weights() */
    cvs_status weights_status;
    bool weights_known;
} answer;

/*
 * The layer's weights, listed once. NULL where they are not known (open input channels) or the operator has no
 * layout; a->weights_status tells other failures.
 */
static const cvs_weights *own_weights(answer *a) {
    if (!a->weights_known) {
        cvs_error ignored = {0};
        a->weights_known = true;
        a->weights_status = cvs_layer_weights(a->inference, CVS_FRAMEWORK_AUTO, &a->weights, &ignored);
        if (a->weights_status == CVS_TOO_LARGE || a->weights_status == CVS_NO_MEMORY) *a->err = ignored;
    }
    return a->weights_status == CVS_OK ? &a->weights : NULL;
}

static cvs_status weights_failure(const answer *a) {
    return a->weights_status == CVS_TOO_LARGE || a->weights_status == CVS_NO_MEMORY ? a->weights_status : CVS_OK;
}

static cvs_status write_framework(answer *a) {
    json_write_string(a->writer, cvs_framework_name(a->subject->reading.framework));
    return CVS_OK;
}

static cvs_status write_layer(answer *a) { return layer_json_layer(&a->json, a->inference, a->err); }

static void write_tensor(answer *a, const cvs_tensor_shape *tensor) {
    json_begin_object(a->writer);
    layer_json_tensor(&a->json, tensor);
    json_end_object(a->writer);
}

/* The input, of a merge the first; then "inputs" with all of them. */
static cvs_status write_input(answer *a) {
    const shape_case *subject = a->subject;
    write_tensor(a, &a->inference->input);
    if (!subject->inputs) return CVS_OK;
    json_key(a->writer, "inputs");
    json_begin_array(a->writer);
    for (size_t i = 0; i < subject->input_count; i++) {
        cvs_tensor_shape input = cvs_merge_input(&a->inference->layer, &subject->inputs[i]);
        write_tensor(a, &input);
    }
    json_end_array(a->writer);
    return CVS_OK;
}

static cvs_status write_output(answer *a) {
    json_begin_object(a->writer);
    layer_json_tensor(&a->json, &a->inference->output);
    if (a->subject->symbolic.rank > 0) {
        json_key(a->writer, "expressions");
        json_begin_array(a->writer);
        for (int i = 0; i < a->subject->symbolic.rank; i++) layer_json_dim(&a->json, a->subject->symbolic.dim[i]);
        json_end_array(a->writer);
    }
    json_end_object(a->writer);
    return CVS_OK;
}

static cvs_status write_weights(answer *a) {
    const cvs_weights *weights = own_weights(a);
    if (!weights) {
        json_write_null(a->writer);
        return weights_failure(a);
    }
    json_begin_array(a->writer);
    for (int i = 0; i < weights->count; i++) layer_json_weight(&a->json, &weights->weight[i]);
    json_end_array(a->writer);
    return CVS_OK;
}

/* One weight as another framework stores it, and the line of NumPy that gets it there. */
static void write_layout(answer *a, cvs_framework framework, const cvs_weights *weights, int index) {
    json_begin_object(a->writer);
    json_member_string(a->writer, "framework", cvs_framework_name(framework));
    json_member_string(a->writer, "name", weights->weight[index].name);
    layer_json_tensor(&a->json, &weights->weight[index].tensor);
    cvs_text_clear(a->scratch);
    cvs_error ignored = {0};
    cvs_status status = cvs_layout_conversion(a->inference, CVS_FRAMEWORK_AUTO, framework, index, a->scratch, &ignored);
    if (a->scratch->failed) a->writer->text.failed = true;
    json_member_string(a->writer, "from_given", status == CVS_OK ? a->scratch->data : NULL);
    json_end_object(a->writer);
}

static cvs_framework own_framework(const answer *a) {
    cvs_framework own = a->inference->layer.framework;
    return own == CVS_FRAMEWORK_AUTO ? CVS_CONVSCOPE : own;
}

static cvs_status write_layouts(answer *a) {
    static const cvs_framework frameworks[] = {CVS_KERAS, CVS_KERAS1, CVS_PYTORCH, CVS_ONNX, CVS_TENSORFLOW};
    json_begin_array(a->writer);
    for (size_t f = 0; f < sizeof frameworks / sizeof *frameworks; f++) {
        cvs_weights weights;
        cvs_error ignored = {0};
        if (frameworks[f] == own_framework(a)) continue;
        if (cvs_layer_weights(a->inference, frameworks[f], &weights, &ignored) != CVS_OK) continue;
        for (int i = 0; i < weights.count; i++) write_layout(a, frameworks[f], &weights, i);
    }
    json_end_array(a->writer);
    return CVS_OK;
}

static cvs_status write_parameters(answer *a) {
    const cvs_weights *weights = own_weights(a);
    if (weights) {
        json_write_int(a->writer, weights->parameters);
    } else {
        json_write_null(a->writer);
    }
    return weights_failure(a);
}

static cvs_status write_cost(answer *a) {
    cvs_cost cost;
    cvs_status status = cvs_layer_cost(a->inference, &cost, a->err);
    if (status != CVS_OK) return status;
    layer_json_cost(a->writer, &cost);
    return CVS_OK;
}

static cvs_status write_receptive_field(answer *a) {
    cvs_receptive_field field;
    cvs_layer_receptive_field(a->inference, &field);
    layer_json_receptive_field(a->writer, &field);
    return CVS_OK;
}

static void write_step(answer *a, int axis) {
    cvs_step step;
    cvs_text_clear(a->scratch);
    cvs_layer_step(a->inference, axis, &step, a->scratch);
    json_begin_object(a->writer);
    json_member_string(a->writer, "axis", cvs_axis_name(step.axis));
    json_member_string(a->writer, "formula", step.formula);
    json_member_string(a->writer, "substitution", a->scratch->data);
    if (a->scratch->failed) a->writer->text.failed = true;
    json_key(a->writer, "result");
    layer_json_dim(&a->json, step.result);
    json_end_object(a->writer);
}

static cvs_status write_explanation(answer *a) {
    json_begin_object(a->writer);
    json_member_string(a->writer, "language", cvs_language_tag(a->wish->language));
    json_key(a->writer, "steps");
    json_begin_array(a->writer);
    for (int axis = 0; axis < a->inference->layer.spatial_rank; axis++) write_step(a, axis);
    json_end_array(a->writer);
    json_key(a->writer, "paragraphs");
    json_begin_array(a->writer);
    cvs_explanation explanation;
    cvs_status status = cvs_explain(a->arena, a->inference, a->wish->language, &explanation, a->err);
    for (int i = 0; status == CVS_OK && i < explanation.count; i++) {
        json_write_string(a->writer, explanation.paragraph[i].text);
    }
    json_end_array(a->writer);
    json_end_object(a->writer);
    return status;
}

/* Where the user wrote what the finding is about: in the layer, or in the weights' shapes beside it. */
static void write_finding_pointer(answer *a, const cvs_finding *finding) {
    static const char beside[] = "/weights_shapes";
    if (strncmp(finding->pointer, beside, sizeof beside - 1) == 0) {
        json_member_string(a->writer, "pointer", finding->pointer);
        return;
    }
    cvs_error place = {0};
    (void)cvs_fail(&place, CVS_INVALID, "", finding->pointer, "%s", "");
    layer_locate(&place, &a->subject->reading, a->subject->at);
    if (place.status == CVS_NO_MEMORY) a->writer->text.failed = true;
    json_member_string(a->writer, "pointer", place.pointer);
}

static void write_finding(answer *a, const cvs_finding *finding) {
    json_begin_object(a->writer);
    json_member_string(a->writer, "rule", finding->rule->id);
    json_member_string(a->writer, "name", finding->rule->name);
    json_member_string(a->writer, "level", cvs_level_name(finding->rule->level));
    json_member_string(a->writer, "message", finding->message);
    json_member_string(a->writer, "fix", finding->fix);
    write_finding_pointer(a, finding);
    json_end_object(a->writer);
}

/* What the weights that the user saw say. Without weights of its own the layer has nothing to hold them against. */
static cvs_status find_in_weights(answer *a, cvs_findings *findings) {
    cvs_match match;
    if (!own_weights(a)) return weights_failure(a);
    cvs_status status = cvs_layer_match(a->inference, a->wish->weights, a->wish->weights_count, &match, a->err);
    if (status != CVS_OK) return status;
    return cvs_weights_findings(a->arena, a->inference, &match, a->wish->language, findings, a->err);
}

static cvs_status write_findings(answer *a) {
    cvs_findings findings;
    cvs_status status = cvs_layer_findings(a->arena, a->inference, a->wish->language, &findings, a->err);
    if (status == CVS_OK && a->wish->weights) status = find_in_weights(a, &findings);
    if (status != CVS_OK) return status;
    json_begin_array(a->writer);
    for (int i = 0; i < findings.count; i++) write_finding(a, &findings.finding[i]);
    json_end_array(a->writer);
    return CVS_OK;
}

/* A line of code as a string, ONNX's node as the object that it is, or why there is none. */
static cvs_status write_equivalent(answer *a, cvs_framework framework) {
    cvs_error why = {0};
    cvs_text_clear(a->scratch);
    cvs_status status = cvs_dialect_write(a->inference, framework, a->wish->language, a->scratch, &why);
    if (status == CVS_NO_MEMORY || a->scratch->failed) {
        return problem_no_memory(a->err);
    }
    json_key(a->writer, cvs_framework_name(framework));
    if (status != CVS_OK) {
        json_begin_object(a->writer);
        json_member_string(a->writer, "unsupported", why.message);
        json_end_object(a->writer);
    } else if (framework == CVS_ONNX) {
        json_write_raw(a->writer, a->scratch->data, a->scratch->length);
    } else {
        json_write_text(a->writer, a->scratch->data, a->scratch->length);
    }
    return CVS_OK;
}

static cvs_status write_equivalents(answer *a) {
    static const cvs_framework frameworks[] = {CVS_KERAS, CVS_KERAS1, CVS_PYTORCH, CVS_ONNX};
    cvs_status status = CVS_OK;
    json_begin_object(a->writer);
    for (size_t f = 0; f < sizeof frameworks / sizeof *frameworks && status == CVS_OK; f++) {
        if (frameworks[f] != own_framework(a)) status = write_equivalent(a, frameworks[f]);
    }
    json_end_object(a->writer);
    return status;
}

/* ---- all of it ------------------------------------------------------------------- */

const char *const shape_field_names[SHAPE_FIELD_COUNT + 1] = {
    "framework",  "layer", "input",           "output",      "weights",  "weights_layouts",
    "parameters", "cost",  "receptive_field", "explanation", "findings", "equivalents"};

static cvs_status (*const field_writers[SHAPE_FIELD_COUNT])(answer *a) = {
    write_framework,  write_layer, write_input,           write_output,      write_weights,  write_layouts,
    write_parameters, write_cost,  write_receptive_field, write_explanation, write_findings, write_equivalents};

cvs_status shape_answer_write(api_call *call, const shape_case *subject, const shape_wish *wish, json_writer *writer,
                              cvs_text *scratch) {
    answer a; /* its weights stay as they are until somebody asks for them */
    a.subject = subject;
    a.inference = &subject->inference;
    a.wish = wish;
    a.json = (layer_json){writer, subject->symbols, scratch};
    a.writer = writer;
    a.scratch = scratch;
    a.arena = &call->arena;
    a.err = &call->error;
    a.weights_known = false;
    cvs_status status = CVS_OK;
    json_begin_object(writer);
    for (shape_field i = 0; wish->fields >> i && status == CVS_OK; i++) {
        if (!shape_wants(wish, i)) continue;
        json_key(writer, shape_field_names[i]);
        status = field_writers[i](&a);
    }
    if (status == CVS_OK && wish->weights) status = shape_write_match(&a.json, a.arena, a.inference, wish, a.err);
    if (status == CVS_OK && wish->cell) status = shape_write_window(&a.json, a.inference, wish, a.err);
    json_end_object(writer);
    return status;
}
