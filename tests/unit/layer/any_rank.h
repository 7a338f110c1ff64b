/* any_rank.h - short ways to write layers that take any number of axes, and what is to come of them. */
#ifndef CONVSCOPE_TESTS_ANY_RANK_H
#define CONVSCOPE_TESTS_ANY_RANK_H

#include "layers.h"

/* As the framework's dialect begins one. */
static inline cvs_layer any(cvs_op op, cvs_framework framework) {
    cvs_layer layer = cvs_layer_default(op, 0);
    layer.framework = framework;
    if (framework == CVS_PYTORCH || framework == CVS_ONNX) layer.data_format = CVS_CHANNELS_FIRST;
    return layer;
}

/* "kernel(512, 10) bias(10)"; a weight that is not learned has a "!" behind it. */
static inline void assert_weights(const cvs_inference *inference, cvs_framework framework, const char *want) {
    cvs_weights weights;
    cvs_error err = {0};
    cvs_text text = {0};
    const cvs_framework own = framework == CVS_FRAMEWORK_AUTO ? inference->layer.framework : framework;
    int64_t sum = 0, parameters = 0; /* to PyTorch what is not trained is a buffer */
    ck_assert_msg(cvs_layer_weights(inference, framework, &weights, &err) == CVS_OK, "%s", err.message);
    for (int i = 0; i < weights.count; i++) {
        const cvs_weight *weight = &weights.weight[i];
        cvs_text_addf(&text, "%s%s(", i ? " " : "", weight->name);
        int64_t count = 1;
        for (int j = 0; j < weight->tensor.shape.rank; j++) {
            cvs_text_addf(&text, "%s%lld", j ? ", " : "", (long long)weight->tensor.shape.dim[j]);
            count *= weight->tensor.shape.dim[j];
        }
        cvs_text_add(&text, weight->trainable ? ")" : ")!");
        ck_assert_int_eq(weight->count, count);
        sum += count;
        if (own != CVS_PYTORCH || weight->trainable) parameters += count;
    }
    ck_assert_str_eq(text.data ? text.data : "", want);
    ck_assert_int_eq(weights.elements, sum);
    ck_assert_int_eq(weights.parameters, parameters);
    cvs_text_free(&text);
}

static inline void assert_no_weights(const cvs_inference *inference) {
    static const cvs_framework frameworks[] = {CVS_KERAS, CVS_PYTORCH, CVS_ONNX, CVS_CONVSCOPE};
    for (size_t i = 0; i < sizeof frameworks / sizeof *frameworks; i++) assert_weights(inference, frameworks[i], "");
}

/* Neither multiplications nor weights; four bytes for each number of a sample. */
static inline void assert_free(const cvs_inference *inference, int64_t input_bytes, int64_t output_bytes) {
    cvs_cost cost;
    ck_assert_int_eq(cvs_layer_cost(inference, &cost, NULL), CVS_OK);
    ck_assert_int_eq(cost.macs + cost.bias_adds + cost.flops, 0);
    ck_assert_int_eq(cost.input_bytes, input_bytes);
    ck_assert_int_eq(cost.output_bytes, output_bytes);
}

/* The spatial axes that the layer leaves, each cell seeing its own place. */
static inline void assert_own_place(const cvs_inference *inference, int rank) {
    cvs_receptive_field field;
    cvs_layer_receptive_field(inference, &field);
    ck_assert_int_eq(field.rank, rank);
    ck_assert_int_eq(inference->layer.spatial_rank, rank);
    for (int axis = 0; axis < rank; axis++) {
        ck_assert_int_eq(field.size[axis], 1);
        ck_assert_int_eq(field.jump[axis], 1);
        ck_assert_int_eq(field.jump_divisor[axis], 1);
        ck_assert_double_eq(field.start[axis], 0);
    }
}

static inline void assert_step(const cvs_inference *inference, int axis, const char *formula, const char *numbers) {
    cvs_step step;
    cvs_text text = {0};
    cvs_layer_step(inference, axis, &step, &text);
    ck_assert_str_eq(step.formula, formula);
    ck_assert_str_eq(text.data, numbers);
    cvs_text_free(&text);
}

/* Names for sizes, as one request has them. */
typedef struct names {
    cvs_arena arena;
    cvs_symbols *symbols;
} names;

static inline void names_open(names *made) {
    made->arena = cvs_arena_make(0);
    made->symbols = cvs_symbols_create(&made->arena);
}

static inline cvs_dim named(const names *made, const char *name) {
    cvs_dim dim;
    ck_assert_int_eq(cvs_symbols_name(made->symbols, name, &dim, NULL), CVS_OK);
    return dim;
}

static inline void assert_dim(const names *made, cvs_dim dim, const char *want) {
    cvs_text text = {0};
    cvs_dim_format(made->symbols, dim, &text);
    ck_assert_str_eq(text.data, want);
    cvs_text_free(&text);
}

#endif
