#include "layer/inspect/natural.h"

enum { UNREAD = 12 }; /* what it costs that a stride steps over inputs, along one axis */

static bool is_pool(cvs_op op) { return op == CVS_OP_MAX_POOL || op == CVS_OP_AVERAGE_POOL; }

/* A pool's window is as wide as its stride, or a little wider. */
static int window_cost(int64_t k, int64_t s) {
    if (k == s) return 0;
    const int64_t apart = k > s ? k - s : s - k;
    return (int)(apart < 99 ? apart : 99);
}

static int kernel_cost(int64_t k, int64_t s) {
    if (k == 3) return 0;
    if (k == 1) return 4;
    if (k == s) return k == 2 ? 1 : 3;
    return k % 2 ? (int)(k < 99 ? k : 99) - 2 : (int)(k < 99 ? k : 99) + 2;
}

int cvs__solution_cost(const cvs_layer *layer, unsigned asked, int padding_cost) {
    int cost = padding_cost;
    for (int axis = 0; axis < layer->spatial_rank; axis++) {
        const int64_t s = layer->stride[axis];
        const bool pool = is_pool(layer->op);
        if (asked & CVS_ASK_KERNEL)
            cost += pool ? window_cost(layer->kernel[axis], s) : kernel_cost(layer->kernel[axis], s);
        if ((asked & (CVS_ASK_KERNEL | CVS_ASK_STRIDE)) && s > layer->kernel[axis]) cost += UNREAD;
        if (asked & CVS_ASK_STRIDE) cost += (int)(s < 99 ? s - 1 : 99);
        if (asked & CVS_ASK_DILATION) cost += 6 * (int)(layer->dilation[axis] - 1);
        if (asked & CVS_ASK_OUTPUT_PADDING) cost += 2 * (int)layer->output_padding[axis];
    }
    /* Half padding is as natural as its name. */
    if ((asked & CVS_ASK_PADDING) && layer->padding.mode == CVS_PAD_EXPLICIT &&
        2 * layer->padding.before[0] != layer->dilation[0] * (layer->kernel[0] - 1))
        cost += 6;
    return cost;
}
