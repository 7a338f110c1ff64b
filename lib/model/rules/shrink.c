/* shrink.c - layers that make a size smaller, and what gets lost when they round it down. */
#include "model/rules/rule.h"

bool cvs__shrinks(const cvs__scene *s, int layer, int axis, cvs__shrinking *out) {
    const cvs_layer *settings = cvs__layer_at(s, layer);
    const cvs_model_tensor *from = cvs__input_of(s, layer), *to = cvs__output_of(s, layer);
    if (!cvs__is_kind(s, layer, CVS__KIND_BIT(CONV) | CVS__KIND_BIT(POOL)) || !settings || !from || !to) return false;
    if (settings->op == CVS_OP_CONV_TRANSPOSE || axis >= settings->spatial_rank) return false;
    const int position = cvs__spatial_position(settings->data_format, axis);
    *out = (cvs__shrinking){
        .in = from->shape.dim[position],
        .out = to->shape.dim[position],
        .stride = settings->stride[axis],
        .kernel_extent = cvs__extent(settings->kernel[axis], settings->dilation[axis]),
        .padding = settings->padding.before[axis] + settings->padding.after[axis],
        .same = settings->padding.mode == CVS_PAD_SAME || settings->padding.mode == CVS_PAD_SAME_LOWER,
    };
    return cvs_dim_is_known(out->in) && cvs_dim_is_known(out->out) && out->in < CVS__LARGEST_SIZE &&
           out->padding < CVS__LARGEST_SIZE;
}

bool cvs__becomes_the_same(const cvs__shrinking *by, int64_t size) {
    if (by->same) return (size + by->stride - 1) / by->stride == by->out;
    const int64_t room = size + by->padding - by->kernel_extent;
    return room >= 0 && room / by->stride + 1 == by->out;
}

bool cvs__rounds_down(const cvs__shrinking *by) {
    if (by->stride < 2) return false;
    return by->same ? by->in % by->stride != 0 : cvs__becomes_the_same(by, by->in - 1) || by->in % by->stride != 0;
}

void cvs__say_fitting_input(const cvs__scene *s, int axis, int fix, cvs__model_found *found) {
    if (axis >= s->input.rank || s->stride[axis] >= CVS__LARGEST_SIZE || s->input.size[axis] >= CVS__LARGEST_SIZE)
        return;
    const int64_t multiple = s->stride[axis], size = (s->input.size[axis] + multiple - 1) / multiple * multiple;
    if (size == s->input.size[axis]) return;
    cvs__say(found, MODEL_RULES_VALUE_MULTIPLE, multiple);
    cvs__say(found, MODEL_RULES_VALUE_TO, size);
    found->fix = fix;
}
