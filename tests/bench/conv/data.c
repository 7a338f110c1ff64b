#include "data.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

void give_up(const char *what) {
    fprintf(stderr, "bench_conv: %s\n", what);
    exit(EXIT_FAILURE);
}

void *aligned(size_t bytes) {
    void *memory = aligned_alloc(64, (bytes + 63) / 64 * 64 + 64);
    if (!memory) give_up("out of memory");
    return memory;
}

static float *numbers(int64_t count, double scale) {
    float *data = aligned((size_t)count * sizeof *data);
    uint32_t state = 1;
    for (int64_t i = 0; i < count; i++) {
        state = state * 1664525 + 1013904223;
        data[i] = (float)((double)(int32_t)state * scale * 0x1p-31);
    }
    return data;
}

static int64_t count_of(const cvs_shape *shape) {
    int64_t count;
    if (cvs_shape_count(shape, &count, NULL) != CVS_OK) give_up("a layer of the table is too large");
    return count;
}

problem problem_make(const layer_case *layer, cvs_data_format format) {
    problem p = {.layer = layer, .inference = layer_infer(layer, format)};
    cvs_cost cost;
    if (cvs_layer_weights(&p.inference, CVS_FRAMEWORK_AUTO, &p.weights, NULL) != CVS_OK ||
        cvs_layer_cost(&p.inference, &cost, NULL) != CVS_OK)
        give_up("a layer of the table is impossible");
    p.input_count = count_of(&p.inference.input.shape);
    p.output_count = count_of(&p.inference.output.shape);
    p.flops = 2 * (double)cost.macs;
    const double depth = (double)cost.macs / (double)p.output_count;
    p.input = numbers(p.input_count, 1);
    p.kernel = numbers(p.weights.weight[0].count, 3 / sqrt(depth));
    p.bias = numbers(p.weights.weight[1].count, 1);
    return p;
}

void problem_free(problem *p) { free(p->input), free(p->kernel), free(p->bias); }

double largest_error(const problem *p, const float *output, const float *expected) {
    double difference = 0, scale = 0;
    for (int64_t i = 0; i < p->output_count; i++) {
        const double d = fabs((double)output[i] - (double)expected[i]), e = fabs((double)expected[i]);
        if (!isfinite(d)) return INFINITY;
        if (d > difference) difference = d;
        if (e > scale) scale = e;
    }
    return scale > 0 ? difference / scale : INFINITY;
}
