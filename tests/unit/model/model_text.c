#include "model_text.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static read_model start_model(void) {
    read_model read = {.arena = malloc(sizeof *read.arena)};
    *read.arena = cvs_arena_make(0);
    return read;
}

static void infer(read_model *read, cvs_status status) {
    if (status != CVS_OK)
        read->model = NULL;
    else
        ck_assert_int_eq(cvs_model_infer(read->model, NULL, 0, NULL, &read->error), CVS_OK);
}

read_model keras_model(const char *text) {
    read_model read = start_model();
    json_error_t error;
    char *json = strdup(text);
    for (char *at = json; *at; at++)
        if (*at == '\'') *at = '"';
    read.json = json_loads(json, 0, &error);
    ck_assert_msg(read.json != NULL, "%s: %s", error.text, json);
    free(json);
    infer(&read, cvs_model_read_keras(read.arena, read.json, CVS_FRAMEWORK_AUTO, &read.model, &read.error));
    return read;
}

read_model text_model(const char *text) {
    read_model read = start_model();
    const cvs_model_source source = {.bytes = text, .length = strlen(text)};
    infer(&read, cvs_model_read_text(read.arena, &source, &read.model, &read.error));
    return read;
}

read_model file_model(const cvs_model_source *source) {
    read_model read = start_model();
    infer(&read, cvs_model_read_file(read.arena, source, &read.model, &read.error));
    return read;
}

void infer_on(read_model *read, cvs_shape shape) {
    const cvs_model_input input = {.shape = shape};
    ck_assert_msg(read->model != NULL, "%s", read->error.message);
    ck_assert_int_eq(cvs_model_infer(read->model, &input, 1, NULL, &read->error), CVS_OK);
}

void model_free(read_model *read) {
    cvs_arena_free(read->arena);
    free(read->arena);
    json_decref(read->json);
}

const cvs_model_layer *layer_of(const read_model *read, const char *name) {
    int count;
    ck_assert_msg(read->model != NULL, "%s", read->error.message);
    const cvs_model_layer *layers = cvs_model_layers(read->model, &count);
    for (int i = 0; i < count; i++)
        if (strcmp(layers[i].name, name) == 0) return &layers[i];
    ck_abort_msg("no layer is called %s, but %s", name, names_of(read));
}

/* "(None, 4, N)" */
static const char *shape_text(const read_model *read, const cvs_model_tensor *tensor) {
    static char shown[512];
    cvs_text text = {0};
    if (!tensor->ranked) return "?";
    for (int i = 0; i < tensor->shape.rank; i++) {
        const cvs_dim dim = tensor->shape.dim[i];
        cvs_text_add(&text, i == 0 ? "(" : ", ");
        if (dim == CVS_DIM_UNKNOWN)
            cvs_text_add(&text, "None");
        else
            cvs_dim_format(read->symbols, dim, &text);
    }
    snprintf(shown, sizeof shown, "%s)", text.data ? text.data : "(");
    cvs_text_free(&text);
    return shown;
}

const char *output_of(const read_model *read, const char *name) {
    int count;
    return shape_text(read, &cvs_model_tensors(read->model, &count)[layer_of(read, name)->outputs[0]]);
}

const cvs_model_tensor *find_tensor(const read_model *read, const char *name) {
    int count;
    ck_assert_msg(read->model != NULL, "%s", read->error.message);
    const cvs_model_tensor *tensors = cvs_model_tensors(read->model, &count);
    for (int i = 0; i < count; i++)
        if (strcmp(tensors[i].name, name) == 0) return &tensors[i];
    ck_abort_msg("no tensor is called %s", name);
}

const char *tensor_of(const read_model *read, const char *name) { return shape_text(read, find_tensor(read, name)); }

const char *names_of(const read_model *read) {
    static char text[1024];
    int count, used = 0;
    const cvs_model_layer *layers = cvs_model_layers(read->model, &count);
    *text = '\0';
    for (int i = 0; i < count && used < (int)sizeof text; i++)
        used += snprintf(text + used, sizeof text - (size_t)used, "%s%s", i > 0 ? " " : "", layers[i].name);
    return text;
}
