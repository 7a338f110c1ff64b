#include "trial.h"

#include "engine/blas.h"
#include "engine/engine_internal.h"

#include <check.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

uint64_t next_random(uint64_t *state) {
    uint64_t z = (*state += 0x9e3779b97f4a7c15u);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

int64_t random_in(uint64_t *state, int64_t low, int64_t high) {
    return low + (int64_t)(next_random(state) % (uint64_t)(high - low + 1));
}

static float *floats(int64_t count) {
    float *data = malloc((size_t)(count ? count : 1) * sizeof *data);
    ck_assert_ptr_nonnull(data);
    return data;
}

static float *random_floats(int64_t count, number_kind filling, uint64_t *state) {
    float *data = floats(count);
    for (int64_t i = 0; i < count; i++)
        data[i] = filling == WHOLE_NUMBERS ? (float)random_in(state, -6, 6)
                                           : (float)random_in(state, -(1 << 23), 1 << 23) * 0x1p-23F;
    return data;
}

static int64_t or_one(int64_t n) { return n ? n : 1; }

cvs_layer sketch_layer(const sketch *s, cvs_framework framework, cvs_data_format format) {
    cvs_layer layer = cvs_layer_default(CVS_OP_CONV, s->rank);
    layer.framework = framework;
    layer.data_format = format;
    layer.filters = s->filters;
    layer.groups = or_one(s->groups);
    layer.padding.mode = s->mode;
    layer.padding.fill = s->fill;
    for (int a = 0; a < s->rank; a++) {
        layer.kernel[a] = or_one(s->kernel[a]);
        layer.stride[a] = or_one(s->stride[a]);
        layer.dilation[a] = or_one(s->dilation[a]);
        layer.padding.before[a] = s->before[a];
        layer.padding.after[a] = s->after[a];
    }
    return layer;
}

trial trial_of(const sketch *s, cvs_framework framework, cvs_data_format format, number_kind filling) {
    const cvs_layer layer = sketch_layer(s, framework, format);
    cvs_shape input = {.rank = s->rank + 2, .dim = {or_one(s->batch)}};
    const bool first = format == CVS_CHANNELS_FIRST;
    input.dim[first ? 1 : s->rank + 1] = s->channels;
    for (int a = 0; a < s->rank; a++) input.dim[a + (first ? 2 : 1)] = s->in[a];
    return trial_make(s->name, &layer, &input, filling, 1);
}

static void set_oracle(trial *t) {
    const cvs_layer *layer = &t->inference.layer;
    const bool first = layer->data_format == CVS_CHANNELS_FIRST;
    oracle_conv *o = &t->oracle;
    *o = (oracle_conv){
        .batch = t->inference.input.shape.dim[0],
        .channels = layer->in_channels,
        .filters = layer->filters,
        .groups = layer->groups,
        .fill = layer->padding.fill,
    };
    for (int a = 0; a < 3; a++) o->in[a] = o->kernel[a] = o->stride[a] = o->dilation[a] = 1;
    for (int i = 0; i < layer->spatial_rank; i++) {
        const int a = 3 - layer->spatial_rank + i;
        o->in[a] = t->inference.input.shape.dim[i + (first ? 2 : 1)];
        o->kernel[a] = layer->kernel[i];
        o->stride[a] = layer->stride[i];
        o->dilation[a] = layer->dilation[i];
        o->before[a] = layer->padding.before[i];
        o->after[a] = layer->padding.after[i];
    }
    oracle_count_outputs(o);
}

trial trial_make(const char *name, const cvs_layer *layer, const cvs_shape *input, number_kind filling, uint64_t seed) {
    trial t = {.name = name, .layer = *layer, .filling = filling};
    cvs_error err = {0};
    ck_assert_msg(cvs_infer(layer, input, NULL, &t.inference, &err) == CVS_OK, "%s: %s", name, err.message);
    set_oracle(&t);
    cvs_weights weights;
    ck_assert_int_eq(cvs_layer_weights(&t.inference, CVS_FRAMEWORK_AUTO, &weights, NULL), CVS_OK);
    ck_assert_int_eq(cvs_shape_count(&t.inference.input.shape, &t.input_count, NULL), CVS_OK);
    ck_assert_int_eq(cvs_shape_count(&t.inference.output.shape, &t.output_count, NULL), CVS_OK);
    const oracle_conv *o = &t.oracle;
    ck_assert_int_eq(t.output_count, o->batch * o->filters * o->out[0] * o->out[1] * o->out[2]);
    t.kernel_count = weights.weight[0].count;
    t.input = random_floats(t.input_count, filling, &seed);
    t.kernel = random_floats(t.kernel_count, filling, &seed);
    t.bias = random_floats(o->filters, filling, &seed);
    t.laid_input = floats(t.input_count);
    t.laid_kernel = floats(t.kernel_count);
    t.output = floats(t.output_count);
    t.weights[0] = (cvs_tensor){t.laid_kernel, weights.weight[0].tensor.shape};
    if (layer->use_bias) t.weights[1] = (cvs_tensor){t.bias, weights.weight[1].tensor.shape};
    t.wanted = malloc((size_t)(t.output_count + 1) * sizeof *t.wanted);
    ck_assert_ptr_nonnull(t.wanted);
    trial_update(&t);
    return t;
}

void trial_free(trial *t) {
    float *all[] = {t->input, t->kernel, t->bias, t->laid_input, t->laid_kernel, t->output};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) free(all[i]);
    free(t->wanted);
}

/* Which of the canonical kernel's indices (filter, channel, kd, kh, kw) an axis counts; -1: none, it is a unit. */
static int canonical_axis(cvs_axis axis) {
    switch (axis) {
    case CVS_AXIS_FILTERS:
        return 0;
    case CVS_AXIS_IN_CHANNELS:
    case CVS_AXIS_IN_CHANNELS_PER_GROUP:
        return 1;
    case CVS_AXIS_KERNEL_DEPTH:
        return 2;
    case CVS_AXIS_KERNEL_HEIGHT:
        return 3;
    case CVS_AXIS_KERNEL_WIDTH:
    case CVS_AXIS_KERNEL_LENGTH:
        return 4;
    default:
        ck_assert_int_eq(axis, CVS_AXIS_UNIT);
        return -1;
    }
}

static void lay_out_kernel(trial *t) {
    const oracle_conv *o = &t->oracle;
    const int64_t sizes[5] = {o->filters, o->channels / o->groups, o->kernel[0], o->kernel[1], o->kernel[2]};
    cvs_weights weights;
    ck_assert_int_eq(cvs_layer_weights(&t->inference, CVS_FRAMEWORK_AUTO, &weights, NULL), CVS_OK);
    const cvs_tensor_shape *tensor = &weights.weight[0].tensor;
    for (int64_t i = 0; i < t->kernel_count; i++) {
        int64_t index[5] = {0}, rest = i;
        for (int a = tensor->shape.rank - 1; a >= 0; a--) {
            const int canonical = canonical_axis(tensor->axes[a]);
            if (canonical >= 0) index[canonical] = rest % tensor->shape.dim[a];
            rest /= tensor->shape.dim[a];
        }
        int64_t from = 0;
        for (int a = 0; a < 5; a++) from = from * sizes[a] + index[a];
        t->laid_kernel[i] = t->kernel[from];
    }
}

static void lay_out_input(trial *t) {
    const oracle_conv *o = &t->oracle;
    const int64_t cells = o->in[0] * o->in[1] * o->in[2];
    const bool first = t->inference.layer.data_format == CVS_CHANNELS_FIRST;
    for (int64_t s = 0; s < o->batch; s++)
        for (int64_t c = 0; c < o->channels; c++)
            for (int64_t i = 0; i < cells; i++)
                t->laid_input[first ? (s * o->channels + c) * cells + i : (s * cells + i) * o->channels + c] =
                    t->input[(s * o->channels + c) * cells + i];
}

/* Any order of n roundings errs by at most n*u*sum|terms| to first order (Higham, Accuracy and Stability, 4.2): one
   for each product, each addition and the bias. */
static double bound(const trial *t, oracle_value wanted) {
    const oracle_conv *o = &t->oracle;
    const double terms = (double)(o->channels / o->groups * o->kernel[0] * o->kernel[1] * o->kernel[2]);
    return t->slack + (t->filling == WHOLE_NUMBERS ? 0 : 1.01 * (terms + 2) * 0x1p-24 * wanted.size);
}

static double largest(const float *data, int64_t count) {
    double most = 0;
    for (int64_t i = 0; i < count; i++)
        if (isfinite(data[i])) most = fmax(most, fabs((double)data[i]));
    return most;
}

double trial_winograd_slack(const trial *t) {
    const double channels = (double)t->oracle.channels, growth = 564;
    return (channels + 24) * 0x1p-24 * growth * channels * largest(t->input, t->input_count) *
               largest(t->kernel, t->kernel_count) +
           0x1p-23 * largest(t->bias, t->oracle.filters);
}

static bool is_close(double found, double wanted, double bound) {
    if (isnan(wanted) || isinf(wanted)) return isnan(wanted) ? isnan(found) : found == wanted;
    return fabs(found - wanted) <= bound;
}

/* Which output stands at `index` of trial->output. */
typedef struct place {
    int64_t sample, filter, cell[3];
} place;

static place place_of(const trial *t, int64_t index) {
    const oracle_conv *o = &t->oracle;
    const bool first = t->inference.layer.data_format == CVS_CHANNELS_FIRST;
    place p = {0};
    if (!first) p.filter = index % o->filters, index /= o->filters;
    for (int a = 2; a >= 0; a--) p.cell[a] = index % o->out[a], index /= o->out[a];
    if (first) p.filter = index % o->filters, index /= o->filters;
    p.sample = index;
    return p;
}

int64_t trial_output_index(const trial *t, int64_t sample, int64_t filter, const int64_t cell[3]) {
    const oracle_conv *o = &t->oracle;
    const int64_t cells = o->out[0] * o->out[1] * o->out[2];
    const int64_t i = (cell[0] * o->out[1] + cell[1]) * o->out[2] + cell[2];
    if (t->inference.layer.data_format == CVS_CHANNELS_FIRST) return (sample * o->filters + filter) * cells + i;
    return (sample * cells + i) * o->filters + filter;
}

static void ask_the_oracle(trial *t) {
    for (int64_t i = 0; i < t->output_count; i++) {
        const place p = place_of(t, i);
        oracle_value *value = &t->wanted[i];
        *value =
            oracle_at(&t->oracle, t->input, t->kernel, t->layer.use_bias ? t->bias : NULL, p.sample, p.filter, p.cell);
        if (t->layer.activation.kind == CVS_ACT_RELU && value->sum < 0) value->sum = 0;
    }
}

void trial_update(trial *t) {
    lay_out_input(t);
    lay_out_kernel(t);
    ask_the_oracle(t);
}

void trial_check(const trial *t, const char *how) {
    for (int64_t i = 0; i < t->output_count; i++) {
        const double found = (double)t->output[i], wanted = t->wanted[i].sum;
        if (is_close(found, wanted, bound(t, t->wanted[i]))) continue;
        const place p = place_of(t, i);
        ck_abort_msg("%s, %s, %s: sample %lld, filter %lld, cell (%lld, %lld, %lld) is %.9g, not %.9g", t->name,
                     cvs_data_format_name(t->layer.data_format), how, (long long)p.sample, (long long)p.filter,
                     (long long)p.cell[0], (long long)p.cell[1], (long long)p.cell[2], found, wanted);
    }
}

cvs_plan *trial_plan(const trial *t, const cvs_engine *engine, cvs_algorithm algorithm) {
    cvs_plan *plan = NULL;
    cvs_error err = {0};
    cvs_status status =
        cvs_plan_create(engine, &t->inference, t->weights, t->layer.use_bias ? 2 : 1, algorithm, &plan, &err);
    ck_assert_msg(status == CVS_OK, "%s: %s", t->name, err.message);
    return plan;
}

void trial_execute(trial *t, const cvs_plan *plan) {
    const size_t bytes = cvs_plan_workspace_bytes(plan);
    void *workspace = bytes ? aligned_alloc(64, (bytes + 63) / 64 * 64) : NULL;
    for (int64_t i = 0; i < t->output_count; i++) t->output[i] = NAN;
    cvs_plan_execute(plan, t->laid_input, t->output, workspace);
    free(workspace);
}

void trial_run(trial *t, const cvs_engine *engine, cvs_algorithm algorithm, const char *how) {
    cvs_plan *plan = trial_plan(t, engine, algorithm);
    char whole[96];
    snprintf(whole, sizeof whole, "%s, %s", how, cvs_plan_algorithm(plan));
    trial_execute(t, plan);
    trial_check(t, whole);
    cvs_plan_free(plan);
}

static void add_engine(engines *all, cvs_engine_options options, const char *name) {
    cvs_error err = {0};
    ck_assert_msg(cvs_engine_create(&options, &all->engine[all->count], &err) == CVS_OK, "%s", err.message);
    all->engine[all->count]->l2_bytes = 4096; /* small shapes are then cut into several tiles and depths */
    snprintf(all->name[all->count++], sizeof all->name[0], "%s", name);
}

engines engines_make(void) {
    engines all = {0};
    for (cvs_isa isa = CVS_ISA_PORTABLE; isa < CVS_ISA_COUNT; isa++) {
        if (isa <= cvs_isa_detect())
            add_engine(&all, (cvs_engine_options){.without_blas = true, .cap_isa = true, .isa = isa},
                       cvs_isa_name(isa));
        else
            fprintf(stderr, "SKIPPED level %s: this CPU lacks it\n", cvs_isa_name(isa));
    }
    add_engine(&all, (cvs_engine_options){0}, "blas");
    all.engine[all.count - 1]->product = cvs__blas_product;
    return all;
}

void engines_free(engines *all) {
    for (int i = 0; i < all->count; i++) cvs_engine_free(all->engine[i]);
}
