/*
 * tiled.h - convolutions by register tiles alone: no matrix of columns, no BLAS.
 *
 *   tiled.c         what both share: packed weights, parts, scratch memory
 *   tiled_last.c    channels last: a tile reads its cells' channels where they lie, tap by tap
 *   tiled_first.c   channels first: the cells that a tile's terms see are gathered into a strip
 *   tiled_few.c     channels first, few cells: transposed, then as channels last
 *
 * The work is cut into parts, each some cells of one sample and some blocks of filters. A part is computed by one
 * thread with scratch memory of its own; where it is cut does not change any sum.
 */
#ifndef CONVSCOPE_ENGINE_TILED_H
#define CONVSCOPE_ENGINE_TILED_H

#include "plan.h"

/* How a layer is cut; `cells` and `blocks` are those of the largest part. */
typedef struct cvs__tiled {
    cvs__blocking filters;       /* of a group, as the packed weights lie */
    int64_t step;                /* a part's first cell is a multiple of it */
    int64_t cells, cell_parts;   /* of a sample */
    int64_t blocks, block_parts; /* of the blocks of all groups */
    bool by_filters;             /* parts of the same filters follow each other, else parts of the same cells */
    int64_t pitch;               /* floats from a cell of channels-last input to the next */
    int64_t segments;            /* runs of neighbouring floats that a cell's terms of a group are: its taps, or the */
    int64_t run;                 /* lines of taps where few channels would make short runs; floats of a run */
    int64_t slice;               /* floats of scratch memory a thread */
    const float *zeros;          /* as many as a tap may read: what stands in the padding */
} cvs__tiled;

/* One part: cells [cell0, cell1) of a sample's output, and of the blocks of filters of all groups, [block0, block1). */
typedef struct cvs__tiled_part {
    int64_t sample, cell0, cell1, block0, block1;
} cvs__tiled_part;

/* The filters of a block, [first, first + count) of all, and where its weights begin. */
typedef struct cvs__tiled_filters {
    int64_t group, first, count;
    const float *weights;
} cvs__tiled_filters;

/* The layer cut into parts of up to `most` times `step` cells: enough of them for all threads. Allocates plan->detail.
 */
cvs_status cvs__tiled_cut(cvs_plan *plan, cvs__blocking filters, int64_t step, int64_t most,
                          cvs_error *err) CVS_NODISCARD;

/* Pack the weights as plan->weights and keep the bias; a slice of `floats` for each thread. */
cvs_status cvs__tiled_prepare(cvs_plan *plan, const cvs__kernel *kernel, int64_t floats, cvs_error *err) CVS_NODISCARD;

int64_t cvs__tiled_parts(const cvs_plan *plan);
cvs__tiled_part cvs__tiled_part_of(const cvs_plan *plan, int64_t part);
cvs__tiled_filters cvs__tiled_filters_of(const cvs_plan *plan, int64_t block);

/* ---- channels last ------------------------------------------------------------ */

/* Cut the layer for the tile of channels-last data. `turned`: a cell's neighbour on the line may lie more than the
   channels from it, so each tap is a run of its own. */
cvs_status cvs__tiled_last_cut(cvs_plan *plan, bool turned, cvs_error *err) CVS_NODISCARD;

/* Floats that the pointers of a part take, and the copies of runs that reach over the end of a line. */
int64_t cvs__tiled_pointer_floats(const cvs_plan *plan);

/* For each tile of the part's cells, for each segment, for each cell: where the run lies that it reads. `image` is the
   sample, channels last. */
void cvs__tiled_point(const cvs_plan *plan, const cvs__tiled_part *part, const float *image, const float **pointers);

/* to[cell][filter] = the sums of all terms of one block of filters, with the ending. */
void cvs__tiled_last_block(const cvs_plan *plan, const cvs__tiled_part *part, const float *const *pointers,
                           const cvs__tiled_filters *filters, const cvs__block *to);

extern const cvs__method cvs__method_tiled_few, cvs__method_tiled_first, cvs__method_tiled_last;

#endif
