#include "api/layer_input.h"

#include "api/members.h"

#include <stdio.h>
#include <string.h>

cvs_status framework_find(const char *word, const char *pointer, cvs_framework *out, cvs_error *err) {
    static const char *const names[] = {"keras", "keras1", "pytorch", "onnx", "convscope", "auto", NULL};
    int choice;
    cvs_status status = members_choice(word, pointer, names, "unknown-framework", &choice, err);
    if (status == CVS_OK) (void)cvs_framework_from_name(names[choice], out);
    return status;
}

cvs_status framework_read(api_call *call, cvs_framework *out) {
    *out = CVS_FRAMEWORK_AUTO;
    const char *word = NULL;
    cvs_status status = members_string(call->root, "", "framework", &word, &call->error);
    return status == CVS_OK && word ? framework_find(word, "/framework", out, &call->error) : status;
}

cvs_status language_find(const char *tag, const char *pointer, cvs_language *out, cvs_error *err) {
    if (cvs_language_from_tag(tag, out)) return CVS_OK;
    (void)cvs_fail(err, CVS_INVALID, "unknown-language", pointer, "The language \"%s\" is not spoken here.", tag);
    cvs_fail_value(err, "%s", tag);
    cvs_fail_expected(err, "en, zh");
    return CVS_INVALID;
}

cvs_status language_read(api_call *call, cvs_language *out) {
    const char *tag = NULL;
    const cvs_status status = members_string(call->root, "", "language", &tag, &call->error);
    return status == CVS_OK && tag ? language_find(tag, "/language", out, &call->error) : status;
}

const char *layer_pointer(const layer_place *at, char out[LAYER_POINTER_SIZE]) {
    if (!at->nth) return at->layer;
    snprintf(out, LAYER_POINTER_SIZE, "%s/%zu", at->layer, at->nth - 1);
    return out;
}

cvs_status layer_read_asking(api_call *call, const json_t *json, const layer_place *at, cvs_framework framework,
                             cvs_reading *out) {
    cvs_error *err = &call->error;
    const cvs_node *node;
    cvs_status status = cvs_node_from_jansson(&call->arena, json, &node, err);
    if (status == CVS_OK) status = cvs_dialect_read(&call->arena, node, framework, out, err);
    char pointer[LAYER_POINTER_SIZE];
    if (status != CVS_OK) cvs_error_prefix(err, layer_pointer(at, pointer));
    return status;
}

cvs_status layer_read(api_call *call, const json_t *json, const layer_place *at, cvs_framework framework,
                      cvs_reading *out) {
    cvs_status status = layer_read_asking(call, json, at, framework, out);
    if (status != CVS_OK || !out->asked) return status;
    char pointer[LAYER_POINTER_SIZE];
    (void)cvs_fail(&call->error, CVS_INVALID, "setting-asked", layer_pointer(at, pointer),
                   "The layer has \"?\" where a setting should stand: POST /v1/solve finds the settings that give an "
                   "output shape.");
    cvs_fail_value(&call->error, "?");
    cvs_fail_expected(&call->error, "every setting with its value");
    return CVS_INVALID;
}

void layer_locate(cvs_error *err, const cvs_reading *reading, const layer_place *at) {
    static const char input[] = "/input_shape", inputs[] = "/input_shapes", cell[] = "/cell";
    char layer[LAYER_POINTER_SIZE];
    if (strncmp(err->pointer, cell, sizeof cell - 1) == 0) return;
    if (strncmp(err->pointer, inputs, sizeof inputs - 1) == 0) {
        if (!at->input_has_sizes) snprintf(err->pointer, sizeof err->pointer, "%s", layer_pointer(at, layer));
        return;
    }
    if (strncmp(err->pointer, input, sizeof input - 1) == 0) {
        const char *rest = at->input_has_sizes ? err->pointer + sizeof input - 1 : "";
        memmove(err->pointer, rest, strlen(rest) + 1);
        cvs_error_prefix(err, at->input_shape ? at->input_shape : layer_pointer(at, layer));
        return;
    }
    cvs_reading_locate(reading, err);
    cvs_error_prefix(err, layer_pointer(at, layer));
}

/* "[null, 32, 32, 3]: batch, height, width, channels" */
static void describe_input(const cvs_layer *layer, char *out, size_t size) {
    static const char *const spatial[] = {"", "length", "height, width", "depth, height, width"};
    static const char *const sizes[] = {"", "32", "32, 32", "32, 32, 32"};
    int rank = layer->spatial_rank >= 1 && layer->spatial_rank <= CVS_MAX_SPATIAL ? layer->spatial_rank : 1;
    long long channels = layer->in_channels > 0 ? (long long)layer->in_channels : 3;
    if (layer->data_format == CVS_CHANNELS_FIRST) {
        snprintf(out, size, "[null, %lld, %s]: batch, channels, %s", channels, sizes[rank], spatial[rank]);
    } else {
        snprintf(out, size, "[null, %s, %lld]: batch, %s, channels", sizes[rank], channels, spatial[rank]);
    }
}

static cvs_status inputs_missing(api_call *call, const cvs_layer *layer) {
    static const char example[] = "[[null, 32, 32, 64], [null, 32, 32, 64]]";
    (void)cvs_fail(&call->error, CVS_INVALID, "input-shape-missing", "/input_shapes",
                   "A merge (%s) has two inputs or more: add \"input_shapes\", e.g. %s.", cvs_op_name(layer->op),
                   example);
    cvs_fail_expected(&call->error, "%s", example);
    return CVS_INVALID;
}

cvs_status layer_input_missing(api_call *call, const cvs_layer *layer) {
    char example[128];
    if (layer->op >= CVS_OP_ADD) return inputs_missing(call, layer);
    describe_input(layer, example, sizeof example);
    (void)cvs_fail(&call->error, CVS_INVALID, "input-shape-missing", "/input_shape",
                   "What comes out depends on what goes in: add \"input_shape\", e.g. %s.", example);
    cvs_fail_expected(&call->error, "%s", example);
    return CVS_INVALID;
}
