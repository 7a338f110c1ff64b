/* How many threads compute a layer changes no bit of what they compute, whatever the algorithm: every operator's random
   layers, and layers of well-known networks, large enough to be shared out. */
#include "draw_layer.h"
#include "layer_trial.h"

#include "engine/blas.h"
#include "engine/engine_internal.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

Suite *bits_suite(void);

static const int thread_counts[] = {1, 2, 3, 8};
enum { COUNTS = sizeof thread_counts / sizeof *thread_counts };

/* By kernels of their own up to a level, or all by the BLAS. */
typedef struct teams {
    cvs_engine *engine[COUNTS];
} teams;

static teams make_teams(cvs_isa isa, bool blas) {
    teams all;
    if (blas) cvs__blas_prepare();
    for (int i = 0; i < COUNTS; i++) {
        const cvs_engine_options options = {
            .without_blas = true, .cap_isa = true, .isa = isa, .threads = thread_counts[i]};
        ck_assert_int_eq(cvs_engine_create(&options, &all.engine[i], NULL), CVS_OK);
        if (blas) all.engine[i]->product = cvs__blas_product;
    }
    return all;
}

static void free_teams(const teams *all) {
    for (int i = 0; i < COUNTS; i++) cvs_engine_free(all->engine[i]);
}

/* A layer with its numbers. */
typedef struct subject {
    const char *name;
    const cvs_inference *inference;
    const cvs_tensor *weights;
    size_t weight_count;
    const float *input;
} subject;

/* What the engine computes; NULL where the algorithm is not for such a layer. */
static float *execute(const cvs_engine *engine, const subject *s, cvs_algorithm algorithm, size_t bytes) {
    cvs_plan *plan = NULL;
    cvs_error err = {0};
    const cvs_status status =
        cvs_plan_create(engine, s->inference, s->weights, s->weight_count, algorithm, &plan, &err);
    if (status == CVS_UNSUPPORTED && algorithm != CVS_ALGORITHM_AUTO) return NULL;
    ck_assert_msg(status == CVS_OK, "%s: %s", s->name, err.message);
    void *workspace = aligned_alloc(64, (cvs_plan_workspace_bytes(plan) + 64) / 64 * 64);
    float *output = malloc(bytes + 1);
    ck_assert(workspace && output);
    memset(output, 0xff, bytes);
    cvs_plan_execute(plan, s->input, output, workspace);
    free(workspace);
    cvs_plan_free(plan);
    return output;
}

/* The first engine, of one thread, says what the bits are. */
static void compare(const teams *all, const subject *s, cvs_algorithm algorithm) {
    int64_t outputs;
    ck_assert_int_eq(cvs_shape_count(&s->inference->output.shape, &outputs, NULL), CVS_OK);
    const size_t bytes = (size_t)outputs * sizeof(float);
    float *alone = execute(all->engine[0], s, algorithm, bytes);
    for (int i = 1; alone && i < COUNTS; i++) {
        float *together = execute(all->engine[i], s, algorithm, bytes);
        ck_assert_msg(together && memcmp(alone, together, bytes) == 0,
                      "%s, %s, %s: %d threads compute other bits than one", s->name,
                      cvs_data_format_name(s->inference->layer.data_format), cvs_algorithm_name(algorithm),
                      thread_counts[i]);
        free(together);
    }
    free(alone);
}

/* Of networks, some with fewer channels: enough for every method, and for more parts than threads. */
static const sketch layers[] = {
    {"first layer of ResNet", 2, .channels = 3, .in = {112, 112}, .filters = 64, .kernel = {7, 7}, .stride = {2, 2},
     .mode = CVS_PAD_EXPLICIT, .before = {3, 3}, .after = {3, 3}},
    {"first layer of VGG", 2, .channels = 3, .in = {64, 64}, .filters = 32, .kernel = {3, 3}, .mode = CVS_PAD_SAME},
    {"Winograd", 2, .channels = 64, .in = {28, 28}, .filters = 64, .kernel = {3, 3}, .mode = CVS_PAD_SAME},
    {"Winograd of few cells", 2, .batch = 2, .channels = 256, .in = {7, 7}, .filters = 256, .kernel = {3, 3},
     .mode = CVS_PAD_SAME},
    {"1x1", 2, .channels = 64, .in = {56, 56}, .filters = 64, .kernel = {1, 1}},
    {"1x1 of few cells", 2, .channels = 512, .in = {7, 7}, .filters = 256, .kernel = {1, 1}},
    {"1x1 strided", 2, .channels = 64, .in = {56, 56}, .filters = 96, .kernel = {1, 1}, .stride = {2, 2}},
    {"3x3 strided", 2, .channels = 32, .in = {56, 56}, .filters = 64, .kernel = {3, 3}, .stride = {2, 2},
     .mode = CVS_PAD_SAME},
    {"1x7", 2, .channels = 48, .in = {17, 17}, .filters = 48, .kernel = {1, 7}, .mode = CVS_PAD_SAME},
    {"depthwise", 2, .channels = 96, .in = {56, 56}, .filters = 96, .kernel = {3, 3}, .groups = 96,
     .mode = CVS_PAD_SAME},
    {"depthwise strided", 2, .channels = 96, .in = {56, 56}, .filters = 96, .kernel = {3, 3}, .stride = {2, 2},
     .groups = 96, .mode = CVS_PAD_SAME},
    {"ResNeXt", 2, .channels = 128, .in = {28, 28}, .filters = 128, .kernel = {3, 3}, .groups = 32,
     .mode = CVS_PAD_SAME},
    {"large groups", 2, .channels = 128, .in = {28, 28}, .filters = 128, .kernel = {3, 3}, .groups = 4,
     .mode = CVS_PAD_SAME},
    {"WaveNet", 1, .channels = 32, .in = {2000}, .filters = 64, .kernel = {2}, .dilation = {64},
     .mode = CVS_PAD_CAUSAL},
    {"3D", 3, .channels = 16, .in = {8, 20, 20}, .filters = 32, .kernel = {3, 3, 3}, .mode = CVS_PAD_SAME},
    {"reflecting", 2, .channels = 32, .in = {40, 40}, .filters = 32, .kernel = {3, 3}, .mode = CVS_PAD_EXPLICIT,
     .before = {1, 1}, .after = {1, 1}, .fill = CVS_FILL_REFLECT},
};

static float *reals(int64_t count, uint64_t *state) {
    float *data = malloc((size_t)(count + 1) * sizeof *data);
    ck_assert_ptr_nonnull(data);
    for (int64_t i = 0; i < count; i++) data[i] = (float)random_in(state, -(1 << 23), 1 << 23) * 0x1p-23F;
    return data;
}

static cvs_inference inference_of(const sketch *s, cvs_data_format format) {
    const cvs_layer layer = sketch_layer(s, CVS_CONVSCOPE, format);
    const bool first = format == CVS_CHANNELS_FIRST;
    cvs_shape input = {.rank = s->rank + 2, .dim = {s->batch ? s->batch : 1}};
    cvs_inference inference;
    input.dim[first ? 1 : s->rank + 1] = s->channels;
    for (int a = 0; a < s->rank; a++) input.dim[a + (first ? 2 : 1)] = s->in[a];
    ck_assert_int_eq(cvs_infer(&layer, &input, NULL, &inference, NULL), CVS_OK);
    return inference;
}

static void compare_sketch(const teams *all, const sketch *s, cvs_data_format format, cvs_algorithm algorithm) {
    const cvs_inference inference = inference_of(s, format);
    uint64_t state = 21;
    cvs_weights list;
    cvs_tensor tensors[CVS_MAX_WEIGHTS];
    int64_t inputs;
    float *data[CVS_MAX_WEIGHTS];
    ck_assert_int_eq(cvs_shape_count(&inference.input.shape, &inputs, NULL), CVS_OK);
    ck_assert_int_eq(cvs_layer_weights(&inference, CVS_FRAMEWORK_AUTO, &list, NULL), CVS_OK);
    for (int i = 0; i < list.count; i++) {
        data[i] = reals(list.weight[i].count, &state);
        tensors[i] = (cvs_tensor){data[i], list.weight[i].tensor.shape};
    }
    float *input = reals(inputs, &state);
    compare(all, &(subject){s->name, &inference, tensors, (size_t)list.count, input}, algorithm);
    for (int i = 0; i < list.count; i++) free(data[i]);
    free(input);
}

static void compare_sketches(const teams *all, cvs_algorithm algorithm) {
    for (size_t i = 0; i < 2 * sizeof layers / sizeof *layers; i++)
        compare_sketch(all, &layers[i / 2], (cvs_data_format)(i % 2), algorithm);
}

START_TEST(threads_change_no_bit_of_a_networks_layers) {
    const teams all = make_teams((cvs_isa)_i, false);
    compare_sketches(&all, CVS_ALGORITHM_AUTO);
    free_teams(&all);
}
END_TEST

/* By the kernels' own products, and by those of the BLAS. */
START_TEST(threads_change_no_bit_of_a_networks_layers_by_products) {
    const teams all = make_teams(cvs_isa_detect(), _i);
    compare_sketches(&all, CVS_ALGORITHM_IM2COL);
    free_teams(&all);
}
END_TEST

START_TEST(threads_change_no_bit_of_random_layers) {
    enum { LAYERS = 200 };
    const cvs_op op = (cvs_op)_i;
    uint64_t state = 400 + (uint64_t)_i;
    const teams all = make_teams(cvs_isa_detect(), false);
    for (int n = 0; n < LAYERS; n++) {
        char name[64];
        snprintf(name, sizeof name, "%s, layer %d", cvs_op_name(op), n);
        const cvs_inference inference = draw_inference(op, &state);
        layer_trial t = layer_trial_make(name, &inference, REALS, next_random(&state));
        compare(&all, &(subject){name, &t.inference, t.tensors, (size_t)t.list.count, t.input}, CVS_ALGORITHM_AUTO);
        layer_trial_free(&t);
    }
    free_teams(&all);
}
END_TEST

START_TEST(threads_change_no_bit_of_random_convolutions) {
    enum { LAYERS = 500 };
    const cvs_algorithm algorithm = (cvs_algorithm)(_i / 2);
    uint64_t state = 500 + (uint64_t)_i;
    const teams all = make_teams(cvs_isa_detect(), _i % 2);
    for (int n = 0; n < LAYERS; n++) {
        char name[64];
        snprintf(name, sizeof name, "convolution %d", n);
        const cvs_inference drawn = draw_conv(&state);
        trial t = trial_make(name, &drawn.layer, &drawn.input.shape, REALS, next_random(&state));
        compare(&all, &(subject){name, &t.inference, t.weights, t.layer.use_bias ? 2 : 1, t.laid_input}, algorithm);
        trial_free(&t);
    }
    free_teams(&all);
}
END_TEST

Suite *bits_suite(void) {
    Suite *suite = suite_create("bits");
    TCase *core = tcase_create("core");
    tcase_set_timeout(core, 120);
    tcase_add_loop_test(core, threads_change_no_bit_of_a_networks_layers, 0, (int)cvs_isa_detect() + 1);
    tcase_add_loop_test(core, threads_change_no_bit_of_random_layers, CVS_OP_CONV + 1, CVS_OP_ADD);
    tcase_add_loop_test(core, threads_change_no_bit_of_a_networks_layers_by_products, 0, 2);
    tcase_add_loop_test(core, threads_change_no_bit_of_random_convolutions, 0, 2 * (CVS_ALGORITHM_WINOGRAD + 1));
    suite_add_tcase(suite, core);
    return suite;
}
