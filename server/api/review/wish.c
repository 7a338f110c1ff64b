#include "api/review/wish.h"

#include "api/layer_input.h"
#include "api/members.h"
#include "api/problem.h"
#include "api/review/rules.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

cvs_status review_wish_start(review_wish *wish, api_call *call, cvs_language language) {
    *wish = (review_wish){.framework = CVS_FRAMEWORK_AUTO, .judge = cvs_review_options_default()};
    wish->judge.language = language;
    wish->names.symbols = cvs_symbols_create(&call->arena);
    return wish->names.symbols ? CVS_OK : problem_no_memory(&call->error);
}

/* ---- inputs ------------------------------------------------------------------------- */

/* Room for one more; what is outgrown stays in the arena until its end. */
static cvs_model_input *add_input(review_wish *wish, api_call *call) {
    const size_t count = wish->input_count;
    if ((count & (count - 1)) == 0) { /* 0, 1, 2, 4, ...: it is full */
        cvs_model_input *grown = cvs_arena_alloc(&call->arena, (count ? 2 * count : 1) * sizeof *grown);
        if (!grown) return NULL;
        if (count) memcpy(grown, wish->inputs, count * sizeof *grown);
        wish->inputs = grown;
    }
    return &wish->inputs[wish->input_count++];
}

/* `name` NULL: of the only input. */
static cvs_status read_input(review_wish *wish, api_call *call, const char *name, const json_t *json,
                             const char *pointer) {
    cvs_shape shape;
    cvs_status status = shape_input_read(json, &call->arena, &wish->names, &shape, &call->error);
    if (status != CVS_OK) {
        cvs_error_prefix(&call->error, pointer);
        return status;
    }
    cvs_model_input *input = add_input(wish, call);
    if (!input) return problem_no_memory(&call->error);
    *input = (cvs_model_input){.name = name, .shape = shape};
    return CVS_OK;
}

static cvs_status read_input_shape(review_wish *wish, api_call *call, const json_t *json) {
    return read_input(wish, call, NULL, json, "/input_shape");
}

static cvs_status read_input_shapes(review_wish *wish, api_call *call, const json_t *json) {
    cvs_status status = CVS_OK;
    if (!json_is_object(json))
        return members_wrong_type(json, "/input_shapes", "an object of shapes by the names of the inputs",
                                  &call->error);
    for (void *i = json_object_iter((json_t *)(uintptr_t)json); i && status == CVS_OK;
         i = json_object_iter_next((json_t *)(uintptr_t)json, i)) {
        char pointer[POINTER_SIZE];
        members_pointer(pointer, "/input_shapes", json_object_iter_key(i));
        status = read_input(wish, call, json_object_iter_key(i), json_object_iter_value(i), pointer);
    }
    return status;
}

/* Put the values in for the names that have one. */
static void bind_inputs(review_wish *wish) {
    for (size_t i = 0; i < wish->input_count; i++)
        wish->inputs[i].shape = shape_input_bound(&wish->names, &wish->inputs[i].shape);
}

/* ---- words ----------------------------------------------------------------------------- */

static cvs_status read_framework(review_wish *wish, api_call *call, const json_t *json) {
    if (!json_is_string(json)) return members_wrong_type(json, "/framework", "a string", &call->error);
    return framework_find(json_string_value(json), "/framework", &wish->framework, &call->error);
}

static cvs_status read_language(review_wish *wish, api_call *call, const json_t *json) {
    if (!json_is_string(json)) return members_wrong_type(json, "/language", "a string", &call->error);
    return language_find(json_string_value(json), "/language", &wish->judge.language, &call->error);
}

static cvs_status read_file(review_wish *wish, api_call *call, const json_t *json) {
    wish->file = json_string_value(json);
    return wish->file ? CVS_OK : members_wrong_type(json, "/file", "a string", &call->error);
}

static cvs_status read_rules(review_wish *wish, api_call *call, const json_t *json) {
    return review_judge_rules(&wish->judge, json, &call->error);
}

static cvs_status read_budget(review_wish *wish, api_call *call, const json_t *json) {
    return review_judge_budget(&wish->judge, json, &call->error);
}

static cvs_status read_thresholds(review_wish *wish, api_call *call, const json_t *json) {
    return review_judge_thresholds(&wish->judge, json, &call->error);
}

static cvs_status read_loss(review_wish *wish, api_call *call, const json_t *json) {
    return review_judge_loss(&wish->judge, json, &call->error);
}

static cvs_status read_move(review_wish *wish, api_call *call, const json_t *json) {
    return review_judge_move(&wish->judge, json, &call->error);
}

/* ---- the baseline ------------------------------------------------------------------------ */

static int compare(const void *a, const void *b) {
    const char *const *one = a, *const *other = b;
    return strcmp(*one, *other);
}

/* An earlier answer, or SARIF's results, or its findings, or their fingerprints. */
static const json_t *list_of(const json_t *json) {
    const json_t *findings = json_is_object(json) ? members_get(json, "findings") : json;
    return json_is_array(findings) ? findings : NULL;
}

static cvs_status read_baseline(review_wish *wish, api_call *call, const json_t *json) {
    const json_t *list = list_of(json);
    review_baseline *baseline = &wish->baseline;
    if (!list)
        return members_wrong_type(json, "/baseline", "an earlier answer of this endpoint, or its findings",
                                  &call->error);
    baseline->fingerprints =
        cvs_arena_alloc(&call->arena, (json_array_size(list) + 1) * sizeof *baseline->fingerprints);
    if (!baseline->fingerprints) return problem_no_memory(&call->error);
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *given = json_array_get(list, i);
        const json_t *entry = json_is_object(given) ? members_get(given, "fingerprint") : given;
        char pointer[48];
        snprintf(pointer, sizeof pointer, "/baseline/%zu", i);
        if (!json_is_string(entry))
            return members_wrong_type(given, pointer, "a finding with its fingerprint", &call->error);
        baseline->fingerprints[baseline->count++] = json_string_value(entry);
    }
    qsort(baseline->fingerprints, baseline->count, sizeof *baseline->fingerprints, compare);
    baseline->given = true;
    return CVS_OK;
}

/* ---- all of it ----------------------------------------------------------------------------- */

const char *const review_wish_members[REVIEW_WISH_MEMBERS] = {"framework",    "language", "input_shape", "input_shapes",
                                                              "rules",        "budget",   "thresholds",  "loss",
                                                              "weights_move", "baseline", "file"};

static cvs_status (*const readers[REVIEW_WISH_MEMBERS])(review_wish *wish, api_call *call, const json_t *json) = {
    read_framework,  read_language, read_input_shape, read_input_shapes, read_rules, read_budget,
    read_thresholds, read_loss,     read_move,        read_baseline,     read_file};

cvs_status review_wish_read(review_wish *wish, api_call *call, const json_t *object) {
    cvs_status status = CVS_OK;
    for (size_t i = 0; i < REVIEW_WISH_MEMBERS && status == CVS_OK; i++) {
        const json_t *json = members_get(object, review_wish_members[i]);
        if (json) status = readers[i](wish, call, json);
    }
    if (status == CVS_OK) bind_inputs(wish);
    return status;
}

/* ---- a query ------------------------------------------------------------------------------- */

/* A size of "1,3,H,W=224" as it stands in JSON. */
static json_t *size_json(const char *text, size_t length) {
    char *end;
    errno = 0;
    const long long number = strtoll(text, &end, 10);
    if (length > 0 && end == text + length && errno != ERANGE) return json_integer(number);
    if ((length == 4 && memcmp(text, "null", 4) == 0) || (length == 4 && memcmp(text, "None", 4) == 0) ||
        (length == 1 && *text == '?'))
        return json_null();
    return json_stringn(text, length);
}

static json_t *shape_json(const char *text) {
    json_t *shape = json_array();
    for (bool more = true; shape && more;) {
        const char *comma = strchr(text, ',');
        const size_t length = comma ? (size_t)(comma - text) : strlen(text);
        if (json_array_append_new(shape, size_json(text, length)) != 0) {
            json_decref(shape);
            return NULL;
        }
        more = comma;
        if (comma) text = comma + 1;
    }
    return shape;
}

/* "1,3,224,224", or "x:1,3,224,224" of the input x. */
static cvs_status add_input_text(review_wish *wish, api_call *call, const char *text) {
    const char *colon = strrchr(text, ':');
    const char *name = colon ? cvs_arena_copy(&call->arena, text, (size_t)(colon - text)) : NULL;
    json_t *shape = (colon && !name) ? NULL : shape_json(colon ? colon + 1 : text);
    if (!shape) return problem_no_memory(&call->error);
    const cvs_status status = read_input(wish, call, name, shape, "/input_shape");
    json_decref(shape);
    return status;
}

static cvs_status add_baseline_text(review_wish *wish, api_call *call, const char *text) {
    json_t *json;
    const cvs_status status = call_parse(call, text, strlen(text), "The baseline", &json);
    return status == CVS_OK ? read_baseline(wish, call, json) : status;
}

static cvs_status add_word(review_wish *wish, api_call *call, const api_parameter *parameter) {
    if (strcmp(parameter->name, "framework") == 0)
        return framework_find(parameter->value, "/framework", &wish->framework, &call->error);
    if (strcmp(parameter->name, "language") == 0)
        return language_find(parameter->value, "/language", &wish->judge.language, &call->error);
    if (members_find(parameter->name, review_judge_parameters) >= 0)
        return review_judge_words(&wish->judge, parameter->name, parameter->value, &call->error);
    wish->file = parameter->value;
    return CVS_OK;
}

static cvs_status add_parameter(review_wish *wish, api_call *call, const api_parameter *parameter) {
    static const char *const known[] = {"framework",  "language", "input_shape", "rules", "budget",
                                        "thresholds", "loss",     "baseline",    "file",  NULL};
    if (members_find(parameter->name, known) < 0) return members_unknown(parameter->name, "", known, &call->error);
    if (strcmp(parameter->name, "input_shape") == 0) return add_input_text(wish, call, parameter->value);
    if (strcmp(parameter->name, "baseline") == 0) return add_baseline_text(wish, call, parameter->value);
    return add_word(wish, call, parameter);
}

cvs_status review_wish_add(review_wish *wish, api_call *call, const api_request *request) {
    cvs_status status = CVS_OK;
    if (request->parameter_count > API_MOST_PARAMETERS)
        return cvs_fail(&call->error, CVS_INVALID, "too-many-parameters", "",
                        "The query has %zu parameters, the most is %d: send a JSON request instead.",
                        request->parameter_count, API_MOST_PARAMETERS);
    for (size_t i = 0; i < request->parameter_count && status == CVS_OK; i++)
        status = add_parameter(wish, call, &request->parameters[i]);
    bind_inputs(wish);
    return status;
}
