/* Named layers of every operator, in both data formats, by every engine and algorithm, in memory that ends at an
   unmapped page on either side; and what values that are not finite become. */
#include "layer_trial.h"

#include <check.h>
#include <math.h>
#include <string.h>

Suite *layers_suite(void);

/* A layer by its numbers; zeros stand for one (kernel, stride, dilation, multiplier). */
typedef struct drawing {
    const char *name;
    cvs_op op;
    int rank;
    int64_t channels, in[3], filters, kernel[3], stride[3], dilation[3], groups;
    cvs_padding_mode mode;
    int64_t before[3], after[3], multiplier, output_size[3];
    double scale[3];
    cvs_fill fill;
    cvs_interpolation interpolation;
    cvs_activation_kind activation;
    bool counted, ceils;
} drawing;

static const drawing drawings[] = {
    {"U-Net's way up", CVS_OP_CONV_TRANSPOSE, 2, .channels = 16, .in = {5, 7}, .filters = 8, .kernel = {2, 2},
     .stride = {2, 2}},
    {"4x4 stride 2 pad 1", CVS_OP_CONV_TRANSPOSE, 2, .channels = 9, .in = {6, 5}, .filters = 7, .kernel = {4, 4},
     .stride = {2, 2}, .mode = CVS_PAD_EXPLICIT, .before = {1, 1}, .after = {1, 1}, .activation = CVS_ACT_RELU},
    {"transposed 3x3 stride 1", CVS_OP_CONV_TRANSPOSE, 2, .channels = 17, .in = {9, 11}, .filters = 19,
     .kernel = {3, 3}, .mode = CVS_PAD_EXPLICIT, .before = {1, 1}, .after = {1, 1}},
    {"transposed with holes", CVS_OP_CONV_TRANSPOSE, 2, .channels = 3, .in = {4, 5}, .filters = 5, .kernel = {2, 1},
     .stride = {3, 4}, .activation = CVS_ACT_SOFTMAX},
    {"transposed, dilated by the stride", CVS_OP_CONV_TRANSPOSE, 1, .channels = 5, .in = {11}, .filters = 4,
     .kernel = {3}, .stride = {4}, .dilation = {6}},
    {"transposed, cut more than a kernel", CVS_OP_CONV_TRANSPOSE, 1, .channels = 3, .in = {13}, .filters = 4,
     .kernel = {3}, .stride = {2}, .mode = CVS_PAD_EXPLICIT, .before = {7}, .after = {5}},
    {"transposed in groups, 3D", CVS_OP_CONV_TRANSPOSE, 3, .channels = 6, .in = {2, 3, 4}, .filters = 4,
     .kernel = {3, 2, 3}, .stride = {2, 1, 2}, .groups = 2},
    {"transposed of very many phases", CVS_OP_CONV_TRANSPOSE, 2, .channels = 4, .in = {2, 1}, .filters = 2,
     .kernel = {66, 67}, .stride = {65, 66}, .groups = 2, .mode = CVS_PAD_EXPLICIT, .before = {60, 20},
     .after = {60, 20}, .activation = CVS_ACT_RELU},
    {"transposed of very many phases, some empty", CVS_OP_CONV_TRANSPOSE, 1, .channels = 3, .in = {3}, .filters = 2,
     .kernel = {4100}, .stride = {4101}, .dilation = {2}, .mode = CVS_PAD_EXPLICIT, .before = {8100}, .after = {8101}},
    {"depthwise, two kernels a channel", CVS_OP_DEPTHWISE_CONV, 2, .channels = 17, .in = {9, 7}, .kernel = {3, 3},
     .mode = CVS_PAD_SAME, .multiplier = 2},
    {"depthwise, strided", CVS_OP_DEPTHWISE_CONV, 2, .channels = 32, .in = {11, 13}, .kernel = {3, 3}, .stride = {2, 2},
     .mode = CVS_PAD_SAME, .activation = CVS_ACT_RELU},
    {"separable", CVS_OP_SEPARABLE_CONV, 2, .channels = 8, .in = {9, 7}, .filters = 17, .kernel = {3, 3},
     .mode = CVS_PAD_SAME, .multiplier = 2, .activation = CVS_ACT_RELU},
    {"separable 1D", CVS_OP_SEPARABLE_CONV, 1, .channels = 3, .in = {29}, .filters = 5, .kernel = {5}, .dilation = {2}},
    {"separable, in tiles of lines", CVS_OP_SEPARABLE_CONV, 2, .channels = 16, .in = {103, 97}, .filters = 1,
     .kernel = {3, 3}, .mode = CVS_PAD_SAME, .multiplier = 8, .activation = CVS_ACT_RELU},
    {"separable, in tiles of a line, strided", CVS_OP_SEPARABLE_CONV, 1, .channels = 32, .in = {36001}, .filters = 1,
     .kernel = {3}, .stride = {2}, .mode = CVS_PAD_EXPLICIT, .before = {2}, .after = {1}, .multiplier = 2},
    {"max 3x3 stride 2", CVS_OP_MAX_POOL, 2, .channels = 17, .in = {13, 11}, .kernel = {3, 3}, .stride = {2, 2},
     .mode = CVS_PAD_EXPLICIT, .before = {1, 1}, .after = {1, 1}},
    {"max 2x2, rounded up", CVS_OP_MAX_POOL, 2, .channels = 5, .in = {7, 9}, .kernel = {2, 2}, .stride = {2, 2},
     .ceils = true},
    {"max, dilated", CVS_OP_MAX_POOL, 1, .channels = 3, .in = {37}, .kernel = {3}, .dilation = {4}},
    {"average 3x3 same", CVS_OP_AVERAGE_POOL, 2, .channels = 19, .in = {9, 8}, .kernel = {3, 3}, .mode = CVS_PAD_SAME},
    {"average, padding counted", CVS_OP_AVERAGE_POOL, 2, .channels = 3, .in = {9, 8}, .kernel = {3, 3},
     .stride = {2, 2}, .mode = CVS_PAD_EXPLICIT, .before = {1, 1}, .after = {1, 1}, .counted = true, .ceils = true},
    {"average 3D", CVS_OP_AVERAGE_POOL, 3, .channels = 3, .in = {4, 5, 6}, .kernel = {2, 2, 3}, .stride = {2, 2, 2}},
    {"global max", CVS_OP_GLOBAL_MAX_POOL, 2, .channels = 21, .in = {7, 7}},
    {"global average", CVS_OP_GLOBAL_AVERAGE_POOL, 2, .channels = 21, .in = {7, 7}},
    {"adaptive average", CVS_OP_ADAPTIVE_AVERAGE_POOL, 2, .channels = 5, .in = {11, 7}, .output_size = {4, 3}},
    {"adaptive max, to more", CVS_OP_ADAPTIVE_MAX_POOL, 1, .channels = 5, .in = {5}, .output_size = {13}},
    {"pad", CVS_OP_PAD, 2, .channels = 5, .in = {4, 5}, .mode = CVS_PAD_EXPLICIT, .before = {1, 2}, .after = {3, 4}},
    {"pad, reflecting", CVS_OP_PAD, 3, .channels = 2, .in = {3, 4, 5}, .mode = CVS_PAD_EXPLICIT, .before = {2, 3, 4},
     .after = {1, 2, 3}, .fill = CVS_FILL_REFLECT},
    {"pad, around", CVS_OP_PAD, 1, .channels = 3, .in = {5}, .mode = CVS_PAD_EXPLICIT, .before = {5}, .after = {4},
     .fill = CVS_FILL_CIRCULAR},
    {"pad, repeating", CVS_OP_PAD, 2, .channels = 3, .in = {3, 2}, .mode = CVS_PAD_EXPLICIT, .before = {5, 4},
     .after = {3, 7}, .fill = CVS_FILL_REPLICATE},
    {"crop", CVS_OP_CROP, 2, .channels = 5, .in = {9, 8}, .mode = CVS_PAD_EXPLICIT, .before = {1, 0}, .after = {3, 2}},
    {"nearest", CVS_OP_UPSAMPLE, 2, .channels = 5, .in = {4, 5}, .scale = {2, 3}},
    {"linear", CVS_OP_UPSAMPLE, 2, .channels = 5, .in = {4, 5}, .scale = {2, 2.5},
     .interpolation = CVS_INTERPOLATION_LINEAR},
    {"linear 3D", CVS_OP_UPSAMPLE, 3, .channels = 2, .in = {2, 3, 4}, .scale = {2, 2, 2},
     .interpolation = CVS_INTERPOLATION_LINEAR},
    {"cubic", CVS_OP_UPSAMPLE, 2, .channels = 5, .in = {6, 5}, .scale = {2, 0.5},
     .interpolation = CVS_INTERPOLATION_CUBIC},
    {"dense", CVS_OP_DENSE, 2, .channels = 65, .in = {3, 5}, .filters = 33, .activation = CVS_ACT_SOFTMAX},
    {"batch norm", CVS_OP_BATCH_NORM, 2, .channels = 17, .in = {5, 3}, .activation = CVS_ACT_RELU},
    {"layer norm", CVS_OP_LAYER_NORM, 2, .channels = 17, .in = {5, 3}},
    {"group norm", CVS_OP_GROUP_NORM, 2, .channels = 12, .in = {5, 3}, .groups = 3},
    {"softmax", CVS_OP_ACTIVATION, 2, .channels = 9, .in = {5, 3}, .activation = CVS_ACT_SOFTMAX},
    {"flatten", CVS_OP_FLATTEN, 2, .channels = 9, .in = {5, 3}},
    {"dropout", CVS_OP_DROPOUT, 2, .channels = 9, .in = {5, 3}},
};

enum { DRAWINGS = sizeof drawings / sizeof *drawings };

static int64_t or_one(int64_t n) { return n ? n : 1; }

static cvs_layer layer_of(const drawing *d, cvs_data_format format) {
    cvs_layer layer = cvs_layer_default(d->op, d->rank);
    layer.data_format = format;
    layer.filters = d->filters;
    layer.groups = or_one(d->groups);
    layer.multiplier = or_one(d->multiplier);
    layer.padding.mode = d->mode;
    layer.padding.fill = d->fill;
    layer.interpolation = d->interpolation;
    layer.activation.kind = d->activation;
    layer.count_include_pad = d->counted;
    layer.ceil_mode = d->ceils;
    for (int a = 0; a < d->rank; a++) {
        layer.kernel[a] = or_one(d->kernel[a]);
        layer.stride[a] = or_one(d->stride[a]);
        layer.dilation[a] = or_one(d->dilation[a]);
        layer.padding.before[a] = d->before[a];
        layer.padding.after[a] = d->after[a];
        layer.output_size[a] = d->output_size[a];
        layer.scale[a] = d->scale[a];
    }
    return layer;
}

static layer_trial trial_of_drawing(const drawing *d, cvs_data_format format, number_kind filling) {
    const cvs_layer layer = layer_of(d, format);
    const bool first = format == CVS_CHANNELS_FIRST;
    cvs_shape input = {.rank = d->rank + 2, .dim = {2}};
    cvs_inference inference;
    cvs_error err = {0};
    input.dim[first ? 1 : d->rank + 1] = d->channels;
    for (int a = 0; a < d->rank; a++) input.dim[a + (first ? 2 : 1)] = d->in[a];
    ck_assert_msg(cvs_infer(&layer, &input, NULL, &inference, &err) == CVS_OK, "%s: %s", d->name, err.message);
    return layer_trial_make(d->name, &inference, filling, 1);
}

static void run_everywhere(layer_trial *t, const engines *all, fence_side side) {
    for (int e = 0; e < all->count; e++)
        for (cvs_algorithm a = CVS_ALGORITHM_AUTO; a <= CVS_ALGORITHM_IM2COL; a++)
            layer_trial_run(t, &(run_how){all->engine[e], a, side, all->name[e]});
}

START_TEST(named_layers_are_their_definition) {
    engines all = engines_make();
    for (int i = 0; i < 2 * DRAWINGS; i++) {
        layer_trial t = trial_of_drawing(&drawings[i / 2], (cvs_data_format)(i % 2), (number_kind)_i);
        run_everywhere(&t, &all, BEGINS_AFTER);
        run_everywhere(&t, &all, ENDS_BEFORE);
        layer_trial_free(&t);
    }
    engines_free(&all);
}
END_TEST

/* ---- NaN and infinity ---------------------------------------------------------------------------- */

static const drawing *drawing_named(const char *name) {
    for (int i = 0; i < DRAWINGS; i++)
        if (strcmp(drawings[i].name, name) == 0) return &drawings[i];
    ck_abort_msg("no layer is called %s", name);
}

/* One strange input: whatever the outputs that see it become, no other changes. */
static void sow(const engines *all, layer_trial *t, float strange) {
    for (int64_t at = 0; at < t->input_count; at += t->input_count / 5 + 1) {
        const float before = t->input[at];
        t->input[at] = strange;
        layer_trial_update(t);
        run_everywhere(t, all, ENDS_BEFORE);
        t->input[at] = before;
    }
}

START_TEST(what_is_not_finite_goes_where_the_definition_takes_it) {
    const char *const names[] = {"average 3x3 same", "max 3x3 stride 2", "global max", "global average",
                                 "adaptive average", "pad, reflecting",  "crop",       "nearest",
                                 "flatten"};
    engines all = engines_make();
    for (size_t i = 0; i < 2 * sizeof names / sizeof *names; i++) {
        layer_trial t = trial_of_drawing(drawing_named(names[i / 2]), (cvs_data_format)(i % 2), WHOLE_NUMBERS);
        sow(&all, &t, INFINITY);
        sow(&all, &t, -INFINITY);
        sow(&all, &t, NAN);
        layer_trial_free(&t);
    }
    engines_free(&all);
}
END_TEST

Suite *layers_suite(void) {
    Suite *suite = suite_create("layers");
    TCase *core = tcase_create("core"), *limits = tcase_create("limits");
    tcase_set_timeout(core, 120);
    tcase_set_timeout(limits, 60);
    tcase_add_loop_test(core, named_layers_are_their_definition, WHOLE_NUMBERS, REALS + 1);
    tcase_add_test(limits, what_is_not_finite_goes_where_the_definition_takes_it);
    suite_add_tcase(suite, core);
    suite_add_tcase(suite, limits);
    return suite;
}
