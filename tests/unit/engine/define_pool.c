/* define_pool.c - pools: which inputs a window sees is asked of every input in turn. */
#include "definition.h"

#include <math.h>

/* What a window sees along one axis. */
typedef struct seen {
    bool cell[64];
    int64_t divisor;
} seen;

static bool slides(cvs_op op) { return op == CVS_OP_MAX_POOL || op == CVS_OP_AVERAGE_POOL; }

static bool averages(cvs_op op) {
    return op == CVS_OP_AVERAGE_POOL || op == CVS_OP_GLOBAL_AVERAGE_POOL || op == CVS_OP_ADAPTIVE_AVERAGE_POOL;
}

static seen slide(const cvs_layer *layer, int axis, int64_t out, int64_t in) {
    seen s = {0};
    const int64_t before = layer->padding.before[axis], after = layer->padding.after[axis];
    for (int64_t tap = 0; tap < layer->kernel[axis]; tap++) {
        const int64_t position = out * layer->stride[axis] + tap * layer->dilation[axis] - before;
        const bool inside = position >= 0 && position < in, padded = position < in + after;
        if (inside) s.cell[position] = true;
        s.divisor += layer->count_include_pad ? padded : inside;
    }
    return s;
}

/* From floor(j*i/o) to ceil((j + 1)*i/o) - 1. */
static seen divide(int64_t out, int64_t in, int64_t outs) {
    seen s = {0};
    for (int64_t cell = 0; cell < in; cell++) {
        s.cell[cell] = (cell + 1) * outs > out * in && cell * outs < (out + 1) * in;
        s.divisor += s.cell[cell];
    }
    return s;
}

/* NaN is larger than any number. */
static double larger(double a, double b) { return isnan(a) || isnan(b) ? NAN : fmax(a, b); }

answer define_pool(const question *q, const spot *out) {
    const cvs_layer *layer = &q->inference->layer;
    const int first = 3 - layer->spatial_rank;
    const bool average = averages(layer->op);
    int64_t in[3], outs[3];
    seen s[3];
    input_sizes(q, in), output_sizes(q, outs);
    for (int a = 0; a < 3; a++)
        s[a] = slides(layer->op) && a >= first ? slide(layer, a - first, out->cell[a], in[a])
                                               : divide(out->cell[a], in[a], outs[a]);
    answer result = {.value = average ? 0 : -INFINITY, .exact = !average};
    spot where = {.sample = out->sample, .channel = out->channel};
    int64_t *c = where.cell;
    for (c[0] = 0; c[0] < in[0]; c[0]++) {
        for (c[1] = 0; c[1] < in[1]; c[1]++) {
            for (c[2] = 0; c[2] < in[2]; c[2]++) {
                if (!s[0].cell[c[0]] || !s[1].cell[c[1]] || !s[2].cell[c[2]]) continue;
                const double x = input_at(q, &where);
                result.value = average ? result.value + x : larger(result.value, x);
                result.size += fabs(x);
                result.roundings += average;
            }
        }
    }
    if (!average) return result;
    const int64_t counted = s[0].divisor * s[1].divisor * s[2].divisor;
    const double divisor = (double)(layer->divisor && slides(layer->op) ? layer->divisor : counted);
    result.value /= divisor, result.size /= divisor, result.roundings += 1;
    return result;
}
