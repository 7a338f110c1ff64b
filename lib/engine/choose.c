#include "depthwise.h"
#include "each_last.h"
#include "planes.h"
#include "tiled.h"
#include "winograd.h"

static const cvs__method gemm_first = {"gemm", cvs__prepare_plain, cvs__run_first, CVS__ORDER_FILTERS_FIRST, true,
                                       false};
static const cvs__method gemm_last = {"gemm", cvs__prepare_plain, cvs__run_last, CVS__ORDER_FILTERS_LAST, true, false};
static const cvs__method im2col_first = {"im2col", cvs__prepare_plain, cvs__run_first, CVS__ORDER_FILTERS_FIRST, true,
                                         true};
static const cvs__method im2col_last = {"im2col", cvs__prepare_plain, cvs__run_last, CVS__ORDER_FILTERS_LAST, true,
                                        true};
static const cvs__method direct_first = {
    "direct", cvs__prepare_plain, cvs__direct_first, CVS__ORDER_FILTERS_FIRST, false, false};
static const cvs__method direct_last = {"direct", cvs__prepare_plain, cvs__direct_last, CVS__ORDER_FILTERS_LAST, false,
                                        false};
static const cvs__method depthwise_last = {
    "direct", cvs__prepare_plain, cvs__direct_depthwise_last, CVS__ORDER_TAPS_FIRST, false, false};

/* Below so many multiplications of one group, setting up a product costs more than the plain loops. */
enum { MACS_WORTH_A_PRODUCT = 2048 };

static bool is_depthwise(const cvs__geometry *g) { return g->group_channels == 1 && g->groups > 1; }

static bool is_pointwise(const cvs__geometry *g) { return g->taps == 1 && g->unpadded && g->in_cells == g->out_cells; }

/* No overflow: stops as soon as it is clear. */
static bool is_tiny(const cvs__geometry *g) {
    return g->depth < MACS_WORTH_A_PRODUCT && g->group_filters < MACS_WORTH_A_PRODUCT / g->depth &&
           g->out_cells < MACS_WORTH_A_PRODUCT / (g->depth * g->group_filters);
}

/* In a depthwise layer the matrices are vectors: nothing to gain from a product. */
static bool wants_plain_loops(const cvs__geometry *g) { return is_depthwise(g) || is_tiny(g); }

/* Gathering strips, or turning the maps, pays when many filters read them; with a stride, planes are copied as well. */
enum { FEW_FILTERS = 16, FEW_STRIDED_FILTERS = 8, FEW_CHANNELS = 4 };

static bool wants_planes(const cvs__geometry *g) {
    const bool strided = g->axis[1].stride > 1 || g->axis[2].stride > 1;
    return cvs__planes_suit(g) &&
           (g->group_filters <= (strided ? FEW_STRIDED_FILTERS : FEW_FILTERS) || g->group_channels <= FEW_CHANNELS);
}

/*
 * Channels-first maps are turned where that costs less than gathering: a kernel of several taps would gather each input
 * as often; few cells would leave the last vector of a strip mostly empty. Filters must be there to fill vectors.
 */
enum { FEW_CELLS = 256, FEW_CELLS_A_TAP = 1024, FILTERS_WORTH_TURNING = 16, MOST_TURNED = 1 << 19 };

static bool wants_turning(const cvs__geometry *g) {
    return g->group_filters >= FILTERS_WORTH_TURNING && g->out_cells < (g->taps > 1 ? FEW_CELLS_A_TAP : FEW_CELLS) &&
           g->in_cells < 8 * g->out_cells && g->channels <= MOST_TURNED / g->in_cells;
}

/* Where each tap's input lies is written down tile by tile: with more taps the list would be larger than the caches.
   And what is gathered is told by 32-bit indices, of up to 16 lanes. */
enum { MOST_LISTED_TAPS = 1 << 14, MOST_GATHERED_STRIDE = 1 << 26 };

/* The methods that stand on vectors of the engine's own; NULL where none of them fits. */
static const cvs__method *choose_fast(const cvs__geometry *g) {
    const bool listed = g->taps <= MOST_LISTED_TAPS;
    if (cvs__depthwise_suits(g) && g->groups > 1) return &cvs__method_depthwise;
    if (wants_planes(g)) return &cvs__method_planes;
    if (cvs__each_last_suits(g) && listed) return &cvs__method_each_last;
    if (is_depthwise(g)) return g->channels_first ? &direct_first : NULL;
    if (!g->channels_first) return listed ? &cvs__method_tiled_last : NULL;
    if (wants_turning(g) && listed) return &cvs__method_tiled_few;
    return g->axis[2].stride <= MOST_GATHERED_STRIDE ? &cvs__method_tiled_first : NULL;
}

/* The transforms cost as many operations whatever the number of filters and of channels that share them, and whole
   tiles are computed where the output ends within one. */
enum { WINOGRAD_CHANNELS = 32, WINOGRAD_FILTERS = 32, WINOGRAD_CELLS = 49, SMALL_OUTPUT = 3 };

/* Where a few tiles read a large kernel, its bytes decide: F(4x4) makes four floats of one, F(2x2) less than two. */
enum { FEW_WINOGRAD_CELLS = 64, LARGE_WINOGRAD_KERNEL = 1 << 17 /* filters times channels */ };

static bool wants_winograd(const cvs_plan *plan) {
    const cvs__geometry *g = &plan->geometry;
    const bool fast = plan->engine->isa > CVS_ISA_PORTABLE || !plan->engine->blas_used;
    return fast && g->channels >= WINOGRAD_CHANNELS && g->filters >= WINOGRAD_FILTERS && g->out_cells >= WINOGRAD_CELLS;
}

const cvs__method *cvs__choose_winograd(const cvs_plan *plan, cvs_algorithm wanted) {
    const cvs__geometry *g = &plan->geometry;
    if (wanted != CVS_ALGORITHM_WINOGRAD && (wanted != CVS_ALGORITHM_AUTO || !wants_winograd(plan))) return NULL;
    if (!cvs__winograd_suits(g)) return NULL;
    const bool small = g->axis[1].out < SMALL_OUTPUT || g->axis[2].out < SMALL_OUTPUT ||
                       (g->out_cells <= FEW_WINOGRAD_CELLS && g->filters > LARGE_WINOGRAD_KERNEL / g->channels);
    return small ? &cvs__method_winograd2 : &cvs__method_winograd4;
}

const cvs__method *cvs__choose(const cvs_plan *plan, cvs_algorithm wanted) {
    const cvs__geometry *g = &plan->geometry;
    if (wanted == CVS_ALGORITHM_AUTO && plan->engine->isa > CVS_ISA_PORTABLE && !(is_tiny(g) && g->groups == 1)) {
        const cvs__method *fast = choose_fast(g);
        if (fast) return fast;
    }
    if (wanted == CVS_ALGORITHM_DIRECT || (wanted == CVS_ALGORITHM_AUTO && wants_plain_loops(g))) {
        if (g->channels_first) return &direct_first;
        return is_depthwise(g) && g->group_filters == 1 ? &depthwise_last : &direct_last;
    }
    if (is_pointwise(g)) return g->channels_first ? &gemm_first : &gemm_last;
    return g->channels_first ? &im2col_first : &im2col_last;
}

/* Lower bounds of a tile: with fewer cells or terms a product spends its time on packing its operands. */
enum { LEAST_CELLS = 512, LEAST_DEPTH = 384, CELLS_STEP = 16 };

static int64_t least(int64_t a, int64_t b) { return a < b ? a : b; }
static int64_t most(int64_t a, int64_t b) { return a > b ? a : b; }

/* `total` in equal parts of about `size`, each a whole number of steps but the last. */
static int64_t even_part(int64_t total, int64_t size, int64_t step) {
    if (size >= total) return total;
    const int64_t parts = (total - 1) / size + 1;
    const int64_t part = (total - 1) / parts + 1;
    return least(total, (part - 1) / step * step + step);
}

cvs__tiling cvs__tile(const cvs__geometry *g, const cvs__method *method, int64_t l2_bytes) {
    const int64_t floats = l2_bytes / (int64_t)sizeof(float);
    const int64_t cells = !method->columns && !g->channels_first ? g->batch * g->out_cells : g->out_cells;
    if (!method->products || cells == 0) return (cvs__tiling){0};
    /* The finished tile of C shares the cache with the columns, or with the rows of the input it was made from. */
    const int64_t per_cell = g->group_filters / 2 + g->depth;
    const int64_t fitting = per_cell > floats ? 1 : floats / 2 / per_cell;
    const int64_t at_once = even_part(cells, most(fitting, LEAST_CELLS), CELLS_STEP);
    if (!method->columns) return (cvs__tiling){.cells = at_once, .depth = g->depth};
    const int64_t depth = even_part(g->depth, most(floats / 2 / at_once, LEAST_DEPTH), CELLS_STEP);
    return (cvs__tiling){.cells = at_once, .depth = depth};
}
