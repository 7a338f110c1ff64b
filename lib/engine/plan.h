/*
 * plan.h - what a plan holds, and the parts that make and run it.
 *
 *   plan.c         create: sizes and weights checked, then the operator's row; describe, execute, free
 *   operators.c    which row computes which operator
 *   weights.c      are the given weights those of the layer?
 *   parts.c        layers made of several convolutions: separable.c, transposed.c; dense.c is one
 *   pool.c, gather.c, interpolate.c, rearrange.c, affine.c, norm.c      the rows of all others
 *   finish.c       bias and activation
 *
 * Convolutions:
 *   conv.c         their row: geometry -> choose -> prepare
 *   choose.c       the method from the shape
 *   pack.c         weights of any layout into the order a method wants
 *   tiled*.c       implicit GEMM on register tiles (tiled.h); strip.c gathers for channels-first data
 *   winograd*.c    3x3 kernels with fewer multiplications (winograd.h)
 *   planes*.c, depthwise.c, each_last.c     directly, where a filter sees few channels
 *   plain.c        what is asked for by name, or by a CPU without vectors: whole products (run_*.c, on im2col of
 *                  columns_*.c) and plain loops (direct_*.c)
 *   parallel.c     parts of a computation on idle cores
 *   *_body.h       the innermost loops, written once for all levels; kernels_<level>.c compiles them (kernels.h)
 */
#ifndef CONVSCOPE_ENGINE_PLAN_H
#define CONVSCOPE_ENGINE_PLAN_H

#include "engine_internal.h"
#include "geometry.h"

/*
 * How one kind of layer is computed. To add one: a file with its functions and its row, a line in operators.c.
 * The layer's sizes are known and its weights have the shapes that `expected` lists when `make` is called.
 */
typedef struct cvs__operator {
    /* Settle everything, and set plan->algorithm and plan->workspace_bytes. What is allocated hangs on the plan, which
       the caller frees. */
    cvs_status (*make)(cvs_plan *plan, const cvs_weights *expected, const cvs_tensor *given, cvs_error *err);
    void (*run)(const cvs_plan *plan, const float *input, float *output, float *workspace);
    bool activates; /* the run applies the layer's activation; else it is applied to the whole output afterwards */
} cvs__operator;

extern const cvs__operator cvs__operator_conv, cvs__operator_separable, cvs__operator_transposed, cvs__operator_dense,
    cvs__operator_sliding_pool, cvs__operator_dividing_pool, cvs__operator_pad, cvs__operator_nearest,
    cvs__operator_upsample, cvs__operator_copy, cvs__operator_repeat, cvs__operator_permute, cvs__operator_batch_norm,
    cvs__operator_norm;

/* The operator's row, or NULL when it has none. */
const cvs__operator *cvs__operator_row(cvs_op op);

typedef struct cvs__method cvs__method;

/* A kernel as it is given. */
typedef struct cvs__kernel {
    const cvs_tensor_shape *axes;
    const float *data;
    const float *bias; /* one number a filter, or NULL */
} cvs__kernel;

/* How packed weights lie; g groups, j the filter within its group, c the channel within its group, t the tap. */
typedef enum cvs__order {
    CVS__ORDER_FILTERS_FIRST, /* [g][j][c][t] */
    CVS__ORDER_FILTERS_LAST,  /* [g][t][c][j] */
    CVS__ORDER_TAPS_FIRST     /* [t][c][g][j] */
} cvs__order;

/*
 * One way to compute a convolution. To add one: a file with its functions and its row, and a line in choose.c that says
 * which shapes it is best for.
 */
struct cvs__method {
    const char *name; /* as cvs_plan_algorithm() tells it */
    /* Pack the weights and set plan->workspace_bytes; the geometry is there. What is kept comes from cvs__keep(). */
    cvs_status (*prepare)(cvs_plan *plan, const cvs__kernel *kernel, cvs_error *err);
    void (*run)(const cvs_plan *plan, const float *input, float *output, float *workspace);

    /* Of the methods by whole matrix products and by plain loops. */
    cvs__order order;
    bool products; /* multiplies matrices */
    bool columns;  /* ... one of which is gathered tile by tile (im2col) */
};

/* How a product method cuts its work: `cells` output cells at once, `depth` terms of their sums at once. */
typedef struct cvs__tiling {
    int64_t cells, depth;
} cvs__tiling;

/* What cvs__inside() tells about one tap of the width axis. */
typedef struct cvs__span {
    int64_t first, last;
} cvs__span;

struct cvs_plan {
    /* Of every layer. */
    cvs_inference inference;
    const cvs_engine *engine;
    const cvs__operator *row;
    cvs_algorithm wanted;
    const char *algorithm; /* static */
    size_t workspace_bytes;
    struct cvs__kept *kept; /* what cvs__keep() gave */
    size_t kept_bytes;
    float *weights;   /* packed */
    void *detail;     /* what the operator, or the method of a convolution, keeps for itself */
    cvs_plan **parts; /* convolutions that the layer is made of; owned */
    int64_t part_count;

    /* Of a convolution. */
    cvs__geometry geometry;
    const cvs__method *method;
    cvs__product_fn product;
    cvs__tiling tiling;
    bool has_bias;
    float *bias;      /* zeros when the layer has none */
    cvs__span *spans; /* one per tap of the width axis */
};

/* CVS_NO_MEMORY, with the message for a plan. */
cvs_status cvs__no_memory(cvs_error *err);

/* Zeros, aligned to 64 bytes, that live as long as the plan: `count` elements of `size` bytes into *out. CVS_TOO_LARGE
   when that overflows. */
cvs_status cvs__keep(cvs_plan *plan, int64_t count, int64_t size, void *out, cvs_error *err) CVS_NODISCARD;

/* The same for `count` floats, copied from `from`, or all of them `otherwise` when that is NULL. */
cvs_status cvs__keep_copy(cvs_plan *plan, int64_t count, const float *from, float otherwise, float **out,
                          cvs_error *err) CVS_NODISCARD;

/* Of a layer with one kernel, and perhaps a bias. */
static inline cvs__kernel cvs__kernel_of(const cvs_weights *expected, const cvs_tensor *given) {
    return (cvs__kernel){&expected->weight[0].tensor, given[0].data, expected->count > 1 ? given[1].data : NULL};
}

/* Make `plan`, which has its geometry and its layer's activation, compute that convolution. */
cvs_status cvs__conv_settle(cvs_plan *plan, const cvs__kernel *kernel, cvs_error *err) CVS_NODISCARD;

void cvs__conv_run(const cvs_plan *plan, const float *input, float *output, float *workspace);

/* Room for `count` parts; then append one, a convolution of its own. */
cvs_status cvs__reserve_parts(cvs_plan *plan, int64_t count, cvs_error *err) CVS_NODISCARD;
cvs_status cvs__add_part(cvs_plan *plan, const cvs__geometry *geometry, const cvs__kernel *kernel,
                         const cvs_activation *activation, cvs_error *err) CVS_NODISCARD;

/* Bytes of workspace for `floats` of the operator's own, followed by what any one of its parts needs. */
size_t cvs__workspace_before_parts(const cvs_plan *plan, int64_t floats);

/* Where the parts' workspace begins. */
float *cvs__workspace_of_parts(float *workspace, int64_t floats);

/* Outputs of an axis that a part computes: first, first + step, ... */
typedef struct cvs__places {
    int64_t first, count, step;
} cvs__places;

/* The cells that a part has computed of `filters` maps, side by side in `from` in the layer's data format, to their
   places in one sample of the output, which has the axes of `whole`. */
void cvs__spread(const cvs__geometry *whole, int64_t filters, const cvs__places places[CVS_MAX_SPATIAL],
                 const float *from, float *output);

/* The best way to compute this shape by the sums of its definition, or the one that `wanted` names. */
const cvs__method *cvs__choose(const cvs_plan *plan, cvs_algorithm wanted);

/* Winograd's method where it may compute this shape and `wanted` asks for it, or leaves the choice and it is the best;
   else NULL. */
const cvs__method *cvs__choose_winograd(const cvs_plan *plan, cvs_algorithm wanted);

/* How the methods by whole products and by plain loops prepare. */
cvs_status cvs__prepare_plain(cvs_plan *plan, const cvs__kernel *kernel, cvs_error *err) CVS_NODISCARD;

cvs__tiling cvs__tile(const cvs__geometry *geometry, const cvs__method *method, int64_t l2_bytes);

/* Whether `given` are the weights that `expected` lists, tensor by tensor; CVS_INVALID with pointers "/weights/0". */
cvs_status cvs__check_weights(const cvs_weights *expected, const cvs_tensor *given, size_t count,
                              cvs_error *err) CVS_NODISCARD;

/* The kernel's axes and data -> `packed` (filters*depth floats) in `order`. */
void cvs__pack(const cvs__geometry *geometry, const cvs_tensor_shape *axes, const float *kernel, cvs__order order,
               float *packed);

/* The filters of a group in blocks of `width`, the last of which may be incomplete. */
typedef struct cvs__blocking {
    int64_t blocks, width;
} cvs__blocking;

cvs__blocking cvs__blocking_of(int64_t filters, int64_t width);

/* The kernel's axes and data -> `packed` [g][block][t][c][width], of groups*blocks*depth*width floats. What is there
   past the last filter stays. */
void cvs__pack_blocks(const cvs__geometry *geometry, const cvs_tensor_shape *axes, const float *kernel,
                      cvs__blocking how, float *packed);

/* Part of the matrix of columns: terms depth0 .. depth1-1 of the sums of cells cell0 .. cell1-1. */
typedef struct cvs__part {
    int64_t depth0, depth1, cell0, cell1;
} cvs__part;

/* columns[depth][cell] from `image`, the first channel of the group (channels, spatial...); depth runs over [c][t]. */
void cvs__columns_first(const cvs_plan *plan, const float *image, const cvs__part *part, float *columns);

/* columns[cell][depth] from `image`, the first channel of the group (spatial..., channels); depth runs over [t][c]. */
void cvs__columns_last(const cvs_plan *plan, const float *image, const cvs__part *part, float *columns);

/* Bias and activation of filters filter0 ... of some cells: rows are filters when channels come first, cells otherwise.
   Softmax, which needs all filters of a cell, is left to cvs__finish_cells(). */
void cvs__finish(const cvs_plan *plan, const cvs__block *block, int64_t filter0);

/*
 * What a tile does with the sums of filter `filter` and those after it: bias with the `first` terms, and with the
 * `last` the activation where that is a clamp; cvs__activate_block() does the others, softmax excepted, once all terms
 * are summed.
 */
cvs__ending cvs__ending_of(const cvs_plan *plan, int64_t filter, bool first, bool last);
void cvs__activate_block(const cvs_plan *plan, const cvs__block *block);

/* What cvs__finish() left over, once all filters of the cells in `block` are there. */
void cvs__finish_cells(const cvs_plan *plan, const cvs__block *block);

/* The same for the whole output of a convolution, sample by sample. */
void cvs__softmax_samples(const cvs_plan *plan, float *output);

/* activation(output), all of it: over the channels where it is softmax. */
void cvs__activate_output(const cvs_plan *plan, float *output);

/* x[i*step] = exp(x[i*step]) / sum of exp(x[...*step]) */
void cvs__softmax(float *x, int64_t count, int64_t step);

/* x = activation(x) for each; not softmax. */
void cvs__activate(const cvs_activation *activation, float *x, int64_t count);

void cvs__run_first(const cvs_plan *plan, const float *input, float *output, float *workspace);
void cvs__run_last(const cvs_plan *plan, const float *input, float *output, float *workspace);
void cvs__direct_first(const cvs_plan *plan, const float *input, float *output, float *workspace);
void cvs__direct_last(const cvs_plan *plan, const float *input, float *output, float *workspace);
void cvs__direct_depthwise_last(const cvs_plan *plan, const float *input, float *output, float *workspace);

#endif
