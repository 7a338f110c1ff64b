#include "plan.h"

#include <math.h>

/* Klambauer et al. 2017, Self-Normalizing Neural Networks: lambda and alpha. */
#define SELU_SCALE 1.0507009873554805F
#define SELU_ALPHA 1.6732632423543772F

#define SQRT_HALF        0.70710678118654752F
#define SQRT_TWO_OVER_PI 0.79788456080286536F

/* NaN passes through every comparison here unchanged. */
static float clip(float x, float low, float high) { return x < low ? low : x > high ? high : x; }

/* log(1 + exp(x)) without overflow */
static float softplus(float x) { return (x > 0 ? x : 0) + log1pf(expf(-fabsf(x))); }

/* x*Phi(x); erfc keeps the digits of the lower tail that 1 + erf would cancel */
static float gelu(float x) { return 0.5F * x * erfcf(-x * SQRT_HALF); }

/* Hendrycks and Gimpel 2016, section 2 */
static float gelu_tanh(float x) { return 0.5F * x * (1 + tanhf(SQRT_TWO_OVER_PI * (x + 0.044715F * x * x * x))); }

static float apply(const cvs_activation *a, float x) {
    switch (a->kind) {
    case CVS_ACT_RELU:
        return x < 0 ? 0 : x;
    case CVS_ACT_RELU6:
        return clip(x, 0, 6);
    case CVS_ACT_LEAKY_RELU:
        return x < 0 ? a->alpha * x : x;
    case CVS_ACT_ELU:
        return x < 0 ? a->alpha * expm1f(x) : x;
    case CVS_ACT_SELU:
        return SELU_SCALE * (x < 0 ? SELU_ALPHA * expm1f(x) : x);
    case CVS_ACT_SIGMOID:
        return 1 / (1 + expf(-x));
    case CVS_ACT_HARD_SIGMOID:
        return clip(a->alpha * x + a->beta, 0, 1);
    case CVS_ACT_TANH:
        return tanhf(x);
    case CVS_ACT_SOFTPLUS:
        return softplus(x);
    case CVS_ACT_SOFTSIGN:
        return x / (1 + fabsf(x));
    case CVS_ACT_EXPONENTIAL:
        return expf(x);
    case CVS_ACT_SWISH:
        return x / (1 + expf(-x));
    case CVS_ACT_GELU:
        return gelu(x);
    case CVS_ACT_GELU_TANH:
        return gelu_tanh(x);
    case CVS_ACT_HARD_SWISH:
        return x * clip(x + 3, 0, 6) / 6;
    case CVS_ACT_MISH:
        return x * tanhf(softplus(x));
    case CVS_ACT_LINEAR:
    case CVS_ACT_SOFTMAX:
    case CVS_ACT_COUNT:
        break;
    }
    return x;
}

void cvs__activate(const cvs_activation *activation, float *x, int64_t count) {
    const cvs_activation a = *activation;
    for (int64_t i = 0; i < count; i++) x[i] = apply(&a, x[i]);
}

/* Subtracting the maximum keeps exp() from overflowing. */
void cvs__softmax(float *x, int64_t count, int64_t step) {
    float largest = x[0], sum = 0;
    for (int64_t i = 1; i < count; i++)
        if (x[i * step] > largest) largest = x[i * step];
    for (int64_t i = 0; i < count; i++) sum += x[i * step] = expf(x[i * step] - largest);
    for (int64_t i = 0; i < count; i++) x[i * step] /= sum;
}

/* Of a tensor that has no channels by name, those of its data format. */
static int channel_axis(const cvs_plan *plan) {
    const cvs_tensor_shape *output = &plan->inference.output;
    for (int i = 1; i < output->shape.rank; i++)
        if (output->axes[i] == CVS_AXIS_CHANNELS || output->axes[i] == CVS_AXIS_FEATURES) return i;
    const bool first = plan->inference.layer.data_format == CVS_CHANNELS_FIRST && output->shape.rank > 1;
    return first ? 1 : output->shape.rank - 1;
}

static void softmax_output(const cvs_plan *plan, float *output) {
    const cvs_shape *shape = &plan->inference.output.shape;
    const int axis = channel_axis(plan);
    int64_t outer = 1, inner = 1;
    for (int i = 0; i < axis; i++) outer *= shape->dim[i];
    for (int i = axis + 1; i < shape->rank; i++) inner *= shape->dim[i];
    for (int64_t o = 0; o < outer; o++, output += shape->dim[axis] * inner)
        for (int64_t i = 0; i < inner; i++) cvs__softmax(output + i, shape->dim[axis], inner);
}

void cvs__activate_output(const cvs_plan *plan, float *output) {
    const cvs_activation *activation = &plan->inference.layer.activation;
    const cvs_shape *shape = &plan->inference.output.shape;
    int64_t count = 1;
    for (int i = 0; i < shape->rank; i++) count *= shape->dim[i];
    if (activation->kind == CVS_ACT_SOFTMAX)
        softmax_output(plan, output);
    else if (activation->kind != CVS_ACT_LINEAR)
        cvs__activate(activation, output, count);
}
