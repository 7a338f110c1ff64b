#include "model/graph.h"

#include <string.h>

/* ---- layers that have no row in lib/dialect ---------------------------------------- */

/* Those without weights that leave the shape alone; the lists end with NULL. */
static const char *const keras[] = {"ActivityRegularization",
                                    "AlphaDropout",
                                    "GaussianDropout",
                                    "GaussianNoise",
                                    "Identity",
                                    "Masking",
                                    "RandomBrightness",
                                    "RandomContrast",
                                    "RandomFlip",
                                    "RandomRotation",
                                    "RandomZoom",
                                    "RandomTranslation",
                                    "Rescaling",
                                    "ThresholdedReLU",
                                    "UnitNormalization",
                                    NULL};
/* StochasticDepth is torchvision's, DropPath timm's. */
static const char *const pytorch[] = {
    "AlphaDropout", "CELU",  "DropPath",          "FeatureAlphaDropout", "Hardshrink", "Hardtanh",   "LogSigmoid",
    "LogSoftmax",   "RReLU", "LocalResponseNorm", "StochasticDepth",     "Softmin",    "Softshrink", "Tanhshrink",
    "Threshold",    NULL};

static bool keeps_shape(cvs_framework framework, const char *type) {
    const char *dot = strrchr(type, '.');
    const char *const *known = framework == CVS_PYTORCH ? pytorch : keras;
    while (*known && strcmp(*known, dot ? dot + 1 : type) != 0) known++;
    return *known;
}

static cvs_status infer_same(cvs_model *model, int layer, cvs_error *err) {
    cvs_model_layer *seen = &model->layers[layer];
    (void)err;
    for (int i = 0; i < seen->output_count && i < seen->input_count; i++)
        cvs__model_set_shape(model, seen->outputs[i], &model->tensors[seen->inputs[i]].shape);
    seen->parameters = seen->trainable = 0;
    seen->cost.macs = seen->cost.bias_adds = seen->cost.flops = seen->cost.weights_bytes = 0;
    return CVS_OK;
}

const cvs__model_op cvs__same_op = {.infer = infer_same};

/* ---- all others ---------------------------------------------------------------------- */

cvs_status cvs__model_describe(const cvs_model *model, const cvs_node *node, cvs_framework framework,
                               cvs__model_draft *draft, cvs_error *err) {
    if (keeps_shape(framework, draft->type)) {
        draft->op = &cvs__same_op;
        draft->detail = NULL;
        return CVS_OK;
    }
    cvs_reading *reading = cvs_arena_alloc(model->arena, sizeof *reading);
    cvs_error why = {0};
    if (!reading) return cvs__model_no_memory(err);
    const cvs_status status = cvs_dialect_read(model->arena, node, framework, reading, &why);
    if (status == CVS_NO_MEMORY) return cvs__model_no_memory(err);
    draft->op = &cvs__layer_op;
    draft->detail = reading;
    if (status == CVS_OK) return CVS_OK;
    cvs_error *kept = cvs_arena_take(model->arena, sizeof *kept);
    if (!kept) return cvs__model_no_memory(err);
    *kept = why;
    draft->op = &cvs__unread_op;
    draft->detail = kept;
    return CVS_OK;
}
