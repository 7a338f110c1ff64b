#include "api/members.h"
#include "api/oip/infer.h"

#include <stdio.h>
#include <string.h>

cvs_status infer_needed_string(const json_t *object, const char *pointer, const char *key, const char **out,
                               cvs_error *err) {
    *out = NULL;
    cvs_status status = members_string(object, pointer, key, out, err);
    if (status != CVS_OK || *out) return status;
    char at[POINTER_SIZE];
    members_pointer(at, pointer, key);
    return cvs_fail(err, CVS_INVALID, "member-missing", at, "\"%s\" is missing: the protocol wants it here.", key);
}

/* MLServer's clients say that their tensors are NumPy's, which is all that they can be. */
static cvs_status check_content_type(const json_t *parameters, const char *pointer, cvs_error *err) {
    static const char *const names[] = {"np", NULL};
    const char *word = names[0];
    int choice;
    cvs_status status = members_string(parameters, pointer, "content_type", &word, err);
    if (status != CVS_OK) return status;
    char at[POINTER_SIZE];
    members_pointer(at, pointer, "content_type");
    return members_choice(word, at, names, "unsupported-content-type", &choice, err);
}

cvs_status infer_parameters(const json_t *object, const char *pointer, const char *const *known, const json_t **out,
                            cvs_error *err) {
    *out = members_get(object, "parameters");
    if (!*out) return CVS_OK;
    char at[POINTER_SIZE];
    members_pointer(at, pointer, "parameters");
    cvs_status status = members_check(*out, at, known, err);
    return status == CVS_OK ? check_content_type(*out, at, err) : status;
}

/* ---- the parameters of the request ------------------------------------------------------ */

/* Layers that are objects elsewhere, as ONNX's nodes are, come as the text of one. */
static cvs_status unwrap(infer_call *call, const json_t **layer) {
    const char *text = json_string_value(*layer);
    if (text[strspn(text, " \t\r\n")] != '{') return CVS_OK;
    json_t *object;
    cvs_status status = call_parse(&call->json, text, json_string_length(*layer), "The layer", &object);
    *layer = object;
    if (status != CVS_OK) cvs_error_prefix(&call->json.error, call->c.at.layer);
    return status;
}

static cvs_status read_layer(infer_call *call, const json_t *parameters) {
    cvs_error *err = &call->json.error;
    const char *at = call->c.at.layer, *word = "auto";
    cvs_framework framework;
    const json_t *layer = members_get(parameters, "layer");
    if (!layer) {
        return cvs_fail(err, CVS_INVALID, "layer-missing", at,
                        "Which layer? Add the parameter \"layer\", a text such as \"Conv2D(8, 3)\".");
    }
    if (!json_is_string(layer)) return members_wrong_type(layer, at, "a string, the layer or its JSON as text", err);
    cvs_status status = members_string(parameters, "/parameters", "framework", &word, err);
    if (status == CVS_OK) status = framework_find(word, "/parameters/framework", &framework, err);
    if (status == CVS_OK) status = unwrap(call, &layer);
    return status == CVS_OK ? layer_read(&call->json, layer, &call->c.at, framework, &call->c.reading) : status;
}

/* "priority" and "timeout" are Triton's, for requests that wait in its queues: there are none here. */
static cvs_status read_parameters(infer_call *call) {
    static const char *const known[] = {"layer",    "framework", "algorithm",    "binary_data_output",
                                        "priority", "timeout",   "content_type", NULL};
    cvs_error *err = &call->json.error;
    const json_t *parameters;
    const char *algorithm = "auto";
    int64_t ignored;
    cvs_status status = infer_parameters(call->json.root, "", known, &parameters, err);
    if (status == CVS_OK) status = read_layer(call, parameters);
    if (status == CVS_OK) status = members_string(parameters, "/parameters", "algorithm", &algorithm, err);
    if (status == CVS_OK) status = convolve_set_algorithm(&call->c, algorithm, err);
    if (status == CVS_OK)
        status = members_bool(parameters, "/parameters", "binary_data_output", &call->binary_output, err);
    if (status == CVS_OK) status = members_int(parameters, "/parameters", "priority", &ignored, err);
    return status == CVS_OK ? members_int(parameters, "/parameters", "timeout", &ignored, err) : status;
}

/* ---- the outputs ------------------------------------------------------------------------- */

static cvs_status read_output(infer_call *call, const json_t *output, size_t index) {
    static const char *const known[] = {"name", "parameters", NULL}, *const names[] = {"output", NULL};
    static const char *const known_parameters[] = {"binary_data", "content_type", NULL};
    cvs_error *err = &call->json.error;
    char at[48], name_at[POINTER_SIZE], parameters_at[POINTER_SIZE];
    snprintf(at, sizeof at, "/outputs/%zu", index);
    members_pointer(name_at, at, "name");
    members_pointer(parameters_at, at, "parameters");
    const char *name = NULL;
    const json_t *parameters;
    int choice;
    cvs_status status = members_check(output, at, known, err);
    if (status == CVS_OK) status = infer_needed_string(output, at, "name", &name, err);
    if (status == CVS_OK) status = members_choice(name, name_at, names, "unknown-output", &choice, err);
    if (status == CVS_OK && index > 0)
        status = cvs_fail(err, CVS_INVALID, "output-twice", at, "The output \"%s\" is asked for twice.", name);
    if (status == CVS_OK) status = infer_parameters(output, at, known_parameters, &parameters, err);
    if (status != CVS_OK) return status;
    return members_bool(parameters, parameters_at, "binary_data", &call->binary_output, err);
}

/* None asked for are all, which is the one. */
static cvs_status read_outputs(infer_call *call) {
    const json_t *outputs = NULL;
    cvs_status status = members_array(call->json.root, "", "outputs", &outputs, &call->json.error);
    for (size_t i = 0; status == CVS_OK && i < json_array_size(outputs); i++) {
        status = read_output(call, json_array_get(outputs, i), i);
    }
    return status;
}

/* KServe's client names the model in the body too; it is the path that counts. */
cvs_status infer_read(infer_call *call) {
    const json_t *root = call->json.root;
    cvs_error *err = &call->json.error;
    const char *ignored;
    cvs_status status = members_string(root, "", "id", &call->id, err);
    if (status == CVS_OK) status = members_string(root, "", "model_name", &ignored, err);
    if (status == CVS_OK) status = members_string(root, "", "model_version", &ignored, err);
    if (status == CVS_OK) status = read_parameters(call);
    return status == CVS_OK ? read_outputs(call) : status;
}
