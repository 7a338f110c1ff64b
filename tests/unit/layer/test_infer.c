#include "layers.h"

Suite *infer_suite(void);

/* ---- ranks, channels, empty axes ---------------------------------------------------- */

START_TEST(a_missing_batch_axis_is_named) {
    cvs_layer layer = conv(CVS_KERAS, 2, 8, 3);
    cvs_error err = refused(&layer, SHAPE(28, 28, 1), "asymmetric-rank", "/input_shape");
    ck_assert_str_eq(err.message,
                     "A 2D layer reads 4 axes (batch, height, width, channels), but the input (28, 28, 1) has 3. Most "
                     "likely the batch axis is missing: put it first, as null when the number of samples does not "
                     "matter.");
    ck_assert_str_eq(err.value, "(28, 28, 1)");
    layer = conv(CVS_PYTORCH, 1, 8, 3);
    err = refused(&layer, SHAPE(16, 50), "asymmetric-rank", "/input_shape");
    ck_assert_ptr_nonnull(strstr(err.message, "(batch, channels, length)"));
    ck_assert_ptr_nonnull(strstr(err.message, "batch axis is missing"));
    err = refused(&layer, SHAPE(16, 1, 50, 50), "asymmetric-rank", "/input_shape");
    ck_assert_ptr_nonnull(strstr(err.message, "fewer spatial axes"));
    refused(&layer, (cvs_shape){0}, "asymmetric-rank", "/input_shape");
    refused(&layer, (cvs_shape){.rank = 9}, "bad-rank", "/input_shape");
    refused(&layer, (cvs_shape){.rank = -1}, "bad-rank", "/input_shape");
}
END_TEST

START_TEST(nothing_is_computed_on_nothing) {
    cvs_layer layer = conv(CVS_KERAS, 1, 8, 3);
    refused(&layer, SHAPE(0, 28, 1), "empty-axis", "/input_shape/0");
    refused(&layer, SHAPE(2, 0, 1), "empty-axis", "/input_shape/1");
    refused(&layer, SHAPE(2, 28, 0), "empty-axis", "/input_shape/2");
}
END_TEST

START_TEST(strangers_symbols_are_refused) {
    cvs_layer layer = conv(CVS_KERAS, 1, 8, 3);
    refused(&layer, SHAPE(-2, 28, 1), "unknown-size", "/input_shape/0");
    refused(&layer, SHAPE(1, INT64_MIN, 1), "unknown-size", "/input_shape/1");
    cvs_arena arena = cvs_arena_make(0);
    cvs_symbols *symbols = cvs_symbols_create(&arena);
    cvs_shape input = SHAPE(1, -2, 1);
    cvs_inference inference;
    ck_assert_int_eq(cvs_infer(&layer, &input, symbols, &inference, NULL), CVS_INVALID);
    cvs_arena_free(&arena);
}
END_TEST

START_TEST(channels_that_differ) {
    cvs_layer layer = conv(CVS_PYTORCH, 2, 8, 3);
    layer.in_channels = 3;
    cvs_error err = refused(&layer, SHAPE(1, 224, 224, 3), "channel-mismatch", "/input_shape/1");
    ck_assert_str_eq(err.message,
                     "The layer reads 3 input channels, but the input (1, 224, 224, 3) has 224 on its channel "
                     "axis, which is axis 1. Axis 3 has 3: the data seems to be channels_last while the "
                     "layer is channels_first.");
    err = refused(&layer, SHAPE(1, 4, 224, 224), "channel-mismatch", "/input_shape/1");
    ck_assert_ptr_null(strstr(err.message, "seems"));
    ck_assert_str_eq(err.value, "4");
}
END_TEST

START_TEST(channels_come_from_either_side) {
    cvs_layer layer = conv(CVS_PYTORCH, 2, 8, 3);
    cvs_inference inference = infer(&layer, SHAPE(NONE, 5, 9, 9), NULL);
    ck_assert_int_eq(inference.layer.in_channels, 5);
    layer.in_channels = 3;
    inference = infer(&layer, SHAPE(NONE, NONE, 9, 9), NULL);
    assert_shape(&inference.input.shape, SHAPE(NONE, 3, 9, 9));
    layer.in_channels = 0;
    inference = infer(&layer, SHAPE(NONE, NONE, 9, 9), NULL);
    ck_assert_int_eq(inference.layer.in_channels, 0);
    assert_shape(&inference.output.shape, SHAPE(NONE, 8, 7, 7));
    layer.groups = 4;
    cvs_error err = refused(&layer, SHAPE(1, 6, 9, 9), "group-divides", "/groups");
    ck_assert_str_eq(err.expected, "2 groups");
}
END_TEST

START_TEST(an_unsaid_framework_is_ours) {
    cvs_layer layer = conv(CVS_FRAMEWORK_AUTO, 1, 8, 3);
    ck_assert_int_eq(infer(&layer, SHAPE(1, 9, 2), NULL).layer.framework, CVS_CONVSCOPE);
}
END_TEST

START_TEST(tensors_that_cannot_exist) {
    cvs_layer layer = conv(CVS_KERAS, 3, 4096, 1);
    const int64_t big = INT64_C(1) << 20;
    refused(&layer, SHAPE(16, big, big, big, 1), "too-many-elements", "/input_shape");
    refused(&layer, SHAPE(4, big, big, big, 1), "too-many-elements", "");
    cvs_inference inference = infer(&layer, SHAPE(NONE, big, big, NONE, 1), NULL);
    ck_assert_int_eq(inference.output.shape.dim[4], 4096);
}
END_TEST

START_TEST(a_layer_and_an_input_in_their_own_inference) {
    cvs_layer layer = conv(CVS_KERAS, 1, 8, 3);
    cvs_inference apart = infer(&layer, SHAPE(1, 9, 2), NULL), again = apart;
    again.layer = layer;
    memset(&again.output, 0x5a, sizeof again.output);
    memset(again.input.axes, 0x5a, sizeof again.input.axes);
    ck_assert_int_eq(cvs_infer(&again.layer, &again.input.shape, NULL, &again, NULL), CVS_OK);
    ck_assert_mem_eq(&again.layer, &apart.layer, sizeof apart.layer);
    ck_assert_mem_eq(&again.input, &apart.input, sizeof apart.input);
    ck_assert_mem_eq(&again.output, &apart.output, sizeof apart.output);
}
END_TEST

/* ---- anything at all: accepted exactly when exact arithmetic accepts ----------------- */

typedef __int128 wide;

static bool in_range(int64_t value, int64_t low) { return value >= low && value <= 2147483647; }

static bool padding_exists(const cvs_layer *layer) {
    cvs_padding_mode mode = layer->padding.mode;
    bool zeros = layer->padding.fill == CVS_FILL_ZEROS;
    if (mode == CVS_PAD_CAUSAL && layer->spatial_rank != 1) return false;
    switch (layer->framework) {
    case CVS_KERAS:
        return zeros && (mode == CVS_PAD_VALID || mode == CVS_PAD_SAME || mode == CVS_PAD_CAUSAL);
    case CVS_KERAS1:
        return zeros && (mode == CVS_PAD_VALID || mode == CVS_PAD_SAME || mode == CVS_PAD_FULL);
    case CVS_PYTORCH:
        return mode == CVS_PAD_VALID || mode == CVS_PAD_SAME || mode == CVS_PAD_EXPLICIT;
    case CVS_ONNX:
        return zeros && mode != CVS_PAD_CAUSAL && mode != CVS_PAD_FULL;
    default:
        return layer->framework != CVS_TENSORFLOW;
    }
}

static bool parameters_exist(const cvs_layer *layer) {
    bool strided = false, dilated = false;
    for (int a = 0; a < layer->spatial_rank; a++) {
        if (!in_range(layer->kernel[a], 1) || !in_range(layer->stride[a], 1) || !in_range(layer->dilation[a], 1))
            return false;
        strided = strided || layer->stride[a] > 1;
        dilated = dilated || layer->dilation[a] > 1;
        if (layer->padding.mode != CVS_PAD_EXPLICIT) continue;
        if (!in_range(layer->padding.before[a], 0) || !in_range(layer->padding.after[a], 0)) return false;
        if (layer->framework == CVS_PYTORCH && layer->padding.before[a] != layer->padding.after[a]) return false;
    }
    if (layer->framework == CVS_KERAS && strided && dilated) return false;
    if (layer->framework == CVS_KERAS1 && layer->groups != 1) return false;
    return !(layer->framework == CVS_PYTORCH && layer->padding.mode == CVS_PAD_SAME && strided);
}

/* The output size along one axis, 0 when the axis is impossible; an unknown input counts as possible, size 1. */
static wide output_along(const cvs_layer *layer, int a, int64_t size) {
    wide k = layer->kernel[a], s = layer->stride[a], d = layer->dilation[a], extent = d * (k - 1) + 1;
    wide before = layer->padding.before[a], after = layer->padding.after[a], out = 1, most = size;
    cvs_padding_mode mode = layer->padding.mode;
    if (mode == CVS_PAD_VALID) before = after = 0;
    if (mode == CVS_PAD_FULL) before = after = extent - 1;
    if (mode == CVS_PAD_CAUSAL) before = extent - 1, after = 0;
    if (size == NONE) return 1;
    if (mode == CVS_PAD_SAME || mode == CVS_PAD_SAME_LOWER) {
        out = (size + s - 1) / s;
        wide total = (out - 1) * s + extent - size;
        total = total < 0 ? 0 : total;
        before = mode == CVS_PAD_SAME ? total / 2 : total - total / 2;
        after = total - before;
    }
    if (size + before + after > INT64_MAX || size + before + after < extent) return 0;
    if (layer->padding.fill == CVS_FILL_REFLECT) most = size - 1;
    bool limited = layer->padding.fill == CVS_FILL_REFLECT || layer->padding.fill == CVS_FILL_CIRCULAR;
    if (limited && (before > most || after > most)) return 0;
    return (size + before + after - extent) / s + 1;
}

static bool countable(const wide *sizes, int count) {
    wide product = 1;
    for (int i = 0; i < count; i++) {
        product *= sizes[i] == NONE ? 1 : sizes[i];
        if (product > INT64_MAX) return false;
    }
    return true;
}

static bool oracle(const cvs_layer *layer, const cvs_shape *input) {
    if (layer->spatial_rank < 1 || layer->spatial_rank > 3 || input->rank != layer->spatial_rank + 2) return false;
    if (!in_range(layer->filters, 1) || !in_range(layer->in_channels, 0) || !in_range(layer->groups, 1)) return false;
    if (!padding_exists(layer) || !parameters_exist(layer)) return false;
    for (int i = 0; i < input->rank; i++)
        if (input->dim[i] < 1 && input->dim[i] != NONE) return false;
    bool first = layer->data_format == CVS_CHANNELS_FIRST;
    int64_t channels = input->dim[first ? 1 : input->rank - 1];
    if (layer->in_channels && channels != NONE && channels != layer->in_channels) return false;
    if (channels == NONE && layer->in_channels) channels = layer->in_channels;
    if (layer->filters % layer->groups || (channels != NONE && channels % layer->groups)) return false;
    wide in[5] = {input->dim[0], channels}, out[5] = {input->dim[0], layer->filters};
    for (int a = 0; a < layer->spatial_rank; a++) {
        in[2 + a] = input->dim[(first ? 2 : 1) + a];
        out[2 + a] = output_along(layer, a, input->dim[(first ? 2 : 1) + a]);
        if (out[2 + a] == 0) return false;
    }
    return countable(in, input->rank) && countable(out, input->rank);
}

/* Mostly small and likely to be valid; now and then anything, the edges of 31, 32 and 63 bits most of all. */
static int64_t wild(uint64_t *state, int64_t low, int64_t high) {
    static const int64_t edges[] = {
        -3, -1, 0, 1, 2147483646, 2147483647, 2147483648, 4294967296, INT64_MAX / 2, INT64_MAX - 1, INT64_MAX};
    switch (random_in(state, 0, 39)) {
    case 0:
        return random_in(state, -3, 3);
    case 1:
        return edges[random_in(state, 0, sizeof edges / sizeof *edges - 1)];
    case 2:
        return (int64_t)(next_random(state) >> random_in(state, 1, 63));
    default:
        return random_in(state, low, high);
    }
}

static cvs_layer wild_layer(uint64_t *state) {
    cvs_layer layer = cvs_layer_default(CVS_OP_CONV, (int)random_in(state, 0, 9) ? (int)random_in(state, 1, 3)
                                                                                 : (int)random_in(state, -2, 5));
    layer.framework = (cvs_framework)random_in(state, 0, CVS_FRAMEWORK_COUNT - 1);
    layer.data_format = (cvs_data_format)random_in(state, 0, 1);
    layer.filters = wild(state, 2, 6);
    layer.in_channels = random_in(state, 0, 1) ? 0 : wild(state, 4, 4);
    layer.groups = random_in(state, 0, 3) ? 1 : wild(state, 1, 4);
    layer.padding.mode = random_in(state, 0, 1) ? CVS_PAD_VALID : (cvs_padding_mode)random_in(state, 0, 5);
    layer.padding.fill = random_in(state, 0, 2) ? CVS_FILL_ZEROS : (cvs_fill)random_in(state, 0, 3);
    for (int a = 0; a < CVS_MAX_SPATIAL; a++) {
        layer.kernel[a] = wild(state, 1, 5);
        if (random_in(state, 0, 2) == 0) layer.stride[a] = wild(state, 1, 4);
        if (random_in(state, 0, 4) == 0) layer.dilation[a] = wild(state, 1, 3);
        layer.padding.before[a] = wild(state, 0, 4);
        layer.padding.after[a] = random_in(state, 0, 2) ? layer.padding.before[a] : wild(state, 0, 4);
    }
    return layer;
}

static cvs_shape wild_shape(uint64_t *state, const cvs_layer *layer) {
    cvs_shape shape = {.rank = layer->spatial_rank + 2};
    if (random_in(state, 0, 19) == 0) shape.rank = (int)random_in(state, -2, 10);
    for (int i = 0; i < CVS_MAX_RANK; i++) shape.dim[i] = random_in(state, 0, 9) ? wild(state, 3, 30) : NONE;
    int channel = layer->data_format == CVS_CHANNELS_FIRST ? 1 : shape.rank - 1;
    if (channel >= 0 && channel < CVS_MAX_RANK && random_in(state, 0, 9)) shape.dim[channel] = 4;
    return shape;
}

START_TEST(accepted_exactly_when_exact_arithmetic_accepts) {
    uint64_t state = 5;
    int accepted = 0, rounds = 200000;
    for (int round = 0; round < rounds; round++) {
        cvs_layer layer = wild_layer(&state);
        cvs_shape shape = wild_shape(&state, &layer);
        cvs_inference inference;
        cvs_error err = {0};
        cvs_status status = cvs_infer(&layer, &shape, NULL, &inference, &err);
        bool wanted = oracle(&layer, &shape);
        if ((status == CVS_OK) != wanted) ck_abort_msg("round %d: %s", round, err.message);
        if (err.status != status) ck_abort_msg("round %d: an error of another status", round);
        if (status != CVS_OK && (!err.code[0] || !err.message[0])) ck_abort_msg("round %d: no message", round);
        if (status != CVS_OK) continue;
        accepted++;
        cvs_cost cost;
        cvs_weights weights;
        cvs_receptive_field field;
        cvs_status priced = cvs_layer_cost(&inference, &cost, NULL);
        cvs_status stored = cvs_layer_weights(&inference, CVS_PYTORCH, &weights, NULL);
        if (priced != CVS_OK && priced != CVS_TOO_LARGE) ck_abort_msg("round %d: cost", round);
        if (stored == CVS_NO_MEMORY || stored == CVS_UNSUPPORTED) ck_abort_msg("round %d: weights", round);
        cvs_layer_receptive_field(&inference, &field);
    }
    ck_assert_int_gt(accepted, rounds / 20);
    ck_assert_int_lt(accepted, rounds / 2);
}
END_TEST

Suite *infer_suite(void) {
    Suite *suite = suite_create("infer");
    TCase *core = tcase_create("core"), *limits = tcase_create("limits");
    tcase_add_test(core, a_missing_batch_axis_is_named);
    tcase_add_test(core, channels_that_differ);
    tcase_add_test(core, channels_come_from_either_side);
    tcase_add_test(core, an_unsaid_framework_is_ours);
    tcase_add_test(core, a_layer_and_an_input_in_their_own_inference);
    tcase_add_test(limits, nothing_is_computed_on_nothing);
    tcase_add_test(limits, strangers_symbols_are_refused);
    tcase_add_test(limits, tensors_that_cannot_exist);
    tcase_add_test(limits, accepted_exactly_when_exact_arithmetic_accepts);
    tcase_set_timeout(core, 60);
    tcase_set_timeout(limits, 60);
    suite_add_tcase(suite, core);
    suite_add_tcase(suite, limits);
    return suite;
}
