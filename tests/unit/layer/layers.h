/* layers.h - short ways to write layers and shapes in the tests of lib/layer. */
#ifndef CONVSCOPE_TESTS_LAYERS_H
#define CONVSCOPE_TESTS_LAYERS_H

#include <convscope/layer.h>

#include <check.h>
#include <stdio.h>
#include <string.h>

#define NONE       CVS_DIM_UNKNOWN
#define SHAPE(...) shape_of((const int64_t[]){__VA_ARGS__}, sizeof((const int64_t[]){__VA_ARGS__}) / sizeof(int64_t))

static inline cvs_shape shape_of(const int64_t *sizes, size_t count) {
    cvs_shape shape = {.rank = (int)count};
    memcpy(shape.dim, sizes, count * sizeof *sizes);
    return shape;
}

/* A convolution with the same kernel along every axis. */
static inline cvs_layer conv(cvs_framework framework, int spatial_rank, int64_t filters, int64_t kernel) {
    cvs_layer layer = cvs_layer_default(CVS_OP_CONV, spatial_rank);
    layer.framework = framework;
    layer.filters = filters;
    for (int axis = 0; axis < spatial_rank; axis++) layer.kernel[axis] = kernel;
    if (framework == CVS_PYTORCH || framework == CVS_ONNX) layer.data_format = CVS_CHANNELS_FIRST;
    return layer;
}

/* A layer that is valid without its input comes out the same where that is not looked at again. */
static inline void assert_valid_alike(const cvs_layer *layer, const cvs_shape *input, cvs_symbols *symbols,
                                      const cvs_inference *inference, const cvs_error *err) {
    cvs_inference again;
    cvs_error other = {0};
    if (cvs_layer_validate(layer, NULL) != CVS_OK) return;
    ck_assert_int_eq(cvs_infer_valid(layer, input, symbols, &again, &other), err->status);
    ck_assert_str_eq(other.code, err->code);
    ck_assert_str_eq(other.pointer, err->pointer);
    if (err->status != CVS_OK) return;
    ck_assert_mem_eq(&again.layer, &inference->layer, sizeof again.layer);
    ck_assert_mem_eq(&again.output, &inference->output, sizeof again.output);
}

static inline cvs_inference infer(const cvs_layer *layer, cvs_shape input, cvs_symbols *symbols) {
    cvs_inference inference;
    cvs_error err = {0};
    cvs_status status = cvs_infer(layer, &input, symbols, &inference, &err);
    ck_assert_msg(status == CVS_OK, "%s: %s", err.code, err.message);
    assert_valid_alike(layer, &input, symbols, &inference, &err);
    return inference;
}

static inline void assert_shape(const cvs_shape *got, cvs_shape want) {
    ck_assert_int_eq(got->rank, want.rank);
    for (int i = 0; i < want.rank; i++)
        ck_assert_msg(got->dim[i] == want.dim[i], "axis %d: %lld, wanted %lld", i, (long long)got->dim[i],
                      (long long)want.dim[i]);
}

/* "batch, length, channels" */
static inline void assert_axes(const cvs_tensor_shape *tensor, const char *want) {
    char got[256] = "";
    for (int i = 0; i < tensor->shape.rank; i++) {
        strcat(got, i ? ", " : "");
        strcat(got, cvs_axis_name(tensor->axes[i]));
    }
    ck_assert_str_eq(got, want);
}

/* The layer on the input must be refused so. */
static inline cvs_error refused(const cvs_layer *layer, cvs_shape input, const char *code, const char *pointer) {
    cvs_inference inference;
    cvs_error err = {0};
    cvs_status status = cvs_infer(layer, &input, NULL, &inference, &err);
    ck_assert_int_ne(status, CVS_OK);
    ck_assert_int_eq(err.status, status);
    ck_assert_msg(strcmp(err.code, code) == 0, "%s instead of %s: %s", err.code, code, err.message);
    ck_assert_str_eq(err.pointer, pointer);
    assert_valid_alike(layer, &input, NULL, &inference, &err);
    return err;
}

/* splitmix64: the same numbers on every machine. */
static inline uint64_t next_random(uint64_t *state) {
    uint64_t z = (*state += 0x9e3779b97f4a7c15u);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

/* low..high, both included */
static inline int64_t random_in(uint64_t *state, int64_t low, int64_t high) {
    return low + (int64_t)(next_random(state) % (uint64_t)(high - low + 1));
}

#endif
