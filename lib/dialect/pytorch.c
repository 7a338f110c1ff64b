/* pytorch.c - torch.nn modules, as code and as they print themselves. */
#include "dialect/reader.h"
#include "dialect/writer.h"

static const cvs__choice paddings[] = {{"same", CVS_PAD_SAME}, {"valid", CVS_PAD_VALID}, {NULL, 0}};

static const cvs__choice only_zeros[] = {{"zeros", CVS_FILL_ZEROS}, {NULL, 0}};

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

/* One argument a line, in the order of the signature. */
// clang-format off
static const cvs__argument conv[] = {
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

static const cvs__argument lazy_conv[] = {
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

static const cvs__argument transposed[] = {{IN_CHANNELS}, TRANSPOSED};
static const cvs__argument lazy_transposed[] = {TRANSPOSED};

#define WINDOW        .name = "kernel_size", .type = &cvs__type_window, CVS__FIELD(kernel), .required = true
#define WINDOW_STRIDE .name = "stride", .type = &cvs__type_window_stride, CVS__FIELD(stride)
#define COUNTED       .name = "count_include_pad", .type = &cvs__type_bool, CVS__FIELD(count_include_pad)

static const cvs__argument max_pool[] = {
    {WINDOW},
    {WINDOW_STRIDE},
    {PADS},
    {DILATION},
    CVS__PASSES("return_indices"),
    {CEIL_MODE},
    {.name = NULL},
};

static const cvs__argument average_pool_1d[] = {
    {WINDOW},
    {WINDOW_STRIDE},
    {PADS},
    {CEIL_MODE},
    {COUNTED},
    {.name = NULL},
};

static const cvs__argument average_pool[] = {
    {WINDOW},
    {WINDOW_STRIDE},
    {PADS},
    {CEIL_MODE},
    {COUNTED},
    {.name = "divisor_override", .type = &cvs__type_maybe_int, CVS__FIELD(divisor)},
    {.name = NULL},
};

static const cvs__argument adaptive[] = {
    {.name = "output_size", .type = &cvs__type_output_size, CVS__FIELD(output_size), .required = true},
    CVS__PASSES("return_indices"),
    {.name = NULL},
};
// clang-format on

/* A lazy module that has seen no input yet prints its in_channels, as 0. */
static const cvs__class classes[] = {
    {CVS__ROW("Conv1d", NULL, CVS_OP_CONV, 1, conv)},
    {CVS__ROW("Conv2d", NULL, CVS_OP_CONV, 2, conv)},
    {CVS__ROW("Conv3d", NULL, CVS_OP_CONV, 3, conv)},
    {CVS__ROW("LazyConv1d", NULL, CVS_OP_CONV, 1, lazy_conv)},
    {CVS__ROW("LazyConv2d", NULL, CVS_OP_CONV, 2, lazy_conv)},
    {CVS__ROW("LazyConv3d", NULL, CVS_OP_CONV, 3, lazy_conv)},
    {CVS__ROW("LazyConv1d", NULL, CVS_OP_CONV, 1, conv), .only_read = true},
    {CVS__ROW("LazyConv2d", NULL, CVS_OP_CONV, 2, conv), .only_read = true},
    {CVS__ROW("LazyConv3d", NULL, CVS_OP_CONV, 3, conv), .only_read = true},
    {CVS__ROW("ConvTranspose1d", NULL, CVS_OP_CONV_TRANSPOSE, 1, transposed)},
    {CVS__ROW("ConvTranspose2d", NULL, CVS_OP_CONV_TRANSPOSE, 2, transposed)},
    {CVS__ROW("ConvTranspose3d", NULL, CVS_OP_CONV_TRANSPOSE, 3, transposed)},
    {CVS__ROW("LazyConvTranspose1d", NULL, CVS_OP_CONV_TRANSPOSE, 1, lazy_transposed)},
    {CVS__ROW("LazyConvTranspose2d", NULL, CVS_OP_CONV_TRANSPOSE, 2, lazy_transposed)},
    {CVS__ROW("LazyConvTranspose3d", NULL, CVS_OP_CONV_TRANSPOSE, 3, lazy_transposed)},
    {CVS__ROW("LazyConvTranspose1d", NULL, CVS_OP_CONV_TRANSPOSE, 1, transposed), .only_read = true},
    {CVS__ROW("LazyConvTranspose2d", NULL, CVS_OP_CONV_TRANSPOSE, 2, transposed), .only_read = true},
    {CVS__ROW("LazyConvTranspose3d", NULL, CVS_OP_CONV_TRANSPOSE, 3, transposed), .only_read = true},
    {CVS__ROW("MaxPool1d", NULL, CVS_OP_MAX_POOL, 1, max_pool)},
    {CVS__ROW("MaxPool2d", NULL, CVS_OP_MAX_POOL, 2, max_pool)},
    {CVS__ROW("MaxPool3d", NULL, CVS_OP_MAX_POOL, 3, max_pool)},
    {CVS__ROW("AvgPool1d", NULL, CVS_OP_AVERAGE_POOL, 1, average_pool_1d)},
    {CVS__ROW("AvgPool2d", NULL, CVS_OP_AVERAGE_POOL, 2, average_pool)},
    {CVS__ROW("AvgPool3d", NULL, CVS_OP_AVERAGE_POOL, 3, average_pool)},
    {CVS__ROW("AdaptiveMaxPool1d", NULL, CVS_OP_ADAPTIVE_MAX_POOL, 1, adaptive)},
    {CVS__ROW("AdaptiveMaxPool2d", NULL, CVS_OP_ADAPTIVE_MAX_POOL, 2, adaptive)},
    {CVS__ROW("AdaptiveMaxPool3d", NULL, CVS_OP_ADAPTIVE_MAX_POOL, 3, adaptive)},
    {CVS__ROW("AdaptiveAvgPool1d", NULL, CVS_OP_ADAPTIVE_AVERAGE_POOL, 1, adaptive)},
    {CVS__ROW("AdaptiveAvgPool2d", NULL, CVS_OP_ADAPTIVE_AVERAGE_POOL, 2, adaptive)},
    {CVS__ROW("AdaptiveAvgPool3d", NULL, CVS_OP_ADAPTIVE_AVERAGE_POOL, 3, adaptive)},
    {.name = NULL},
};

static void defaults(cvs_layer *layer) {
    layer->data_format = CVS_CHANNELS_FIRST;
    layer->count_include_pad = layer->op == CVS_OP_AVERAGE_POOL;
}

const cvs__dialect cvs__pytorch = {
    .framework = CVS_PYTORCH,
    .code = true,
    .positional = true,
    .prefix = "nn.",
    .classes = classes,
    .defaults = defaults,
    .adapt = cvs__pytorch_adapt,
};
