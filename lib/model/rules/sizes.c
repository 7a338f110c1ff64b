/* sizes.c - a decoder that cannot know which size it restores (CV026); a size that the file itself has wrong (CV057).
 */
#include "model/rules/rule.h"

static bool enlarges(const cvs_layer *layer, int axis) {
    if (layer->op == CVS_OP_CONV_TRANSPOSE) return layer->stride[axis] > 1;
    return layer->op == CVS_OP_UPSAMPLE && layer->scale[axis] > 1;
}

/* The strided layer that this transposed one undoes, as brackets close each other; -1. */
static int undone_by(const cvs__scene *s, int transposed, int axis) {
    int open = 0;
    for (int layer = cvs__main_maker(s, transposed); layer >= 0 && cvs__walks_on(s);
         layer = cvs__main_maker(s, layer)) {
        const cvs_layer *settings = cvs__layer_at(s, layer);
        if (!settings || axis >= settings->spatial_rank) continue;
        if (enlarges(settings, axis)) open++;
        if (!cvs__is_kind(s, layer, CVS__KIND_BIT(CONV) | CVS__KIND_BIT(POOL)) || settings->stride[axis] < 2 ||
            settings->op == CVS_OP_CONV_TRANSPOSE)
            continue;
        if (open-- == 0) return layer;
    }
    return -1;
}

static bool restores_wrong(const cvs__scene *s, int at, int axis, int *encoder, cvs__shrinking *by, int64_t *restored) {
    const cvs_layer *layer = cvs__layer_at(s, at);
    const cvs_model_tensor *output = cvs__output_of(s, at);
    *encoder = layer->stride[axis] > 1 && output ? undone_by(s, at, axis) : -1;
    if (*encoder < 0 || !cvs__shrinks(s, *encoder, axis, by) || by->stride != layer->stride[axis]) return false;
    *restored = output->shape.dim[cvs__spatial_position(layer->data_format, axis)];
    return cvs_dim_is_known(*restored) && *restored < CVS__LARGEST_SIZE && *restored != by->in &&
           cvs__becomes_the_same(by, *restored);
}

bool cvs__check_transposed_size(cvs__scene *s, int at, cvs__model_found *found) {
    const cvs_layer *layer = cvs__layer_at(s, at);
    if (!layer || layer->op != CVS_OP_CONV_TRANSPOSE || layer->has_output_size) return false;
    int encoder = -1, axis = 0;
    cvs__shrinking by;
    int64_t restored = CVS_DIM_UNKNOWN;
    while (axis < layer->spatial_rank && !restores_wrong(s, at, axis, &encoder, &by, &restored)) axis++;
    if (axis == layer->spatial_rank) return false;
    const int64_t padding = layer->output_padding[axis] > 0 ? layer->output_padding[axis] : 0;
    cvs__say_layer(s, found, MODEL_RULES_VALUE_OTHER, encoder);
    cvs__say_axis(s, found, layer->spatial_rank, axis);
    cvs__say(found, MODEL_RULES_VALUE_WAS, by.in);
    cvs__say(found, MODEL_RULES_VALUE_N, by.out);
    cvs__say(found, MODEL_RULES_VALUE_HAS, restored);
    cvs__say(found, MODEL_RULES_VALUE_STRIDE, by.stride);
    cvs__say(found, MODEL_RULES_VALUE_PADDING, padding + by.in - restored);
    cvs__tell_number(found, "input", (double)by.in);
    cvs__tell_number(found, "restored", (double)restored);
    cvs__tell_number(found, "stride", (double)by.stride);
    found->axis = axis;
    found->other = encoder;
    found->member = "output_padding";
    found->message = MODEL_RULES_CV026_MESSAGE;
    if (padding + by.in - restored > 0 && padding + by.in - restored < by.stride)
        found->fix = MODEL_RULES_CV026_FIX_PADDING;
    else
        cvs__say_fitting_input(s, axis, MODEL_RULES_CV026_FIX_INPUT, found);
    return true;
}

bool cvs__check_declared_shape(cvs__scene *s, int at, cvs__model_found *found) {
    const cvs_model_layer *layer = &s->layers[at];
    int o = 0;
    while (o < layer->output_count && !s->model->tensors[layer->outputs[o]].contradicted) o++;
    if (o == layer->output_count) return false;
    const cvs_model_tensor *tensor = &s->model->tensors[layer->outputs[o]];
    cvs__say_word(found, MODEL_RULES_VALUE_FIRST, tensor->name);
    cvs__say_shape(s, found, MODEL_RULES_VALUE_SHAPE, &tensor->shape);
    cvs__say_shape(s, found, MODEL_RULES_VALUE_OTHER_SHAPE, tensor->contradicted);
    found->message = MODEL_RULES_CV057_MESSAGE;
    return true;
}
