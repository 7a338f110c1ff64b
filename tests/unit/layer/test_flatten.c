/* Flatten of Keras, torch.nn and ONNX. */
#include "any_rank.h"

Suite *flatten_suite(void);

static cvs_layer flatten(cvs_framework framework, int start, int end) {
    cvs_layer layer = any(CVS_OP_FLATTEN, framework);
    layer.start_axis = start;
    layer.end_axis = end;
    return layer;
}

typedef struct fact {
    cvs_framework framework;
    int start, end;
    int64_t input[6], output[6]; /* end with 0 */
} fact;

/* torch.nn.Flatten(start_dim, end_dim) keeps the axes around; ONNX Flatten(axis) always makes a matrix. */
static const fact facts[] = {
    {CVS_KERAS, 1, -1, {2, 7, 7, 512}, {2, 25088}},
    {CVS_KERAS, 1, -1, {2, 9}, {2, 9}},
    {CVS_KERAS, 1, -1, {2}, {2, 1}},
    {CVS_KERAS1, 1, -1, {2, 3, 4}, {2, 12}},
    {CVS_PYTORCH, 1, -1, {2, 3, 4, 5}, {2, 60}},
    {CVS_PYTORCH, 0, -1, {2, 3, 4}, {24}},
    {CVS_PYTORCH, 1, 2, {2, 3, 4, 5}, {2, 12, 5}},
    {CVS_PYTORCH, 2, 3, {2, 3, 4, 5, 6}, {2, 3, 20, 6}},
    {CVS_PYTORCH, -2, -1, {2, 3, 4, 5}, {2, 3, 20}},
    {CVS_PYTORCH, 1, 1, {2, 3, 4}, {2, 3, 4}},
    {CVS_ONNX, 1, -1, {2, 3, 4, 5}, {2, 60}},
    {CVS_ONNX, 0, -1, {2, 3, 4}, {1, 24}},
    {CVS_ONNX, 2, -1, {2, 3, 4, 5}, {6, 20}},
    {CVS_ONNX, -1, -1, {2, 3, 4, 5}, {24, 5}},
    {CVS_ONNX, 1, -1, {7}, {7, 1}},
};

static cvs_shape until_zero(const int64_t *sizes) {
    size_t rank = 0;
    while (sizes[rank]) rank++;
    return shape_of(sizes, rank);
}

START_TEST(as_documented) {
    const fact *row = &facts[_i];
    cvs_layer layer = flatten(row->framework, row->start, row->end);
    cvs_inference inference = infer(&layer, until_zero(row->input), NULL);
    assert_shape(&inference.output.shape, until_zero(row->output));
    assert_own_place(&inference, 0);
    assert_no_weights(&inference);
}
END_TEST

START_TEST(axes_keep_their_names) {
    cvs_layer layer = flatten(CVS_PYTORCH, 2, -1);
    cvs_inference inference = infer(&layer, SHAPE(2, 3, 4, 5), NULL);
    assert_axes(&inference.output, "batch, channels, features");
    assert_free(&inference, 240, 240);
}
END_TEST

START_TEST(products_of_names) {
    names made;
    names_open(&made);
    cvs_layer layer = flatten(CVS_KERAS, 1, -1);
    cvs_inference inference = infer(&layer, SHAPE(NONE, named(&made, "H"), named(&made, "W"), 3), made.symbols);
    assert_dim(&made, inference.output.shape.dim[1], "3*H*W");
    inference = infer(&layer, SHAPE(NONE, NONE, 3), NULL);
    assert_shape(&inference.output.shape, SHAPE(NONE, NONE));
    cvs_arena_free(&made.arena);
}
END_TEST

START_TEST(what_is_refused) {
    cvs_layer layer = flatten(CVS_KERAS, 2, -1);
    refused(&layer, SHAPE(2, 3, 4), "flatten-axes", "/start_axis");
    layer = flatten(CVS_KERAS1, 1, 2);
    refused(&layer, SHAPE(2, 3, 4), "flatten-axes", "/end_axis");
    layer = flatten(CVS_PYTORCH, 5, -1);
    cvs_error err = refused(&layer, SHAPE(2, 3, 4), "flatten-axes", "/start_axis");
    ck_assert_str_eq(err.value, "5");
    layer = flatten(CVS_PYTORCH, 1, 3);
    refused(&layer, SHAPE(2, 3, 4), "flatten-axes", "/end_axis");
    layer = flatten(CVS_PYTORCH, 2, 1);
    refused(&layer, SHAPE(2, 3, 4), "flatten-axes", "/end_axis");
}
END_TEST

Suite *flatten_suite(void) {
    Suite *suite = suite_create("flatten");
    TCase *core = tcase_create("core"), *limits = tcase_create("limits");
    tcase_add_loop_test(core, as_documented, 0, sizeof facts / sizeof *facts);
    tcase_add_test(core, axes_keep_their_names);
    tcase_add_test(core, products_of_names);
    tcase_add_test(limits, what_is_refused);
    suite_add_tcase(suite, core);
    suite_add_tcase(suite, limits);
    return suite;
}
