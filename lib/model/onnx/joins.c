/* joins.c - operators that put tensors together, cut them, and fill around them. */
#include "base/checked.h"
#include "model/onnx/families.h"

/* ---- Concat --------------------------------------------------------------------------------------------- */

/* Add one input's size on the axis; on all others it must fit. */
static cvs_status join(const cvs__onnx_call *call, const cvs_shape *part, int axis, cvs_shape *whole) {
    if (part->rank != whole->rank)
        return cvs__onnx_fail(call, "skip-size-mismatch", "Tensors of %d and of %d axes cannot be concatenated.",
                              whole->rank, part->rank);
    for (int i = 0; i < whole->rank; i++) {
        if (i == axis) continue;
        const cvs_dim a = whole->dim[i], b = part->dim[i];
        if (cvs_dim_is_known(a) && cvs_dim_is_known(b) && a != b)
            return cvs__onnx_fail(call, "skip-size-mismatch", "On axis %d the sizes %lld and %lld do not agree.", i,
                                  (long long)a, (long long)b);
        if (cvs_dim_is_known(b) || a == CVS_DIM_UNKNOWN) whole->dim[i] = b;
    }
    return cvs__onnx_add(call, whole->dim[axis], part->dim[axis], &whole->dim[axis]);
}

/* Numbers along the only axis there is. */
static void concat_values(cvs__onnx_call *call, const cvs_shape *whole) {
    cvs__onnx_value *to = whole->rank == 1 ? cvs__onnx_room(call, 0) : NULL;
    int at = 0;
    for (int i = 0; to && i < call->node->operand_count; i++) {
        const cvs__onnx_value *from = cvs__onnx_value_of(call, i);
        const int count = (int)cvs__onnx_shape(call, i)->dim[0];
        for (int n = 0; n < count; n++, at++)
            if (from) to->number[at] = from->number[n];
    }
}

cvs_status cvs__onnx_infer_concat(cvs__onnx_call *call) {
    cvs_shape whole = *cvs__onnx_shape(call, 0);
    int axis;
    cvs_status status = cvs__onnx_axis(call, cvs__onnx_integer(call, "axis", 1), whole.rank, &axis);
    for (int i = 1; i < call->node->operand_count && status == CVS_OK; i++)
        status = cvs__onnx_has(call, i)
                     ? join(call, cvs__onnx_shape(call, i), axis, &whole)
                     : cvs__onnx_fail(call, "inputs-of-a-layer", "Input number %d is not there.", i + 1);
    if (status == CVS_OK) status = cvs__onnx_give_shape(call, &whole);
    if (status == CVS_OK) concat_values(call, &whole);
    return status;
}

/* ---- Split ------------------------------------------------------------------------------------------------ */

/* Equal parts, the last one smaller where it does not come out even (from opset 18). */
static cvs_status split_evenly(cvs__onnx_call *call, int axis) {
    const cvs_shape *whole = cvs__onnx_shape(call, 0);
    const int parts = call->node->output_count;
    cvs_shape part = *whole;
    for (int o = 0; o < parts; o++) {
        const cvs_dim size = whole->dim[axis];
        cvs_status status = CVS_OK;
        if (cvs_dim_is_known(size)) {
            const int64_t each = size / parts + (size % parts != 0), left = size - each * o;
            part.dim[axis] = left < 0 ? 0 : left < each ? left : each;
        } else {
            status = cvs__onnx_scaled(call, size, (int64_t[]){1, 0, parts}, &part.dim[axis]);
        }
        if (status == CVS_OK) status = cvs__onnx_give(call, o, &part, cvs__onnx_type(call, 0));
        if (status != CVS_OK) return status;
    }
    return CVS_OK;
}

/* The sizes of the parts: input 1, before opset 13 an attribute. NULL: there are none. */
static const int64_t *attribute_sizes(const cvs__onnx_call *call, int *count) {
    const Onnx__AttributeProto *attribute = cvs__onnx_attribute(call->node, "split");
    *count = attribute ? (int)attribute->n_ints : 0;
    return attribute && attribute->n_ints > 0 ? attribute->ints : NULL;
}

static cvs_dim part_size(const cvs__onnx_call *call, const int64_t *sizes, int o) {
    const cvs__onnx_value *value = cvs__onnx_value_of(call, 1);
    if (sizes) return sizes[o] >= 0 ? sizes[o] : CVS_DIM_UNKNOWN;
    return value ? cvs__onnx_dim_of(&value->number[o]) : CVS_DIM_UNKNOWN;
}

cvs_status cvs__onnx_infer_split(cvs__onnx_call *call) {
    cvs_shape part = *cvs__onnx_shape(call, 0);
    int axis, count;
    const int64_t *sizes = attribute_sizes(call, &count);
    const cvs__onnx_value *value = cvs__onnx_value_of(call, 1);
    cvs_status status = cvs__onnx_axis(call, cvs__onnx_integer(call, "axis", 0), part.rank, &axis);
    if (status != CVS_OK) return status;
    if (!sizes && !cvs__onnx_has(call, 1)) return split_evenly(call, axis);
    if (value) count = value->count;
    if ((sizes || value) && count != call->node->output_count)
        return cvs__onnx_fail(call, "wrong-length", "There are %d sizes for %d outputs.", count,
                              call->node->output_count);
    int64_t all = 0;
    const cvs_dim whole = part.dim[axis];
    for (int o = 0; o < call->node->output_count && status == CVS_OK; o++) {
        part.dim[axis] = part_size(call, sizes, o);
        if (!cvs_dim_is_known(part.dim[axis]) || (all >= 0 && !cvs__add(all, part.dim[axis], &all))) all = -1;
        if (!cvs_dim_is_known(part.dim[axis])) all = INT64_MIN;
        status = cvs__onnx_give(call, o, &part, cvs__onnx_type(call, 0));
    }
    if (status == CVS_OK && all >= 0 && cvs_dim_is_known(whole) && all != whole)
        return cvs__onnx_fail(call, "split-size", "The parts are %lld long together, and the axis %lld.",
                              (long long)all, (long long)whole);
    return status;
}

/* ---- Slice ----------------------------------------------------------------------------------------------------- */

/* One axis of it. */
typedef struct cut {
    cvs__onnx_number start, end;
    int64_t step;
} cut;

static int64_t clamp(int64_t at, int64_t low, int64_t high) { return at < low ? low : at > high ? high : at; }

/* On an axis of known size. `first` is where it begins. */
static int64_t cut_known(const cut *c, int64_t size, int64_t *first) {
    int64_t start = c->start.integer, end = c->end.integer;
    if (start < 0) start += size;
    if (end < 0 && end >= -size)
        end += size;
    else if (end < 0)
        end = -1;
    if (c->step > 0) {
        start = clamp(start, 0, size);
        end = clamp(end, 0, size);
        *first = start;
        return end > start ? (end - start - 1) / c->step + 1 : 0;
    }
    start = clamp(start, 0, size - 1);
    end = clamp(end, -1, size - 1);
    *first = start;
    if (size == 0 || start <= end) return 0;
    return c->step == INT64_MIN ? 1 : (start - end - 1) / -c->step + 1;
}

/* On an axis whose size is a name or not known: only what counts from its ends. */
static cvs_status cut_open(const cvs__onnx_call *call, const cut *c, cvs_dim size, cvs_dim *out) {
    const bool whole = c->start.kind == CVS__ONNX_INTEGER, to_end = c->end.kind == CVS__ONNX_INTEGER;
    const int64_t far = INT32_MAX - 1;
    *out = CVS_DIM_UNKNOWN;
    if (!whole || c->step == INT64_MIN) return CVS_OK;
    if (c->end.kind == CVS__ONNX_SIZE && c->end.integer == size && c->start.integer >= 0 && c->step > 0)
        return cvs__onnx_scaled(call, size, (int64_t[]){1, c->step - 1 - c->start.integer, c->step}, out);
    if (!to_end) return CVS_OK;
    const int64_t start = c->start.integer, end = c->end.integer;
    if (c->step > 0 && start >= 0 && start < far && (end >= far || (end < 0 && end > -far))) {
        const int64_t cutoff = start + (end < 0 ? -end : 0);
        return cvs__onnx_scaled(call, size, (int64_t[]){1, c->step - 1 - cutoff, c->step}, out);
    }
    if (c->step == -1 && (start == -1 || start >= far) && end <= -far) *out = size;
    if (c->step == 1 && start < 0 && start > -far && end >= far && start == -1) *out = 1;
    return CVS_OK;
}

static cvs_status cut_axis(const cvs__onnx_call *call, const cut *c, cvs_dim size, cvs_dim *out, int64_t *first) {
    *first = -1;
    if (c->step == 0) return cvs__onnx_fail(call, "slice-step", "A step of 0 leads nowhere.");
    if (c->start.kind == CVS__ONNX_INTEGER && c->end.kind == CVS__ONNX_INTEGER && cvs_dim_is_known(size)) {
        *out = cut_known(c, size, first);
        return CVS_OK;
    }
    return cut_open(call, c, size, out);
}

/* Starts and ends: inputs 1 and 2, before opset 10 attributes. */
static cvs__onnx_number bound(const cvs__onnx_call *call, const char *name, int input, int i) {
    const Onnx__AttributeProto *attribute = cvs__onnx_attribute(call->node, name);
    const cvs__onnx_value *value = cvs__onnx_value_of(call, input);
    if (cvs__onnx_has(call, input))
        return value && i < value->count ? value->number[i] : (cvs__onnx_number){.kind = CVS__ONNX_OPEN};
    return attribute && (size_t)i < attribute->n_ints ? cvs__onnx_whole(attribute->ints[i])
                                                      : (cvs__onnx_number){.kind = CVS__ONNX_OPEN};
}

/* How many axes are cut; -1: nobody knows. */
static int count_cuts(const cvs__onnx_call *call) {
    const Onnx__AttributeProto *starts = cvs__onnx_attribute(call->node, "starts");
    if (!cvs__onnx_has(call, 1)) return starts && starts->n_ints <= CVS_MAX_RANK ? (int)starts->n_ints : -1;
    const cvs_shape *shape = cvs__onnx_shape(call, 1);
    return shape->rank == 1 && cvs_dim_is_known(shape->dim[0]) && shape->dim[0] <= CVS_MAX_RANK ? (int)shape->dim[0]
                                                                                                : -1;
}

typedef struct slicing {
    int64_t axes[CVS_MAX_RANK], steps[CVS_MAX_RANK];
    int count, axis_count, step_count;
    int64_t first[CVS_MAX_RANK]; /* by axis of the input; -1: not known */
} slicing;

static cvs_status slice_axes(const cvs__onnx_call *call, slicing *s, cvs_shape *to) {
    for (int i = 0; i < s->count; i++) {
        int axis = i;
        if (s->axis_count >= 0 && i >= s->axis_count)
            return cvs__onnx_fail(call, "wrong-length", "There are %d starts for %d axes.", s->count, s->axis_count);
        cvs_status status = cvs__onnx_axis(call, s->axis_count >= 0 ? s->axes[i] : i, to->rank, &axis);
        if (status != CVS_OK) return status;
        const cut c = {bound(call, "starts", 1, i), bound(call, "ends", 2, i), i < s->step_count ? s->steps[i] : 1};
        s->steps[i] = c.step;
        const cvs_dim size = to->dim[axis];
        if (s->step_count == CVS__ONNX_UNKNOWN_SETTING)
            to->dim[axis] = CVS_DIM_UNKNOWN;
        else
            status = cut_axis(call, &c, size, &to->dim[axis], &s->first[axis]);
        if (status != CVS_OK) return status;
    }
    return CVS_OK;
}

static void slice_values(cvs__onnx_call *call, const slicing *s) {
    const cvs_shape *from = cvs__onnx_shape(call, 0);
    int64_t strides[CVS_MAX_RANK], first = 0;
    if (!cvs__onnx_value_of(call, 0)) return;
    cvs__onnx_strides(from, strides);
    for (int axis = 0; axis < from->rank; axis++) {
        if (s->first[axis] < 0) return;
        first += s->first[axis] * strides[axis];
    }
    for (int i = 0; i < s->count; i++) {
        int axis = i;
        if (cvs__onnx_axis(call, s->axis_count >= 0 ? s->axes[i] : i, from->rank, &axis) != CVS_OK) return;
        if (!cvs__mul(strides[axis], s->steps[i], &strides[axis])) strides[axis] = 0;
    }
    cvs__onnx_pick_value(call, 0, first, strides);
}

cvs_status cvs__onnx_infer_slice(cvs__onnx_call *call) {
    cvs_shape to = *cvs__onnx_shape(call, 0);
    slicing s = {.count = count_cuts(call)};
    cvs_status status = cvs__onnx_setting(call, "axes", 3, s.axes, &s.axis_count);
    if (status == CVS_OK) status = cvs__onnx_setting(call, "steps", 4, s.steps, &s.step_count);
    if (status != CVS_OK) return status;
    if (s.count < 0 || s.axis_count == CVS__ONNX_UNKNOWN_SETTING) {
        for (int i = 0; i < to.rank; i++) to.dim[i] = CVS_DIM_UNKNOWN;
        return cvs__onnx_give_shape(call, &to);
    }
    status = slice_axes(call, &s, &to);
    if (status == CVS_OK) status = cvs__onnx_give_shape(call, &to);
    if (status == CVS_OK) slice_values(call, &s);
    return status;
}

/* ---- Pad ----------------------------------------------------------------------------------------------------------
 */

cvs_status cvs__onnx_infer_pad(cvs__onnx_call *call) {
    cvs_shape to = *cvs__onnx_shape(call, 0);
    const Onnx__AttributeProto *attribute = cvs__onnx_attribute(call->node, "pads");
    const cvs__onnx_value *value = cvs__onnx_value_of(call, 1);
    int64_t axes[CVS_MAX_RANK];
    int count, pads = value ? value->count : attribute && !cvs__onnx_has(call, 1) ? (int)attribute->n_ints : -1;
    cvs_status status = cvs__onnx_setting(call, "axes", 3, axes, &count);
    if (count == -1)
        for (count = 0; count < to.rank; count++) axes[count] = count;
    if (status == CVS_OK && pads >= 0 && count >= 0 && pads != 2 * count)
        return cvs__onnx_fail(call, "wrong-length", "There are %d pads for the two ends of %d axes.", pads, count);
    for (int i = 0; i < (count < 0 ? to.rank : count) && status == CVS_OK; i++) {
        int axis = i;
        cvs__onnx_number sum = {.kind = CVS__ONNX_OPEN};
        if (count >= 0) status = cvs__onnx_axis(call, axes[i], to.rank, &axis);
        if (status != CVS_OK) return status;
        if (value && count >= 0)
            sum = cvs__onnx_fold_two(call, CVS__ONNX_ADD, true, value->number[i], value->number[count + i]);
        if (!value && pads >= 0)
            sum = cvs__onnx_fold_two(call, CVS__ONNX_ADD, true, cvs__onnx_whole(attribute->ints[i]),
                                     cvs__onnx_whole(attribute->ints[count + i]));
        if (sum.kind == CVS__ONNX_INTEGER)
            status = cvs__onnx_scaled(call, to.dim[axis], (int64_t[]){1, sum.integer, 1}, &to.dim[axis]);
        else
            status = cvs__onnx_add(call, to.dim[axis], cvs__onnx_dim_of(&sum), &to.dim[axis]);
    }
    return status == CVS_OK ? cvs__onnx_give_shape(call, &to) : status;
}
