#include "api/shape_request.h"

#include "api/members.h"
#include "api/problem.h"

#include <stdio.h>

/* A merge of more is refused. */
enum { MAX_INPUTS = 256 };

const char *const shape_request_members[SHAPE_MEMBER_COUNT + 1] = {
    [SHAPE_ASKS_LAYER] = "layer",
    [SHAPE_ASKS_LAYERS] = "layers",
    [SHAPE_ASKS_FRAMEWORK] = "framework",
    [SHAPE_ASKS_INPUT_SHAPE] = "input_shape",
    [SHAPE_ASKS_INPUT_SHAPES] = "input_shapes",
    [SHAPE_ASKS_WEIGHTS_SHAPES] = "weights_shapes",
    [SHAPE_ASKS_FIELDS] = "fields",
    [SHAPE_ASKS_CELL] = "cell",
    [SHAPE_ASKS_LANGUAGE] = "language",
};

static cvs_status read_framework(shape_request *r) { return framework_read(&r->call, &r->framework); }

static cvs_status read_language(shape_request *r) { return language_read(&r->call, &r->wish.language); }

static cvs_status read_field(shape_request *r, const json_t *name, size_t index) {
    int field = json_is_string(name) ? members_find(json_string_value(name), shape_field_names) : -1;
    if (field >= 0) {
        r->wish.fields |= 1U << field;
        return CVS_OK;
    }
    char pointer[32];
    snprintf(pointer, sizeof pointer, "/fields/%zu", index);
    if (!json_is_string(name)) return members_wrong_type(name, pointer, "a field's name", &r->call.error);
    return members_choice(json_string_value(name), pointer, shape_field_names, "unknown-field", &field, &r->call.error);
}

static cvs_status read_fields(shape_request *r) {
    const json_t *fields = NULL;
    cvs_status status = members_array(r->call.root, "", "fields", &fields, &r->call.error);
    r->wish.fields = 0;
    for (size_t i = 0; status == CVS_OK && i < json_array_size(fields); i++) {
        status = read_field(r, json_array_get(fields, i), i);
    }
    return status;
}

static cvs_status read_weights_shape(shape_request *r, const json_t *json, size_t index) {
    shape_names names = {0}; /* a name here says nothing about the input's */
    cvs_error *err = &r->call.error;
    cvs_status status = shape_input_read(json, &r->call.arena, &names, &r->weights[index], err);
    if (status == CVS_OK) return CVS_OK;
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

/* ---- the inputs -------------------------------------------------------------------- */

static cvs_status read_one(shape_request *r, const json_t *json) {
    shape_inputs *inputs = &r->inputs;
    cvs_status status = shape_input_read(json, &r->call.arena, &inputs->names, &inputs->one, &r->call.error);
    if (status != CVS_OK) cvs_error_prefix(&r->call.error, "/input_shape");
    return status;
}

static cvs_status refuse_length(shape_request *r, size_t count) {
    cvs_error *err = &r->call.error;
    (void)cvs_fail(err, CVS_INVALID, "wrong-length", "/input_shapes",
                   "\"input_shapes\" lists the inputs of a merge, 2 to %d of them; these are %zu.", MAX_INPUTS, count);
    cvs_fail_value(err, "%zu", count);
    cvs_fail_expected(err, "2 to %d shapes", MAX_INPUTS);
    return CVS_INVALID;
}

/* That there are 2 or more is said by what reads them: whether one is too few depends on the layer. */
static cvs_status read_listed(shape_request *r, const json_t *json) {
    cvs_error *err = &r->call.error;
    size_t count = json_array_size(json);
    if (count < 1 || count > MAX_INPUTS) return refuse_length(r, count);
    cvs_shape *shapes = cvs_arena_alloc(&r->call.arena, count * sizeof *shapes);
    if (!shapes) return problem_no_memory(err);
    for (size_t i = 0; i < count; i++) {
        cvs_status status =
            shape_input_read(json_array_get(json, i), &r->call.arena, &r->inputs.names, &shapes[i], err);
        if (status == CVS_OK) continue;
        char pointer[40];
        snprintf(pointer, sizeof pointer, "/input_shapes/%zu", i);
        cvs_error_prefix(err, pointer);
        return status;
    }
    r->inputs.listed = shapes;
    r->inputs.count = count;
    return CVS_OK;
}

static cvs_status read_inputs(shape_request *r) {
    const json_t *const *given = r->call.given;
    const json_t *one = given[SHAPE_ASKS_INPUT_SHAPE], *listed = given[SHAPE_ASKS_INPUT_SHAPES];
    if (listed && !json_is_array(listed))
        return members_wrong_type(listed, "/input_shapes", "an array", &r->call.error);
    if (one && listed) {
        return cvs_fail(&r->call.error, CVS_INVALID, "input-shape-ambiguous", "/input_shapes",
                        "A request has either \"input_shape\", or for a merge \"input_shapes\"; this one has both.");
    }
    if (listed) return read_listed(r, listed);
    return one ? read_one(r, one) : CVS_OK;
}

void shape_request_start(shape_request *r, cvs_language language) {
    r->framework = CVS_FRAMEWORK_AUTO;
    r->inputs = (shape_inputs){.listed = NULL};
    r->wish = (shape_wish){.fields = SHAPE_ALL_FIELDS, .language = language};
}

cvs_status shape_request_read(shape_request *r) {
    static const struct {
        shape_member member;
        cvs_status (*read)(shape_request *r);
    } optional[] = {{SHAPE_ASKS_FRAMEWORK, read_framework},
                    {SHAPE_ASKS_LANGUAGE, read_language},
                    {SHAPE_ASKS_FIELDS, read_fields},
                    {SHAPE_ASKS_WEIGHTS_SHAPES, read_weights_shapes},
                    {SHAPE_ASKS_CELL, read_cell}};
    cvs_status status = CVS_OK;
    for (size_t i = 0; i < sizeof optional / sizeof *optional && status == CVS_OK; i++) {
        if (r->call.given[optional[i].member]) status = optional[i].read(r);
    }
    return status == CVS_OK ? read_inputs(r) : status;
}
