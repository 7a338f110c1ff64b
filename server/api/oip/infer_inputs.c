#include "api/members.h"
#include "api/oip/datatype.h"
#include "api/oip/infer.h"
#include "api/problem.h"

#include <stdio.h>
#include <string.h>

/* One entry of "inputs" while it is looked at. */
typedef struct entry {
    const json_t *json;
    char pointer[CONVOLVE_POINTER_SIZE];
    cvs_shape shape;
    tensor_element element;
    const json_t *data;  /* NULL when there is none */
    int64_t binary_size; /* negative when there are none */
} entry;

static cvs_status fail_at(const entry *e, const char *member, const char *code, const char *message, cvs_error *err) {
    char at[POINTER_SIZE];
    snprintf(at, sizeof at, "%s%s", e->pointer, member);
    return cvs_fail(err, CVS_INVALID, code, at, "%s", message);
}

/* ---- what an entry says of itself --------------------------------------------------------- */

static cvs_status read_name(infer_call *call, const entry *e, infer_input *input) {
    cvs_error *err = &call->json.error;
    cvs_status status = infer_needed_string(e->json, e->pointer, "name", &input->name, err);
    for (size_t i = 0; status == CVS_OK && i < call->input_count; i++) {
        if (strcmp(call->inputs[i].name, input->name) == 0)
            status = fail_at(e, "/name", "input-twice", "Another input has this name.", err);
    }
    return status;
}

static cvs_status read_shape(entry *e, cvs_error *err) {
    const json_t *shape = members_get(e->json, "shape");
    if (!shape) return fail_at(e, "/shape", "member-missing", "\"shape\" is missing: the protocol wants it here.", err);
    cvs_status status = tensor_read_shape(shape, &e->shape, err);
    if (status == CVS_OK) {
        int64_t count;
        status = cvs_shape_count(&e->shape, &count, err);
        if (status != CVS_OK) cvs_error_prefix(err, "/shape");
    }
    if (status != CVS_OK) cvs_error_prefix(err, e->pointer);
    return status;
}

static cvs_status read_datatype(entry *e, cvs_error *err) {
    const char *word;
    char at[POINTER_SIZE];
    members_pointer(at, e->pointer, "datatype");
    cvs_status status = infer_needed_string(e->json, e->pointer, "datatype", &word, err);
    return status == CVS_OK ? oip_datatype_find(word, at, &e->element, err) : status;
}

/* The numbers stand in "data", or behind the JSON. */
static cvs_status read_form(entry *e, cvs_error *err) {
    static const char *const known[] = {"binary_data_size", "content_type", NULL};
    const json_t *parameters;
    char at[POINTER_SIZE];
    members_pointer(at, e->pointer, "parameters");
    cvs_status status = infer_parameters(e->json, e->pointer, known, &parameters, err);
    if (status != CVS_OK) return status;
    const bool binary = members_get(parameters, "binary_data_size") != NULL;
    e->data = members_get(e->json, "data");
    e->binary_size = -1;
    status = members_int(parameters, at, "binary_data_size", &e->binary_size, err);
    if (status != CVS_OK) return status;
    if (binary && e->data) {
        return fail_at(e, "", "tensor-ambiguous", "An input has either \"data\" or \"binary_data_size\", not both.",
                       err);
    }
    if (!binary && !e->data) {
        return fail_at(e, "/data", "member-missing",
                       "Where are the numbers? Add \"data\", or the parameter \"binary_data_size\".", err);
    }
    if (binary && e->binary_size < 0) {
        return fail_at(e, "/parameters/binary_data_size", "size-negative", "A size cannot be negative.", err);
    }
    return CVS_OK;
}

/* ---- its numbers ------------------------------------------------------------------------------ */

static cvs_status open_bytes(infer_call *call, const entry *e, tensor_source *out) {
    infer_bytes *bytes = &call->bytes;
    cvs_error *err = &call->json.error;
    const uint64_t size = (uint64_t)e->binary_size;
    char at[POINTER_SIZE];
    snprintf(at, sizeof at, "%s/parameters/binary_data_size", e->pointer);
    if (size > bytes->length) {
        return cvs_fail(err, CVS_INVALID, "binary-data-missing", at,
                        "This input has %lld bytes of binary data, of which the body has %zu left.%s",
                        (long long)e->binary_size, bytes->length,
                        bytes->announced ? "" : " The header Inference-Header-Content-Length says where they begin.");
    }
    const tensor_bytes numbers = {.data = bytes->data, .size = (size_t)size, .element = e->element};
    bytes->data += size;
    bytes->length -= (size_t)size;
    cvs_status status = tensor_open_bytes(&numbers, &e->shape, out, err);
    if (status != CVS_OK) cvs_error_prefix(err, at);
    return status;
}

/*
 * Numbers of a type that is narrower than float32 are read at once, since each must be one of its values. There are no
 * more of them than the JSON was long.
 */
static cvs_status read_narrow(infer_call *call, const entry *e, tensor_source *source) {
    cvs_error *err = &call->json.error;
    cvs_status status = CVS_OK;
    if (!source->numbers && source->count > 0) {
        float *memory = cvs_arena_take(&call->json.arena, (size_t)source->count * sizeof *memory), *out = memory;
        if (!memory) return problem_no_memory(err);
        if (e->element == TENSOR_BOOL) {
            const int depth = source->form == TENSOR_NESTED ? source->shape.rank : 1;
            status = oip_datatype_read_bools(source->values, depth, &out, err);
        } else {
            status = tensor_read(source, 1, memory, err);
            if (status != CVS_OK && source->form == TENSOR_NESTED) cvs_error_prefix(err, "/data");
        }
        source->numbers = memory;
    }
    return status == CVS_OK ? oip_datatype_check(e->element, source->numbers, source->count, err) : status;
}

static cvs_status open_data(infer_call *call, const entry *e, tensor_source *out) {
    cvs_error *err = &call->json.error;
    cvs_status status = tensor_open_data(e->data, &call->json.lifted, &e->shape, out, err);
    if (status == CVS_OK && oip_datatype_is_narrow(e->element)) status = read_narrow(call, e, out);
    if (status != CVS_OK) cvs_error_prefix(err, e->pointer);
    return status;
}

/* What is wrong with nested numbers is told by a pointer below them; with flat ones, by one below the entry. */
static void set_pointer(const entry *e, convolve_tensor *tensor) {
    const bool nested = e->data && tensor->source.form == TENSOR_NESTED;
    snprintf(tensor->pointer, sizeof tensor->pointer, "%.60s%s", e->pointer, nested ? "/data" : "");
}

/* ---- all of them ------------------------------------------------------------------------------- */

static cvs_status open_input(infer_call *call, const json_t *json) {
    static const char *const known[] = {"name", "shape", "datatype", "parameters", "data", NULL};
    cvs_error *err = &call->json.error;
    infer_input *input = &call->inputs[call->input_count];
    entry e = {.json = json};
    snprintf(e.pointer, sizeof e.pointer, "/inputs/%zu", call->input_count);
    cvs_status status = members_check(json, e.pointer, known, err);
    if (status == CVS_OK) status = read_name(call, &e, input);
    if (status == CVS_OK) status = read_shape(&e, err);
    if (status == CVS_OK) status = read_datatype(&e, err);
    if (status == CVS_OK) status = read_form(&e, err);
    if (status != CVS_OK) return status;
    input->tensor.given = true;
    status = e.data ? open_data(call, &e, &input->tensor.source) : open_bytes(call, &e, &input->tensor.source);
    set_pointer(&e, &input->tensor);
    call->input_count++;
    return status;
}

static cvs_status check_none_left(infer_call *call) {
    if (call->bytes.length == 0) return CVS_OK;
    return cvs_fail(&call->json.error, CVS_INVALID, "binary-data-left", "/inputs",
                    "The body has %zu bytes of binary data more than the inputs' \"binary_data_size\" add up to.",
                    call->bytes.length);
}

cvs_status infer_open_inputs(infer_call *call) {
    const json_t *inputs = NULL;
    cvs_error *err = &call->json.error;
    cvs_status status = members_array(call->json.root, "", "inputs", &inputs, err);
    if (status != CVS_OK) return status;
    const size_t count = json_array_size(inputs);
    if (count > INFER_MOST_INPUTS) {
        return cvs_fail(err, CVS_INVALID, "too-many-inputs", "/inputs",
                        "These are %zu inputs; no layer has more than %d, its weights among them.", count,
                        INFER_MOST_INPUTS);
    }
    for (size_t i = 0; i < count && status == CVS_OK; i++) status = open_input(call, json_array_get(inputs, i));
    return status == CVS_OK ? check_none_left(call) : status;
}
