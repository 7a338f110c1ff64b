/*
 * onnx_weights.c - what the inputs W and B are: (filters, in_channels / group, k...), transposed (in_channels,
 * filters / group, k...).
 */
#include <string.h>

#include "base/checked.h"
#include "dialect/onnx_arguments.h"
#include "dialect/reader.h"
#include "dialect/writer.h"

const cvs__argument cvs__onnx_weights[] = {
    {.name = "weights_shape", .type = &cvs__type_onnx_weights, CVS__FIELD(filters), .required = true, .always = true},
    {.name = "bias", .type = &cvs__type_bool, CVS__FIELD(use_bias)},
    {.name = NULL},
};

/* MatMul adds no bias. */
const cvs__argument cvs__onnx_factor[] = {
    {.name = "weights_shape", .type = &cvs__type_onnx_weights, CVS__FIELD(filters), .required = true, .always = true},
    {.name = NULL},
};

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

/* (in, units); with transB (units, in), as PyTorch exports it and as it is written here. */
static cvs_status read_dense(cvs__reader *reader, const cvs__argument *argument, const cvs_node *node) {
    const cvs_node *turned = cvs__reader_given(reader, "transB");
    bool units_first = turned && turned->kind == CVS_NODE_INT && turned->integer != 0;
    int64_t shape[2];
    if (node->count != 2) {
        cvs__reader_fail(reader, node, "wrong-length", "weights_shape has %d sizes, but the weights are a matrix",
                         node->count);
        cvs_fail_expected(reader->err, "2 sizes");
        return CVS_INVALID;
    }
    cvs_status status = cvs__read_ints(reader, argument, node, 2, false, shape);
    if (status) return status;
    for (const cvs_node *size = node->child; size; size = size->next)
        if (size->integer < 1 || size->integer > CVS_MAX_PARAMETER) return fail_size(reader, size);
    reader->layer->in_channels = shape[units_first];
    reader->layer->filters = shape[!units_first];
    return CVS_OK;
}

static cvs_status read_weights(cvs__reader *reader, const cvs__argument *argument, const cvs_node *node) {
    cvs_layer *layer = reader->layer;
    if (layer->op == CVS_OP_DENSE) return read_dense(reader, argument, node);
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
    if (layer->op == CVS_OP_DENSE) {
        cvs__write_list(writer, (const int64_t[]){layer->filters, layer->in_channels}, 2);
        return;
    }
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
