/* define_moved.c - operators that take numbers from elsewhere: padding, cropping, upsampling, other axes. */
#include "definition.h"

#include <check.h>
#include <math.h>

static answer exactly(double value) { return (answer){.value = value, .exact = true}; }

answer define_padding(const question *q, const spot *out) {
    const cvs_layer *layer = &q->inference->layer;
    const int sign = layer->op == CVS_OP_CROP ? -1 : 1;
    int64_t before[3], in[3];
    spot where = *out;
    on_three_axes(layer, layer->padding.before, 0, before);
    input_sizes(q, in);
    for (int a = 0; a < 3; a++) {
        int64_t position = out->cell[a] - sign * before[a];
        const bool low = position < 0, high = position >= in[a];
        if (low || high) {
            if (layer->padding.fill == CVS_FILL_ZEROS) return exactly(0);
            if (layer->padding.fill == CVS_FILL_REPLICATE) position = low ? 0 : in[a] - 1;
            if (layer->padding.fill == CVS_FILL_CIRCULAR) position += low ? in[a] : -in[a];
            if (layer->padding.fill == CVS_FILL_REFLECT) position = low ? -position : 2 * (in[a] - 1) - position;
        }
        where.cell[a] = position;
    }
    return exactly(input_at(q, &where));
}

/* ---- upsampling -------------------------------------------------------------------------------------- */

typedef struct mix {
    int count;
    int64_t cell[4];
    double weight[4];
} mix;

/* Keys's cubic at a distance of 0 to 2. */
static double cubic(double a, double distance) {
    const double x = fabs(distance);
    if (x <= 1) return (a + 2) * x * x * x - (a + 3) * x * x + 1;
    return x < 2 ? a * x * x * x - 5 * a * x * x + 8 * a * x - 4 * a : 0;
}

static int64_t edge(int64_t cell, int64_t in) { return cell < 0 ? 0 : cell < in ? cell : in - 1; }

static mix cubic_mix(double position, int64_t in, bool keras) {
    mix m = {.count = 4};
    const double below = floor(position);
    double fraction = position - below, left = 0;
    if (keras) fraction = round(fraction * 1024) / 1024;
    for (int k = 0; k < 4; k++) {
        const int64_t cell = (int64_t)below + k - 1;
        m.cell[k] = edge(cell, in);
        m.weight[k] = cubic(keras ? -0.5 : -0.75, fraction - (k - 1));
        if (keras && cell != m.cell[k]) m.weight[k] = 0;
        left += m.weight[k];
    }
    for (int k = 0; k < 4 && keras; k++) m.weight[k] /= left;
    return m;
}

static mix mix_of(const cvs_layer *layer, double scale, int64_t out, int64_t in) {
    const double position = ((double)out + 0.5) * scale - 0.5, low = fmax(position, 0);
    const bool keras = layer->framework == CVS_KERAS || layer->framework == CVS_KERAS1;
    if (layer->interpolation == CVS_INTERPOLATION_NEAREST)
        return (mix){1, {edge((int64_t)floor((double)out * scale + 1e-9), in)}, {1}};
    if (layer->interpolation == CVS_INTERPOLATION_CUBIC) return cubic_mix(position, in, keras);
    const int64_t cell = (int64_t)floor(low);
    const double above = cell < in - 1 ? low - (double)cell : 0;
    return (mix){2, {edge(cell, in), edge(cell + 1, in)}, {1 - above, above}};
}

answer define_upsample(const question *q, const spot *out) {
    const cvs_layer *layer = &q->inference->layer;
    const int first = 3 - layer->spatial_rank;
    int64_t in[3], outs[3];
    mix m[3];
    input_sizes(q, in), output_sizes(q, outs);
    for (int a = 0; a < 3; a++) {
        const double scale =
            layer->has_output_size || a < first ? (double)in[a] / (double)outs[a] : 1 / layer->scale[a - first];
        m[a] = a < first ? (mix){1, {0}, {1}} : mix_of(layer, scale, out->cell[a], in[a]);
    }
    answer sum = {.exact = layer->interpolation == CVS_INTERPOLATION_NEAREST};
    for (int i = 0; i < m[0].count * m[1].count * m[2].count; i++) {
        const int k[3] = {i / m[2].count / m[1].count, i / m[2].count % m[1].count, i % m[2].count};
        const spot where = {out->sample, out->channel, {m[0].cell[k[0]], m[1].cell[k[1]], m[2].cell[k[2]]}};
        const double x = input_at(q, &where);
        sum.value += m[0].weight[k[0]] * m[1].weight[k[1]] * m[2].weight[k[2]] * x;
        sum.size += fabs(x);
        /* A place is known to a rounding of the size, and a weight changes at most twice as fast. */
        sum.roundings += 4 + 6 * (double)(outs[0] + outs[1] + outs[2]);
    }
    return sum;
}

/* ---- the same numbers on other axes --------------------------------------------------------------------- */

answer define_rearranged(const question *q, const int64_t *index) {
    const cvs_layer *layer = &q->inference->layer;
    const cvs_shape *input = &q->inference->input.shape, *output = &q->inference->output.shape;
    int64_t at = 0, from[CVS_MAX_RANK] = {index[0]};
    if (layer->op == CVS_OP_REPEAT) return exactly((double)q->input[index[0] * input->dim[1] + index[2]]);
    if (layer->op == CVS_OP_PERMUTE) {
        for (int i = 1; i < output->rank; i++) from[layer->target[i - 1]] = index[i];
        for (int i = 0; i < input->rank; i++) at = at * input->dim[i] + from[i];
    } else {
        for (int i = 0; i < output->rank; i++) at = at * output->dim[i] + index[i];
    }
    return exactly((double)q->input[at]);
}
