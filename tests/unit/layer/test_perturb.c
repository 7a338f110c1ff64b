/*
 * Receptive fields and windows against what is measured: each input cell of an axis is changed by itself, and what
 * comes out tells which output cells see it.
 */
#include "layer/measured.h"

#include <convscope/chain.h>
#include <convscope/inspect.h>

#include <math.h>

Suite *perturb_suite(void);

enum { WINDOWS = 20000, LAYERS = 3000, CHAINS = 1000, GLOBAL = 1000, MOST_LAYERS = 5, INPUTS = 240, MOST_KINDS = 24 };

/* The first ones make whole steps. */
static const cvs_op ops[] = {CVS_OP_CONV,
                             CVS_OP_CONV,
                             CVS_OP_DEPTHWISE_CONV,
                             CVS_OP_SEPARABLE_CONV,
                             CVS_OP_MAX_POOL,
                             CVS_OP_AVERAGE_POOL,
                             CVS_OP_PAD,
                             CVS_OP_CROP,
                             CVS_OP_CONV_TRANSPOSE,
                             CVS_OP_CONV_TRANSPOSE,
                             CVS_OP_UPSAMPLE,
                             CVS_OP_UPSAMPLE,
                             CVS_OP_ADAPTIVE_MAX_POOL,
                             CVS_OP_ADAPTIVE_AVERAGE_POOL};

enum { OPS = sizeof ops / sizeof *ops, WHOLE_OPS = 8 };

/* ---- the window of one cell ---- */

/* Exactly the inputs that change the cell stand in its window. */
static bool lists_what_changes(const cvs_inference *inference, const cvs_window *window, int axis,
                               const double *change) {
    bool listed[MOST_CELLS] = {0};
    int64_t size = input_size(inference, axis), before = 0, after = 0;
    for (int64_t n = 0; n < window->count; n++) {
        int64_t position = window->first + n * window->step;
        int64_t source = walk_to(inference->layer.padding.fill, position, size);
        before += position < 0;
        after += position >= size;
        if (source >= 0) listed[source] = true;
    }
    bool same = before == window->before && after == window->after;
    for (int64_t x = 0; x < size; x++) same &= listed[x] == (change[x] != 0);
    return same;
}

static bool has_window(cvs_op op) { return op <= CVS_OP_AVERAGE_POOL; }

static void check_windows(const cvs_inference *inference, int axis, const effects *found) {
    int64_t at[CVS_MAX_SPATIAL] = {0};
    for (at[axis] = 0; at[axis] < found->cells; at[axis]++) {
        cvs_window windows[CVS_MAX_SPATIAL];
        if (cvs_layer_window(inference, at, windows, NULL) != CVS_OK ||
            !lists_what_changes(inference, &windows[axis], axis, found->change[at[axis]]))
            ck_abort_msg("%s, cell %d: k %d s %d d %d", cvs_op_name(inference->layer.op), (int)at[axis],
                         (int)inference->layer.kernel[axis], (int)inference->layer.stride[axis],
                         (int)inference->layer.dilation[axis]);
    }
}

START_TEST(windows_list_what_changes_a_cell) {
    static effects found;
    uint64_t state = 21;
    int checked = 0;
    for (int round = 0; checked < WINDOWS; round++) {
        cvs_layer layer = random_layer(&state, ops[round % OPS], (int)random_in(&state, 1, 3));
        if (!has_window(layer.op)) continue;
        int64_t sizes[CVS_MAX_SPATIAL];
        for (int axis = 0; axis < CVS_MAX_SPATIAL; axis++) sizes[axis] = random_in(&state, 4, 14);
        cvs_shape input = shape_with(&layer, sizes);
        cvs_inference inference;
        if (cvs_infer(&layer, &input, NULL, &inference, NULL) != CVS_OK) continue;
        for (int axis = 0; axis < layer.spatial_rank; axis++) {
            found.cells = output_size(&inference, axis);
            measure(&inference, 1, axis, &found);
            check_windows(&inference, axis, &found);
        }
        checked++;
    }
    printf(" the windows of %d layers measured\n", checked);
}
END_TEST

/* ---- the fields of chains ---- */

/* What the layers do to distances, by their settings alone. */
typedef struct course {
    double jump, reach; /* of neighbours; of everything that a cell may see, generously */
    int64_t kinds;      /* after so many cells all is as before, further on */
    double slack;       /* what cells between cells leave open, in inputs; 0: no step is a part of a cell */
} course;

static void add_to_course(course *c, const cvs_inference *inference, int axis) {
    const cvs_layer *layer = &inference->layer;
    int64_t i = input_size(inference, axis), o = output_size(inference, axis), over = 1;
    double ratio = 1, reach = 4;
    bool resized = layer->op == CVS_OP_UPSAMPLE || layer->op >= CVS_OP_GLOBAL_MAX_POOL;
    if (layer->op == CVS_OP_UPSAMPLE && !layer->has_output_size)
        ratio = 1 / layer->scale[axis];
    else if (resized && layer->op != CVS_OP_PAD && layer->op != CVS_OP_CROP)
        ratio = (double)i / (double)o;
    else if (layer->op == CVS_OP_CONV_TRANSPOSE)
        ratio = 1 / (double)layer->stride[axis];
    else if (has_window(layer->op))
        ratio = (double)layer->stride[axis];
    while (fabs(ratio * (double)over - round(ratio * (double)over)) > 1e-9) over++;
    if (has_window(layer->op)) reach = (double)(layer->dilation[axis] * layer->kernel[axis]);
    if (over > 1 || layer->op == CVS_OP_UPSAMPLE) c->slack += ceil(c->jump) + 1;
    c->reach += c->jump * (reach + ratio);
    c->jump *= ratio;
    c->kinds *= over;
}

typedef struct trial {
    int count;
    cvs_inference layer[MOST_LAYERS];
    cvs_chain chain;
    course course[CVS_MAX_SPATIAL];
} trial;

/* A line of layers, each on what the one before it gives; false where one of them cannot be. */
static bool roll_trial(uint64_t *state, trial *made) {
    int spatial_rank = (int)random_in(state, 1, 3);
    int64_t sizes[CVS_MAX_SPATIAL] = {INPUTS, INPUTS + 1, INPUTS + 5};
    int last_op = made->count > 1 && random_in(state, 0, 1) ? WHOLE_OPS - 1 : OPS - 1;
    made->chain = (cvs_chain){0};
    for (int axis = 0; axis < spatial_rank; axis++) made->course[axis] = (course){1, 0, 1, 0};
    for (int i = 0; i < made->count; i++) {
        cvs_layer layer = random_layer(state, ops[random_in(state, 0, last_op)], spatial_rank);
        layer.padding.fill = CVS_FILL_ZEROS;
        if (made->count > 1 && layer.interpolation == CVS_INTERPOLATION_CUBIC)
            layer.interpolation = CVS_INTERPOLATION_LINEAR;
        for (int axis = 0; axis < spatial_rank && layer.has_output_size; axis++)
            layer.output_size[axis] = sizes[axis] * random_in(state, 1, 4) / random_in(state, 1, 4);
        cvs_shape input = shape_with(&layer, sizes);
        if (cvs_infer(&layer, &input, NULL, &made->layer[i], NULL) != CVS_OK) return false;
        if (cvs_chain_add(&made->chain, &made->layer[i], NULL) != CVS_OK) return false;
        for (int axis = 0; axis < spatial_rank; axis++) {
            sizes[axis] = output_size(&made->layer[i], axis);
            add_to_course(&made->course[axis], &made->layer[i], axis);
            if (sizes[axis] < 1 || sizes[axis] > LONGEST_LINE) return false;
        }
    }
    return true;
}

/* Cells in the middle, that see nothing of the ends; false where there are too few. */
static bool choose_cells(const trial *made, int axis, effects *found) {
    const course *c = &made->course[axis];
    int64_t cells = output_size(&made->layer[made->count - 1], axis);
    found->cells = 2 * c->kinds;
    found->from = cells / 2 - c->kinds;
    double seen = 2 * c->reach + c->jump * (double)found->cells;
    return c->kinds <= MOST_KINDS && found->from >= 0 && found->from + found->cells <= cells && seen < INPUTS / 2;
}

static void fail_trial(const trial *made, int axis, const char *what) {
    char text[1000] = "";
    for (int i = 0; i < made->count; i++) {
        const cvs_layer *layer = &made->layer[i].layer;
        size_t used = strlen(text);
        snprintf(text + used, sizeof text - used, "%s k%d s%d d%d p%d scale %g to %d by %d; ", cvs_op_name(layer->op),
                 (int)layer->kernel[axis], (int)layer->stride[axis], (int)layer->dilation[axis],
                 (int)layer->padding.before[axis], layer->scale[axis], (int)output_size(&made->layer[i], axis),
                 (int)layer->interpolation);
    }
    ck_abort_msg("%s of axis %d: %s", what, axis, text);
}

/* After `kinds` cells the windows have moved by that many jumps. */
static bool moves_by(const effects *found, int64_t kinds, double jump) {
    int64_t first, last, next_first, next_last;
    bool right = true;
    for (int64_t cell = 0; cell + kinds < found->cells; cell++) {
        if (!span_of(found, cell, &first, &last)) continue;
        right &= span_of(found, cell + kinds, &next_first, &next_last);
        right &= fabs((double)(next_first - first) - jump * (double)kinds) < 1e-6;
        right &= fabs((double)(next_last - last) - jump * (double)kinds) < 1e-6;
    }
    return right;
}

/*
 * Of one layer, and of several whose steps are whole, everything is exact. Where a layer makes steps of parts of a
 * cell, the cells of the next see it from different sides, which the sums of a chain do not follow.
 */
static void check_field(const trial *made, int axis, const effects *found) {
    const cvs_receptive_field *field = &made->chain.field;
    const course *c = &made->course[axis];
    double slack = made->count == 1 ? 0 : c->slack;
    double jump = (double)field->jump[axis] / (double)field->jump_divisor[axis];
    int64_t widest = widest_of(found);
    double off = fabs(start_of(found, jump) - field->start[axis]);
    if (widest == 0 && slack > 0) return; /* strides that meet only what a transposed layer leaves empty */
    if (!moves_by(found, c->kinds, jump)) fail_trial(made, axis, "jump");
    if (fabs((double)(field->size[axis] - widest)) > slack) fail_trial(made, axis, "size");
    if (off > 1e-6 + slack) fail_trial(made, axis, "start");
}

static void check_trials(int layers, int wanted, uint64_t state) {
    static effects found;
    static trial made;
    int checked = 0, exact = 0, tries = 0;
    for (; checked < wanted; tries++) {
        ck_assert_int_lt(tries, 400 * wanted);
        made.count = layers ? layers : (int)random_in(&state, 2, MOST_LAYERS);
        if (!roll_trial(&state, &made)) continue;
        int spatial_rank = made.layer[0].layer.spatial_rank;
        ck_assert_int_eq(made.chain.field.rank, spatial_rank);
        for (int axis = 0; axis < spatial_rank; axis++) {
            if (!choose_cells(&made, axis, &found)) continue;
            measure(made.layer, made.count, axis, &found);
            check_field(&made, axis, &found);
            exact += made.course[axis].slack == 0;
            checked++;
        }
    }
    ck_assert_int_gt(exact, wanted / 8);
    printf(" %d fields of %s measured, %d of them with whole steps\n", checked, layers ? "layers" : "chains", exact);
}

START_TEST(fields_of_single_layers) { check_trials(1, LAYERS, 31); }
END_TEST

START_TEST(fields_of_chains) { check_trials(0, CHAINS, 32); }
END_TEST

/* One or two layers that add nothing at the ends, and a pool of all they give. */
static bool roll_global(uint64_t *state, trial *made) {
    int spatial_rank = (int)random_in(state, 1, 3);
    int64_t sizes[CVS_MAX_SPATIAL];
    for (int axis = 0; axis < CVS_MAX_SPATIAL; axis++) sizes[axis] = random_in(state, 9, 40);
    made->count = (int)random_in(state, 1, 3);
    made->chain = (cvs_chain){0};
    for (int i = 0; i < made->count; i++) {
        cvs_op global = random_in(state, 0, 1) ? CVS_OP_GLOBAL_MAX_POOL : CVS_OP_GLOBAL_AVERAGE_POOL;
        cvs_op op = i == made->count - 1 ? global : ops[random_in(state, 0, 5)];
        cvs_layer layer = random_layer(state, op, spatial_rank);
        layer.padding = (cvs_padding){.mode = CVS_PAD_VALID};
        layer.ceil_mode = layer.ceil_keeps_last = false;
        cvs_shape input = shape_with(&layer, sizes);
        if (cvs_infer(&layer, &input, NULL, &made->layer[i], NULL) != CVS_OK) return false;
        if (cvs_chain_add(&made->chain, &made->layer[i], NULL) != CVS_OK) return false;
        for (int axis = 0; axis < spatial_rank; axis++) sizes[axis] = output_size(&made->layer[i], axis);
    }
    return true;
}

START_TEST(fields_of_global_pools) {
    static effects found;
    static trial made;
    uint64_t state = 33;
    for (int checked = 0; checked < GLOBAL;) {
        if (!roll_global(&state, &made)) continue;
        const cvs_receptive_field *field = &made.chain.field;
        for (int axis = 0; axis < field->rank; axis++) {
            found.from = 0;
            found.cells = 1;
            measure(made.layer, made.count, axis, &found);
            if (field->size[axis] != widest_of(&found)) fail_trial(&made, axis, "size");
            if (fabs(start_of(&found, 0) - field->start[axis]) > 1e-6) fail_trial(&made, axis, "start");
        }
        checked++;
    }
}
END_TEST

Suite *perturb_suite(void) {
    Suite *suite = suite_create("perturb");
    TCase *core = tcase_create("core");
    tcase_set_timeout(core, 60);
    tcase_add_test(core, windows_list_what_changes_a_cell);
    tcase_add_test(core, fields_of_single_layers);
    tcase_add_test(core, fields_of_chains);
    tcase_add_test(core, fields_of_global_pools);
    suite_add_tcase(suite, core);
    return suite;
}
