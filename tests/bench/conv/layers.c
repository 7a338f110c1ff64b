#include "layers.h"

#include <cblas.h>
#include <stdio.h>
#include <stdlib.h>

const layer_case layer_cases[] = {
    {"1x1 256->256, 56x56", CVS_CHANNELS_FIRST, 256, 256, 56, 1, 1.05},
    {"3x3 64->64, 56x56", CVS_CHANNELS_FIRST, 64, 64, 56, 3, 1.25},
    {"1x1 256->256, 56x56", CVS_CHANNELS_LAST, 256, 256, 56, 1, 0},
    {"3x3 64->64, 56x56", CVS_CHANNELS_LAST, 64, 64, 56, 3, 0},
    {"3x3 128->128, 28x28", CVS_CHANNELS_FIRST, 128, 128, 28, 3, 0},
    {"3x3 512->512, 7x7", CVS_CHANNELS_FIRST, 512, 512, 7, 3, 0},
};
const size_t layer_case_count = sizeof layer_cases / sizeof *layer_cases;

static _Noreturn void give_up(const char *what) {
    fprintf(stderr, "bench_conv: %s\n", what);
    exit(EXIT_FAILURE);
}

static void *aligned(size_t bytes) {
    void *memory = aligned_alloc(64, (bytes + 63) / 64 * 64);
    if (!memory) give_up("out of memory");
    return memory;
}

/* Small numbers of both signs: no denormals, no infinities. */
static float *numbers(int64_t count) {
    float *data = aligned((size_t)count * sizeof *data);
    uint32_t state = 1;
    for (int64_t i = 0; i < count; i++) {
        state = state * 1664525 + 1013904223;
        data[i] = (float)(int32_t)state * 0x1p-31F;
    }
    return data;
}

bare_product bare_product_make(const layer_case *layer) {
    bare_product p = {
        .m = layer->filters,
        .n = layer->side * layer->side,
        .k = layer->channels * layer->kernel * layer->kernel,
    };
    p.a = numbers(p.m * p.k);
    p.b = numbers(p.k * p.n);
    p.c = numbers(p.m * p.n);
    return p;
}

void bare_product_run(void *product) {
    const bare_product *p = product;
    cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, (int)p->m, (int)p->n, (int)p->k, 1, p->a, (int)p->k, p->b,
                (int)p->n, 0, p->c, (int)p->n);
}

void bare_product_free(bare_product *product) { free(product->a), free(product->b), free(product->c); }

static cvs_layer describe(const layer_case *layer) {
    cvs_layer described = cvs_layer_default(CVS_OP_CONV, 2);
    described.data_format = layer->format;
    described.filters = layer->filters;
    described.kernel[0] = described.kernel[1] = layer->kernel;
    described.padding.mode = CVS_PAD_SAME;
    described.activation.kind = CVS_ACT_RELU;
    return described;
}

planned_layer planned_layer_make(const layer_case *layer, const cvs_engine *engine) {
    const cvs_layer described = describe(layer);
    const cvs_shape shape = layer->format == CVS_CHANNELS_FIRST
                                ? (cvs_shape){4, {1, layer->channels, layer->side, layer->side}}
                                : (cvs_shape){4, {1, layer->side, layer->side, layer->channels}};
    cvs_inference inference;
    cvs_weights expected;
    if (cvs_infer(&described, &shape, NULL, &inference, NULL) != CVS_OK ||
        cvs_layer_weights(&inference, CVS_FRAMEWORK_AUTO, &expected, NULL) != CVS_OK)
        give_up("a layer of the table is impossible");
    float *kernel = numbers(expected.weight[0].count), *bias = numbers(expected.weight[1].count);
    const cvs_tensor weights[] = {{kernel, expected.weight[0].tensor.shape}, {bias, expected.weight[1].tensor.shape}};
    planned_layer planned;
    if (cvs_plan_create(engine, &inference, weights, 2, CVS_ALGORITHM_AUTO, &planned.plan, NULL) != CVS_OK)
        give_up("a layer of the table cannot be planned");
    free(kernel), free(bias);
    planned.input = numbers(layer->channels * layer->side * layer->side);
    planned.output = numbers(layer->filters * layer->side * layer->side);
    planned.workspace = aligned(cvs_plan_workspace_bytes(planned.plan));
    return planned;
}

void planned_layer_run(void *layer) {
    const planned_layer *planned = layer;
    cvs_plan_execute(planned->plan, planned->input, planned->output, planned->workspace);
}

void planned_layer_free(planned_layer *layer) {
    cvs_plan_free(layer->plan);
    free(layer->input), free(layer->output), free(layer->workspace);
}
