#include "model/graph.h"

#include <stdio.h>
#include <string.h>

void cvs__model_set_shape(cvs_model *model, int tensor, const cvs_shape *shape) {
    model->tensors[tensor].ranked = true;
    model->tensors[tensor].shape = *shape;
}

/* ---- inputs --------------------------------------------------------------------- */

static bool is_input(const cvs_model *model, int tensor) {
    for (int i = 0; i < model->inputs.count; i++)
        if (model->inputs.items[i] == tensor) return true;
    return false;
}

/* The names of the inputs, for who asked for another. */
static void list_inputs(const cvs_model *model, cvs_error *err) {
    cvs_text names = {0};
    for (int i = 0; i < model->inputs.count; i++)
        cvs_text_addf(&names, "%s%s", i > 0 ? ", " : "", model->tensors[model->inputs.items[i]].name);
    if (names.data) cvs_fail_expected(err, "%.200s", names.data);
    cvs_text_free(&names);
}

static cvs_status fail_input(const cvs_model *model, const cvs_model_input *input, cvs_error *err) {
    char pointer[sizeof err->pointer];
    if (!input->name) {
        cvs_fail(err, CVS_INVALID, "input-not-named", "/input_shape",
                 "The model has %d inputs: say whose shape this is, in \"input_shapes\".", model->inputs.count);
    } else {
        cvs_text text = {0};
        cvs_text_addf(&text, "/input_shapes/%s", input->name);
        snprintf(pointer, sizeof pointer, "%s", text.data ? text.data : "");
        cvs_text_free(&text);
        cvs_fail(err, CVS_INVALID, "input-unknown", pointer, "The model has no input called %s.", input->name);
    }
    list_inputs(model, err);
    return CVS_INVALID;
}

static cvs_status set_input(cvs_model *model, const cvs_model_input *input, cvs_error *err) {
    int tensor = -1;
    if (input->name)
        tensor = cvs__names_find(&model->tensor_names, input->name);
    else if (model->inputs.count == 1)
        tensor = model->inputs.items[0];
    if (tensor < 0 || !is_input(model, tensor)) return fail_input(model, input, err);
    cvs__model_set_shape(model, tensor, &input->shape);
    return CVS_OK;
}

/* Everything as it was before; inputs as the model itself has them. */
static void start_over(cvs_model *model) {
    for (int t = 0; t < model->tensor_count; t++) {
        model->tensors[t].ranked = model->stated[t].ranked;
        model->tensors[t].shape = model->stated[t].shape;
        model->tensors[t].contradicted = NULL;
    }
    for (int i = 0; i < model->layer_count; i++) {
        cvs_model_layer *layer = &model->layers[i];
        layer->state = CVS_MODEL_OPEN;
        layer->error = (cvs_error){0};
        layer->inference = NULL;
        layer->weights = NULL;
        layer->weight_count = 0;
        layer->parameters = layer->trainable = layer->shared ? 0 : CVS_DIM_UNKNOWN;
        layer->cost = (cvs_cost){CVS_DIM_UNKNOWN, CVS_DIM_UNKNOWN, CVS_DIM_UNKNOWN,
                                 CVS_DIM_UNKNOWN, CVS_DIM_UNKNOWN, CVS_DIM_UNKNOWN};
        layer->field = (cvs_model_field){0};
    }
    cvs__model_see_nothing(model);
}

/* ---- layers ----------------------------------------------------------------------- */

static bool inputs_have_shapes(const cvs_model *model, const cvs_model_layer *layer) {
    for (int i = 0; i < layer->input_count; i++)
        if (!model->tensors[layer->inputs[i]].ranked) return false;
    return true;
}

/* An error about what a layer reads is shown at the layer. */
static void locate(const cvs_model_layer *layer, cvs_error *err) {
    if (strncmp(err->pointer, "/input_shape", strlen("/input_shape")) == 0) *err->pointer = '\0';
    cvs_error_prefix(err, layer->pointer);
}

static cvs_status infer_one(cvs_model *model, int number, cvs_error *err) {
    cvs_model_layer *layer = &model->layers[number];
    if (!inputs_have_shapes(model, layer)) {
        layer->state = CVS_MODEL_WAITING;
        return CVS_OK;
    }
    cvs_error *own = &layer->error;
    const cvs_status status = model->parts[number].op->infer(model, number, own);
    if (status == CVS_NO_MEMORY || (status && own->status == CVS_NO_MEMORY)) return cvs__model_no_memory(err);
    layer->state = status == CVS_OK            ? CVS_MODEL_KNOWN
                   : status == CVS_UNSUPPORTED ? CVS_MODEL_UNKNOWN
                                               : CVS_MODEL_FAILED;
    if (status == CVS_OK) {
        cvs__model_see(model, number);
        cvs__model_compare_stored(model, number);
    }
    if (layer->state != CVS_MODEL_KNOWN) locate(layer, own);
    return CVS_OK;
}

cvs_status cvs__model_start(cvs_model *model, cvs_symbols *symbols, cvs_error *err) {
    model->symbols = symbols;
    start_over(model);
    return model->begin ? model->begin(model, err) : CVS_OK;
}

cvs_status cvs__model_run(cvs_model *model, cvs_error *err) {
    cvs_status status = CVS_OK;
    for (int layer = 0; layer < model->layer_count && status == CVS_OK; layer++) status = infer_one(model, layer, err);
    return status;
}

cvs_status cvs_model_infer(cvs_model *model, const cvs_model_input *inputs, size_t count, cvs_symbols *symbols,
                           cvs_error *err) {
    cvs_status status = cvs__model_start(model, symbols, err);
    for (size_t i = 0; i < count && status == CVS_OK; i++) status = set_input(model, &inputs[i], err);
    if (status == CVS_OK) status = cvs__model_run(model, err);
    if (status == CVS_OK) cvs__model_measure(model);
    return status;
}
