/*
 * own.c - our own form: {"op": "conv", "kernel": [3, 3], "filters": 16, ...}, or conv(kernel=[3, 3], filters=16).
 * Every field of cvs_layer that an operator has is an argument of its row here, so these rows also tell the
 * writer what a layer of that operator can hold.
 */
#include "dialect/reader.h"
#include "dialect/writer.h"

static const cvs__argument conv[] = {
    {.name = "spatial_rank", .type = &cvs__type_rank, CVS__FIELD(spatial_rank), .always = true},
    {.name = "in_channels", .type = &cvs__type_channels, CVS__FIELD(in_channels), .always = true},
    {.name = "filters", .type = &cvs__type_int, CVS__FIELD(filters), .required = true},
    {.name = "kernel", .type = &cvs__type_ints, CVS__FIELD(kernel), .required = true},
    {.name = "stride", .type = &cvs__type_ints, CVS__FIELD(stride), .always = true},
    {.name = "dilation", .type = &cvs__type_ints, CVS__FIELD(dilation), .always = true},
    {.name = "groups", .type = &cvs__type_int, CVS__FIELD(groups), .always = true},
    {.name = "padding", .type = &cvs__type_own_padding, CVS__FIELD(padding), .always = true},
    {.name = "use_bias", .type = &cvs__type_bool, CVS__FIELD(use_bias), .always = true},
    {.name = "activation", .type = &cvs__type_own_activation, CVS__FIELD(activation), .always = true},
    {.name = "data_format",
     .type = &cvs__type_choice,
     CVS__FIELD(data_format),
     .choices = cvs__data_formats,
     .always = true},
    {.name = NULL},
};

static const cvs__class classes[] = {
    {CVS__ROW("conv", NULL, CVS_OP_CONV, 0, conv)},
    {.name = NULL},
};

static const cvs__argument common[] = {
    {.name = "name", .type = &cvs__type_name},
    {.name = NULL},
};

/* PyTorch and ONNX know no other order of axes. */
static void defaults(cvs_layer *layer) {
    if (layer->framework == CVS_PYTORCH || layer->framework == CVS_ONNX) layer->data_format = CVS_CHANNELS_FIRST;
}

/* As said, or as long as the first list with a number for each axis. */
static int rank(const cvs__reader *reader) {
    static const char *const lists[] = {"kernel", "stride", "dilation"};
    const cvs_node *said = cvs__reader_given(reader, "spatial_rank");
    if (said && said->kind == CVS_NODE_INT)
        return said->integer < 1 || said->integer > CVS_MAX_SPATIAL ? -1 : (int)said->integer;
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
        const cvs_node *list = cvs__reader_given(reader, lists[i]);
        if (list && list->kind == CVS_NODE_LIST && list->count) return list->count;
    }
    return 0;
}

const cvs__dialect cvs__own = {
    .framework = CVS_CONVSCOPE,
    .class_key = "op",
    .code = true,
    .prefix = "",
    .classes = classes,
    .common = common,
    .defaults = defaults,
    .rank = rank,
};
