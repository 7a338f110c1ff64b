/* rearrange.c - layers that keep the numbers as they are: copied, repeated, or with their axes in another order. */
#include "plan.h"

#include <string.h>

static cvs_status make(cvs_plan *plan, const cvs_weights *expected, const cvs_tensor *given, cvs_error *err) {
    plan->algorithm = "copy";
    return CVS_OK;
}

static int64_t count_from(const cvs_shape *shape, int first) {
    int64_t count = 1;
    for (int i = first; i < shape->rank; i++) count *= shape->dim[i];
    return count;
}

static void copy(float *to, const float *from, int64_t count) {
    if (count > 0) memcpy(to, from, (size_t)count * sizeof *to);
}

static void run_copy(const cvs_plan *plan, const float *input, float *output, float *workspace) {
    copy(output, input, count_from(&plan->inference.output.shape, 0));
}

static void run_repeat(const cvs_plan *plan, const float *input, float *output, float *workspace) {
    const int64_t *size = plan->inference.output.shape.dim; /* batch, times, features */
    for (int64_t sample = 0; sample < size[0]; sample++, input += size[2])
        for (int64_t time = 0; time < size[1]; time++, output += size[2]) copy(output, input, size[2]);
}

/* ---- axes in another order --------------------------------------------------------------------- */

/* Of the output: its sizes, and how far apart neighbours along each axis are in the input. */
typedef struct order {
    cvs_shape shape;
    int64_t stride[CVS_MAX_RANK];
} order;

static order order_of(const cvs_inference *inference) {
    order o = {.shape = inference->output.shape, .stride = {count_from(&inference->input.shape, 1)}};
    for (int i = 1; i < o.shape.rank; i++)
        o.stride[i] = count_from(&inference->input.shape, (int)inference->layer.target[i - 1] + 1);
    return o;
}

/* The part of the output behind the first `axis` axes; what follows it. */
static float *permute(const order *o, int axis, const float *from, float *to) {
    const int64_t count = o->shape.dim[axis], stride = o->stride[axis];
    if (axis < o->shape.rank - 1) {
        for (int64_t i = 0; i < count; i++) to = permute(o, axis + 1, from + i * stride, to);
    } else {
        for (int64_t i = 0; i < count; i++) *to++ = from[i * stride];
    }
    return to;
}

static void run_permute(const cvs_plan *plan, const float *input, float *output, float *workspace) {
    const order o = order_of(&plan->inference);
    (void)permute(&o, 0, input, output);
}

const cvs__operator cvs__operator_copy = {make, run_copy, .activates = false};
const cvs__operator cvs__operator_repeat = {make, run_repeat, .activates = false};
const cvs__operator cvs__operator_permute = {make, run_permute, .activates = false};
