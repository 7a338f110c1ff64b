/*
 * Run with LD_PRELOAD=fake_blas_<kind>.so: the engine must notice that the BLAS is not to be trusted, say so by
 * name, and compute right all the same. argv[1] is what it should say about the failed product.
 */
#include <convscope/engine.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A 3x3 kernel of ones on ones without padding: every output is 9 times the channels. */
static bool computes_right(const cvs_engine *engine) {
    enum { CHANNELS = 5, FILTERS = 7, SIDE = 11, OUT = SIDE - 2 };
    static float input[CHANNELS * SIDE * SIDE], kernel[3 * 3 * CHANNELS * FILTERS], output[FILTERS * OUT * OUT];
    for (size_t i = 0; i < sizeof input / sizeof *input; i++) input[i] = 1;
    for (size_t i = 0; i < sizeof kernel / sizeof *kernel; i++) kernel[i] = 1;
    cvs_layer layer = cvs_layer_default(CVS_OP_CONV, 2);
    layer.filters = FILTERS, layer.kernel[0] = layer.kernel[1] = 3, layer.use_bias = false;
    const cvs_shape shape = {4, {1, SIDE, SIDE, CHANNELS}};
    const cvs_tensor weights = {kernel, {4, {3, 3, CHANNELS, FILTERS}}};
    cvs_inference inference;
    cvs_plan *plan;
    if (cvs_infer(&layer, &shape, NULL, &inference, NULL) != CVS_OK) return false;
    if (cvs_plan_create(engine, &inference, &weights, 1, CVS_ALGORITHM_IM2COL, &plan, NULL) != CVS_OK) return false;
    void *workspace = aligned_alloc(64, (cvs_plan_workspace_bytes(plan) + 63) / 64 * 64);
    cvs_plan_execute(plan, input, output, workspace);
    free(workspace);
    cvs_plan_free(plan);
    for (size_t i = 0; i < sizeof output / sizeof *output; i++)
        if (output[i] != 9 * CHANNELS) return false;
    return true;
}

static int complain(const char *what, const char *detail) {
    fprintf(stderr, "%s: %s\n", what, detail);
    return EXIT_FAILURE;
}

static int check(const cvs_engine *engine, const char *wanted) {
    cvs_engine_info info;
    cvs_engine_describe(engine, &info);
    printf("blas: %s\nnote: %s\nproof: %.1f ms\n", info.blas, info.blas_note, info.proof_ms);
    if (info.blas_used) return complain("the fake BLAS is used", info.blas);
    if (!strstr(info.blas, "OpenBLAS") || !strstr(info.blas, wanted))
        return complain("blas does not say why", info.blas);
    if (!strstr(info.blas_note, wanted)) return complain("blas_note does not say why", info.blas_note);
    if (!computes_right(engine)) return complain("wrong values", info.blas);
    return EXIT_SUCCESS;
}

int main(int argc, char **argv) {
    cvs_engine *engine;
    if (argc != 2 || cvs_engine_create(NULL, &engine, NULL) != CVS_OK) return complain("usage", "with_fake_blas WORDS");
    int status = check(engine, argv[1]);
    cvs_engine_free(engine);
    return status;
}
