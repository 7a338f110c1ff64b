#include "layers.h"

#include <check.h>
#include <string.h>

Suite *findings_suite(void);

/* ---- silence ----------------------------------------------------------------------------- */

static int found_by_default(const cvs_inference *inference) {
    cvs_arena arena = cvs_arena_make(0);
    cvs_findings findings;
    ck_assert_int_eq(cvs_layer_findings(&arena, inference, CVS_ENGLISH, &findings, NULL), CVS_OK);
    cvs_arena_free(&arena);
    return findings.count;
}

START_TEST(ordinary_layers_are_fine) {
    const struct {
        cvs_layer layer;
        cvs_shape input;
    } good[] = {
        {conv(1, 5, 1, 1, CVS_PAD_VALID), SHAPE(300, 1)},
        {conv(1, 5, 1, 1, CVS_PAD_VALID), SHAPE(400, 300)}, /* the founding question */
        {conv(1, 9, 1, 1, CVS_PAD_CAUSAL), SHAPE(400, 30)},
        {conv(2, 3, 1, 1, CVS_PAD_VALID), SHAPE(24, 24, 8)},
        {conv(2, 3, 1, 1, CVS_PAD_SAME), SHAPE(7, 7, 512)},
        {conv(2, 3, 1, 1, CVS_PAD_SAME), SHAPE(480, 640, 3)}, /* not square, and nothing wrong with it */
        {conv(2, 3, 1, 1, CVS_PAD_SAME), SHAPE(640, 480, 4)},
        {conv(2, 3, 1, 1, CVS_PAD_VALID), SHAPE(4, 4, 512)}, /* a late map, no image with its axes in disorder */
        {conv(2, 3, 1, 1, CVS_PAD_VALID), SHAPE(4, 4, 30)},
        {conv(2, 3, 1, 1, CVS_PAD_VALID), SHAPE(3, 10, 256)},
        {conv(2, 1, 1, 1, CVS_PAD_VALID), SHAPE(1, 1, 512)}, /* squeeze and excite */
        {conv(2, 5, 2, 1, CVS_PAD_VALID), SHAPE(129, 129, 3)},
        {conv(3, 3, 1, 1, CVS_PAD_VALID), SHAPE(16, 112, 112, 3)},
        {padded(2, 7, 2, 3), SHAPE(225, 225, 3)},
        {conv(1, 3, 1, 1, CVS_PAD_SAME), SHAPE(-1, 16)},
        {conv(2, 3, 2, 1, CVS_PAD_SAME), SHAPE(-1, -1, 3)},
        {conv(2, 3, 2, 1, CVS_PAD_VALID), SHAPE(-1, -1, -1)},
    };
    for (size_t n = 0; n < sizeof good / sizeof *good; n++) {
        cvs_inference inference = infer(&good[n].layer, good[n].input);
        ck_assert_msg(found_by_default(&inference) == 0, "layer %zu", n);
    }
}
END_TEST

START_TEST(taste_is_off) {
    cvs_layer layer = conv(2, 7, 1, 1, CVS_PAD_SAME);
    cvs_inference inference = infer(&layer, SHAPE(56, 56, 30));
    ck_assert_int_eq(found_by_default(&inference), 0);
    ck_assert_int_eq(look_for(&inference, "CV044").count, 1);
    ck_assert_int_eq(look_for(&inference, "CV052").count, 1);
}
END_TEST

/* The frameworks agree where TensorFlow's total happens to be PyTorch's. */
START_TEST(same_padding_that_agrees) {
    const struct {
        int64_t kernel, stride, size;
        bool differs;
    } cases[] = {{2, 1, 224, false}, {7, 2, 224, true},  {7, 2, 225, false}, {3, 2, 224, true},
                 {3, 2, 23, false},  {4, 2, 224, false}, {4, 2, 225, true},  {2, 2, 224, false},
                 {1, 2, 224, false}, {3, 1, 224, false}, {5, 3, 224, true}};
    for (size_t n = 0; n < sizeof cases / sizeof *cases; n++) {
        cvs_layer layer = conv(1, cases[n].kernel, cases[n].stride, 1, CVS_PAD_SAME);
        cvs_inference inference = infer(&layer, SHAPE(cases[n].size, 16));
        ck_assert_msg(look_for(&inference, "CV010").count == cases[n].differs, "case %zu", n);
    }
}
END_TEST

START_TEST(near_misses) {
    cvs_layer one_grid = conv(1, 3, 4, 2, CVS_PAD_VALID), single = conv(1, 3, 1, 2, CVS_PAD_VALID);
    cvs_inference same_grid = infer(&one_grid, SHAPE(50, 16)), no_neighbours = infer(&single, SHAPE(5, 16));
    ck_assert_int_eq(look_for(&same_grid, "CV017").count, 0);
    ck_assert_int_eq(look_for(&no_neighbours, "CV017").count, 0);
    cvs_layer uneven = padded(1, 3, 2, 1);
    cvs_inference even_use = infer(&uneven, SHAPE(24, 16));
    ck_assert_int_eq(look_for(&even_use, "CV013").count, 1);
    uneven.padding.before[0] = 2;
    cvs_inference by_intent = infer(&uneven, SHAPE(23, 16));
    ck_assert_int_eq(look_for(&by_intent, "CV013").count, 0);
}
END_TEST

/* Padding that repeats the input has no zeros to learn nothing from, and shows cells that no window reaches. */
START_TEST(padding_that_is_no_zeros) {
    cvs_layer layer = padded(1, 3, 1, 1);
    layer.padding.fill = CVS_FILL_REPLICATE;
    cvs_inference tiny = infer(&layer, SHAPE(1, 16));
    ck_assert_int_eq(look_for(&tiny, "CV016").count, 0);
    ck_assert_int_eq(look_for(&tiny, "CV014").count, 0);
    layer = padded(1, 4, 3, 0);
    layer.padding.before[0] = 1;
    cvs_inference zeros = infer(&layer, SHAPE(7, 16));
    ck_assert_int_eq(look_for(&zeros, "CV012").count, 1);
    layer.padding.fill = CVS_FILL_CIRCULAR;
    cvs_inference around = infer(&layer, SHAPE(7, 16));
    ck_assert_int_eq(look_for(&around, "CV012").count, 0);
}
END_TEST

/* ---- open sizes, limits, the whole list ------------------------------------------------------ */

START_TEST(open_sizes) {
    cvs_layer skips = conv(1, 1, 2, 1, CVS_PAD_VALID), wasteful = padded(1, 1, 1, 1);
    cvs_inference open = infer(&skips, SHAPE(-1, 16)), beside = infer(&wasteful, SHAPE(-1, 16));
    expected t = {.rule = "CV004",
                  .message = "of every 2 neighbouring input positions 1 is never read",
                  .fix = "a kernel of 2",
                  .axis = 0,
                  .pointer = "/stride/0"};
    check_finding(&t, &open);
    expected all_padding = {.rule = "CV014",
                            .message = "holds whole windows",
                            .fix = "Pad 0 before and 0 after",
                            .axis = 0,
                            .pointer = "/padding"};
    check_finding(&all_padding, &beside);
    cvs_layer stack = transposed(2, 3, 1);
    cvs_inference holes = made_1d(&stack, CVS_DIM_UNKNOWN, CVS_DIM_UNKNOWN);
    expected spread_out = {.rule = "CV024",
                           .message = "1 of every 3 neighbouring output positions gets no contribution",
                           .fix = "",
                           .axis = 0,
                           .pointer = "/stride/0"};
    check_finding(&spread_out, &holes);
}
END_TEST

START_TEST(half_open_share) {
    cvs_layer layer = conv(2, 3, 1, 1, CVS_PAD_SAME);
    cvs_inference inference = infer(&layer, SHAPE(3, -1, 16));
    expected t = {
        .rule = "CV015", .message = "At least 66 %", .fix = "at least 4 x ?", .axis = -1, .pointer = "/padding"};
    check_finding(&t, &inference);
}
END_TEST

START_TEST(symbols_are_open_sizes) {
    cvs_arena arena = cvs_arena_make(0);
    cvs_symbols *symbols = cvs_symbols_create(&arena);
    cvs_dim height = 0;
    ck_assert_int_eq(cvs_symbols_name(symbols, "H", &height, NULL), CVS_OK);
    cvs_layer layer = conv(1, 1, 2, 1, CVS_PAD_VALID);
    cvs_shape input = SHAPE(height, 16);
    cvs_inference inference;
    ck_assert_int_eq(cvs_infer(&layer, &input, symbols, &inference, NULL), CVS_OK);
    seen s = look_for(&inference, "CV004");
    ck_assert(s.count == 1 && s.has_fix);
    ck_assert_int_eq(s.found.input.dim[1], CVS_DIM_UNKNOWN);
    cvs_arena_free(&arena);
}
END_TEST

/* Axes that differ each have their finding; axes alike share one. */
START_TEST(axes_alike_share_a_finding) {
    cvs_layer layer = conv(3, 1, 2, 1, CVS_PAD_VALID);
    cvs_arena arena = cvs_arena_make(0);
    cvs_findings findings;
    cvs_inference cube = infer(&layer, SHAPE(9, 9, 9, 16)), slab = infer(&layer, SHAPE(8, 9, 9, 16));
    review(&cube, CVS_ENGLISH, &arena, &findings);
    ck_assert_int_eq(findings.count, 1);
    ck_assert_int_eq(findings.finding[0].axis, -1);
    ck_assert_ptr_nonnull(strstr(findings.finding[0].message, "Along depth, height and width"));
    ck_assert_int_eq(look_for(&slab, "CV004").count, 2);
    review(&slab, CVS_CHINESE, &arena, &findings);
    ck_assert_ptr_nonnull(strstr(findings.finding[0].message, "沿深度方向"));
    ck_assert_str_eq(findings.finding[0].pointer, "/stride/0");
    ck_assert_ptr_nonnull(strstr(findings.finding[1].message, "沿高度和宽度方向"));
    cvs_arena_free(&arena);
}
END_TEST

START_TEST(in_the_order_of_the_ids) {
    cvs_layer layer = layer_of(CVS_OP_CONV, 3, (window){2, 5, 3, 6}, CVS_PAD_EXPLICIT);
    cvs_inference inference = infer(&layer, SHAPE(3, 7, 60, 60));
    cvs_arena arena = cvs_arena_make(0);
    cvs_findings findings;
    review(&inference, CVS_ENGLISH, &arena, &findings);
    ck_assert_int_gt(findings.count, 5);
    for (int n = 1; n < findings.count; n++)
        ck_assert_int_le(strcmp(findings.finding[n - 1].rule->id, findings.finding[n].rule->id), 0);
    cvs_arena_free(&arena);
}
END_TEST

/* 2^31 - 1 everywhere: sums stay exact, no loop follows the size, and texts come out. */
START_TEST(huge_parameters) {
    const int64_t huge = CVS_MAX_PARAMETER, sizes[] = {1, 2, 7, huge - 1, huge, huge * huge};
    const int64_t numbers[] = {1, 2, huge - 1, huge};
    cvs_arena arena = cvs_arena_make(0);
    int reviewed = 0;
    for (int n = 0; n < 6 * 4 * 4 * 4 * 4; n++) {
        window w = {numbers[n % 4], numbers[n / 4 % 4], numbers[n / 16 % 4], numbers[n / 64 % 4]};
        cvs_layer layer = layer_of(CVS_OP_CONV, 1, w, CVS_PAD_EXPLICIT);
        cvs_shape input = SHAPE(sizes[n / 256], 1);
        cvs_inference inference;
        cvs_findings findings;
        layer.filters = 1;
        if (cvs_infer(&layer, &input, NULL, &inference, NULL) != CVS_OK) continue;
        review(&inference, CVS_ENGLISH, &arena, &findings);
        for (int f = 0; f < findings.count; f++) check_texts(&findings.finding[f]);
        reviewed++;
    }
    ck_assert_int_gt(reviewed, 300);
    cvs_arena_free(&arena);
}
END_TEST

START_TEST(other_operators_have_none) {
    for (int op = 0; op < CVS_OP_COUNT; op++) {
        cvs_inference inference = {.layer = cvs_layer_default((cvs_op)op, 1)};
        inference.layer.kernel[0] = 1;
        inference.layer.stride[0] = inference.layer.dilation[0] = 1;
        inference.input.shape = inference.output.shape = (cvs_shape){3, {1, 8, 16}};
        ck_assert_msg(found_by_default(&inference) == 0, "%s", cvs_op_name((cvs_op)op));
    }
}
END_TEST

START_TEST(no_memory) {
    cvs_layer layer = conv(2, 1, 2, 1, CVS_PAD_VALID);
    cvs_inference inference = infer(&layer, SHAPE(224, 224, 64));
    cvs_arena arena = cvs_arena_make(1);
    cvs_findings findings;
    cvs_error err = {0};
    ck_assert_int_eq(cvs_layer_findings(&arena, &inference, CVS_ENGLISH, &findings, &err), CVS_NO_MEMORY);
    ck_assert_int_eq(findings.count, 0);
    ck_assert_int_eq(err.status, CVS_NO_MEMORY);
    cvs_arena_free(&arena);
}
END_TEST

Suite *findings_suite(void) {
    Suite *suite = suite_create("findings");
    TCase *silent = tcase_create("silent"), *limits = tcase_create("limits");
    tcase_add_test(silent, ordinary_layers_are_fine);
    tcase_add_test(silent, taste_is_off);
    tcase_add_test(silent, same_padding_that_agrees);
    tcase_add_test(silent, near_misses);
    tcase_add_test(silent, padding_that_is_no_zeros);
    tcase_add_test(silent, other_operators_have_none);
    tcase_add_test(limits, open_sizes);
    tcase_add_test(limits, half_open_share);
    tcase_add_test(limits, symbols_are_open_sizes);
    tcase_add_test(limits, axes_alike_share_a_finding);
    tcase_add_test(limits, in_the_order_of_the_ids);
    tcase_add_test(limits, huge_parameters);
    tcase_add_test(limits, no_memory);
    suite_add_tcase(suite, silent);
    suite_add_tcase(suite, limits);
    return suite;
}
