/* pytorch.c - torch.nn modules, as code and as they print themselves. */
#include "dialect/reader.h"
#include "dialect/writer.h"

static const cvs__choice paddings[] = {{"same", CVS_PAD_SAME}, {"valid", CVS_PAD_VALID}, {NULL, 0}};

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
    CVS__PASSES("device"),
    CVS__PASSES("dtype"),
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
    CVS__PASSES("device"),
    CVS__PASSES("dtype"),
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
    {.name = NULL},
};

static void defaults(cvs_layer *layer) { layer->data_format = CVS_CHANNELS_FIRST; }

/* The padding layer that puts `fill` around; torch.nn lists the last axis first. */
static void write_pad_layer(cvs__plan *plan) {
    static const char *const names[] = {[CVS_FILL_ZEROS] = "ConstantPad",
                                        [CVS_FILL_REFLECT] = "ReflectionPad",
                                        [CVS_FILL_REPLICATE] = "ReplicationPad",
                                        [CVS_FILL_CIRCULAR] = "CircularPad"};
    const cvs_layer *layer = &plan->layer;
    bool zeros = layer->padding.fill == CVS_FILL_ZEROS, zero_pad = zeros && layer->spatial_rank == 2;
    cvs_text text = {0};
    cvs_text_addf(&text, "nn.%s%dd((", zero_pad ? "ZeroPad" : names[layer->padding.fill], layer->spatial_rank);
    for (int axis = layer->spatial_rank - 1; axis >= 0; axis--) {
        cvs_text_addf(&text, "%lld, %lld%s", (long long)layer->padding.before[axis],
                      (long long)layer->padding.after[axis], axis ? ", " : ")");
    }
    cvs_text_add(&text, zeros && !zero_pad ? ", 0)" : ")");
    cvs__plan_before(plan, &text);
}

static cvs_status adapt_padding(cvs__plan *plan, cvs_error *err) {
    cvs_padding *padding = &plan->layer.padding;
    if (padding->mode == CVS_PAD_SAME && cvs__strides_are_one(&plan->layer)) return CVS_OK;
    if (!cvs__pads_known(&plan->layer)) return cvs__pads_unknown(plan, err);
    padding->mode = CVS_PAD_EXPLICIT;
    if (!cvs__pads_zero(&plan->layer) && cvs__pads_even(&plan->layer)) return CVS_OK;
    if (!cvs__pads_zero(&plan->layer)) write_pad_layer(plan);
    *padding = (cvs_padding){.mode = CVS_PAD_VALID};
    return CVS_OK;
}

static cvs_status adapt(cvs__plan *plan, cvs_error *err) {
    plan->layer.data_format = CVS_CHANNELS_FIRST;
    cvs_status status = adapt_padding(plan, err);
    return status ? status : cvs__activation_apart(plan, err);
}

const cvs__dialect cvs__pytorch = {
    .framework = CVS_PYTORCH,
    .code = true,
    .positional = true,
    .prefix = "nn.",
    .classes = classes,
    .defaults = defaults,
    .adapt = adapt,
};
