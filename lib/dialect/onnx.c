/* onnx.c - ONNX nodes: {"op_type", "attributes", "weights_shape", "bias"}. */
#include <string.h>

#include "base/checked.h"
#include "dialect/reader.h"
#include "dialect/writer.h"

#define KERNEL_SHAPE .name = "kernel_shape", .type = &cvs__type_int_list, CVS__FIELD(kernel)
#define STRIDES      .name = "strides", .type = &cvs__type_int_list, CVS__FIELD(stride)
#define AUTO_PAD     .name = "auto_pad", .type = &cvs__type_onnx_auto_pad, CVS__FIELD_OF("padding/mode", padding)
#define PADS         .name = "pads", .type = &cvs__type_onnx_pads, CVS__FIELD(padding)
#define DILATIONS    .name = "dilations", .type = &cvs__type_int_list, CVS__FIELD(dilation)
#define GROUP        .name = "group", .type = &cvs__type_int, CVS__FIELD(groups)
#define CEIL_MODE    .name = "ceil_mode", .type = &cvs__type_flag, CVS__FIELD(ceil_mode)

/* One attribute a line. */
// clang-format off
static const cvs__argument conv[] = {
    {KERNEL_SHAPE, .always = true},
    {STRIDES},
    {AUTO_PAD},
    {PADS},
    {DILATIONS},
    {GROUP},
    {.name = NULL},
};

static const cvs__argument transposed[] = {
    {KERNEL_SHAPE, .always = true},
    {STRIDES},
    {AUTO_PAD},
    {PADS},
    {DILATIONS},
    {GROUP},
    {.name = "output_padding", .type = &cvs__type_output_padding, CVS__FIELD(output_padding)},
    {.name = "output_shape", .type = &cvs__type_output_size, CVS__FIELD(output_size)},
    {.name = NULL},
};

static const cvs__argument max_pool[] = {
    {KERNEL_SHAPE, .required = true},
    {STRIDES},
    {AUTO_PAD},
    {PADS},
    {DILATIONS},
    {CEIL_MODE},
    CVS__PASSES("storage_order"),
    {.name = NULL},
};

static const cvs__argument average_pool[] = {
    {KERNEL_SHAPE, .required = true},
    {STRIDES},
    {AUTO_PAD},
    {PADS},
    {DILATIONS},
    {CEIL_MODE},
    {.name = "count_include_pad", .type = &cvs__type_flag, CVS__FIELD(count_include_pad)},
    {.name = NULL},
};

static const cvs__argument nothing[] = {
    {.name = NULL},
};
// clang-format on

/* What the inputs W and B are. */
static const cvs__argument weights[] = {
    {.name = "weights_shape", .type = &cvs__type_onnx_weights, CVS__FIELD(filters), .required = true, .always = true},
    {.name = "bias", .type = &cvs__type_bool, CVS__FIELD(use_bias)},
    {.name = NULL},
};

static const cvs__argument beside[] = {
    {.name = "name", .type = &cvs__type_name},
    CVS__PASSES("domain"),
    CVS__PASSES("doc_string"),
    {.name = "inputs", .alias = "input", .type = &cvs__type_passes},
    {.name = "outputs", .alias = "output", .type = &cvs__type_passes},
    {.name = NULL},
};

static const cvs__class classes[] = {
    {CVS__ROW("Conv", NULL, CVS_OP_CONV, 0, conv), .beside = weights},
    {CVS__ROW("ConvTranspose", NULL, CVS_OP_CONV_TRANSPOSE, 0, transposed), .beside = weights},
    {CVS__ROW("MaxPool", NULL, CVS_OP_MAX_POOL, 0, max_pool)},
    {CVS__ROW("AveragePool", NULL, CVS_OP_AVERAGE_POOL, 0, average_pool)},
    {CVS__ROW("GlobalMaxPool", NULL, CVS_OP_GLOBAL_MAX_POOL, CVS__RANK_OF_INPUT, nothing)},
    {CVS__ROW("GlobalAveragePool", NULL, CVS_OP_GLOBAL_AVERAGE_POOL, CVS__RANK_OF_INPUT, nothing)},
    {.name = NULL},
};

/* ---- weights_shape: (filters, in_channels / group, k...); transposed (in_channels, filters / group, k...) ---- */

static cvs_status fail_size(cvs__reader *reader, const cvs_node *size) {
    cvs__reader_fail(reader, size, "bad-hyperparameter", "weights_shape has a size of %lld", (long long)size->integer);
    cvs_fail_expected(reader->err, "an integer from 1 to %lld", (long long)CVS_MAX_PARAMETER);
    return CVS_INVALID;
}

static cvs_status fail_kernel(cvs__reader *reader, const cvs_node *size, int64_t said) {
    cvs__reader_fail(reader, size, "kernel-mismatch", "weights_shape has a kernel of %lld where kernel_shape has %lld",
                     (long long)size->integer, (long long)said);
    cvs_fail_expected(reader->err, "%lld", (long long)said);
    return CVS_INVALID;
}

static cvs_status read_weights(cvs__reader *reader, const cvs__argument *argument, const cvs_node *node) {
    cvs_layer *layer = &reader->layer;
    int64_t shape[CVS_MAX_SPATIAL + 2];
    cvs_status status = cvs__read_ints(reader, argument, node, layer->spatial_rank + 2, false, shape);
    if (status) return status;
    bool said = cvs__reader_given(reader, "kernel_shape") != NULL;
    for (const cvs_node *size = node->child; size; size = size->next) {
        int axis = size->position - 2;
        if (size->integer < 1 || size->integer > CVS_MAX_PARAMETER) return fail_size(reader, size);
        if (axis >= 0 && said && layer->kernel[axis] != size->integer)
            return fail_kernel(reader, size, layer->kernel[axis]);
        if (axis >= 0) layer->kernel[axis] = size->integer;
    }
    bool turned = layer->op == CVS_OP_CONV_TRANSPOSE;
    int64_t *whole = turned ? &layer->in_channels : &layer->filters;
    int64_t *shared = turned ? &layer->filters : &layer->in_channels;
    *whole = shape[0];
    /* A count of groups past the limit is refused by the validation, whatever the product. */
    if (!cvs__mul(shape[1], layer->groups, shared)) *shared = 0;
    return CVS_OK;
}

static void write_weights(cvs__writer *writer, const cvs__argument *argument) {
    const cvs_layer *layer = writer->layer;
    bool turned = layer->op == CVS_OP_CONV_TRANSPOSE;
    int64_t shape[CVS_MAX_SPATIAL + 2] = {turned ? layer->in_channels : layer->filters,
                                          (turned ? layer->filters : layer->in_channels) / layer->groups};
    memcpy(shape + 2, layer->kernel, sizeof layer->kernel);
    cvs__write_list(writer, shape, layer->spatial_rank + 2);
}

const cvs__type cvs__type_onnx_weights = {.kinds = CVS__KIND(LIST),
                                          .expected =
                                              "a list: filters, input channels per group, kernel sizes (transposed: "
                                              "input channels, filters per group)",
                                          .read = read_weights,
                                          .write = write_weights};

/* ---- the dialect ---- */

static void defaults(cvs_layer *layer) {
    layer->data_format = CVS_CHANNELS_FIRST;
    layer->use_bias = false;
    layer->ceil_keeps_last = true;
    layer->keep_spatial = true;
}

static int list_length(const cvs__reader *reader, const char *name) {
    const cvs_node *node = cvs__reader_given(reader, name);
    return node && node->kind == CVS_NODE_LIST ? node->count : 0;
}

static int rank(const cvs__reader *reader) {
    int kernel = list_length(reader, "kernel_shape"), shape = list_length(reader, "weights_shape");
    return kernel ? kernel : shape > 2 ? shape - 2 : 0;
}

const cvs__dialect cvs__onnx = {
    .framework = CVS_ONNX,
    .class_key = "op_type",
    .config_key = "attributes",
    .classes = classes,
    .beside = beside,
    .defaults = defaults,
    .rank = rank,
    .adapt = cvs__onnx_adapt,
};
