/* read.c - models in files of any kind. */
#include <string.h>

#include "dialect/node.h"
#include "model/file/file.h"
#include "model/keras.h"

/* ---- which kind --------------------------------------------------------------------- */

static bool begins(const char *bytes, size_t length, const char *with, size_t size) {
    return length >= size && memcmp(bytes, with, size) == 0;
}

cvs_model_kind cvs_model_recognise(const void *bytes, size_t length) {
    const char *at = length ? bytes : "", *end = at + length; /* nothing may be NULL */
    if (begins(at, length, "\x89HDF\r\n\x1a\n", 8)) return CVS_MODEL_KIND_HDF5;
    if (begins(at, length, "PK\x03\x04", 4) || begins(at, length, "PK\x05\x06", 4)) return CVS_MODEL_KIND_KERAS;
    if (begins(at, length, "\x08", 1)) return CVS_MODEL_KIND_ONNX; /* field 1, a number: ir_version */
    if (begins(at, length, "\xef\xbb\xbf", 3)) at += 3;
    while (at < end && strchr(" \t\r\n", *at) && *at) at++;
    return at < end && *at == '{' ? CVS_MODEL_KIND_JSON : CVS_MODEL_KIND_TEXT;
}

const char *cvs_model_kind_name(cvs_model_kind kind) {
    static const char *const names[CVS_MODEL_KIND_COUNT] = {"text", "json", "keras", "hdf5", "onnx"};
    return names[kind];
}

/* ---- JSON ----------------------------------------------------------------------------- */

typedef struct reading {
    cvs_arena *arena;
    const cvs_model_source *source;
    cvs_model **out;
    cvs_error *err;
} reading;

static cvs_status read_json(const reading *r, cvs__bytes json, const cvs_node **root) {
    if (begins(json.at, json.length, "\xef\xbb\xbf", 3)) json = (cvs__bytes){json.at + 3, json.length - 3};
    const cvs_status status = cvs__node_from_json(r->arena, json.at, json.length, root, r->err);
    return status == CVS_OK ? cvs__model_read_keras(r->arena, *root, r->source->framework, r->out, r->err) : status;
}

/* ---- HDF5 ------------------------------------------------------------------------------ */

static cvs_status read_hdf5(const reading *r, cvs__bytes bytes) {
    cvs__hdf5 hdf5;
    cvs__bytes config;
    const cvs_node *root;
    cvs_status status = cvs__hdf5_open(&hdf5, r->arena, bytes, r->err);
    if (status == CVS_OK) status = cvs__hdf5_text(&hdf5, "", "model_config", &config);
    if (status != CVS_OK) return status;
    if (!config.at) {
        cvs_fail(r->err, CVS_INVALID, "no-model", "", "The file holds weights, but not the model that they belong to.");
        cvs_fail_expected(r->err, "a file that model.save() wrote, not save_weights()");
        return CVS_INVALID;
    }
    status = read_json(r, config, &root);
    return status == CVS_OK ? cvs__weights_by_name(*r->out, &hdf5, r->err) : status;
}

/* ---- .keras ------------------------------------------------------------------------------ */

static cvs_status read_weights(const reading *r, cvs__archive *archive, const cvs_node *root) {
    cvs__bytes weights;
    cvs__hdf5 hdf5;
    cvs_status status = cvs__archive_read(archive, r->arena, "model.weights.h5", &weights, r->err);
    if (status != CVS_OK || !weights.at) return status;
    status = cvs__hdf5_open(&hdf5, r->arena, weights, r->err);
    return status == CVS_OK ? cvs__weights_by_place(*r->out, root, &hdf5, r->err) : status;
}

static cvs_status fail_no_config(const reading *r) {
    cvs_fail(r->err, CVS_INVALID, "no-model", "", "The archive has no config.json: it is no .keras file.");
    cvs_fail_expected(r->err,
                      "a .keras file; of PyTorch, whose files hold code to run, what print(model) shows, or ONNX");
    return CVS_INVALID;
}

static cvs_status read_keras(const reading *r, cvs__bytes bytes) {
    cvs__archive archive;
    cvs__bytes config;
    const cvs_node *root;
    cvs_status status = cvs__archive_open(&archive, bytes, r->err);
    if (status != CVS_OK) return status;
    status = cvs__archive_read(&archive, r->arena, "config.json", &config, r->err);
    if (status == CVS_OK && !config.at) status = fail_no_config(r);
    if (status == CVS_OK) status = read_json(r, config, &root);
    if (status == CVS_OK) status = read_weights(r, &archive, root);
    cvs__archive_close(&archive);
    return status;
}

/* ---- the whole ---------------------------------------------------------------------------- */

static cvs_status read_kind(const reading *r) {
    const cvs__bytes bytes = {r->source->bytes, r->source->length};
    const cvs_node *root;
    switch (cvs_model_recognise(bytes.at, bytes.length)) {
    case CVS_MODEL_KIND_JSON:
        return read_json(r, bytes, &root);
    case CVS_MODEL_KIND_KERAS:
        return read_keras(r, bytes);
    case CVS_MODEL_KIND_HDF5:
        return read_hdf5(r, bytes);
    case CVS_MODEL_KIND_ONNX:
        return cvs_model_read_onnx(r->arena, bytes.at, bytes.length, r->out, r->err);
    default:
        return cvs_model_read_text(r->arena, r->source, r->out, r->err);
    }
}

cvs_status cvs_model_read_file(cvs_arena *arena, const cvs_model_source *source, cvs_model **out, cvs_error *err) {
    cvs_error spare;
    cvs_model *model = NULL;
    const reading r = {arena, source, &model, cvs__error_usable(err, &spare)};
    const cvs_status status = read_kind(&r);
    if (status == CVS_OK) *out = model;
    return status;
}
