#include "model_checks.h"

#include <convscope/review.h>

void fuzz_check_refusal(cvs_status status, const cvs_error *err) {
    fuzz_require(err->status == status && err->code[0] && err->message[0], "a refusal says why");
    fuzz_require(status != CVS_NO_MEMORY, "there is memory");
}

/* Tensors that a layer reads are inputs of the model, or were made by a layer before it; those it makes are its own. */
static void check_place(const cvs_model_layer *layer, int number, const cvs_model_tensor *tensors, int count) {
    fuzz_require(layer->name && layer->type && layer->pointer, "layer %d has names", number);
    for (int i = 0; i < layer->input_count; i++) {
        const int tensor = layer->inputs[i];
        fuzz_require(tensor >= 0 && tensor < count, "layer %d reads tensor %d of %d", number, tensor, count);
        fuzz_require(tensors[tensor].producer < number, "layer %d comes before one that it reads", number);
        fuzz_require(tensors[tensor].readers > 0, "tensor %d is read", tensor);
    }
    for (int i = 0; i < layer->output_count; i++)
        fuzz_require(tensors[layer->outputs[i]].producer == number, "layer %d made its output %d", number, i);
}

static void check_state(const cvs_model_layer *layer, int number, const cvs_model_tensor *tensors) {
    const bool failed = layer->state == CVS_MODEL_FAILED || layer->state == CVS_MODEL_UNKNOWN;
    fuzz_require(layer->state != CVS_MODEL_OPEN, "layer %d was looked at", number);
    fuzz_require(!failed || (layer->error.status != CVS_OK && layer->error.message[0]), "layer %d says why", number);
    for (int i = 0; i < layer->output_count && layer->state == CVS_MODEL_KNOWN; i++) {
        const cvs_model_tensor *tensor = &tensors[layer->outputs[i]];
        fuzz_require(tensor->ranked && tensor->shape.rank >= 0 && tensor->shape.rank <= CVS_MAX_RANK,
                     "layer %d is known, its output %d is not", number, i);
    }
}

static void check_totals(const cvs_model *model, const cvs_model_layer *layers, int count) {
    cvs_model_totals totals;
    int64_t parameters = 0;
    bool all = true;
    cvs_model_sum_up(model, &totals);
    for (int i = 0; i < count && all; i++) {
        all = layers[i].parameters >= 0 && !__builtin_add_overflow(parameters, layers[i].parameters, &parameters);
        fuzz_require(layers[i].trainable <= layers[i].parameters, "layer %d trains what it has", i);
    }
    const bool complete = totals.parameters.completeness == CVS_MODEL_COMPLETE;
    fuzz_require(complete == all, "all parameters are known, or not");
    fuzz_require(!complete || totals.parameters.value == parameters, "%lld parameters, not %lld",
                 (long long)totals.parameters.value, (long long)parameters);
    fuzz_require(totals.peak_layer >= -1 && totals.peak_layer < count, "layer %d holds most", totals.peak_layer);
}

/* Whatever the model is, it can be judged: each finding says what is so, and where. */
static void check_findings(const cvs_model *model, int layer_count) {
    cvs_arena arena = cvs_arena_make((size_t)1 << 26);
    cvs_review_options options = cvs_review_options_default();
    cvs_review found;
    options.rules = cvs_rule_set_all();
    options.weights_move = true;
    options.loss = CVS_LOSS_OF_PROBABILITIES;
    const cvs_status status = cvs_model_findings(&arena, model, &options, &found, NULL);
    fuzz_require(status == CVS_OK || status == CVS_NO_MEMORY, "a model is judged");
    for (int i = 0; status == CVS_OK && i < found.count; i++) {
        const cvs_model_finding *one = &found.finding[i];
        fuzz_require(one->layer >= -1 && one->layer < layer_count, "%s is about layer %d", one->rule->id, one->layer);
        fuzz_require(one->other >= -1 && one->other < layer_count, "%s is about layer %d", one->rule->id, one->other);
        fuzz_require(one->message[0] && one->fix && one->pointer, "%s says nothing", one->rule->id);
    }
    cvs_arena_free(&arena);
}

bool fuzz_check_model(cvs_model *model, cvs_symbols *symbols) {
    int layer_count, tensor_count;
    cvs_error err = {0};
    const cvs_status status = cvs_model_infer(model, NULL, 0, symbols, &err);
    if (status != CVS_OK) {
        fuzz_check_refusal(status, &err);
        return false;
    }
    const cvs_model_layer *layers = cvs_model_layers(model, &layer_count);
    const cvs_model_tensor *tensors = cvs_model_tensors(model, &tensor_count);
    for (int i = 0; i < layer_count; i++) {
        check_place(&layers[i], i, tensors, tensor_count);
        check_state(&layers[i], i, tensors);
    }
    check_totals(model, layers, layer_count);
    check_findings(model, layer_count);
    return true;
}
