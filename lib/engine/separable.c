/*
 * separable.c - separable convolutions: a depthwise part, then one of kernel 1, sample by sample.
 *
 * What stands between them, channels*multiplier maps, is workspace. Where a layer's maps are many and its filters few,
 * those of a whole sample would dwarf its output: then the output is computed in tiles, all of one size. The last ones
 * of an axis overlap those before them, whose cells they compute once more.
 */
#include "plan.h"

/* Floats of workspace beside those of a sample's output that need no tiles: 4 MiB. */
enum { FREE_FLOATS = 1 << 20 };

typedef struct details {
    int64_t size[CVS_MAX_SPATIAL], tiles[CVS_MAX_SPATIAL]; /* cells of a tile; tiles along each axis */
    int64_t between, apart; /* floats of the maps between of a tile, and of its output where that is computed apart */
} details;

static int64_t least(int64_t a, int64_t b) { return a < b ? a : b; }
static int64_t most(int64_t a, int64_t b) { return a > b ? a : b; }

static int64_t product_of(const int64_t *size) { return size[0] * size[1] * size[2]; }

/* ---- planning ---------------------------------------------------------------------------- */

/* Tiles of at most `cells`, or of one: whole along the last axes. */
static void cut(const cvs__spatial *axis, int64_t cells, details *d) {
    for (int i = CVS_MAX_SPATIAL - 1; i >= 0; i--) {
        d->size[i] = least(axis[i].out, most(1, cells));
        d->tiles[i] = axis[i].out ? (axis[i].out - 1) / d->size[i] + 1 : 0;
        cells /= most(1, axis[i].out);
    }
}

/* `g` is the geometry of the depthwise part. */
static void set_tiles(const cvs__geometry *g, int64_t filters, details *d) {
    const int64_t maps = g->filters, outputs = filters * g->out_cells;
    const bool whole = g->out_cells == 0 || maps <= (2 * outputs + FREE_FLOATS) / g->out_cells;
    cut(g->axis, whole ? g->out_cells : (outputs + FREE_FLOATS) / (maps + filters), d);
    d->between = maps * product_of(d->size);
    d->apart = whole ? 0 : filters * product_of(d->size);
}

/* Which cells tile `number` has along an axis. */
static cvs__places places_of(const cvs__spatial *axis, int64_t size, int64_t number) {
    return (cvs__places){.first = least(number * size, axis->out - size), .count = size, .step = 1};
}

static void place_tile(const cvs__geometry *g, const details *d, int64_t number, cvs__places *places) {
    for (int i = CVS_MAX_SPATIAL - 1; i >= 0; i--) {
        places[i] = places_of(&g->axis[i], d->size[i], number % d->tiles[i]);
        number /= d->tiles[i];
    }
}

/* Reads the whole input, from where the tile begins on. */
static cvs_status add_depthwise(cvs_plan *plan, int64_t tile, const cvs__kernel *kernel, cvs_error *err) {
    const cvs_activation linear = {.kind = CVS_ACT_LINEAR};
    cvs__geometry g = plan->geometry;
    cvs__places places[CVS_MAX_SPATIAL];
    place_tile(&g, plan->detail, tile, places);
    for (int i = 0; i < CVS_MAX_SPATIAL; i++) {
        g.axis[i].out = places[i].count;
        g.axis[i].before -= places[i].first * g.axis[i].stride;
    }
    return cvs__add_part(plan, &g, kernel, &linear, err);
}

static cvs_status add_pointwise(cvs_plan *plan, const cvs__kernel *kernel, cvs_error *err) {
    const details *d = plan->detail;
    cvs__geometry g = plan->geometry;
    g.groups = 1;
    g.channels = g.filters;
    g.filters = plan->inference.layer.filters;
    for (int i = 0; i < CVS_MAX_SPATIAL; i++)
        g.axis[i] = (cvs__spatial){.in = d->size[i], .out = d->size[i], .kernel = 1, .stride = 1, .dilation = 1};
    return cvs__add_part(plan, &g, kernel, &plan->inference.layer.activation, err);
}

/* The pointwise part, then the depthwise ones, tile by tile. */
static cvs_status add_parts(cvs_plan *plan, const cvs_weights *expected, const cvs_tensor *given, cvs_error *err) {
    const details *d = plan->detail;
    const int64_t tiles = product_of(d->tiles);
    const cvs__kernel depthwise = {&expected->weight[0].tensor, given[0].data, NULL};
    const cvs__kernel pointwise = {&expected->weight[1].tensor, given[1].data,
                                   expected->count > 2 ? given[2].data : NULL};
    cvs_status status = cvs__reserve_parts(plan, 1 + tiles, err);
    if (status == CVS_OK) status = add_pointwise(plan, &pointwise, err);
    for (int64_t i = 0; i < tiles && status == CVS_OK; i++) status = add_depthwise(plan, i, &depthwise, err);
    return status;
}

static cvs_status make(cvs_plan *plan, const cvs_weights *expected, const cvs_tensor *given, cvs_error *err) {
    cvs__geometry *g = &plan->geometry;
    details *d;
    cvs_status status = cvs__geometry_make(&plan->inference, g, err);
    if (status == CVS_OK) status = cvs__keep(plan, 1, sizeof *d, &plan->detail, err);
    if (status != CVS_OK) return status;
    d = plan->detail;
    g->batch = 1;
    g->groups = g->channels;
    g->filters = g->channels * plan->inference.layer.multiplier;
    set_tiles(g, plan->inference.layer.filters, d);
    status = add_parts(plan, expected, given, err);
    if (status != CVS_OK) return status;
    plan->algorithm = plan->parts[0]->algorithm;
    plan->workspace_bytes = cvs__workspace_before_parts(plan, d->between + d->apart);
    return CVS_OK;
}

/* ---- running ------------------------------------------------------------------------------- */

static void run_tile(const cvs_plan *plan, int64_t tile, const float *input, float *output, float *workspace) {
    const details *d = plan->detail;
    float *rest = cvs__workspace_of_parts(workspace, d->between + d->apart), *apart = workspace + d->between;
    cvs__places places[CVS_MAX_SPATIAL];
    cvs_plan_execute(plan->parts[1 + tile], input, workspace, rest);
    cvs_plan_execute(plan->parts[0], workspace, d->apart ? apart : output, rest);
    if (!d->apart) return;
    place_tile(&plan->geometry, d, tile, places);
    cvs__spread(&plan->geometry, plan->inference.layer.filters, places, apart, output);
}

static void run(const cvs_plan *plan, const float *input, float *output, float *workspace) {
    const cvs__geometry *g = &plan->geometry;
    for (int64_t sample = 0; sample < plan->inference.input.shape.dim[0]; sample++) {
        for (int64_t i = 0; i + 1 < plan->part_count; i++) run_tile(plan, i, input, output, workspace);
        input += g->channels * g->in_cells;
        output += plan->inference.layer.filters * g->out_cells;
    }
}

const cvs__operator cvs__operator_separable = {make, run, .activates = true};
