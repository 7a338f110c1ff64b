#include "winograd.h"

static int64_t least(int64_t a, int64_t b) { return a < b ? a : b; }

/* What output cell (y, x) sees, tap by tap, all channels of each. */
static void gather_terms(const cvs__winograd_part *p, int64_t y, int64_t x) {
    const cvs__geometry *g = &p->plan->geometry;
    const int64_t channel_step = g->channels_first ? g->in_cells : 1, cell_step = g->channels_first ? 1 : g->channels;
    float *to = p->terms;
    for (int64_t tap = 0; tap < g->taps; tap++) {
        const int64_t line = y + tap / 3 - g->axis[1].before, column = x + tap % 3 - g->axis[2].before;
        const bool inside = line >= 0 && line < g->axis[1].in && column >= 0 && column < g->axis[2].in;
        const float *from = p->image + (inside ? (line * g->axis[2].in + column) * cell_step : 0);
        for (int64_t c = 0; c < g->channels; c++) *to++ = inside ? from[c * channel_step] : 0;
    }
}

void cvs__winograd_redo(const cvs__winograd_part *p, int64_t tile, int64_t block, int64_t vector) {
    const cvs__geometry *g = &p->plan->geometry;
    const cvs__winograd *w = p->how;
    const int64_t lanes = p->plan->engine->kernels->lanes, width = w->filters.width;
    const int64_t y0 = tile / w->across * w->m, x0 = tile % w->across * w->m;
    const float *terms[] = {p->terms};
    cvs__tile_last sum = {
        .rows = 1,
        .columns = lanes,
        .height = CVS__TILE_ROWS,
        .segments = 1,
        .segment1 = 1,
        .depth = g->depth,
        .a = terms,
        .b = w->direct + block * g->depth * width + vector * lanes,
        .ldb = width,
        .ldc = lanes,
        .ending = cvs__ending_of(p->plan, block * width + vector * lanes, true, true),
    };
    for (int64_t y = y0; y < least(y0 + w->m, g->axis[1].out); y++) {
        for (int64_t x = x0; x < least(x0 + w->m, g->axis[2].out); x++) {
            gather_terms(p, y, x);
            sum.c = p->strip + (y - p->row0 * w->m) * cvs__winograd_out_pitch(p) + (x - p->column0 * w->m) * lanes;
            p->plan->engine->kernels->tile_last(&sum);
        }
    }
}
