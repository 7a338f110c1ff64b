#include "model/graph.h"

#include "base/checked.h"

const char *cvs_model_completeness_name(cvs_model_completeness completeness) {
    static const char *const names[] = {"complete", "partial", "unavailable"};
    return names[completeness];
}

/* A sum while layers are added; `known` of the layers had a figure. */
typedef struct adding {
    cvs_model_sum *sum;
    int known;
} adding;

static void add(adding *to, int64_t figure) {
    if (figure == CVS_DIM_UNKNOWN || !cvs__add(to->sum->value, figure, &to->sum->value))
        to->sum->completeness = CVS_MODEL_PARTIAL;
    else
        to->known++;
}

static void finish(const adding *to, int layers) {
    if (to->known == 0 && layers > 0) to->sum->completeness = CVS_MODEL_UNAVAILABLE;
}

static void find_peak(const cvs_model *model, cvs_model_totals *out) {
    int known = 0;
    out->peak_layer = -1;
    for (int i = 0; i < model->layer_count; i++) {
        const int64_t live = model->layers[i].live_bytes;
        known += live != CVS_DIM_UNKNOWN;
        if (live <= out->peak_bytes.value) continue;
        out->peak_bytes.value = live;
        out->peak_layer = i;
    }
    if (known < model->layer_count)
        out->peak_bytes.completeness = known > 0 ? CVS_MODEL_PARTIAL : CVS_MODEL_UNAVAILABLE;
}

void cvs_model_sum_up(const cvs_model *model, cvs_model_totals *out) {
    *out = (cvs_model_totals){0};
    enum { PARAMETERS, TRAINABLE, MACS, FLOPS, ACTIVATIONS, WEIGHTS, SUMS };
    adding sums[SUMS] = {{&out->parameters, 0}, {&out->trainable, 0},        {&out->macs, 0},
                         {&out->flops, 0},      {&out->activation_bytes, 0}, {&out->weights_bytes, 0}};
    for (int i = 0; i < model->layer_count; i++) {
        const cvs_model_layer *layer = &model->layers[i];
        add(&sums[PARAMETERS], layer->parameters);
        add(&sums[TRAINABLE], layer->trainable);
        add(&sums[MACS], layer->cost.macs);
        add(&sums[FLOPS], layer->cost.flops);
        add(&sums[ACTIVATIONS], layer->output_bytes);
        add(&sums[WEIGHTS], layer->shared ? 0 : layer->cost.weights_bytes);
    }
    for (int i = 0; i < SUMS; i++) finish(&sums[i], model->layer_count);
    find_peak(model, out);
}
