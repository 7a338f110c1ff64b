/* pytorch_windows.c - arguments of torch.nn modules that slide a window, pad or scale. */
#include "dialect/pytorch_arguments.h"
#include "dialect/reader.h"
#include "dialect/writer.h"

static const cvs__choice paddings[] = {{"same", CVS_PAD_SAME}, {"valid", CVS_PAD_VALID}, {NULL, 0}};

static const cvs__choice only_zeros[] = {{"zeros", CVS_FILL_ZEROS}, {NULL, 0}};

static const cvs__choice modes[] = {{"nearest", CVS_INTERPOLATION_NEAREST}, {"linear", CVS_INTERPOLATION_LINEAR},
                                    {"bilinear", CVS_INTERPOLATION_LINEAR}, {"trilinear", CVS_INTERPOLATION_LINEAR},
                                    {"bicubic", CVS_INTERPOLATION_CUBIC},   {NULL, 0}};

static const cvs__choice padding_modes[] = {{"zeros", CVS_FILL_ZEROS},
                                            {"reflect", CVS_FILL_REFLECT},
                                            {"replicate", CVS_FILL_REPLICATE},
                                            {"circular", CVS_FILL_CIRCULAR},
                                            {NULL, 0}};

/* Lazy modules take in_channels from the first input; everything after it is the same. */
#define IN_CHANNELS  .name = "in_channels", .type = &cvs__type_int, CVS__FIELD(in_channels), .required = true
#define OUT_CHANNELS .name = "out_channels", .type = &cvs__type_int, CVS__FIELD(filters), .required = true
#define KERNEL_SIZE  .name = "kernel_size", .type = &cvs__type_ints, CVS__FIELD(kernel), .required = true
#define STRIDE       .name = "stride", .type = &cvs__type_ints, CVS__FIELD(stride)
#define PADDING      .name = "padding", .type = &cvs__type_torch_padding, CVS__FIELD(padding), .choices = paddings
#define DILATION     .name = "dilation", .type = &cvs__type_ints, CVS__FIELD(dilation)
#define GROUPS       .name = "groups", .type = &cvs__type_int, CVS__FIELD(groups)
#define BIAS         .name = "bias", .type = &cvs__type_bool, CVS__FIELD(use_bias)
#define PADDING_MODE                                                                                                   \
    .name = "padding_mode", .type = &cvs__type_choice, CVS__FIELD_OF("padding/fill", padding.fill),                    \
    .choices = padding_modes

#define PADS      .name = "padding", .type = &cvs__type_pads, CVS__FIELD(padding)
#define CEIL_MODE .name = "ceil_mode", .type = &cvs__type_bool, CVS__FIELD(ceil_mode)
#define TENSOR    CVS__PASSES("device"), CVS__PASSES("dtype")

#define SIDES .name = "padding", .type = &cvs__type_torch_sides, CVS__FIELD(padding), .required = true

static const cvs__type corners;

/* One argument a line, in the order of the signature. */
// clang-format off
const cvs__argument cvs__torch_conv[] = {
    {IN_CHANNELS},
    {OUT_CHANNELS},
    {KERNEL_SIZE},
    {STRIDE},
    {PADDING},
    {DILATION},
    {GROUPS},
    {BIAS},
    {PADDING_MODE},
    TENSOR,
    {.name = NULL},
};

const cvs__argument cvs__torch_lazy_conv[] = {
    {OUT_CHANNELS},
    {KERNEL_SIZE},
    {STRIDE},
    {PADDING},
    {DILATION},
    {GROUPS},
    {BIAS},
    {PADDING_MODE},
    TENSOR,
    {.name = NULL},
};


/* The dilation comes last here. */
#define TRANSPOSED                                                                                                     \
    {OUT_CHANNELS}, {KERNEL_SIZE}, {STRIDE}, {PADS},                                                                   \
    {.name = "output_padding", .type = &cvs__type_output_padding, CVS__FIELD(output_padding)},                         \
    {GROUPS}, {BIAS}, {DILATION},                                                                                      \
    {.name = "padding_mode", .type = &cvs__type_choice, CVS__FIELD_OF("padding/fill", padding.fill),                   \
     .choices = only_zeros},                                                                                           \
    TENSOR, {.name = NULL}

const cvs__argument cvs__torch_transposed[] = {{IN_CHANNELS}, TRANSPOSED};
const cvs__argument cvs__torch_lazy_transposed[] = {TRANSPOSED};

#define WINDOW        .name = "kernel_size", .type = &cvs__type_window, CVS__FIELD(kernel), .required = true
#define WINDOW_STRIDE .name = "stride", .type = &cvs__type_window_stride, CVS__FIELD(stride)
#define COUNTED       .name = "count_include_pad", .type = &cvs__type_bool, CVS__FIELD(count_include_pad)

const cvs__argument cvs__torch_max_pool[] = {
    {WINDOW},
    {WINDOW_STRIDE},
    {PADS},
    {DILATION},
    CVS__PASSES("return_indices"),
    {CEIL_MODE},
    {.name = NULL},
};

const cvs__argument cvs__torch_average_pool_1d[] = {
    {WINDOW},
    {WINDOW_STRIDE},
    {PADS},
    {CEIL_MODE},
    {COUNTED},
    {.name = NULL},
};

const cvs__argument cvs__torch_average_pool[] = {
    {WINDOW},
    {WINDOW_STRIDE},
    {PADS},
    {CEIL_MODE},
    {COUNTED},
    {.name = "divisor_override", .type = &cvs__type_maybe_int, CVS__FIELD(divisor)},
    {.name = NULL},
};

const cvs__argument cvs__torch_adaptive[] = {
    {.name = "output_size", .type = &cvs__type_output_size, CVS__FIELD(output_size), .required = true},
    CVS__PASSES("return_indices"),
    {.name = NULL},
};

const cvs__argument cvs__torch_zero_pad[] = {
    {SIDES},
    {.name = NULL},
};

const cvs__argument cvs__torch_constant_pad[] = {
    {SIDES},
    {.name = "value", .type = &cvs__type_zero},
    {.name = NULL},
};

const cvs__argument cvs__torch_upsample[] = {
    {.name = "size", .type = &cvs__type_output_size, CVS__FIELD(output_size)},
    {.name = "scale_factor", .type = &cvs__type_scale, CVS__FIELD(scale)},
    {.name = "mode", .type = &cvs__type_torch_mode, CVS__FIELD(interpolation), .choices = modes},
    {.name = "align_corners", .type = &corners, CVS__FIELD(align_corners)},
    {.name = "recompute_scale_factor", .type = &cvs__type_false},
    {.name = NULL},
};
// clang-format on

/* ---- padding modules: 1, or (left, right, top, bottom, front, back); a negative number cuts off ---- */

static cvs_status read_sides(cvs__reader *reader, const cvs__argument *argument, const cvs_node *node) {
    int rank = reader->layer->spatial_rank;
    int64_t sides[2 * CVS_MAX_SPATIAL] = {0}, before[CVS_MAX_SPATIAL] = {0}, after[CVS_MAX_SPATIAL] = {0};
    cvs_status status = cvs__read_ints(reader, argument, node, 2 * rank, true, sides);
    if (status) return status;
    for (int axis = 0; axis < rank; axis++) {
        before[axis] = sides[2 * (rank - 1 - axis)];
        after[axis] = sides[2 * (rank - 1 - axis) + 1];
    }
    return cvs__read_sides(reader, node, before, after);
}

/* A padding module always says it. */
static bool never_same(const cvs__argument *argument, const cvs_layer *a, const cvs_layer *b) { return false; }

static void write_sides(cvs__writer *writer, const cvs__argument *argument) {
    const cvs_layer *layer = writer->layer;
    int64_t sides[2 * CVS_MAX_SPATIAL] = {0}, sign = layer->op == CVS_OP_CROP ? -1 : 1;
    int rank = layer->spatial_rank;
    bool equal = true;
    for (int axis = 0; axis < rank; axis++) {
        int64_t *pair = sides + 2 * (rank - 1 - axis);
        pair[0] = sign * layer->padding.before[axis];
        pair[1] = sign * layer->padding.after[axis];
    }
    for (int i = 1; i < 2 * rank; i++) equal &= sides[i] == sides[0];
    if (equal)
        cvs_text_add_int(writer->out, sides[0]);
    else
        cvs__write_signed(writer, sides, 2 * rank);
}

const cvs__type cvs__type_torch_sides = {CVS__KIND(INT) | CVS__KIND(LIST),
                                         "an integer, or a list of two per spatial axis, the last axis first",
                                         read_sides, never_same, write_sides};

/* ---- modes of interpolation ---- */

static cvs_status read_mode(cvs__reader *reader, const cvs__argument *argument, const cvs_node *node) {
    int mode = 0;
    cvs_status status = cvs__read_choice(reader, argument, node, argument->choices, &mode);
    if (!status) reader->layer->interpolation = (cvs_interpolation)mode;
    return status;
}

static bool same_mode(const cvs__argument *argument, const cvs_layer *a, const cvs_layer *b) {
    return a->interpolation == b->interpolation;
}

/* The word for linear tells the rank. */
static void write_mode(cvs__writer *writer, const cvs__argument *argument) {
    static const char *const linear[] = {"linear", "linear", "bilinear", "trilinear"};
    const cvs_layer *layer = writer->layer;
    cvs__write_word(writer, layer->interpolation == CVS_INTERPOLATION_LINEAR  ? linear[layer->spatial_rank]
                            : layer->interpolation == CVS_INTERPOLATION_CUBIC ? "bicubic"
                                                                              : "nearest");
}

const cvs__type cvs__type_torch_mode = {CVS__KIND(STRING) | CVS__KIND(NAME), "a word", read_mode, same_mode,
                                        write_mode};

/* ---- align_corners: None is False, and Nearest has neither ---- */

static cvs_status read_corners(cvs__reader *reader, const cvs__argument *argument, const cvs_node *node) {
    if (node->kind == CVS_NODE_NULL) return CVS_OK;
    if (reader->layer->interpolation == CVS_INTERPOLATION_NEAREST) {
        cvs__reader_fail(reader, node, "corners-of-nearest",
                         "%s is for the modes linear, bilinear, bicubic and trilinear", argument->name);
        cvs_fail_expected(reader->err, "none, or one of those modes");
        return CVS_INVALID;
    }
    reader->layer->align_corners = node->boolean;
    return CVS_OK;
}

static bool same_corners(const cvs__argument *argument, const cvs_layer *a, const cvs_layer *b) {
    return a->align_corners == b->align_corners;
}

static void write_corners(cvs__writer *writer, const cvs__argument *argument) {
    cvs_text_add(writer->out, writer->layer->align_corners ? "True" : "False");
}

static const cvs__type corners = {CVS__KIND(BOOL) | CVS__KIND(NULL), "true, false or none", read_corners, same_corners,
                                  write_corners};
