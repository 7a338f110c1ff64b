/* layers.h - the layers measured, each beside the bare product it comes down to. */
#ifndef CONVSCOPE_BENCH_LAYERS_H
#define CONVSCOPE_BENCH_LAYERS_H

#include <convscope/engine.h>

/* A square 2D layer, batch 1, padded so that the size stays: with bias and ReLU. */
typedef struct layer_case {
    const char *name;
    cvs_data_format format;
    int64_t channels, filters, side, kernel;
    double target; /* time over that of the bare product; 0: none set */
} layer_case;

extern const layer_case layer_cases[];
extern const size_t layer_case_count;

/* The product filters x depth times depth x cells with cblas_sgemm and nothing else. */
typedef struct bare_product {
    int64_t m, n, k;
    float *a, *b, *c;
} bare_product;

bare_product bare_product_make(const layer_case *layer);
void bare_product_run(void *product);
void bare_product_free(bare_product *product);

/* A planned layer. */
typedef struct planned_layer {
    cvs_plan *plan;
    float *input, *output;
    void *workspace;
} planned_layer;

planned_layer planned_layer_make(const layer_case *layer, const cvs_engine *engine);
void planned_layer_run(void *layer);
void planned_layer_free(planned_layer *layer);

#endif
