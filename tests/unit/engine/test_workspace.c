/* What engine.h promises of workspaces: of layers whose shapes tempt a method to more, and of random ones. */
#include "draw_layer.h"
#include "trial.h"

#include <check.h>
#include <stdlib.h>

Suite *workspace_suite(void);

/* A layer by its numbers; zeros stand for one (kernel, stride, dilation, groups, multiplier). */
typedef struct tempting {
    const char *name;
    cvs_op op;
    int rank;
    int64_t channels, in[3], filters, kernel[3], stride[3], dilation[3], groups, multiplier;
    cvs_padding_mode mode;
} tempting;

static const tempting layers[] = {
    {"3x3 of a large map", CVS_OP_CONV, 2, .channels = 64, .in = {512, 512}, .filters = 8, .kernel = {3, 3},
     .mode = CVS_PAD_SAME},
    {"few filters of many channels", CVS_OP_CONV, 2, .channels = 2048, .in = {64, 64}, .filters = 1, .kernel = {3, 3},
     .mode = CVS_PAD_SAME},
    {"Winograd of very many channels", CVS_OP_CONV, 2, .channels = 4096, .in = {14, 14}, .filters = 32,
     .kernel = {3, 3}, .mode = CVS_PAD_SAME},
    {"Winograd of many channels and filters", CVS_OP_CONV, 2, .channels = 512, .in = {28, 28}, .filters = 512,
     .kernel = {3, 3}, .mode = CVS_PAD_SAME},
    {"Winograd of narrow tiles", CVS_OP_CONV, 2, .channels = 1024, .in = {200, 3}, .filters = 64, .kernel = {3, 3},
     .mode = CVS_PAD_SAME},
    {"few cells of many channels", CVS_OP_CONV, 2, .channels = 4000, .in = {9, 14}, .filters = 16, .kernel = {5, 5},
     .mode = CVS_PAD_SAME},
    {"few channels that are turned", CVS_OP_CONV, 2, .channels = 17, .in = {80, 81}, .filters = 33, .kernel = {3, 3},
     .stride = {3, 3}},
    {"kernel of very many taps", CVS_OP_CONV, 2, .channels = 1, .in = {900, 900}, .filters = 1, .kernel = {890, 891}},
    {"the same with more filters", CVS_OP_CONV, 2, .channels = 2, .in = {900, 900}, .filters = 5, .kernel = {890, 891}},
    {"the same, a channel at a time", CVS_OP_CONV, 2, .channels = 2, .in = {900, 900}, .filters = 2,
     .kernel = {890, 891}, .groups = 2},
    {"wide kernel over small outputs", CVS_OP_CONV, 1, .channels = 1, .in = {60000}, .filters = 2, .kernel = {59999}},
    {"dilated so that a line spans the input", CVS_OP_CONV, 2, .channels = 3, .in = {1, 90000}, .filters = 20,
     .kernel = {1, 2}, .dilation = {1, 89990}},
    {"long line, large steps", CVS_OP_CONV, 1, .channels = 3, .in = {1 << 20}, .filters = 2, .kernel = {4},
     .stride = {4}},
    {"stride beyond 32-bit indices", CVS_OP_CONV, 1, .channels = 17, .in = {(1 << 28) + 1}, .filters = 17,
     .kernel = {1}, .stride = {1 << 28}},
    {"stride beyond 32-bit indices, few channels", CVS_OP_CONV, 1, .channels = 1, .in = {(INT64_C(1) << 30) + 1},
     .filters = 33, .kernel = {1}, .stride = {1 << 30}},
    {"3D", CVS_OP_CONV, 3, .channels = 64, .in = {32, 56, 56}, .filters = 64, .kernel = {3, 3, 3},
     .mode = CVS_PAD_SAME},
    {"transposed", CVS_OP_CONV_TRANSPOSE, 2, .channels = 256, .in = {56, 56}, .filters = 64, .kernel = {4, 4},
     .stride = {2, 2}},
    {"transposed, one phase", CVS_OP_CONV_TRANSPOSE, 2, .channels = 512, .in = {28, 28}, .filters = 8,
     .kernel = {3, 3}},
    {"depthwise", CVS_OP_DEPTHWISE_CONV, 2, .channels = 960, .in = {112, 112}, .kernel = {7, 7}, .mode = CVS_PAD_SAME},
    {"depthwise of a long line", CVS_OP_DEPTHWISE_CONV, 1, .channels = 64, .in = {1 << 20}, .kernel = {9}},
    {"separable, more channels than filters", CVS_OP_SEPARABLE_CONV, 2, .channels = 1024, .in = {112, 112},
     .filters = 16, .kernel = {3, 3}, .multiplier = 2},
    {"separable, one filter", CVS_OP_SEPARABLE_CONV, 2, .channels = 512, .in = {224, 224}, .filters = 1,
     .kernel = {3, 3}, .stride = {2, 2}, .mode = CVS_PAD_SAME},
    {"separable of a long line", CVS_OP_SEPARABLE_CONV, 1, .channels = 128, .in = {1 << 20}, .filters = 2,
     .kernel = {5}, .mode = CVS_PAD_SAME},
    {"dense", CVS_OP_DENSE, 0, .channels = 700, .in = {64}, .filters = 900},
};

static int64_t or_one(int64_t n) { return n ? n : 1; }

static cvs_inference infer(const tempting *t, cvs_data_format format) {
    cvs_layer layer = cvs_layer_default(t->op, t->rank);
    cvs_shape input = {.rank = t->rank + 2, .dim = {1}};
    const bool first = format == CVS_CHANNELS_FIRST && t->rank > 0;
    layer.framework = CVS_CONVSCOPE;
    layer.data_format = format;
    layer.filters = t->filters;
    layer.multiplier = or_one(t->multiplier);
    layer.groups = or_one(t->groups);
    layer.padding.mode = t->mode;
    input.dim[first ? 1 : input.rank - 1] = t->channels;
    for (int i = 0; i < t->rank; i++) {
        layer.kernel[i] = or_one(t->kernel[i]);
        layer.stride[i] = or_one(t->stride[i]);
        layer.dilation[i] = or_one(t->dilation[i]);
        input.dim[i + (first ? 2 : 1)] = t->in[i];
    }
    cvs_inference inference;
    cvs_error err = {0};
    if (cvs_infer(&layer, &input, NULL, &inference, &err) != CVS_OK) ck_abort_msg("%s: %s", t->name, err.message);
    return inference;
}

static void check_plan(const cvs_engine *engine, const char *name, const cvs_plan *plan) {
    cvs_engine_info info;
    int64_t outputs;
    cvs_engine_describe(engine, &info);
    ck_assert_int_eq(cvs_shape_count(&cvs_plan_inference(plan)->output.shape, &outputs, NULL), CVS_OK);
    const size_t bytes = cvs_plan_workspace_bytes(plan);
    const size_t most = 2 * sizeof(float) * (size_t)outputs + (size_t)info.threads * CVS_WORKSPACE_A_THREAD;
    ck_assert_msg(bytes <= most, "%s, %s, %s, %d threads: %zu bytes of workspace, promised are %zu", name,
                  cvs_isa_name(info.isa), cvs_plan_algorithm(plan), info.threads, bytes, most);
}

/* Zeros for weights: a plan never looks at the input. */
static void check(const cvs_engine *engine, const char *name, const cvs_inference *inference, cvs_algorithm wanted) {
    cvs_weights list;
    cvs_tensor tensors[CVS_MAX_WEIGHTS];
    cvs_plan *plan = NULL;
    cvs_error err = {0};
    ck_assert_int_eq(cvs_layer_weights(inference, CVS_FRAMEWORK_AUTO, &list, NULL), CVS_OK);
    for (int i = 0; i < list.count; i++) {
        const cvs_weight *weight = &list.weight[i];
        tensors[i] = (cvs_tensor){calloc((size_t)weight->count + 1, sizeof(float)), weight->tensor.shape};
        ck_assert_ptr_nonnull(tensors[i].data);
    }
    const cvs_status status = cvs_plan_create(engine, inference, tensors, (size_t)list.count, wanted, &plan, &err);
    if (status == CVS_OK)
        check_plan(engine, name, plan);
    else if (wanted != CVS_ALGORITHM_WINOGRAD || status != CVS_UNSUPPORTED)
        ck_abort_msg("%s: %s", name, err.message);
    cvs_plan_free(plan);
    for (int i = 0; i < list.count; i++) free((void *)(uintptr_t)tensors[i].data);
}

static cvs_engine *engine_of(cvs_isa isa, int threads) {
    cvs_engine *engine = NULL;
    const cvs_engine_options options = {.cap_isa = true, .isa = isa, .threads = threads};
    ck_assert_int_eq(cvs_engine_create(&options, &engine, NULL), CVS_OK);
    return engine;
}

START_TEST(workspaces_keep_to_what_is_promised) {
    static const int threads[] = {1, 5};
    for (size_t t = 0; t < sizeof threads / sizeof *threads; t++) {
        cvs_engine *engine = engine_of((cvs_isa)_i, threads[t]);
        for (size_t i = 0; i < 2 * sizeof layers / sizeof *layers; i++) {
            const cvs_inference inference = infer(&layers[i / 2], (cvs_data_format)(i % 2));
            for (cvs_algorithm a = CVS_ALGORITHM_AUTO; a <= CVS_ALGORITHM_WINOGRAD; a++)
                check(engine, layers[i / 2].name, &inference, a);
        }
        cvs_engine_free(engine);
    }
}
END_TEST

START_TEST(workspaces_of_random_layers_do_too) {
    enum { LAYERS = 100 };
    uint64_t state = 77;
    cvs_engine *engine = engine_of((cvs_isa)_i, 3);
    for (cvs_op op = CVS_OP_CONV + 1; op < CVS_OP_ADD; op++) {
        for (int n = 0; n < LAYERS; n++) {
            const cvs_inference inference = draw_inference(op, &state);
            check(engine, cvs_op_name(op), &inference, CVS_ALGORITHM_AUTO);
        }
    }
    cvs_engine_free(engine);
}
END_TEST

Suite *workspace_suite(void) {
    Suite *suite = suite_create("workspace");
    TCase *limits = tcase_create("limits");
    const int levels = (int)cvs_isa_detect() + 1;
    tcase_set_timeout(limits, 120);
    tcase_add_loop_test(limits, workspaces_keep_to_what_is_promised, 0, levels);
    tcase_add_loop_test(limits, workspaces_of_random_layers_do_too, 0, levels);
    suite_add_tcase(suite, limits);
    return suite;
}
