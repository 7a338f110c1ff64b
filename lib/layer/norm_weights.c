#include "layer/norm.h"

#include <math.h>

/* Which of gamma (scale_weight) and beta (center_weight) a framework lets be left out. */
typedef enum leaving {
    ABSENT, /* it has no such layer */
    FREE,
    NEITHER,     /* both are always there */
    TOGETHER,    /* both or none: PyTorch's affine */
    ONLY_CENTER, /* gamma is always there */
    CENTER_FIRST /* beta only beside gamma */
} leaving;

static const leaving batch[CVS_FRAMEWORK_COUNT] = {
    [CVS_KERAS] = FREE,   [CVS_KERAS1] = NEITHER, [CVS_PYTORCH] = TOGETHER,
    [CVS_ONNX] = NEITHER, [CVS_CONVSCOPE] = FREE, [CVS_TENSORFLOW] = FREE,
};
static const leaving group[CVS_FRAMEWORK_COUNT] = {
    [CVS_KERAS] = FREE, [CVS_PYTORCH] = TOGETHER, [CVS_ONNX] = NEITHER, [CVS_CONVSCOPE] = FREE};
static const leaving over_axes[CVS_FRAMEWORK_COUNT] = {
    [CVS_KERAS] = FREE, [CVS_PYTORCH] = CENTER_FIRST, [CVS_ONNX] = ONLY_CENTER, [CVS_CONVSCOPE] = FREE};

static leaving leaving_of(const cvs_layer *layer, cvs_framework framework) {
    const leaving *row = layer->op == CVS_OP_BATCH_NORM ? batch : layer->op == CVS_OP_GROUP_NORM ? group : over_axes;
    return row[framework];
}

/* What is wrong, or NULL. */
static const char *mistake(const cvs_layer *layer, leaving may) {
    bool gamma = layer->scale_weight, beta = layer->center_weight;
    if (may == NEITHER && !(gamma && beta)) return "always keeps gamma and beta";
    if (may == TOGETHER && gamma != beta) return "keeps gamma and beta together or not at all";
    if (may == ONLY_CENTER && !gamma) return "always keeps gamma";
    if (may == CENTER_FIRST && beta && !gamma) return "keeps beta only beside gamma";
    return NULL;
}

/* Only PyTorch can do without moving averages (track_running_stats=False). */
static bool lacks_statistics(const cvs_layer *layer, cvs_framework framework) {
    bool optional = framework == CVS_PYTORCH || framework == CVS_CONVSCOPE;
    return layer->op == CVS_OP_BATCH_NORM && !layer->running_stats && !optional;
}

static cvs_status refuse_epsilon(float epsilon, cvs_error *err) {
    cvs_status status = cvs_fail(err, CVS_INVALID, "norm-epsilon", "/epsilon",
                                 "Epsilon keeps the variance above zero, and %g does not.", (double)epsilon);
    cvs_fail_value(err, "%g", (double)epsilon);
    cvs_fail_expected(err, "a small number, such as 0.001");
    return status;
}

cvs_status cvs__norm_check(const cvs_layer *layer, cvs_framework framework, cvs_status refusal, cvs_error *err) {
    leaving may = leaving_of(layer, framework);
    const char *title = cvs__framework_title(framework), *wrong = mistake(layer, may);
    if (may == ABSENT)
        return cvs_fail(err, refusal, "norm-unavailable", "/op", "%s has no %s.", title, cvs_op_name(layer->op));
    if (wrong) {
        const char *pointer = layer->scale_weight ? "/center_weight" : "/scale_weight";
        cvs_status status =
            cvs_fail(err, refusal, "norm-weights", pointer, "%s %s in %s.", title, wrong, cvs_op_name(layer->op));
        cvs_fail_expected(err, "true, with gamma at 1 or beta at 0 where it is not wanted");
        return status;
    }
    if (!(layer->epsilon >= 0 && layer->epsilon < INFINITY)) return refuse_epsilon(layer->epsilon, err);
    if (!lacks_statistics(layer, framework)) return CVS_OK;
    cvs_status status = cvs_fail(err, refusal, "norm-statistics", "/running_stats",
                                 "%s always keeps the moving averages of a batch_norm.", title);
    cvs_fail_expected(err, "true");
    return status;
}

static void push(cvs__storage *out, const cvs__stored *over, cvs__role role, bool frozen) {
    cvs__stored *stored = &out->tensor[out->count++];
    *stored = *over;
    stored->role = role;
    stored->frozen = frozen;
}

cvs_status cvs__norm_storage(const cvs_inference *inference, cvs_framework framework, const cvs__stored *over,
                             cvs__storage *out, cvs_error *err) {
    static const cvs__role gammas[] = {CVS__BATCH_GAMMA, CVS__LAYER_GAMMA, CVS__GROUP_GAMMA};
    static const cvs__role betas[] = {CVS__BATCH_BETA, CVS__LAYER_BETA, CVS__GROUP_BETA};
    const cvs_layer *layer = &inference->layer;
    int kind = (int)layer->op - CVS_OP_BATCH_NORM;
    cvs_status status = cvs__norm_check(layer, framework, CVS_UNSUPPORTED, err);
    if (status != CVS_OK) return status;
    if (layer->scale_weight) push(out, over, gammas[kind], false);
    if (layer->center_weight) push(out, over, betas[kind], false);
    if (layer->op != CVS_OP_BATCH_NORM || !layer->running_stats) return CVS_OK;
    push(out, over, CVS__MEAN, true);
    push(out, over, CVS__VARIANCE, true);
    return CVS_OK;
}
