#include "coordinates.h"

#include "layer/layer_internal.h"
#include "maps.h"

#include <math.h>

static int taps_of(cvs_interpolation interpolation) {
    static const int taps[] = {
        [CVS_INTERPOLATION_NEAREST] = 1, [CVS_INTERPOLATION_LINEAR] = 2, [CVS_INTERPOLATION_CUBIC] = 4};
    return taps[interpolation];
}

/* PyTorch takes a scale that is given as it is, 1/scale, although floor(i*scale)/i may be another. */
cvs__resizing cvs__resizing_of(const cvs_layer *layer, int axis, int64_t in, int64_t out) {
    const int spatial = axis - cvs__first_axis(layer);
    const bool keras = cvs__is_keras(layer->framework), given = !layer->has_output_size && !keras;
    if (spatial < 0) return (cvs__resizing){.in = in, .out = out, .scale = 1, .taps = 1};
    return (cvs__resizing){
        .in = in,
        .out = out,
        .scale = given ? (float)(1 / layer->scale[spatial]) : (float)in / (float)out,
        .keras = keras,
        .taps = taps_of(layer->interpolation),
    };
}

static int64_t clamp(int64_t x, int64_t low, int64_t high) { return x < low ? low : x > high ? high : x; }

/* Whole factors are divided without rounding. */
int64_t cvs__nearest_cell(const cvs__resizing *r, int64_t o) {
    if (r->out % r->in == 0 && (r->keras || r->out <= 2 * r->in)) return o / (r->out / r->in);
    return clamp((int64_t)floorf((float)o * r->scale), 0, r->in - 1);
}

/* Cells are as wide as their distance: the middle of output o lies at (o + 1/2)*scale, half a cell past its input. */
static float position_of(const cvs__resizing *r, int64_t o) { return ((float)o + 0.5F) * r->scale - 0.5F; }

static void linear_taps(const cvs__resizing *r, int64_t o, int64_t *index, float *weight) {
    const float position = fmaxf(position_of(r, o), 0);
    index[0] = clamp((int64_t)position, 0, r->in - 1);
    index[1] = clamp(index[0] + 1, 0, r->in - 1);
    weight[1] = fminf(position - (float)index[0], 1);
    weight[0] = 1 - weight[1];
}

/* Keys, "Cubic convolution interpolation for digital image processing", 1981: distances 0..1 and 1..2. */
static float near(float a, float x) { return ((a + 2) * x - (a + 3)) * x * x + 1; }
static float far(float a, float x) { return ((a * x - 5 * a) * x + 8 * a) * x - 4 * a; }

static void keys(float a, float fraction, float *weight) {
    weight[0] = far(a, fraction + 1);
    weight[1] = near(a, fraction);
    weight[2] = near(a, 1 - fraction);
    weight[3] = far(a, 2 - fraction);
}

/* TensorFlow leaves out what lies outside and divides by what is left. */
static void leave_out(const cvs__resizing *r, int64_t first, float *weight) {
    float left = 0;
    for (int k = 0; k < 4; k++) {
        if (first + k < 0 || first + k >= r->in) weight[k] = 0;
        left += weight[k];
    }
    for (int k = 0; k < 4; k++) weight[k] /= left;
}

/* PyTorch's a is -0.75 and its edge is repeated. TensorFlow's is -0.5, taken from a table in steps of 1/1024. */
static void cubic_taps(const cvs__resizing *r, int64_t o, int64_t *index, float *weight) {
    enum { TABLE = 1024 };
    const float position = position_of(r, o), below = floorf(position), fraction = position - below;
    const int64_t first = (int64_t)below - 1;
    if (r->keras) {
        keys(-0.5F, (float)lrintf(fraction * TABLE) / TABLE, weight);
        leave_out(r, first, weight);
    } else {
        keys(-0.75F, fraction, weight);
    }
    for (int k = 0; k < 4; k++) index[k] = clamp(first + k, 0, r->in - 1);
}

void cvs__resize_taps(const cvs__resizing *r, int64_t o, int64_t *index, float *weight) {
    if (r->taps == 4) {
        cubic_taps(r, o, index, weight);
    } else if (r->taps == 2) {
        linear_taps(r, o, index, weight);
    } else {
        index[0] = cvs__nearest_cell(r, o);
        weight[0] = 1;
    }
}
