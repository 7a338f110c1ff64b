#include "layer_trial.h"

#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static float draw(number_kind filling, uint64_t *state) {
    if (filling == WHOLE_NUMBERS) return (float)random_in(state, -6, 6);
    return (float)random_in(state, -(1 << 23), 1 << 23) * 0x1p-23F;
}

static float *draw_all(int64_t count, number_kind filling, uint64_t *state) {
    float *data = malloc((size_t)(count + 1) * sizeof *data);
    ck_assert_ptr_nonnull(data);
    for (int64_t i = 0; i < count; i++) data[i] = draw(filling, state);
    return data;
}

/* The last weight of a batch norm with moving averages: it must be positive. */
static bool is_variance(const layer_trial *t, int number) {
    const cvs_layer *layer = &t->inference.layer;
    return layer->op == CVS_OP_BATCH_NORM && layer->running_stats && number == t->list.count - 1;
}

layer_trial layer_trial_make(const char *name, const cvs_inference *inference, number_kind filling, uint64_t seed) {
    layer_trial t = {.name = name, .inference = *inference, .filling = filling};
    ck_assert_int_eq(cvs_layer_weights(inference, CVS_FRAMEWORK_AUTO, &t.list, NULL), CVS_OK);
    ck_assert_int_eq(cvs_shape_count(&inference->input.shape, &t.input_count, NULL), CVS_OK);
    ck_assert_int_eq(cvs_shape_count(&inference->output.shape, &t.output_count, NULL), CVS_OK);
    t.input = draw_all(t.input_count, filling, &seed);
    for (int w = 0; w < t.list.count; w++) {
        const cvs_weight *weight = &t.list.weight[w];
        t.weights[w] = draw_all(weight->count, filling, &seed);
        for (int64_t i = 0; i < weight->count && is_variance(&t, w); i++) t.weights[w][i] = fabsf(t.weights[w][i]) + 1;
        t.tensors[w] = (cvs_tensor){t.weights[w], weight->tensor.shape};
    }
    t.output = draw_all(t.output_count, filling, &seed);
    t.wanted = malloc((size_t)(t.output_count + 1) * sizeof *t.wanted);
    ck_assert_ptr_nonnull(t.wanted);
    layer_trial_update(&t);
    return t;
}

void layer_trial_free(layer_trial *t) {
    for (int w = 0; w < t->list.count; w++) free(t->weights[w]);
    free(t->input), free(t->output), free(t->wanted);
}

static void index_of(const cvs_shape *shape, int64_t at, int64_t *index) {
    for (int i = shape->rank - 1; i >= 0; i--) {
        index[i] = at % shape->dim[i];
        at /= shape->dim[i];
    }
}

void layer_trial_update(layer_trial *t) {
    question q = {.inference = &t->inference, .list = t->list, .input = t->input};
    memcpy(q.weights, t->weights, sizeof q.weights);
    for (int64_t i = 0; i < t->output_count; i++) {
        int64_t index[CVS_MAX_RANK];
        index_of(&t->inference.output.shape, i, index);
        t->wanted[i] = define(&q, index);
    }
}

/* Roundings err by at most their number times 2^-24 of what they round, to first order (Higham, 4.2). */
static bool is_right(const layer_trial *t, float found, const answer *wanted) {
    if (isnan(wanted->value)) return isnan(found);
    if (isinf(wanted->value)) return (double)found == wanted->value;
    const bool exact = wanted->exact && t->filling == WHOLE_NUMBERS;
    const double bound = exact ? 0 : 1.01 * wanted->roundings * 0x1p-24 * wanted->size;
    return fabs((double)found - wanted->value) <= bound;
}

static void check(const layer_trial *t, const run_how *how, const char *algorithm) {
    for (int64_t i = 0; i < t->output_count; i++) {
        if (is_right(t, t->output[i], &t->wanted[i])) continue;
        int64_t index[CVS_MAX_RANK] = {0};
        index_of(&t->inference.output.shape, i, index);
        ck_abort_msg("%s, %s, %s, %s, %s: output (%lld, %lld, %lld, %lld, ...) is %.9g, not %.9g", t->name,
                     cvs_op_name(t->inference.layer.op), cvs_data_format_name(t->inference.layer.data_format),
                     how->name, algorithm, (long long)index[0], (long long)index[1], (long long)index[2],
                     (long long)index[3], (double)t->output[i], t->wanted[i].value);
    }
}

static cvs_plan *plan_fenced(const layer_trial *t, const run_how *how) {
    fenced weights[CVS_MAX_WEIGHTS];
    cvs_tensor tensors[CVS_MAX_WEIGHTS];
    cvs_plan *plan = NULL;
    cvs_error err = {0};
    for (int w = 0; w < t->list.count; w++) {
        weights[w] = fence_copy(t->weights[w], t->list.weight[w].count, how->side);
        tensors[w] = (cvs_tensor){weights[w].data, t->tensors[w].shape};
    }
    const cvs_status status =
        cvs_plan_create(how->engine, &t->inference, tensors, (size_t)t->list.count, how->algorithm, &plan, &err);
    for (int w = 0; w < t->list.count; w++) unfence(&weights[w]);
    ck_assert_msg(status == CVS_OK, "%s: %s", t->name, err.message);
    return plan;
}

/* The weights are gone when the plan runs: it keeps no hold of them. */
void layer_trial_run(layer_trial *t, const run_how *how) {
    cvs_plan *plan = plan_fenced(t, how);
    fenced input = fence_copy(t->input, t->input_count, how->side);
    fenced output = fence((size_t)t->output_count * sizeof(float), how->side);
    fenced workspace = fence((cvs_plan_workspace_bytes(plan) + 63) / 64 * 64, how->side);
    for (int64_t i = 0; i < t->output_count; i++) output.data[i] = NAN;
    cvs_plan_execute(plan, input.data, output.data, cvs_plan_workspace_bytes(plan) ? workspace.data : NULL);
    memcpy(t->output, output.data, (size_t)t->output_count * sizeof(float));
    check(t, how, cvs_plan_algorithm(plan));
    unfence(&input), unfence(&output), unfence(&workspace);
    cvs_plan_free(plan);
}
