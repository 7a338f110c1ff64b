#include "api/review/rows.h"

static void write_layer(const review *r, const cvs_model_layer *layer, cvs_text *out) {
    (void)r;
    review_add_plain(layer->name, out);
    cvs_text_add(out, " (");
    review_add_plain(layer->type, out);
    cvs_text_add(out, ")");
}

static void write_shape(const review *r, const cvs_model_layer *layer, cvs_text *out) {
    int count;
    const cvs_model_tensor *tensors = cvs_model_tensors(r->model, &count);
    for (int i = 0; i < layer->output_count; i++) {
        if (i > 0) cvs_text_add(out, ", ");
        review_add_shape(r, &tensors[layer->outputs[i]], out);
    }
}

static void write_parameters(const review *r, const cvs_model_layer *layer, cvs_text *out) {
    (void)r;
    review_add_count(layer->parameters, out);
}

static void write_macs(const review *r, const cvs_model_layer *layer, cvs_text *out) {
    (void)r;
    review_add_count(layer->cost.macs, out);
}

static void write_field(const review *r, const cvs_model_layer *layer, cvs_text *out) {
    (void)r;
    review_add_field(&layer->field, out);
}

/* The layers whose outputs it reads; an input has none. */
static void write_inputs(const review *r, const cvs_model_layer *layer, cvs_text *out) {
    int count;
    const cvs_model_tensor *tensors = cvs_model_tensors(r->model, &count);
    for (int i = 0; i < layer->input_count; i++) {
        const cvs_model_tensor *tensor = &tensors[layer->inputs[i]];
        if (i > 0) cvs_text_add(out, ", ");
        review_add_plain(tensor->producer < 0 ? tensor->name : review_layer_name(r, tensor->producer), out);
    }
}

const review_column review_columns[] = {
    {"Layer (type)", false, write_layer},   {"Output shape", false, write_shape},
    {"Parameters", true, write_parameters}, {"MACs", true, write_macs},
    {"Receptive field", true, write_field}, {"Connected to", false, write_inputs},
};
const size_t review_column_count = sizeof review_columns / sizeof *review_columns;

void review_each_row(const review *r, void (*row)(const review *r, const cvs_model_layer *layer, void *context),
                     void *context) {
    int inputs, count;
    const int *input = cvs_model_inputs(r->model, &inputs);
    const cvs_model_layer *layers = cvs_model_layers(r->model, &count);
    for (int i = 0; i < inputs; i++) {
        const cvs_model_layer made = review_input_row(r, &input[i]);
        row(r, &made, context);
    }
    for (int i = 0; i < count; i++) row(r, &layers[i], context);
}
