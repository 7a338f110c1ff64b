/* cost.c - what one output number sees, and what it takes to compute them all. */
#include "base/checked.h"
#include "teller.h"

/* ---- receptive field --------------------------------------------------------- */

/* What one layer sees, and what two like it in a row see: (k - 1)*s more. False where the two would not fit. */
static bool measure(const cvs__teller *teller, int64_t *reach, int64_t *next) {
    const cvs_layer *layer = teller->layer;
    bool wider = false;
    for (int axis = 0; axis < layer->spatial_rank; axis++) {
        int64_t more = 0;
        cvs_dim result = cvs__size_out(teller, axis);
        reach[axis] = cvs__extent(layer->kernel[axis], layer->dilation[axis]);
        if (!cvs__mul(reach[axis] - 1, layer->stride[axis], &more) || !cvs__add(reach[axis], more, &next[axis]))
            return false;
        if (cvs_dim_is_known(result) && result < reach[axis]) return false;
        wider = wider || reach[axis] > 1;
    }
    return wider;
}

void cvs__tell_reach(cvs__teller *teller) {
    int64_t reach[CVS_MAX_SPATIAL], next[CVS_MAX_SPATIAL];
    if (!measure(teller, reach, next)) return;
    cvs__tell(teller, "receptive-field");
    cvs__put_span(teller, EXPLAIN_VALUE_SPAN, reach);
    cvs__put_span(teller, EXPLAIN_VALUE_NEXT_SPAN, next);
    cvs__say(teller, EXPLAIN_REACH_GROWS);
}

/* ---- arithmetic operations ------------------------------------------------------ */

/* How many numbers the work is done for: those that come out, or of a transposed convolution those that go in. */
static int64_t cells_of(const cvs__teller *teller) {
    bool turned = teller->layer->op == CVS_OP_CONV_TRANSPOSE;
    const cvs_shape *shape = turned ? &teller->inference->input.shape : &teller->inference->output.shape;
    int64_t cells = 1;
    for (int i = 1; i < shape->rank; i++)
        if (!cvs_dim_is_known(shape->dim[i]) || !cvs__mul(cells, shape->dim[i], &cells)) return 0;
    return cells;
}

void cvs__tell_cost(cvs__teller *teller) {
    cvs_cost cost;
    int64_t cells = cells_of(teller);
    if (cells == 0 || cvs_layer_cost(teller->inference, &cost, NULL) || cost.macs <= 0) return;
    cvs__tell(teller, "cost");
    cvs__put_amount(teller, EXPLAIN_VALUE_MACS, cost.macs);
    cvs__put_amount(teller, EXPLAIN_VALUE_FLOPS, cost.flops);
    cvs__put_amount(teller, EXPLAIN_VALUE_CELLS, cells);
    cvs__put_amount(teller, EXPLAIN_VALUE_TAPS, cost.macs / cells);
    if (teller->layer->op == CVS_OP_CONV_TRANSPOSE)
        cvs__say(teller, EXPLAIN_COST_TRANSPOSED);
    else
        cvs__say(teller, teller->layer->op == CVS_OP_SEPARABLE_CONV ? EXPLAIN_COST_TOTAL : EXPLAIN_COST_EACH);
    cvs__say(teller, cost.bias_adds ? EXPLAIN_COST_FLOPS_BIAS : EXPLAIN_COST_FLOPS);
}
