/* gather.c - layers whose output cells are input cells elsewhere: padding, cropping, repeating the nearest. A table an
   axis says which; -1 stands for a zero. */
#include "coordinates.h"
#include "maps.h"
#include "plan.h"

#include <string.h>

typedef struct details {
    cvs__maps maps;
    int64_t *source[CVS_MAX_SPATIAL];
} details;

/* How many outputs from `o` on have sources that follow one another. */
static int64_t run_length(const int64_t *source, int64_t o, int64_t count) {
    const int64_t step = source[o] < 0 ? 0 : 1;
    int64_t length = 1;
    while (o + length < count && source[o + length] == source[o] + step * length) length++;
    return length;
}

/* `line` NULL: one of zeros. */
static void run_line(const details *d, const float *line, float *out) {
    const int64_t *source = d->source[2];
    const int64_t inner = d->maps.inner, count = d->maps.out[2];
    for (int64_t length, o = 0; o < count; o += length) {
        length = run_length(source, o, count);
        const size_t bytes = (size_t)(length * inner) * sizeof *out;
        if (line && source[o] >= 0)
            memcpy(out + o * inner, line + source[o] * inner, bytes);
        else
            memset(out + o * inner, 0, bytes);
    }
}

static void run(const cvs_plan *plan, const float *input, float *output, float *workspace) {
    const details *d = plan->detail;
    const cvs__maps *m = &d->maps;
    for (int64_t plane = 0; plane < m->planes; plane++, input += m->in_floats) {
        for (int64_t depth = 0; depth < m->out[0]; depth++) {
            for (int64_t height = 0; height < m->out[1]; height++, output += m->out[2] * m->inner) {
                const int64_t from_depth = d->source[0][depth], from_height = d->source[1][height];
                const bool outside = from_depth < 0 || from_height < 0;
                run_line(d, outside ? NULL : input + cvs__line_of(m, m->in, from_depth, from_height), output);
            }
        }
    }
}

static cvs_status start(cvs_plan *plan, details **out, cvs_error *err) {
    details *d = NULL;
    cvs_status status = cvs__keep(plan, 1, sizeof *d, &d, err);
    if (status != CVS_OK) return status;
    *out = plan->detail = d;
    d->maps = cvs__maps_of(&plan->inference);
    plan->algorithm = "copy";
    for (int i = 0; i < CVS_MAX_SPATIAL && status == CVS_OK; i++)
        status = cvs__keep(plan, d->maps.out[i], sizeof(int64_t), &d->source[i], err);
    return status;
}

static cvs_status make_padding(cvs_plan *plan, const cvs_weights *expected, const cvs_tensor *given, cvs_error *err) {
    const cvs_layer *layer = &plan->inference.layer;
    const int first = cvs__first_axis(layer), sign = layer->op == CVS_OP_CROP ? -1 : 1;
    details *d = NULL;
    cvs_status status = start(plan, &d, err);
    for (int i = 0; i < CVS_MAX_SPATIAL && status == CVS_OK; i++) {
        const int64_t before = i < first ? 0 : sign * layer->padding.before[i - first];
        for (int64_t o = 0; o < d->maps.out[i]; o++)
            d->source[i][o] = cvs__source_cell(layer->padding.fill, o - before, d->maps.in[i]);
    }
    return status;
}

static cvs_status make_nearest(cvs_plan *plan, const cvs_weights *expected, const cvs_tensor *given, cvs_error *err) {
    details *d = NULL;
    cvs_status status = start(plan, &d, err);
    for (int i = 0; i < CVS_MAX_SPATIAL && status == CVS_OK; i++) {
        const cvs__resizing resizing = cvs__resizing_of(&plan->inference.layer, i, d->maps.in[i], d->maps.out[i]);
        for (int64_t o = 0; o < d->maps.out[i]; o++) d->source[i][o] = cvs__nearest_cell(&resizing, o);
    }
    return status;
}

const cvs__operator cvs__operator_pad = {make_padding, run, .activates = false};
const cvs__operator cvs__operator_nearest = {make_nearest, run, .activates = false};
