/*
 * Sizes and pads of 100,000 random layers of every family against cells counted one by one, under each framework's own
 * rules as its documents and sources give them.
 */
#include "layers.h"

Suite *framework_count_suite(void);

enum { LAYERS = 100000, UNSAID = -9 };

/* What one axis must come to. */
typedef struct expected {
    int64_t i, o; /* o below 1: there is no such layer */
    int64_t before;
} expected;

typedef struct family {
    const char *name;
    cvs_layer (*make)(uint64_t *state); /* all but pads and wanted sizes */
    expected (*along)(uint64_t *state, cvs_layer *layer, int axis);
} family;

static int64_t least(int64_t a, int64_t b) { return a < b ? a : b; }
static int64_t most(int64_t a, int64_t b) { return a > b ? a : b; }
static bool chance(uint64_t *state) { return random_in(state, 0, 1); }

static int64_t extent_of(const cvs_layer *layer, int axis) {
    int64_t cells = 1;
    for (int64_t tap = 1; tap < layer->kernel[axis]; tap++) cells += layer->dilation[axis];
    return cells;
}

static void put_pads(cvs_layer *layer, int axis, int64_t before, int64_t after) {
    layer->padding.before[axis] = before;
    layer->padding.after[axis] = after;
}

/* Strides or dilations: Keras takes only one of them above 1. */
static cvs_layer random_window(uint64_t *state, cvs_op op, int most_stride) {
    static const cvs_framework frameworks[] = {CVS_KERAS, CVS_KERAS1, CVS_PYTORCH, CVS_ONNX, CVS_CONVSCOPE};
    cvs_layer layer = conv(frameworks[random_in(state, 0, 4)], (int)random_in(state, 1, 3), 0, 1);
    bool strided = layer.framework != CVS_KERAS || chance(state);
    bool dilated = layer.framework != CVS_KERAS || !strided;
    layer.op = op;
    for (int axis = 0; axis < layer.spatial_rank; axis++) {
        layer.kernel[axis] = random_in(state, 1, 6);
        layer.stride[axis] = strided ? random_in(state, 1, most_stride) : 1;
        layer.dilation[axis] = dilated ? random_in(state, 1, 3) : 1;
    }
    return layer;
}

/* ---- pools ---- */

/* TensorFlow and ONNX: one output for every s inputs begun. */
static int64_t strides_begun(int64_t i, int64_t s) {
    int64_t begun = 0;
    for (int64_t cell = 0; cell < i; cell += s) begun++;
    return begun;
}

/*
 * Windows that end within the padded input. Rounded up, one more that begins in it and hangs over; PyTorch: "sliding
 * windows that would start in the right padded region are ignored".
 */
static int64_t windows_placed(const cvs_layer *layer, int axis, int64_t i) {
    int64_t end = i + layer->padding.after[axis], extent = extent_of(layer, axis), placed = 0;
    int64_t start = -layer->padding.before[axis];
    for (; start + extent <= end; start += layer->stride[axis]) placed++;
    bool rest = start - layer->stride[axis] + extent < end;
    bool late = start >= i && !layer->ceil_keeps_last;
    return placed + (layer->ceil_mode && rest && !late);
}

static void choose_pool(uint64_t *state, cvs_layer *layer) {
    static const cvs_padding_mode keras[] = {CVS_PAD_VALID, CVS_PAD_SAME};
    static const cvs_padding_mode onnx[] = {CVS_PAD_VALID, CVS_PAD_SAME, CVS_PAD_SAME_LOWER, CVS_PAD_EXPLICIT};
    bool of_keras = layer->framework == CVS_KERAS || layer->framework == CVS_KERAS1;
    layer->padding.mode = of_keras ? keras[random_in(state, 0, 1)] : onnx[random_in(state, 0, 3)];
    if (layer->framework == CVS_PYTORCH) layer->padding.mode = CVS_PAD_EXPLICIT;
    layer->ceil_mode = !of_keras && chance(state);
    layer->ceil_keeps_last = layer->framework == CVS_ONNX || (layer->framework == CVS_CONVSCOPE && chance(state));
    bool undilated = of_keras || (layer->framework == CVS_PYTORCH && layer->op == CVS_OP_AVERAGE_POOL);
    for (int axis = 0; axis < CVS_MAX_SPATIAL && undilated; axis++) layer->dilation[axis] = 1;
}

static cvs_layer make_max_pool(uint64_t *state) {
    cvs_layer layer = random_window(state, CVS_OP_MAX_POOL, 8);
    choose_pool(state, &layer);
    return layer;
}

static cvs_layer make_average_pool(uint64_t *state) {
    cvs_layer layer = random_window(state, CVS_OP_AVERAGE_POOL, 8);
    choose_pool(state, &layer);
    return layer;
}

/* "input image (T: 2 ...) smaller than kernel size (kT: 3 ...)", whatever the padding: torch.nn.AvgPool3d alone. */
static bool refuses_pool(const cvs_layer *layer, int axis, int64_t i) {
    return layer->framework == CVS_PYTORCH && layer->op == CVS_OP_AVERAGE_POOL && layer->spatial_rank == 3 &&
           i < layer->kernel[axis];
}

static expected along_pool(uint64_t *state, cvs_layer *layer, int axis) {
    int64_t i = random_in(state, 1, 30), extent = extent_of(layer, axis), s = layer->stride[axis];
    if (layer->padding.mode == CVS_PAD_EXPLICIT) {
        bool half = layer->framework == CVS_PYTORCH; /* "pad should be at most half of effective kernel size" */
        int64_t before = random_in(state, 0, half ? extent / 2 : extent - 1);
        put_pads(layer, axis, before, half ? before : random_in(state, 0, extent - 1));
        return (expected){i, refuses_pool(layer, axis, i) ? 0 : windows_placed(layer, axis, i), before};
    }
    if (layer->padding.mode == CVS_PAD_VALID)
        return (expected){i, refuses_pool(layer, axis, i) ? 0 : windows_placed(layer, axis, i), 0};
    int64_t o = strides_begun(i, s), total = most((o - 1) * s + extent - i, 0);
    return (expected){i, o, layer->padding.mode == CVS_PAD_SAME ? total / 2 : total - total / 2};
}

/* ---- transposed convolutions ---- */

/* How far the inputs reach when each adds its kernel. */
static int64_t cells_reached(const cvs_layer *layer, int axis, int64_t i) {
    int64_t reached = 0;
    for (int64_t x = 0; x < i; x++)
        for (int64_t tap = 0; tap < layer->kernel[axis]; tap++)
            reached = most(reached, x * layer->stride[axis] + tap * layer->dilation[axis] + 1);
    return reached;
}

static cvs_layer make_transposed(uint64_t *state) {
    static const cvs_padding_mode modes[] = {CVS_PAD_VALID, CVS_PAD_SAME, CVS_PAD_SAME_LOWER, CVS_PAD_EXPLICIT};
    cvs_layer layer = random_window(state, CVS_OP_CONV_TRANSPOSE, 5);
    bool of_keras = layer.framework == CVS_KERAS || layer.framework == CVS_KERAS1;
    layer.filters = 2;
    layer.padding.mode = modes[random_in(state, 0, of_keras ? 1 : 3)];
    if (layer.framework == CVS_PYTORCH) layer.padding.mode = CVS_PAD_EXPLICIT;
    layer.has_output_padding = layer.framework != CVS_KERAS1 && chance(state);
    layer.has_output_size = layer.framework == CVS_KERAS1 || (layer.framework == CVS_ONNX && chance(state));
    for (int axis = 0; axis < CVS_MAX_SPATIAL && layer.framework == CVS_KERAS1; axis++) layer.dilation[axis] = 1;
    if (layer.framework != CVS_KERAS1) return layer;
    layer.spatial_rank = 2; /* Deconvolution2D is all there is */
    layer.kernel[1] = layer.kernel[0];
    layer.stride[1] = layer.stride[0];
    return layer;
}

/*
 * conv_utils.deconv_output_length(). TensorFlow runs the layer as the gradient of a convolution that makes `i` cells
 * of the output's: that one's padding before is the crop.
 */
static expected along_keras(const cvs_layer *layer, int axis, int64_t i) {
    int64_t filter = extent_of(layer, axis), s = layer->stride[axis], o;
    bool same = layer->padding.mode == CVS_PAD_SAME;
    if (layer->has_output_padding) {
        int64_t pad = same ? filter / 2 : 0;
        o = (i - 1) * s + filter - 2 * pad + layer->output_padding[axis];
    } else {
        o = same ? i * s : i * s + most(filter - s, 0);
    }
    int64_t total = same ? most((i - 1) * s + filter - o, 0) : 0;
    return (expected){i, o, total / 2};
}

/* Deconvolution2D takes the size that the convolution it turns around makes `i` cells of, and no other. */
static expected along_keras1(uint64_t *state, cvs_layer *layer, int axis, int64_t i) {
    int64_t extent = extent_of(layer, axis), s = layer->stride[axis], made;
    bool same = layer->padding.mode == CVS_PAD_SAME;
    int64_t wanted = most((i - 1) * s + (same ? 0 : extent) + random_in(state, -1, s + 1), 1);
    cvs_layer forth = *layer;
    put_pads(&forth, axis, 0, 0);
    made = same ? strides_begun(wanted, s) : windows_placed(&forth, axis, wanted);
    layer->output_size[axis] = wanted;
    int64_t total = same ? most((i - 1) * s + extent - wanted, 0) : 0;
    return (expected){i, made == i ? wanted : 0, total / 2};
}

/* "total_padding[i] = stride[i] * (input_size[i] - 1) + output_padding[i] + ... - output_shape[i]" */
static expected along_onnx(uint64_t *state, cvs_layer *layer, int axis, int64_t i) {
    int64_t reached = cells_reached(layer, axis, i) + layer->output_padding[axis], o = i * layer->stride[axis];
    bool automatic = layer->padding.mode == CVS_PAD_SAME || layer->padding.mode == CVS_PAD_SAME_LOWER;
    if (layer->has_output_size) o = layer->output_size[axis] = random_in(state, 1, 40);
    if (!layer->has_output_size && !automatic) {
        if (layer->padding.mode == CVS_PAD_EXPLICIT)
            put_pads(layer, axis, random_in(state, 0, 5), random_in(state, 0, 5));
        o = reached - layer->padding.before[axis] - layer->padding.after[axis];
        return (expected){i, o, layer->padding.before[axis]};
    }
    int64_t total = most(reached - o, 0);
    return (expected){i, o, layer->padding.mode == CVS_PAD_SAME ? total / 2 : total - total / 2};
}

static expected along_transposed(uint64_t *state, cvs_layer *layer, int axis) {
    int64_t i = random_in(state, 1, 12), s = layer->stride[axis], d = layer->dilation[axis];
    int64_t bound = layer->framework == CVS_KERAS ? s : most(s, d);
    layer->output_padding[axis] = layer->has_output_padding ? random_in(state, 0, bound - 1) : 0;
    if (layer->framework == CVS_KERAS) return along_keras(layer, axis, i);
    if (layer->framework == CVS_KERAS1) return along_keras1(state, layer, axis, i);
    if (layer->framework == CVS_ONNX || layer->framework == CVS_CONVSCOPE) return along_onnx(state, layer, axis, i);
    int64_t pad = random_in(state, 0, 5);
    put_pads(layer, axis, pad, pad);
    return (expected){i, cells_reached(layer, axis, i) + layer->output_padding[axis] - 2 * pad, pad};
}

/* ---- other sizes ---- */

static cvs_layer make_resizing(uint64_t *state) {
    static const cvs_op ops[] = {CVS_OP_PAD, CVS_OP_CROP, CVS_OP_UPSAMPLE};
    cvs_layer layer = random_window(state, ops[random_in(state, 0, 2)], 1);
    layer.padding.mode = layer.op == CVS_OP_UPSAMPLE ? CVS_PAD_VALID : CVS_PAD_EXPLICIT;
    return layer;
}

/* Keras repeats each cell; torch.nn.functional.interpolate makes floor(input * scale_factor) of them. */
static expected along_resizing(uint64_t *state, cvs_layer *layer, int axis) {
    int64_t i = random_in(state, 1, 40), before = random_in(state, 0, 9), after = random_in(state, 0, 9), o = 0;
    bool repeats = layer->framework == CVS_KERAS || layer->framework == CVS_KERAS1;
    if (layer->op == CVS_OP_UPSAMPLE) {
        layer->scale[axis] = (double)random_in(state, 1, 40) / (repeats ? 1 : 8);
        while ((double)(o + 1) <= (double)i * layer->scale[axis]) o++;
        return (expected){i, o, UNSAID};
    }
    put_pads(layer, axis, before, after);
    bool pads = layer->op == CVS_OP_PAD;
    for (int64_t cell = -before; cell < i + after; cell++) o += pads || (cell >= before && cell < i - after);
    return (expected){i, o, before};
}

static cvs_layer make_adaptive(uint64_t *state) {
    cvs_layer layer = random_window(state, chance(state) ? CVS_OP_ADAPTIVE_MAX_POOL : CVS_OP_ADAPTIVE_AVERAGE_POOL, 1);
    if (chance(state)) layer.op = chance(state) ? CVS_OP_GLOBAL_MAX_POOL : CVS_OP_GLOBAL_AVERAGE_POOL;
    layer.keep_spatial = layer.op == CVS_OP_GLOBAL_MAX_POOL || layer.op == CVS_OP_GLOBAL_AVERAGE_POOL;
    layer.has_output_size = !layer.keep_spatial;
    return layer;
}

static expected along_adaptive(uint64_t *state, cvs_layer *layer, int axis) {
    int64_t i = random_in(state, 1, 40);
    if (layer->keep_spatial) return (expected){i, 1, UNSAID};
    layer->output_size[axis] = random_in(state, 0, 3) ? random_in(state, 1, 50) : CVS_DIM_UNKNOWN;
    return (expected){i, layer->output_size[axis] == CVS_DIM_UNKNOWN ? i : layer->output_size[axis], UNSAID};
}

/* ---- the comparison ---- */

static const family families[] = {
    {"max pools", make_max_pool, along_pool},
    {"average pools", make_average_pool, along_pool},
    {"transposed convolutions", make_transposed, along_transposed},
    {"pads, crops and upsamplings", make_resizing, along_resizing},
    {"adaptive and global pools", make_adaptive, along_adaptive},
};

static void fail_layer(const cvs_layer *layer, int axis, const expected *want) {
    ck_abort_msg("%s %s %s: i %d k %d s %d d %d p %d %d wanted %d, cut %d", cvs_framework_name(layer->framework),
                 cvs_op_name(layer->op), cvs_padding_mode_name(layer->padding.mode), (int)want->i,
                 (int)layer->kernel[axis], (int)layer->stride[axis], (int)layer->dilation[axis],
                 (int)layer->padding.before[axis], (int)layer->padding.after[axis], (int)want->o, (int)want->before);
}

/* True where there is such a layer, which then was as counted; where there is none it must be refused. */
static bool compare(uint64_t *state, const family *of) {
    cvs_layer layer = of->make(state);
    expected want[CVS_MAX_SPATIAL];
    bool first = layer.data_format == CVS_CHANNELS_FIRST;
    cvs_shape input = {.rank = layer.spatial_rank + 2, .dim = {2, 2, 2, 2, 2}};
    int64_t smallest = 1;
    for (int axis = 0; axis < layer.spatial_rank; axis++) {
        want[axis] = of->along(state, &layer, axis);
        input.dim[axis + (first ? 2 : 1)] = want[axis].i;
        smallest = least(smallest, want[axis].o);
    }
    cvs_inference inference;
    cvs_status status = cvs_infer(&layer, &input, NULL, &inference, NULL);
    if (status != (smallest > 0 ? CVS_OK : CVS_INVALID)) fail_layer(&layer, 0, &want[0]);
    for (int axis = 0; axis < layer.spatial_rank && status == CVS_OK; axis++) {
        bool sized = inference.output.shape.dim[axis + (first ? 2 : 1)] == want[axis].o;
        bool padded = want[axis].before == UNSAID || want[axis].before == inference.layer.padding.before[axis];
        if (!sized || !padded) fail_layer(&layer, axis, &want[axis]);
    }
    return status == CVS_OK;
}

START_TEST(sizes_equal_a_count) {
    uint64_t state = 41 + (uint64_t)_i;
    int valid = 0, refused_ones = 0;
    while (valid < LAYERS) {
        bool exists = compare(&state, &families[_i]);
        valid += exists;
        refused_ones += !exists;
    }
    printf(" %d %s counted, %d more refused\n", valid, families[_i].name, refused_ones);
}
END_TEST

Suite *framework_count_suite(void) {
    Suite *suite = suite_create("framework_count");
    TCase *core = tcase_create("core");
    tcase_set_timeout(core, 60);
    tcase_add_loop_test(core, sizes_equal_a_count, 0, sizeof families / sizeof *families);
    suite_add_tcase(suite, core);
    return suite;
}
