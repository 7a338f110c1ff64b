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
