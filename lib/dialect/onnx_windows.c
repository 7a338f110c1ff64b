/* onnx_windows.c - attributes of ONNX nodes that slide a window, pad or scale. */
#include <string.h>

#include "dialect/onnx_arguments.h"
#include "dialect/reader.h"
#include "dialect/writer.h"

static const cvs__choice fills[] = {{"constant", CVS_FILL_ZEROS},
                                    {"reflect", CVS_FILL_REFLECT},
                                    {"edge", CVS_FILL_REPLICATE},
                                    {"wrap", CVS_FILL_CIRCULAR},
                                    {NULL, 0}};

static const cvs__choice modes[] = {{"nearest", CVS_INTERPOLATION_NEAREST},
                                    {"linear", CVS_INTERPOLATION_LINEAR},
                                    {"cubic", CVS_INTERPOLATION_CUBIC},
                                    {NULL, 0}};

#define KERNEL_SHAPE .name = "kernel_shape", .type = &cvs__type_int_list, CVS__FIELD(kernel)
#define STRIDES      .name = "strides", .type = &cvs__type_int_list, CVS__FIELD(stride)
#define AUTO_PAD     .name = "auto_pad", .type = &cvs__type_onnx_auto_pad, CVS__FIELD_OF("padding/mode", padding)
#define PADS         .name = "pads", .type = &cvs__type_onnx_pads, CVS__FIELD(padding)
#define DILATIONS    .name = "dilations", .type = &cvs__type_int_list, CVS__FIELD(dilation)
#define GROUP        .name = "group", .type = &cvs__type_int, CVS__FIELD(groups)
#define CEIL_MODE    .name = "ceil_mode", .type = &cvs__type_flag, CVS__FIELD(ceil_mode)

static const cvs__type sizes, transformation;

/* One attribute a line. */
// clang-format off
const cvs__argument cvs__onnx_conv[] = {
    {KERNEL_SHAPE, .always = true},
    {STRIDES},
    {AUTO_PAD},
    {PADS},
    {DILATIONS},
    {GROUP},
    {.name = NULL},
};

const cvs__argument cvs__onnx_transposed[] = {
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

const cvs__argument cvs__onnx_max_pool[] = {
    {KERNEL_SHAPE, .required = true},
    {STRIDES},
    {AUTO_PAD},
    {PADS},
    {DILATIONS},
    {CEIL_MODE},
    CVS__PASSES("storage_order"),
    {.name = NULL},
};

const cvs__argument cvs__onnx_average_pool[] = {
    {KERNEL_SHAPE, .required = true},
    {STRIDES},
    {AUTO_PAD},
    {PADS},
    {DILATIONS},
    {CEIL_MODE},
    {.name = "count_include_pad", .type = &cvs__type_flag, CVS__FIELD(count_include_pad)},
    {.name = NULL},
};

const cvs__argument cvs__onnx_nothing[] = {
    {.name = NULL},
};


const cvs__argument cvs__onnx_pad[] = {
    {.name = "pads", .type = &cvs__type_onnx_all_pads, CVS__FIELD(padding), .required = true},
    {.name = "mode", .type = &cvs__type_choice, CVS__FIELD_OF("padding/fill", padding.fill), .choices = fills},
    {.name = "value", .type = &cvs__type_zero},
    {.name = NULL},
};

const cvs__argument cvs__onnx_resize[] = {
    {.name = "scales", .type = &cvs__type_onnx_scales, CVS__FIELD(scale)},
    {.name = "sizes", .type = &sizes, CVS__FIELD(output_size)},
    {.name = "mode", .type = &cvs__type_choice, CVS__FIELD(interpolation), .choices = modes},
    {.name = "coordinate_transformation_mode", .type = &transformation, CVS__FIELD(align_corners)},
    CVS__PASSES("nearest_mode"),
    CVS__PASSES("cubic_coeff_a"),
    CVS__PASSES("exclude_outside"),
    CVS__PASSES("extrapolation_value"),
    {.name = NULL},
};
// clang-format on

/* ---- sizes of all axes, batch and channels included: pads of Pad, scales of Resize ---- */

static cvs_status fail_axes(cvs__reader *reader, const cvs__argument *argument, const cvs_node *node) {
    cvs__reader_fail(reader, node, "batch-or-channels-touched", "%s changes the batch or the channels", argument->name);
    cvs_fail_expected(reader->err, "only the axes after the first two to change");
    return reader->err->status = CVS_UNSUPPORTED;
}

/* The beginnings of all axes, then the ends. */
static cvs_status read_all_pads(cvs__reader *reader, const cvs__argument *argument, const cvs_node *node) {
    cvs_layer *layer = reader->layer;
    int axes = layer->spatial_rank + 2;
    int64_t pads[2 * (CVS_MAX_SPATIAL + 2)];
    cvs_status status = cvs__read_ints(reader, argument, node, 2 * axes, false, pads);
    if (status) return status;
    if (pads[0] || pads[1] || pads[axes] || pads[axes + 1]) return fail_axes(reader, argument, node);
    return cvs__read_sides(reader, node, pads + 2, pads + axes + 2);
}

static bool never_same(const cvs__argument *argument, const cvs_layer *a, const cvs_layer *b) { return false; }

static void write_all_pads(cvs__writer *writer, const cvs__argument *argument) {
    const cvs_layer *layer = writer->layer;
    int axes = layer->spatial_rank + 2;
    int64_t pads[2 * (CVS_MAX_SPATIAL + 2)] = {0}, sign = layer->op == CVS_OP_CROP ? -1 : 1;
    for (int axis = 0; axis < layer->spatial_rank; axis++) {
        pads[2 + axis] = sign * layer->padding.before[axis];
        pads[axes + 2 + axis] = sign * layer->padding.after[axis];
    }
    cvs__write_signed(writer, pads, 2 * axes);
}

const cvs__type cvs__type_onnx_all_pads = {CVS__KIND(LIST),
                                           "a list: the beginning of every axis, batch and channels included, then "
                                           "the end of every axis",
                                           read_all_pads, never_same, write_all_pads};

static double number_of(const cvs_node *node) {
    return node->kind == CVS_NODE_INT ? (double)node->integer : node->real;
}

static cvs_status read_scales(cvs__reader *reader, const cvs__argument *argument, const cvs_node *node) {
    for (const cvs_node *scale = node->child; scale; scale = scale->next) {
        if (scale->kind != CVS_NODE_INT && scale->kind != CVS_NODE_REAL)
            return cvs__reader_wrong_kind(reader, argument, scale, "a list of numbers");
        if (scale->position >= 2)
            reader->layer->scale[scale->position - 2] = number_of(scale);
        else if (number_of(scale) != 1)
            return fail_axes(reader, argument, scale);
    }
    return CVS_OK;
}

static void write_scales(cvs__writer *writer, const cvs__argument *argument) {
    char number[32];
    cvs_text_add(writer->out, "[1, 1");
    for (int axis = 0; axis < writer->layer->spatial_rank; axis++)
        cvs_text_addf(writer->out, ", %s", cvs__double_text(writer->layer->scale[axis], number));
    cvs_text_add(writer->out, "]");
}

const cvs__type cvs__type_onnx_scales = {CVS__KIND(LIST), "a list: 1, 1, then a scale for each spatial axis",
                                         read_scales, never_same, write_scales};

/* ---- sizes of the output instead of scales; read only: the batch's is not the layer's ---- */

static cvs_status read_sizes(cvs__reader *reader, const cvs__argument *argument, const cvs_node *node) {
    cvs_layer *layer = reader->layer;
    int64_t all[CVS_MAX_SPATIAL + 2];
    cvs_status status = cvs__read_ints(reader, argument, node, layer->spatial_rank + 2, false, all);
    if (status) return status;
    layer->in_channels = all[1];
    layer->has_output_size = true;
    for (int axis = 0; axis < layer->spatial_rank; axis++) layer->output_size[axis] = all[2 + axis];
    return CVS_OK;
}

static bool always_same(const cvs__argument *argument, const cvs_layer *a, const cvs_layer *b) { return true; }

static const cvs__type sizes = {.kinds = CVS__KIND(LIST),
                                .expected = "a list: the size of every axis, batch and channels included",
                                .read = read_sizes,
                                .same = always_same};

/* ---- which cells coincide: only whether the corners do is kept ---- */

static cvs_status read_transformation(cvs__reader *reader, const cvs__argument *argument, const cvs_node *node) {
    reader->layer->align_corners = strcmp(node->text, "align_corners") == 0;
    return CVS_OK;
}

static bool same_transformation(const cvs__argument *argument, const cvs_layer *a, const cvs_layer *b) {
    return a->align_corners == b->align_corners;
}

static void write_transformation(cvs__writer *writer, const cvs__argument *argument) {
    cvs__write_word(writer, writer->layer->align_corners ? "align_corners" : "half_pixel");
}

static const cvs__type transformation = {CVS__KIND(STRING), "a word", read_transformation, same_transformation,
                                         write_transformation};
