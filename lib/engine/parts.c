/* parts.c - layers that are made of convolutions: each is a plan of its own, and they share one workspace. */
#include "plan.h"

#include <stdlib.h>
#include <string.h>

enum { LINE_FLOATS = 16 }; /* 64 bytes: what a workspace is aligned to */

cvs_status cvs__reserve_parts(cvs_plan *plan, int64_t count, cvs_error *err) {
    return cvs__keep(plan, count, sizeof *plan->parts, &plan->parts, err);
}

cvs_status cvs__add_part(cvs_plan *plan, const cvs__geometry *geometry, const cvs__kernel *kernel,
                         const cvs_activation *activation, cvs_error *err) {
    cvs_plan *part = calloc(1, sizeof *part);
    if (!part) return cvs__no_memory(err);
    plan->parts[plan->part_count++] = part;
    part->row = &cvs__operator_conv;
    part->engine = plan->engine;
    part->wanted = plan->wanted;
    part->inference.layer.activation = *activation;
    part->geometry = *geometry;
    cvs_status status = cvs__geometry_count(&part->geometry, err);
    return status == CVS_OK ? cvs__conv_settle(part, kernel, err) : status;
}

static int64_t whole_lines(int64_t floats) { return (floats + LINE_FLOATS - 1) / LINE_FLOATS * LINE_FLOATS; }

size_t cvs__workspace_before_parts(const cvs_plan *plan, int64_t floats) {
    size_t most = 0;
    for (int64_t i = 0; i < plan->part_count; i++) {
        const size_t bytes = plan->parts[i]->workspace_bytes;
        most = bytes > most ? bytes : most;
    }
    return (size_t)whole_lines(floats) * sizeof(float) + most;
}

float *cvs__workspace_of_parts(float *workspace, int64_t floats) {
    return workspace ? workspace + whole_lines(floats) : NULL;
}

/* `count` groups of `inner` numbers to every `step`th place of `to`. */
static void spread_line(const float *from, int64_t count, int64_t inner, int64_t step, float *to) {
    if (inner == 1) {
        for (int64_t i = 0; i < count; i++) to[i * step] = from[i];
    } else {
        for (int64_t i = 0; i < count; i++) memcpy(to + i * step * inner, from + i * inner, (size_t)inner * sizeof *to);
    }
}

void cvs__spread(const cvs__geometry *whole, int64_t filters, const cvs__places places[CVS_MAX_SPATIAL],
                 const float *from, float *output) {
    const cvs__spatial *axis = whole->axis;
    const int64_t planes = whole->channels_first ? filters : 1, inner = whole->channels_first ? 1 : filters;
    for (int64_t plane = 0; plane < planes; plane++, output += whole->out_cells * inner) {
        for (int64_t d = 0; d < places[0].count; d++) {
            const int64_t od = places[0].first + d * places[0].step;
            for (int64_t h = 0; h < places[1].count; h++, from += places[2].count * inner) {
                const int64_t line = od * axis[1].out + places[1].first + h * places[1].step;
                float *to = output + (line * axis[2].out + places[2].first) * inner;
                spread_line(from, places[2].count, inner, places[2].step, to);
            }
        }
    }
}
