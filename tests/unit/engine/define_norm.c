/* define_norm.c - normalisation: of every input is asked whether it belongs to the set of the output. */
#include "definition.h"

#include <math.h>

typedef struct norm {
    const question *q;
    int first, last; /* the axes that have gammas: one, or those of a layer norm */
} norm;

static void unravel(const cvs_shape *shape, int64_t at, int64_t *index) {
    for (int i = shape->rank - 1; i >= 0; i--) {
        index[i] = at % shape->dim[i];
        at /= shape->dim[i];
    }
}

static norm norm_of(const question *q) {
    const cvs_layer *layer = &q->inference->layer;
    const int rank = q->inference->input.shape.rank;
    const bool torch = layer->framework == CVS_PYTORCH || layer->framework == CVS_ONNX;
    int axis = layer->axis < 0 ? layer->axis + rank : layer->axis;
    if (layer->op == CVS_OP_LAYER_NORM) {
        const int64_t count = q->list.count ? q->list.weight[0].tensor.shape.rank : layer->target_rank;
        return (norm){q, axis, axis + (int)count};
    }
    if (torch || (layer->axis == -1 && layer->data_format == CVS_CHANNELS_FIRST)) axis = 1;
    return (norm){q, axis, axis + 1};
}

static bool together(const norm *n, const int64_t *a, const int64_t *b) {
    const cvs_layer *layer = &n->q->inference->layer;
    const cvs_shape *shape = &n->q->inference->input.shape;
    if (layer->op == CVS_OP_BATCH_NORM) return a[n->first] == b[n->first];
    if (layer->op == CVS_OP_GROUP_NORM) {
        const int64_t each = shape->dim[n->first] / layer->groups;
        return a[0] == b[0] && a[n->first] / each == b[n->first] / each;
    }
    for (int i = 0; i < shape->rank; i++)
        if ((i < n->first || i >= n->last) && a[i] != b[i]) return false;
    return true;
}

static void measure(const norm *n, const int64_t *index, double *mean, double *variance) {
    const cvs_shape *shape = &n->q->inference->input.shape;
    double count = 0, sum = 0, squares = 0;
    int64_t all = 1, other[CVS_MAX_RANK];
    for (int i = 0; i < shape->rank; i++) all *= shape->dim[i];
    for (int pass = 0; pass < 2; pass++) {
        for (int64_t at = 0; at < all; at++) {
            unravel(shape, at, other);
            if (!together(n, index, other)) continue;
            const double x = (double)n->q->input[at];
            if (pass == 0)
                count++, sum += x;
            else
                squares += (x - sum / count) * (x - sum / count);
        }
    }
    *mean = sum / count, *variance = squares / count;
}

answer define_norm(const question *q, const int64_t *index) {
    const cvs_layer *layer = &q->inference->layer;
    const cvs_shape *shape = &q->inference->input.shape;
    const norm n = norm_of(q);
    int64_t at = 0, weight = 0;
    int number = 0;
    double mean, variance;
    for (int i = 0; i < shape->rank; i++) at = at * shape->dim[i] + index[i];
    for (int i = n.first; i < n.last; i++) weight = weight * shape->dim[i] + index[i];
    const double gamma = layer->scale_weight ? (double)q->weights[number++][weight] : 1;
    const double beta = layer->center_weight ? (double)q->weights[number++][weight] : 0;
    if (layer->op == CVS_OP_BATCH_NORM && layer->running_stats) {
        mean = (double)q->weights[number++][weight];
        variance = (double)q->weights[number++][weight];
    } else {
        measure(&n, index, &mean, &variance);
    }
    const double x = (double)q->input[at], factor = gamma / sqrt(variance + (double)layer->epsilon);
    return (answer){
        .value = (x - mean) * factor + beta,
        .size = (fabs(x) + fabs(mean)) * fabs(factor) + fabs(beta),
        .roundings = 6,
    };
}
