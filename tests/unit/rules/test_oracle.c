/* The closed forms of the rules against windows that are really laid over an input, cell by cell. */
#include "layers.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

Suite *oracle_suite(void);

enum { LINE = 512, ROUNDS = 8000 };

typedef struct drawn {
    int64_t windows, unread, tail, in_padding, touching, dead;
    bool gap; /* an unread cell before the end of the last window */
} drawn;

static bool inside(int64_t position, int64_t size) { return position >= 0 && position < size; }

static void draw_window(const cvs_layer *layer, int64_t i, int64_t start, int *reads, int *uses, drawn *d) {
    int64_t extent = layer->dilation[0] * (layer->kernel[0] - 1) + 1, cells = 0;
    for (int64_t p = start; p < start + extent; p++) cells += inside(p, i);
    for (int64_t t = 0; t < layer->kernel[0]; t++) {
        int64_t p = start + t * layer->dilation[0];
        if (!inside(p, i)) continue;
        reads[p]++;
        uses[t]++;
    }
    d->windows++;
    d->in_padding += cells == 0;
    d->touching += cells < extent;
}

/* Lay the kernel on every place of a padded 1D input. */
static drawn draw(const cvs_layer *layer, int64_t i) {
    int reads[LINE] = {0}, uses[LINE] = {0};
    drawn d = {0};
    int64_t extent = layer->dilation[0] * (layer->kernel[0] - 1) + 1, before = layer->padding.before[0];
    int64_t start = -before, end = 0;
    for (; start + extent <= i + layer->padding.after[0]; start += layer->stride[0]) {
        draw_window(layer, i, start, reads, uses, &d);
        end = start + extent;
    }
    for (int64_t p = 0; p < i; p++) {
        d.unread += !reads[p];
        d.gap = d.gap || (!reads[p] && p < end);
        d.tail += p >= end;
    }
    for (int64_t t = 0; t < layer->kernel[0]; t++) d.dead += !uses[t];
    return d;
}

static cvs_layer random_layer(unsigned *seed, int64_t *size) {
    window w = {1 + rand_r(seed) % 6, 1 + rand_r(seed) % 7, 1 + rand_r(seed) % 5, rand_r(seed) % 9};
    cvs_layer layer = layer_of(CVS_OP_CONV, 1, w, CVS_PAD_EXPLICIT);
    if (rand_r(seed) % 2) layer.padding.after[0] = rand_r(seed) % 9;
    int64_t extent = w.dilation * (w.kernel - 1) + 1;
    int64_t least = extent - layer.padding.before[0] - layer.padding.after[0];
    *size = (least > 1 ? least : 1) + rand_r(seed) % 25;
    return layer;
}

static void compare_stride(const cvs_inference *inference, const drawn *d, int *found) {
    const cvs_layer *layer = &inference->layer;
    int64_t extent = layer->dilation[0] * (layer->kernel[0] - 1) + 1;
    seen skips = look_for(inference, "CV004");
    ck_assert_int_eq(skips.count, d->gap || (layer->stride[0] > extent && d->tail > 0));
    if (skips.count && skips.found.message != RULES_CV004_MESSAGE_SOME)
        ck_assert_int_eq(number_of(&skips, RULES_VALUE_UNREAD), d->unread);
    seen drops = look_for(inference, "CV012");
    /* What is said of a stride wider than the kernel is said once. */
    ck_assert_int_eq(drops.count, d->tail > 0 && layer->stride[0] <= extent);
    if (drops.count) ck_assert_int_eq(number_of(&drops, RULES_VALUE_DROPPED), d->tail);
    found[0] += skips.count;
    found[1] += drops.count;
}

static void compare_border(const cvs_inference *inference, const drawn *d, int *found) {
    seen lost = look_for(inference, "CV014");
    ck_assert_int_eq(lost.count, d->in_padding > 0);
    if (lost.count) ck_assert_int_eq(number_of(&lost, RULES_VALUE_WINDOWS), d->in_padding);
    seen touch = look_for(inference, "CV015");
    ck_assert_int_eq(touch.count, d->touching * 2 > d->windows);
    if (touch.count) ck_assert_int_eq(number_of(&touch, RULES_VALUE_TOUCHING), d->touching);
    seen dead = look_for(inference, "CV016");
    ck_assert_int_eq(dead.count, d->dead > 0);
    if (dead.count) ck_assert_int_eq(number_of(&dead, RULES_VALUE_DEAD), d->dead);
    found[2] += lost.count;
    found[3] += touch.count;
    found[4] += dead.count;
}

START_TEST(one_axis_as_drawn) {
    unsigned seed = 3;
    int found[5] = {0};
    for (int round = 0; round < ROUNDS; round++) {
        int64_t size = 0;
        cvs_layer layer = random_layer(&seed, &size);
        cvs_inference inference = infer(&layer, SHAPE(size, 16));
        drawn d = draw(&layer, size);
        ck_assert_int_eq(inference.output.shape.dim[1], d.windows);
        compare_stride(&inference, &d, found);
        compare_border(&inference, &d, found);
    }
    for (int i = 0; i < 5; i++) ck_assert_int_gt(found[i], ROUNDS / 20);
}
END_TEST

/* Each fix that is offered, carried out: the layer exists, and its rule is silent. */
START_TEST(every_fix_clears) {
    static const char *const rules[] = {"CV004", "CV012", "CV013", "CV014", "CV015", "CV016", "CV017"};
    enum { RULES = sizeof rules / sizeof *rules };
    unsigned seed = 17;
    int found[RULES] = {0}, fixed[RULES] = {0};
    for (int round = 0; round < ROUNDS / 4; round++) {
        int64_t size = 0;
        cvs_layer layer = random_layer(&seed, &size);
        cvs_inference inference = infer(&layer, SHAPE(size, 16));
        for (int r = 0; r < RULES; r++) {
            seen before = look_for(&inference, rules[r]);
            found[r] += before.count;
            if (!before.has_fix) continue;
            fixed[r]++;
            cvs_inference repaired = infer(&before.found.layer, before.found.input);
            ck_assert_msg(look_for(&repaired, rules[r]).count == 0, "%s", rules[r]);
        }
    }
    for (int r = 0; r < RULES; r++) {
        ck_assert_int_gt(found[r], 0);
        ck_assert_msg(fixed[r] == found[r], "%s: %d of %d have a fix", rules[r], fixed[r], found[r]);
    }
}
END_TEST

/* A smaller kernel is promised to give the same result: taps that were alive stay where they were. */
START_TEST(smaller_kernel_reads_the_same_cells) {
    unsigned seed = 23;
    int shrunk = 0;
    for (int round = 0; round < ROUNDS / 4; round++) {
        int64_t size = 0;
        cvs_layer layer = random_layer(&seed, &size);
        cvs_inference inference = infer(&layer, SHAPE(size, 16));
        seen dead = look_for(&inference, "CV016");
        if (!dead.count || dead.found.fix != RULES_CV016_FIX_KERNEL) continue;
        drawn before = draw(&layer, size), after = draw(&dead.found.layer, size);
        ck_assert_int_eq(after.windows, before.windows);
        ck_assert_int_eq(after.unread, before.unread);
        ck_assert_int_eq(after.dead, 0);
        ck_assert_int_eq(dead.found.layer.kernel[0], layer.kernel[0] - before.dead);
        shrunk++;
    }
    ck_assert_int_gt(shrunk, 100);
}
END_TEST

START_TEST(share_of_two_axes_as_drawn) {
    unsigned seed = 29;
    int found = 0;
    for (int round = 0; round < ROUNDS / 4; round++) {
        int64_t sizes[2];
        cvs_layer axes[2] = {random_layer(&seed, &sizes[0]), random_layer(&seed, &sizes[1])};
        cvs_layer layer = layer_of(CVS_OP_CONV, 2, (window){1, 1, 1, 0}, CVS_PAD_EXPLICIT);
        drawn d[2];
        for (int axis = 0; axis < 2; axis++) {
            d[axis] = draw(&axes[axis], sizes[axis]);
            layer.kernel[axis] = axes[axis].kernel[0];
            layer.stride[axis] = axes[axis].stride[0];
            layer.dilation[axis] = axes[axis].dilation[0];
            layer.padding.before[axis] = axes[axis].padding.before[0];
            layer.padding.after[axis] = axes[axis].padding.after[0];
        }
        int64_t all = d[0].windows * d[1].windows;
        int64_t free = (d[0].windows - d[0].touching) * (d[1].windows - d[1].touching);
        cvs_inference inference = infer(&layer, SHAPE(sizes[0], sizes[1], 16));
        seen touch = look_for(&inference, "CV015");
        ck_assert_int_eq(touch.count, 2 * (all - free) > all);
        if (touch.count) ck_assert_int_eq(number_of(&touch, RULES_VALUE_TOUCHING), all - free);
        found += touch.count;
    }
    ck_assert_int_gt(found, 100);
}
END_TEST

/* Where a position of the padding takes its value from. */
static int64_t source(cvs_fill fill, int64_t p, int64_t i) {
    if (inside(p, i)) return p;
    if (fill == CVS_FILL_CIRCULAR) return p < 0 ? p + i : p - i;
    if (fill == CVS_FILL_REPLICATE) return p < 0 ? 0 : i - 1;
    return p < 0 ? -p : 2 * (i - 1) - p;
}

static int64_t count_unread(const cvs_layer *layer, int64_t i) {
    bool read[LINE] = {false};
    int64_t extent = layer->dilation[0] * (layer->kernel[0] - 1) + 1, unread = 0;
    for (int64_t start = -layer->padding.before[0]; start + extent <= i + layer->padding.after[0];
         start += layer->stride[0])
        for (int64_t t = 0; t < layer->kernel[0]; t++)
            read[source(layer->padding.fill, start + t * layer->dilation[0], i)] = true;
    for (int64_t p = 0; p < i; p++) unread += !read[p];
    return unread;
}

/* With padding that shows the input again, a cell that is said to be unread is never read there either. */
START_TEST(unread_for_every_fill) {
    unsigned seed = 41;
    int found = 0, dropped = 0;
    for (int round = 0; round < ROUNDS; round++) {
        int64_t size = 0;
        cvs_layer layer = random_layer(&seed, &size);
        size += 30;
        layer.padding.fill = (cvs_fill)(CVS_FILL_REFLECT + round % 3);
        cvs_inference inference = infer(&layer, SHAPE(size, 16));
        int64_t unread = count_unread(&layer, size);
        seen skips = look_for(&inference, "CV004"), drops = look_for(&inference, "CV012");
        if (skips.count) ck_assert_int_gt(unread, 0);
        if (drops.count) ck_assert_int_ge(unread, number_of(&drops, RULES_VALUE_DROPPED));
        if (!skips.count && !drops.count) ck_assert_int_le(unread, 2 * 9);
        found += skips.count;
        dropped += drops.count;
    }
    ck_assert_int_gt(found, 100);
    ck_assert_int_gt(dropped, 100);
}
END_TEST

/* ---- transposed: scatter what each input contributes --------------------------------- */

static void scatter(const cvs_layer *layer, int64_t i, int64_t o, int *hits) {
    memset(hits, 0, LINE * sizeof *hits);
    for (int64_t x = 0; x < i; x++)
        for (int64_t t = 0; t < layer->kernel[0]; t++) {
            int64_t y = x * layer->stride[0] + t * layer->dilation[0] - layer->padding.before[0];
            if (inside(y, o)) hits[y]++;
        }
}

static cvs_layer random_transposed(unsigned *seed) {
    window w = {1 + rand_r(seed) % 6, 1 + rand_r(seed) % 5, 1 + rand_r(seed) % 4, rand_r(seed) % 3};
    return layer_of(CVS_OP_CONV_TRANSPOSE, 1, w, CVS_PAD_EXPLICIT);
}

START_TEST(holes_as_scattered) {
    unsigned seed = 31;
    int hits[LINE], found = 0;
    for (int round = 0; round < ROUNDS; round++) {
        cvs_layer layer = random_transposed(&seed);
        int64_t i = 1 + rand_r(&seed) % 12, extent = layer.dilation[0] * (layer.kernel[0] - 1) + 1;
        int64_t more = rand_r(&seed) % 3;
        int64_t o = (i - 1) * layer.stride[0] + extent - 2 * layer.padding.before[0] + more, holes = 0;
        if (o < 1) continue;
        scatter(&layer, i, o, hits);
        for (int64_t y = 0; y < o; y++) holes += !hits[y];
        cvs_inference inference = made_1d(&layer, i, o);
        seen s = look_for(&inference, "CV024");
        ck_assert_int_eq(s.count, holes > 0);
        if (s.count && s.found.message == RULES_CV024_MESSAGE)
            ck_assert_int_eq(number_of(&s, RULES_VALUE_HOLES), holes);
        found += s.count;
    }
    ck_assert_int_gt(found, 100);
}
END_TEST

/* Far from both ends the numbers of contributions repeat; uneven ones make the checkerboard. */
START_TEST(checkerboard_as_scattered) {
    unsigned seed = 37;
    int hits[LINE], found = 0;
    for (int round = 0; round < ROUNDS / 10; round++) {
        cvs_layer layer = random_transposed(&seed);
        layer.padding.before[0] = layer.padding.after[0] = 0;
        int64_t i = 60, extent = layer.dilation[0] * (layer.kernel[0] - 1) + 1, stride = layer.stride[0];
        int64_t o = (i - 1) * stride + extent;
        int least = LINE, most = 0, least_above_0 = LINE;
        scatter(&layer, i, o, hits);
        for (int64_t y = extent; y < extent + stride; y++) {
            if (hits[y] < least) least = hits[y];
            if (hits[y] > most) most = hits[y];
            if (hits[y] && hits[y] < least_above_0) least_above_0 = hits[y];
        }
        cvs_inference inference = made_1d(&layer, i, o);
        seen s = look_for(&inference, "CV023");
        if (s.count) {
            ck_assert_int_lt(least, most);
            ck_assert_int_eq(number_of(&s, RULES_VALUE_LEAST), least);
            ck_assert_int_eq(number_of(&s, RULES_VALUE_MOST), most);
        } else {
            ck_assert_int_eq(least_above_0, most);
        }
        found += s.count;
    }
    ck_assert_int_gt(found, 100);
}
END_TEST

Suite *oracle_suite(void) {
    Suite *suite = suite_create("oracle");
    TCase *core = tcase_create("core");
    tcase_add_test(core, one_axis_as_drawn);
    tcase_add_test(core, every_fix_clears);
    tcase_add_test(core, smaller_kernel_reads_the_same_cells);
    tcase_add_test(core, share_of_two_axes_as_drawn);
    tcase_add_test(core, unread_for_every_fill);
    tcase_add_test(core, holes_as_scattered);
    tcase_add_test(core, checkerboard_as_scattered);
    suite_add_tcase(suite, core);
    return suite;
}
