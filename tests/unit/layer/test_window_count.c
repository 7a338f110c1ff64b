/*
 * Sizes, pads and receptive fields against a window that is pushed along cell by cell, on 100,000 random layers of each
 * of the convolutions, with what every framework has of paddings.
 */
#include "layers.h"

Suite *window_count_suite(void);

enum { LAYERS = 100000 };

typedef struct axis_setting {
    int64_t i, k, s, d, before, after;
} axis_setting;

typedef struct positions {
    int64_t count, first, last; /* the first and last cell that the first and last window start at */
} positions;

/* Push the window along, cell by cell. */
static positions count_positions(const axis_setting *a) {
    positions found = {0};
    for (int64_t start = -a->before; start < a->i + a->after; start += a->s) {
        int64_t end = start;
        for (int64_t tap = 1; tap < a->k; tap++) end += a->d;
        if (end >= a->i + a->after) break;
        if (found.count++ == 0) found.first = start;
        found.last = start;
    }
    return found;
}

/* `same` by its meaning: one output for every s inputs begun, with the least padding that allows it. */
static void pad_same(axis_setting *a, bool lower) {
    int64_t wanted = 0;
    for (int64_t cell = 0; cell < a->i; cell += a->s) wanted++;
    for (int64_t total = 0;; total++) {
        a->before = lower ? total - total / 2 : total / 2;
        a->after = total - a->before;
        if (count_positions(a).count >= wanted) return;
    }
}

typedef struct family {
    cvs_op op;
    cvs_framework framework;
    cvs_padding_mode modes[CVS_PAD_EXPLICIT + 1]; /* up to the first CVS_PAD_VALID */
} family;

static const family families[] = {
    {CVS_OP_CONV, CVS_CONVSCOPE, {CVS_PAD_SAME, CVS_PAD_SAME_LOWER, CVS_PAD_CAUSAL, CVS_PAD_FULL, CVS_PAD_EXPLICIT}},
    {CVS_OP_CONV, CVS_KERAS, {CVS_PAD_SAME, CVS_PAD_CAUSAL}},
    {CVS_OP_CONV, CVS_KERAS1, {CVS_PAD_SAME, CVS_PAD_FULL}},
    {CVS_OP_CONV, CVS_PYTORCH, {CVS_PAD_SAME, CVS_PAD_EXPLICIT}},
    {CVS_OP_CONV, CVS_ONNX, {CVS_PAD_SAME, CVS_PAD_SAME_LOWER, CVS_PAD_EXPLICIT}},
    {CVS_OP_DEPTHWISE_CONV, CVS_CONVSCOPE, {CVS_PAD_SAME, CVS_PAD_SAME_LOWER, CVS_PAD_FULL, CVS_PAD_EXPLICIT}},
    {CVS_OP_DEPTHWISE_CONV, CVS_KERAS, {CVS_PAD_SAME}},
    {CVS_OP_SEPARABLE_CONV, CVS_CONVSCOPE, {CVS_PAD_SAME, CVS_PAD_SAME_LOWER, CVS_PAD_FULL, CVS_PAD_EXPLICIT}},
    {CVS_OP_SEPARABLE_CONV, CVS_KERAS, {CVS_PAD_SAME, CVS_PAD_CAUSAL}},
};

static cvs_padding_mode random_mode(uint64_t *state, const family *of, int spatial_rank) {
    int count = 0;
    while (count < CVS_PAD_EXPLICIT && of->modes[count] != CVS_PAD_VALID) count++;
    cvs_padding_mode mode = of->modes[random_in(state, 0, count)];
    return mode == CVS_PAD_CAUSAL && spatial_rank > 1 ? CVS_PAD_SAME : mode;
}

/*
 * Keras has no stride with a dilation, and a depthwise kernel steps alike along all axes; PyTorch has no stride with
 * `same`. `before` is the stride of the axis before, or 0.
 */
static int64_t random_stride(uint64_t *state, const family *of, cvs_padding_mode mode, bool dilated, int64_t before) {
    if (of->framework == CVS_KERAS && dilated) return 1;
    if (of->framework == CVS_PYTORCH && mode == CVS_PAD_SAME) return 1;
    bool alike = of->framework == CVS_KERAS && of->op != CVS_OP_CONV && before;
    return alike ? before : random_in(state, 1, 5);
}

static axis_setting random_axis(uint64_t *state, const family *of, cvs_padding_mode mode, int64_t s, bool dilated) {
    axis_setting a = {
        .i = random_in(state, 1, 40), .k = random_in(state, 1, 7), .s = s, .d = dilated ? random_in(state, 1, 4) : 1};
    for (int64_t tap = 1; tap < a.k; tap++) a.before += a.d;
    if (mode == CVS_PAD_FULL) a.after = a.before;
    if (mode == CVS_PAD_VALID) a.before = 0;
    if (mode == CVS_PAD_EXPLICIT) a.before = random_in(state, 0, 9), a.after = random_in(state, 0, 9);
    if (of->framework == CVS_PYTORCH) a.after = a.before;
    if (mode == CVS_PAD_SAME || mode == CVS_PAD_SAME_LOWER) pad_same(&a, mode == CVS_PAD_SAME_LOWER);
    return a;
}

static void put_axis(cvs_layer *layer, int axis, const axis_setting *a) {
    layer->kernel[axis] = a->k;
    layer->stride[axis] = a->s;
    layer->dilation[axis] = a->d;
    if (layer->padding.mode != CVS_PAD_EXPLICIT) return;
    layer->padding.before[axis] = a->before;
    layer->padding.after[axis] = a->after;
}

/* Not by ck_assert: that many of them would take most of the time. */
static bool agrees(const cvs_inference *inference, int axis, const axis_setting *a, const positions *counted) {
    const cvs_layer *layer = &inference->layer;
    cvs_receptive_field field;
    cvs_layer_receptive_field(inference, &field);
    double begin = field.start[axis] - (double)(field.size[axis] - 1) / 2;
    double end = begin + (double)((counted->count - 1) * field.jump[axis]);
    int at = layer->data_format == CVS_CHANNELS_FIRST ? 2 : 1;
    return inference->output.shape.dim[at + axis] == counted->count && layer->padding.before[axis] == a->before &&
           layer->padding.after[axis] == a->after && field.size[axis] == a->d * (a->k - 1) + 1 &&
           begin == (double)counted->first && end == (double)counted->last;
}

/* One random layer; false when its kernel fits nowhere, which the inference must then say. */
static bool compare_with_count(uint64_t *state, const family *of) {
    bool to_2d = of->framework == CVS_KERAS && of->op != CVS_OP_CONV; /* it has no deeper ones */
    int spatial_rank = (int)random_in(state, 1, to_2d ? 2 : 3);
    cvs_layer layer = conv(of->framework, spatial_rank, of->op == CVS_OP_DEPTHWISE_CONV ? 0 : 3, 1);
    bool first = layer.data_format == CVS_CHANNELS_FIRST, dilated = random_in(state, 0, 1);
    layer.op = of->op;
    layer.padding.mode = random_mode(state, of, spatial_rank);
    layer.data_format = first || random_in(state, 0, 1) ? CVS_CHANNELS_FIRST : CVS_CHANNELS_LAST;
    int at = layer.data_format == CVS_CHANNELS_FIRST ? 2 : 1;
    cvs_shape input = {.rank = spatial_rank + 2, .dim = {2, 2, 2, 2, 2}};
    axis_setting setting[CVS_MAX_SPATIAL];
    positions counted[CVS_MAX_SPATIAL];
    int64_t stride = 0;
    bool fits = true;
    for (int axis = 0; axis < spatial_rank; axis++) {
        stride = random_stride(state, of, layer.padding.mode, dilated, stride);
        setting[axis] = random_axis(state, of, layer.padding.mode, stride, dilated);
        put_axis(&layer, axis, &setting[axis]);
        input.dim[at + axis] = setting[axis].i;
        counted[axis] = count_positions(&setting[axis]);
        fits = fits && counted[axis].count > 0;
    }
    cvs_inference inference;
    cvs_status status = cvs_infer(&layer, &input, NULL, &inference, NULL);
    if (status != (fits ? CVS_OK : CVS_INVALID)) ck_abort_msg("%s", cvs_status_name(status));
    for (int axis = 0; axis < spatial_rank && fits; axis++)
        if (!agrees(&inference, axis, &setting[axis], &counted[axis]))
            ck_abort_msg("%s: i %lld k %lld s %lld d %lld", cvs_padding_mode_name(layer.padding.mode),
                         (long long)setting[axis].i, (long long)setting[axis].k, (long long)setting[axis].s,
                         (long long)setting[axis].d);
    return fits;
}

START_TEST(sizes_and_windows_equal_a_plain_count) {
    const family *of = &families[_i];
    uint64_t state = 3;
    int valid = 0, refused_ones = 0;
    while (valid < LAYERS) {
        bool fits = compare_with_count(&state, of);
        valid += fits;
        refused_ones += !fits;
    }
    ck_assert_int_gt(refused_ones, 1000);
    printf(" %d layers %s of %s counted, %d more refused\n", valid, cvs_op_name(of->op),
           cvs_framework_name(of->framework), refused_ones);
}
END_TEST

Suite *window_count_suite(void) {
    Suite *suite = suite_create("window_count");
    TCase *core = tcase_create("core");
    tcase_set_timeout(core, 60);
    tcase_add_loop_test(core, sizes_and_windows_equal_a_plain_count, 0, sizeof families / sizeof *families);
    suite_add_tcase(suite, core);
    return suite;
}
