/* Activations against their definitions in double, and against values computed elsewhere. */
#include "engine/plan.h"
#include "trial.h"

#include <check.h>
#include <math.h>
#include <stdlib.h>

Suite *activations_suite(void);

static float apply(cvs_activation_kind kind, float alpha, float beta, float x) {
    const cvs_activation activation = {kind, alpha, beta};
    cvs__activate(&activation, &x, 1);
    return x;
}

/* ---- definitions, as written in the papers and the frameworks' documents ---- */

static double sigmoid(double x) { return 1 / (1 + exp(-x)); }

static double defined(cvs_activation_kind kind, double alpha, double beta, double x) {
    switch (kind) {
    case CVS_ACT_LINEAR:
        return x;
    case CVS_ACT_RELU:
        return fmax(x, 0);
    case CVS_ACT_RELU6:
        return fmin(fmax(x, 0), 6);
    case CVS_ACT_LEAKY_RELU:
        return x >= 0 ? x : alpha * x;
    case CVS_ACT_ELU:
        return x > 0 ? x : alpha * (exp(x) - 1);
    case CVS_ACT_SELU:
        return 1.05070098735548049 * (x > 0 ? x : 1.67326324235437728 * (exp(x) - 1));
    case CVS_ACT_SIGMOID:
        return sigmoid(x);
    case CVS_ACT_HARD_SIGMOID:
        return fmin(fmax(alpha * x + beta, 0), 1);
    case CVS_ACT_TANH:
        return tanh(x);
    case CVS_ACT_SOFTPLUS:
        return x > 500 ? x : log(1 + exp(x));
    case CVS_ACT_SOFTSIGN:
        return x / (1 + fabs(x));
    case CVS_ACT_EXPONENTIAL:
        return exp(x);
    case CVS_ACT_SWISH:
        return x * sigmoid(x);
    case CVS_ACT_GELU:
        return 0.5 * x * erfc(-x / sqrt(2));
    case CVS_ACT_GELU_TANH:
        return 0.5 * x * (1 + tanh(sqrt(2 / acos(-1)) * (x + 0.044715 * x * x * x)));
    case CVS_ACT_HARD_SWISH:
        return x * fmin(fmax(x + 3, 0), 6) / 6;
    case CVS_ACT_MISH:
        return x * tanh(log(1 + exp(x)));
    case CVS_ACT_SOFTMAX:
    case CVS_ACT_COUNT:
        break;
    }
    return NAN;
}

START_TEST(each_is_its_definition) {
    const cvs_activation_kind kind = (cvs_activation_kind)_i;
    if (kind == CVS_ACT_SOFTMAX) return; /* not of one number: below */
    for (double x = -20; x <= 20; x += 0.03125) {
        const double wanted = defined(kind, 0.25, 0.5, x), found = (double)apply(kind, 0.25F, 0.5F, (float)x);
        ck_assert_msg(fabs(found - wanted) <= 3e-6 * fabs(wanted) + 4e-7, "%s(%g) is %.9g, not %.9g",
                      cvs_activation_name(kind), x, found, wanted);
    }
}
END_TEST

/* For x = -1.5 and 2, to 6 digits, by another program (Python's math module, from the formulas of the papers). */
START_TEST(values_computed_elsewhere) {
    const struct {
        cvs_activation_kind kind;
        float alpha, beta;
        double at_minus_1_5, at_2;
    } values[] = {
        {CVS_ACT_LEAKY_RELU, 0.01F, 0, -0.015, 2},
        {CVS_ACT_ELU, 1, 0, -0.776870, 2},
        {CVS_ACT_SELU, 0, 0, -1.365814, 2.101402},
        {CVS_ACT_SIGMOID, 0, 0, 0.182426, 0.880797},
        {CVS_ACT_HARD_SIGMOID, 1.0F / 6, 0.5F, 0.25, 0.833333},
        {CVS_ACT_HARD_SIGMOID, 0.2F, 0.5F, 0.2, 0.9},
        {CVS_ACT_SOFTPLUS, 0, 0, 0.201413, 2.126928},
        {CVS_ACT_SOFTSIGN, 0, 0, -0.6, 0.666667},
        {CVS_ACT_SWISH, 0, 0, -0.273639, 1.761594},
        {CVS_ACT_GELU, 0, 0, -0.100211, 1.954500},
        {CVS_ACT_GELU_TANH, 0, 0, -0.100429, 1.954598},
        {CVS_ACT_HARD_SWISH, 0, 0, -0.375, 1.666667},
        {CVS_ACT_MISH, 0, 0, -0.298100, 1.943959},
    };
    for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
        const char *name = cvs_activation_name(values[i].kind);
        const double low = (double)apply(values[i].kind, values[i].alpha, values[i].beta, -1.5F);
        const double high = (double)apply(values[i].kind, values[i].alpha, values[i].beta, 2);
        ck_assert_msg(fabs(low - values[i].at_minus_1_5) < 2e-6, "%s(-1.5) is %.7f", name, low);
        ck_assert_msg(fabs(high - values[i].at_2) < 2e-6, "%s(2) is %.7f", name, high);
    }
}
END_TEST

START_TEST(nan_stays_nan) { ck_assert_float_nan(apply((cvs_activation_kind)_i, 0.25F, 0.5F, NAN)); }
END_TEST

START_TEST(large_numbers_do_not_overflow) {
    ck_assert_float_eq(apply(CVS_ACT_SIGMOID, 0, 0, -200), 0);
    ck_assert_float_eq(apply(CVS_ACT_SIGMOID, 0, 0, 200), 1);
    ck_assert_float_eq(apply(CVS_ACT_SOFTPLUS, 0, 0, 200), 200);
    ck_assert_float_eq(apply(CVS_ACT_MISH, 0, 0, 200), 200);
    ck_assert_float_eq(apply(CVS_ACT_ELU, 0.5F, 0, -INFINITY), -0.5F);
    ck_assert_float_eq(apply(CVS_ACT_RELU6, 0, 0, INFINITY), 6);
}
END_TEST

/* Softmax is over the filters of each cell, whichever axis they lie on and however many groups made them. */
static void check_softmax(const trial *t, const float *linear) {
    const oracle_conv *o = &t->oracle;
    for (int64_t s = 0; s < o->batch; s++) {
        for (int64_t h = 0; h < o->out[1]; h++) {
            for (int64_t w = 0; w < o->out[2]; w++) {
                double sum = 0;
                for (int64_t f = 0; f < o->filters; f++)
                    sum += exp((double)linear[trial_output_index(t, s, f, (const int64_t[]){0, h, w})]);
                for (int64_t f = 0; f < o->filters; f++) {
                    const int64_t at = trial_output_index(t, s, f, (const int64_t[]){0, h, w});
                    const double wanted = exp((double)linear[at]) / sum;
                    ck_assert_msg(fabs((double)t->output[at] - wanted) <= 2e-6 * wanted + 1e-30,
                                  "filter %lld: %g, not %g", (long long)f, (double)t->output[at], wanted);
                }
            }
        }
    }
}

START_TEST(softmax_is_over_the_filters) {
    const sketch sketches[] = {
        {"3x3", 2, .batch = 2, .channels = 4, .in = {9, 7}, .filters = 10, .kernel = {3, 3}, .mode = CVS_PAD_SAME},
        {"1x1", 2, .batch = 2, .channels = 4, .in = {9, 7}, .filters = 10, .kernel = {1, 1}},
        {"grouped", 2, .batch = 2, .channels = 6, .in = {9, 7}, .filters = 9, .kernel = {3, 3}, .groups = 3},
        {"few cells", 2, .batch = 2, .channels = 16, .in = {9, 7}, .filters = 20, .kernel = {3, 3}},
        {"many cells", 2, .channels = 18, .in = {40, 41}, .filters = 20, .kernel = {3, 3}},
        {"depthwise", 2, .batch = 2, .channels = 20, .in = {9, 17}, .filters = 20, .kernel = {3, 3}, .groups = 20},
    };
    cvs_engine *own = NULL;
    ck_assert_int_eq(cvs_engine_create(NULL, &own, NULL), CVS_OK);
    for (size_t i = 0; i < 2 * sizeof sketches / sizeof *sketches; i++) {
        trial t = trial_of(&sketches[i / 2], CVS_CONVSCOPE, (cvs_data_format)(i % 2), REALS);
        float *linear = malloc((size_t)t.output_count * sizeof *linear);
        ck_assert_ptr_nonnull(linear);
        for (cvs_algorithm a = CVS_ALGORITHM_AUTO; a <= CVS_ALGORITHM_IM2COL; a++) {
            t.inference.layer.activation.kind = CVS_ACT_LINEAR;
            trial_run(&t, own, a, "linear");
            for (int64_t n = 0; n < t.output_count; n++) linear[n] = t.output[n];
            t.inference.layer.activation.kind = CVS_ACT_SOFTMAX;
            cvs_plan *plan = trial_plan(&t, own, a);
            trial_execute(&t, plan);
            check_softmax(&t, linear);
            cvs_plan_free(plan);
        }
        free(linear);
        trial_free(&t);
    }
    cvs_engine_free(own);
}
END_TEST

START_TEST(a_layer_applies_its_activation_after_the_bias) {
    const sketch drawn = {"3x3", 2, .channels = 4, .in = {9, 7}, .filters = 10, .kernel = {3, 3}};
    const cvs_activation activation = {CVS_ACT_HARD_SIGMOID, 0.2F, 0.5F};
    cvs_engine *own = NULL;
    ck_assert_int_eq(cvs_engine_create(NULL, &own, NULL), CVS_OK);
    for (int format = 0; format < 2; format++) {
        trial t = trial_of(&drawn, CVS_CONVSCOPE, (cvs_data_format)format, WHOLE_NUMBERS);
        t.inference.layer.activation = activation;
        cvs_plan *plan = trial_plan(&t, own, CVS_ALGORITHM_AUTO);
        trial_execute(&t, plan);
        for (int64_t i = 0; i < t.output_count; i++) {
            const double wanted = defined(CVS_ACT_HARD_SIGMOID, 0.2, 0.5, t.wanted[i].sum);
            ck_assert(fabs((double)t.output[i] - wanted) <= 1e-6);
        }
        cvs_plan_free(plan);
        trial_free(&t);
    }
    cvs_engine_free(own);
}
END_TEST

Suite *activations_suite(void) {
    Suite *suite = suite_create("activations");
    TCase *core = tcase_create("core"), *limits = tcase_create("limits");
    tcase_add_loop_test(core, each_is_its_definition, 0, CVS_ACT_COUNT);
    tcase_add_test(core, values_computed_elsewhere);
    tcase_add_test(core, softmax_is_over_the_filters);
    tcase_add_test(core, a_layer_applies_its_activation_after_the_bias);
    tcase_add_loop_test(limits, nan_stays_nan, 0, CVS_ACT_COUNT);
    tcase_add_test(limits, large_numbers_do_not_overflow);
    suite_add_tcase(suite, core);
    suite_add_tcase(suite, limits);
    return suite;
}
