/* interpolate.c - upsampling: each output is mixed from a few inputs, weighted by the product of a weight an axis. */
#include "coordinates.h"
#include "maps.h"
#include "plan.h"

typedef struct details {
    cvs__maps maps;
    int taps[CVS_MAX_SPATIAL];
    int64_t *index[CVS_MAX_SPATIAL]; /* of output o: [o*taps ...] */
    float *weight[CVS_MAX_SPATIAL];
} details;

/* out += weight * line, resized along the width */
static void add_line(const details *d, const float *line, float weight, float *out) {
    const int64_t inner = d->maps.inner, taps = d->taps[2];
    const int64_t *index = d->index[2];
    const float *along = d->weight[2];
    for (int64_t o = 0; o < d->maps.out[2]; o++, out += inner) {
        for (int64_t k = 0; k < taps; k++, index++, along++) {
            const float *x = line + *index * inner, w = weight * *along;
            for (int64_t i = 0; i < inner; i++) out[i] += w * x[i];
        }
    }
}

static void run_line(const details *d, const float *plane, int64_t depth, int64_t height, float *out) {
    const int64_t *id = d->index[0] + depth * d->taps[0], *ih = d->index[1] + height * d->taps[1];
    const float *wd = d->weight[0] + depth * d->taps[0], *wh = d->weight[1] + height * d->taps[1];
    for (int64_t i = 0; i < d->maps.out[2] * d->maps.inner; i++) out[i] = 0;
    for (int a = 0; a < d->taps[0]; a++)
        for (int b = 0; b < d->taps[1]; b++)
            add_line(d, plane + cvs__line_of(&d->maps, d->maps.in, id[a], ih[b]), wd[a] * wh[b], out);
}

static void run(const cvs_plan *plan, const float *input, float *output, float *workspace) {
    const details *d = plan->detail;
    const cvs__maps *m = &d->maps;
    for (int64_t plane = 0; plane < m->planes; plane++, input += m->in_floats)
        for (int64_t depth = 0; depth < m->out[0]; depth++)
            for (int64_t height = 0; height < m->out[1]; height++, output += m->out[2] * m->inner)
                run_line(d, input, depth, height, output);
}

static cvs_status set_axis(cvs_plan *plan, details *d, int axis, cvs_error *err) {
    const int64_t out = d->maps.out[axis];
    const cvs__resizing resizing = cvs__resizing_of(&plan->inference.layer, axis, d->maps.in[axis], out);
    const int taps = d->taps[axis] = resizing.taps;
    cvs_status status = cvs__keep(plan, out * taps, sizeof(int64_t), &d->index[axis], err);
    if (status == CVS_OK) status = cvs__keep(plan, out * taps, sizeof(float), &d->weight[axis], err);
    for (int64_t o = 0; o < out && status == CVS_OK; o++)
        cvs__resize_taps(&resizing, o, d->index[axis] + o * taps, d->weight[axis] + o * taps);
    return status;
}

static cvs_status make(cvs_plan *plan, const cvs_weights *expected, const cvs_tensor *given, cvs_error *err) {
    details *d = NULL;
    cvs_status status = cvs__keep(plan, 1, sizeof *d, &d, err);
    if (status != CVS_OK) return status;
    plan->detail = d;
    plan->algorithm = "direct";
    d->maps = cvs__maps_of(&plan->inference);
    for (int axis = 0; axis < CVS_MAX_SPATIAL && status == CVS_OK; axis++) status = set_axis(plan, d, axis, err);
    return status;
}

static const cvs__operator interpolate = {make, run, .activates = false};

/* ---- the row: nearest or mixed --------------------------------------------------------------- */

static cvs_status make_upsample(cvs_plan *plan, const cvs_weights *expected, const cvs_tensor *given, cvs_error *err) {
    const cvs_layer *layer = &plan->inference.layer;
    if (layer->framework == CVS_ONNX)
        return cvs_fail(err, CVS_UNSUPPORTED, "coordinates-unknown", "/interpolation",
                        "ONNX's Resize takes its cells by one of several rules (coordinate_transformation_mode, "
                        "nearest_mode), and a layer does not say which: only its shape is known");
    plan->row = layer->interpolation == CVS_INTERPOLATION_NEAREST ? &cvs__operator_nearest : &interpolate;
    return plan->row->make(plan, expected, given, err);
}

const cvs__operator cvs__operator_upsample = {make_upsample, run, .activates = false};
