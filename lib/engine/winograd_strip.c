#include "winograd.h"

#include <string.h>

static int64_t least(int64_t a, int64_t b) { return a < b ? a : b; }
static int64_t clamp(int64_t x, int64_t low, int64_t high) { return x < low ? low : x > high ? high : x; }

/* Of a vector, the lanes that are there. */
static uint64_t first_bits(int64_t count) { return (UINT64_C(1) << count) - 1; }

/* Cells [first, last) of row `row` of the strip. */
static void take_cells(const cvs__winograd_part *p, int64_t channel, int64_t row, int64_t first, int64_t last) {
    const cvs__geometry *g = &p->plan->geometry;
    const cvs__kernels *kernels = p->plan->engine->kernels;
    const int64_t y = p->row0 * p->how->m + row - g->axis[1].before;
    const int64_t x = p->column0 * p->how->m + first - g->axis[2].before, cell = y * g->axis[2].in + x;
    const int64_t channels = least(kernels->lanes, g->channels - channel);
    float *to = p->strip + row * cvs__winograd_in_pitch(p) + first * kernels->lanes;
    const int64_t cells = last - first;
    if (g->channels_first)
        kernels->transpose(
            &(cvs__block){(float *)(uintptr_t)(p->image + channel * g->in_cells + cell), channels, cells, g->in_cells},
            to, kernels->lanes);
    else
        kernels->gather(&(cvs__gathering){.to = to,
                                          .from = p->image + cell * g->channels + channel,
                                          .rows = cells,
                                          .columns = channels,
                                          .to_pitch = kernels->lanes,
                                          .from_pitch = g->channels,
                                          .stride = 1,
                                          .inside = first_bits(channels)});
}

void cvs__winograd_take(const cvs__winograd_part *p, int64_t channel) {
    const cvs__geometry *g = &p->plan->geometry;
    const int64_t lanes = p->plan->engine->kernels->lanes, width = p->columns * p->how->m + 2;
    const int64_t shift = g->axis[2].before - p->column0 * p->how->m; /* the strip's cell of the input's first */
    const int64_t first = clamp(shift, 0, width), last = clamp(shift + g->axis[2].in, first, width);
    for (int64_t row = 0; row < p->rows * p->how->m + 2; row++) {
        const int64_t y = p->row0 * p->how->m + row - g->axis[1].before;
        float *cells = p->strip + row * cvs__winograd_in_pitch(p);
        if (y < 0 || y >= g->axis[1].in || first == last) {
            memset(cells, 0, (size_t)(width * lanes) * sizeof *cells);
            continue;
        }
        memset(cells, 0, (size_t)(first * lanes) * sizeof *cells);
        take_cells(p, channel, row, first, last);
        memset(cells + last * lanes, 0, (size_t)((width - last) * lanes) * sizeof *cells);
    }
}

/* Cells [first, last) of row `row` of the strip, which has only rows and cells of the output. */
static void put_cells(const cvs__winograd_part *p, int64_t filter, int64_t row, int64_t first, int64_t last) {
    const cvs__geometry *g = &p->plan->geometry;
    const cvs__kernels *kernels = p->plan->engine->kernels;
    const int64_t cell = (p->row0 * p->how->m + row) * g->axis[2].out + p->column0 * p->how->m + first;
    const int64_t filters = least(kernels->lanes, g->filters - filter), count = last - first;
    float *from = p->strip + row * cvs__winograd_out_pitch(p) + first * kernels->lanes;
    cvs__activate_block(p->plan, &(cvs__block){from, 1, count * kernels->lanes, count * kernels->lanes});
    if (g->channels_first)
        kernels->transpose(&(cvs__block){from, count, filters, kernels->lanes},
                           p->output + filter * g->out_cells + cell, g->out_cells);
    else
        kernels->gather(&(cvs__gathering){.to = p->output + cell * g->filters + filter,
                                          .from = from,
                                          .rows = count,
                                          .columns = filters,
                                          .to_pitch = g->filters,
                                          .from_pitch = kernels->lanes,
                                          .stride = 1,
                                          .inside = first_bits(filters)});
}

void cvs__winograd_put(const cvs__winograd_part *p, int64_t filter) {
    const cvs__geometry *g = &p->plan->geometry;
    const int64_t m = p->how->m, tile1 = p->tile0 + p->tiles, rows = g->axis[1].out - p->row0 * m;
    const int64_t cells = g->axis[2].out - p->column0 * m;
    for (int64_t row = 0; row < p->rows; row++) {
        const int64_t start = (p->row0 + row) * p->how->across + p->column0; /* the tile at the row's beginning */
        const int64_t first = clamp(p->tile0 - start, 0, p->columns), last = clamp(tile1 - start, first, p->columns);
        for (int64_t y = row * m; y < least((row + 1) * m, rows); y++)
            put_cells(p, filter, y, first * m, least(last * m, cells));
    }
}
