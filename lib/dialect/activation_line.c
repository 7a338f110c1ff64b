/* activation_line.c - an activation as the layer or node of its own that frameworks without such an argument need. */
#include <stdio.h>
#include <string.h>

#include "layer/layer_internal.h"

#include "dialect/writer.h"

#define ONE_SIXTH (1.0F / 6.0F)

/* NULL: the framework has no such layer. */
typedef struct line {
    cvs_activation_kind kind;
    const char *keras, *torch, *onnx;
} line;

#define NODE(op) "{\"op_type\": \"" op "\"}"

/* "$" stands for alpha. */
static const line lines[] = {
    {CVS_ACT_LINEAR, NULL, "nn.Identity()", NODE("Identity")},
    {CVS_ACT_RELU, "ReLU()", "nn.ReLU()", NODE("Relu")},
    {CVS_ACT_RELU6, "ReLU(6.0)", "nn.ReLU6()", "{\"op_type\": \"Clip\", \"attributes\": {\"min\": 0.0, \"max\": 6.0}}"},
    {CVS_ACT_LEAKY_RELU, "LeakyReLU($)", "nn.LeakyReLU($)",
     "{\"op_type\": \"LeakyRelu\", \"attributes\": {\"alpha\": $}}"},
    {CVS_ACT_ELU, "ELU($)", "nn.ELU($)", "{\"op_type\": \"Elu\", \"attributes\": {\"alpha\": $}}"},
    {CVS_ACT_SELU, NULL, "nn.SELU()", NODE("Selu")},
    {CVS_ACT_SIGMOID, NULL, "nn.Sigmoid()", NODE("Sigmoid")},
    {CVS_ACT_HARD_SIGMOID, NULL, NULL, "{\"op_type\": \"HardSigmoid\", \"attributes\": {\"alpha\": $, \"beta\": 0.5}}"},
    {CVS_ACT_TANH, NULL, "nn.Tanh()", NODE("Tanh")},
    {CVS_ACT_SOFTPLUS, NULL, "nn.Softplus()", NODE("Softplus")},
    {CVS_ACT_SOFTSIGN, NULL, "nn.Softsign()", NODE("Softsign")},
    {CVS_ACT_EXPONENTIAL, NULL, NULL, NODE("Exp")},
    {CVS_ACT_SWISH, NULL, "nn.SiLU()", NULL},
    {CVS_ACT_GELU, NULL, "nn.GELU()", NODE("Gelu")},
    {CVS_ACT_GELU_TANH, NULL, "nn.GELU(approximate='tanh')",
     "{\"op_type\": \"Gelu\", \"attributes\": {\"approximate\": \"tanh\"}}"},
    {CVS_ACT_SOFTMAX, NULL, "nn.Softmax(dim=1)", "{\"op_type\": \"Softmax\", \"attributes\": {\"axis\": 1}}"},
    {CVS_ACT_HARD_SWISH, NULL, "nn.Hardswish()", NODE("HardSwish")},
    {CVS_ACT_MISH, NULL, "nn.Mish()", NODE("Mish")},
};

static const char *pattern_of(cvs_framework framework, const cvs_activation *activation) {
    bool keras = framework == CVS_KERAS || framework == CVS_KERAS1;
    if (framework == CVS_KERAS1 && activation->kind == CVS_ACT_RELU6) return NULL; /* no ReLU layer there */
    if (activation->kind == CVS_ACT_HARD_SIGMOID) {
        if (activation->beta != 0.5F) return NULL;
        if (framework == CVS_PYTORCH) return activation->alpha == ONE_SIXTH ? "nn.Hardsigmoid()" : NULL;
    }
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
        if (lines[i].kind == activation->kind)
            return keras ? lines[i].keras : framework == CVS_PYTORCH ? lines[i].torch : lines[i].onnx;
    return NULL;
}

static bool write_line(cvs_framework framework, const cvs_activation *activation, char *text, size_t size) {
    const char *pattern = pattern_of(framework, activation);
    if (!pattern) return false;
    char number[32];
    const char *hole = strchr(pattern, '$');
    if (hole)
        snprintf(text, size, "%.*s%s%s", (int)(hole - pattern), pattern, cvs__real_text(activation->alpha, number),
                 hole + 1);
    else
        snprintf(text, size, "%s", pattern);
    return true;
}

/* Put the activation into plan->after. */
static cvs_status write_apart(cvs__plan *plan, cvs_error *err) {
    const cvs_activation *activation = &plan->layer.activation;
    if (write_line(plan->layer.framework, activation, plan->after, sizeof plan->after)) return CVS_OK;
    return cvs__cannot(plan,
                       &(cvs__obstacle){"activation-unavailable", "/activation", .sentence = EXPLAIN_CANNOT_ACTIVATION,
                                        .term = cvs_activation_name(activation->kind)},
                       err);
}

cvs_status cvs__activation_apart(cvs__plan *plan, cvs_error *err) {
    if (plan->layer.activation.kind == CVS_ACT_LINEAR) return CVS_OK;
    cvs_status status = write_apart(plan, err);
    if (!status) plan->layer.activation = (cvs_activation){.kind = CVS_ACT_LINEAR};
    return status;
}

cvs_status cvs__activation_alone(cvs__plan *plan, cvs_error *err) {
    plan->apart = true;
    return write_apart(plan, err);
}
