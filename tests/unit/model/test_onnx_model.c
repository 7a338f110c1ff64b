/* test_onnx_model.c - ONNX files: shapes, names, weights, and what the file says of itself. */
#include "onnx_build.h"

#include <check.h>

Suite *onnx_model_suite(void);

/* ---- convolutions, by way of layer.h ---------------------------------------------------------------- */

START_TEST(a_convolution) {
    onnx_build b = onnx_begin(13);
    onnx_input(&b, "x", "N,3,32,W");
    onnx_weights(&b, "conv1.weight", "16,3,3,3");
    onnx_weights(&b, "conv1.bias", "16");
    onnx_node(&b, "Conv", "x conv1.weight conv1.bias", "y");
    onnx_ints(&b, "strides", "2,2");
    onnx_ints(&b, "pads", "1,1,1,1");
    onnx_output(&b, "y");
    read_model m = onnx_end(&b);
    const cvs_model_layer *conv = layer_of(&m, "Conv_0");
    ck_assert_str_eq(tensor_of(&m, "y"), "(N, 16, 16, floor((W + 1)/2))");
    ck_assert_int_eq(conv->weight_count, 2);
    ck_assert_str_eq(conv->weights[0].name, "conv1.weight");
    ck_assert_int_eq(conv->weights[0].tensor.axes[1], CVS_AXIS_IN_CHANNELS);
    ck_assert_int_eq(conv->parameters, 16 * 27 + 16);
    ck_assert_int_eq(conv->trainable, conv->parameters);
    ck_assert_int_eq(conv->cost.weights_bytes, 4 * conv->parameters);
    ck_assert_int_eq(conv->field.most.size[0], 3);
    ck_assert_int_eq(conv->field.most.jump[0], 2);
    const cvs_model_input wide = {.name = "x", .shape = {4, {2, 3, 32, 64}}};
    ck_assert_int_eq(cvs_model_infer(m.model, &wide, 1, m.symbols, NULL), CVS_OK);
    ck_assert_str_eq(tensor_of(&m, "y"), "(2, 16, 16, 32)");
    ck_assert_int_eq(layer_of(&m, "Conv_0")->cost.macs, 16 * 16 * 32 * 27);
    model_free(&m);
}
END_TEST

START_TEST(what_does_not_fit_is_the_nodes_failure) {
    onnx_build b = onnx_begin(13);
    onnx_input(&b, "x", "1,4,32,32");
    onnx_weights(&b, "w", "16,3,3,3");
    onnx_node(&b, "Conv", "x w", "y");
    onnx_node(&b, "Relu", "y", "z");
    onnx_node(&b, "Relu", "x", "other");
    onnx_output(&b, "z");
    read_model m = onnx_end(&b);
    ck_assert_int_eq(layer_of(&m, "Conv_0")->state, CVS_MODEL_FAILED);
    ck_assert_str_eq(layer_of(&m, "Conv_0")->error.code, "channel-mismatch");
    ck_assert_int_eq(layer_of(&m, "Relu_1")->state, CVS_MODEL_WAITING);
    ck_assert_str_eq(tensor_of(&m, "other"), "(1, 4, 32, 32)");
    model_free(&m);
}
END_TEST

START_TEST(outputs_that_an_operator_has_not) {
    onnx_build b = onnx_begin(13);
    onnx_input(&b, "x", "1,8");
    onnx_node(&b, "Relu", "x", "y z");
    onnx_output(&b, "z");
    read_model m = onnx_end(&b);
    ck_assert_int_eq(layer_of(&m, "Relu_0")->state, CVS_MODEL_FAILED);
    ck_assert_str_eq(layer_of(&m, "Relu_0")->error.code, "outputs-of-a-layer");
    model_free(&m);
}
END_TEST

/* ---- sizes computed from sizes ------------------------------------------------------------------------ */

/* Flattening as exporters write it: the batch from the shape, -1 for the rest. */
START_TEST(a_reshape_to_what_the_graph_computes) {
    onnx_build b = onnx_begin(13);
    onnx_input(&b, "x", "batch-size,3,H,W");
    onnx_integers(&b, "zero", "", "0");
    onnx_integers(&b, "axes", "1", "0");
    onnx_integers(&b, "rest", "1", "-1");
    onnx_node(&b, "Shape", "x", "shape");
    onnx_node(&b, "Gather", "shape zero", "n");
    onnx_node(&b, "Unsqueeze", "n axes", "n1");
    onnx_node(&b, "Concat", "n1 rest", "target");
    onnx_int(&b, "axis", 0);
    onnx_node(&b, "Reshape", "x target", "y");
    onnx_output(&b, "y");
    read_model m = onnx_end(&b);
    ck_assert_str_eq(tensor_of(&m, "shape"), "(4)");
    ck_assert_str_eq(tensor_of(&m, "y"), "(batch_size, 3*H*W)");
    model_free(&m);
}
END_TEST

START_TEST(arithmetic_of_sizes) {
    onnx_build b = onnx_begin(13);
    onnx_input(&b, "x", "1,3,H,W");
    onnx_integers(&b, "two", "1", "2");
    onnx_integers(&b, "start", "1", "2");
    onnx_integers(&b, "end", "1", "9223372036854775807");
    onnx_integers(&b, "head", "2", "1,3");
    onnx_weights(&b, "none", "0");
    onnx_node(&b, "Shape", "x", "shape");
    onnx_node(&b, "Slice", "shape start end", "hw");
    onnx_node(&b, "Mul", "hw two", "doubled");
    onnx_node(&b, "Concat", "head doubled", "sizes");
    onnx_int(&b, "axis", 0);
    onnx_node(&b, "Resize", "x - none sizes", "y");
    onnx_output(&b, "y");
    read_model m = onnx_end(&b);
    ck_assert_str_eq(tensor_of(&m, "y"), "(1, 3, 2*H, 2*W)");
    model_free(&m);
}
END_TEST

/* An axis 0 that is written as an attribute of integers without a number. */
START_TEST(a_zero_that_is_left_out) {
    onnx_build b = onnx_begin(13);
    onnx_input(&b, "x", "2,8");
    onnx_node(&b, "Concat", "x x", "y");
    onnx_int(&b, "axis", 0);
    b.graph.last->attribute[0]->has_i = false;
    onnx_output(&b, "y");
    read_model m = onnx_end(&b);
    ck_assert_str_eq(tensor_of(&m, "y"), "(4, 8)");
    model_free(&m);
}
END_TEST

/* Different names stay different sizes where they are written alike; a name's size cannot be told from a number. */
START_TEST(names_of_sizes) {
    onnx_build b = onnx_begin(13);
    onnx_input(&b, "a", "n.x,4");
    onnx_input(&b, "b", "n-x,4");
    onnx_node(&b, "Add", "a b", "sum");
    onnx_node(&b, "Concat", "a b", "both");
    onnx_int(&b, "axis", 0);
    onnx_output(&b, "sum");
    read_model m = onnx_end(&b);
    ck_assert_str_eq(tensor_of(&m, "a"), "(n_x, 4)");
    ck_assert_str_eq(tensor_of(&m, "b"), "(n_x_2, 4)");
    ck_assert_str_eq(tensor_of(&m, "sum"), "(None, 4)");
    ck_assert_str_eq(tensor_of(&m, "both"), "(n_x + n_x_2, 4)");
    model_free(&m);
}
END_TEST

/* ---- what the file declares ------------------------------------------------------------------------------ */

START_TEST(an_unknown_operator_stops_what_depends_on_it) {
    onnx_build b = onnx_begin(13);
    onnx_input(&b, "x", "1,8");
    onnx_node(&b, "Whirl", "x", "y");
    onnx_node(&b, "Relu", "y", "z");
    onnx_node(&b, "Whirl", "x", "known");
    onnx_node(&b, "Relu", "known", "after");
    onnx_declare(&b, "known", "1,5");
    onnx_output(&b, "z");
    onnx_output(&b, "after");
    read_model m = onnx_end(&b);
    ck_assert_int_eq(layer_of(&m, "Whirl_0")->state, CVS_MODEL_UNKNOWN);
    ck_assert_str_eq(layer_of(&m, "Whirl_0")->error.value, "Whirl");
    ck_assert_int_eq(layer_of(&m, "Relu_1")->state, CVS_MODEL_WAITING);
    ck_assert_str_eq(tensor_of(&m, "after"), "(1, 5)");
    model_free(&m);
}
END_TEST

/* Of what is not known, or cannot be, the sums say that it is left out; of what only moves numbers that it is none. */
START_TEST(what_is_not_understood_is_not_free) {
    static const struct {
        const char *type, *inputs;
        cvs_model_state state;
    } last[] = {{"Whirl", "y", CVS_MODEL_UNKNOWN}, {"Conv", "y w", CVS_MODEL_FAILED}, {"Relu", "y", CVS_MODEL_KNOWN}};
    onnx_build b = onnx_begin(13);
    onnx_input(&b, "x", "1,3,8,8");
    onnx_weights(&b, "w", "4,5,3,3");
    onnx_node(&b, "Relu", "x", "y");
    onnx_node(&b, last[_i].type, last[_i].inputs, "z");
    onnx_output(&b, "z");
    read_model m = onnx_end(&b);
    int count;
    const cvs_model_layer *layers = cvs_model_layers(m.model, &count);
    cvs_model_totals totals;
    cvs_model_sum_up(m.model, &totals);
    const bool known = last[_i].state == CVS_MODEL_KNOWN;
    ck_assert_int_eq(layers[1].state, last[_i].state);
    ck_assert_int_eq(layers[1].cost.macs, known ? 0 : CVS_DIM_UNKNOWN);
    ck_assert_int_eq(totals.macs.completeness, known ? CVS_MODEL_COMPLETE : CVS_MODEL_PARTIAL);
    ck_assert_int_eq(totals.flops.completeness, known ? CVS_MODEL_COMPLETE : CVS_MODEL_PARTIAL);
    model_free(&m);
}
END_TEST

/* TensorFlow's models begin with a Transpose; behind a window it leaves no places that one could name. */
START_TEST(an_input_that_is_laid_out_otherwise_is_seen) {
    onnx_build b = onnx_begin(13);
    onnx_input(&b, "x", "1,8,8,3");
    onnx_weights(&b, "w", "4,3,3,3");
    onnx_node(&b, "Transpose", "x", "t");
    onnx_ints(&b, "perm", "0,3,1,2");
    onnx_node(&b, "Conv", "t w", "y");
    onnx_node(&b, "Transpose", "y", "z");
    onnx_output(&b, "z");
    read_model m = onnx_end(&b);
    const cvs_model_layer *conv = layer_of(&m, "Conv_1");
    ck_assert_int_eq(conv->field.most.rank, 2);
    ck_assert_int_eq(conv->field.least.size[1], 3);
    ck_assert_int_eq(layer_of(&m, "Transpose_2")->field.most.rank, 0);
    model_free(&m);
}
END_TEST

START_TEST(a_declaration_that_cannot_be_is_kept) {
    onnx_build b = onnx_begin(13);
    onnx_input(&b, "x", "1,8");
    onnx_node(&b, "Relu", "x", "y");
    onnx_node(&b, "Relu", "y", "z");
    onnx_declare(&b, "y", "1,9");
    onnx_output_declared(&b, "z", "batch,8");
    read_model m = onnx_end(&b);
    ck_assert_str_eq(tensor_of(&m, "y"), "(1, 8)");
    ck_assert_ptr_nonnull(find_tensor(&m, "y")->contradicted);
    ck_assert_int_eq(find_tensor(&m, "y")->contradicted->dim[1], 9);
    ck_assert_ptr_null(find_tensor(&m, "z")->contradicted);
    /* What was exported for 8 features says nothing of 9. */
    const cvs_model_input other = {.name = "x", .shape = {2, {1, 10}}};
    ck_assert_int_eq(cvs_model_infer(m.model, &other, 1, NULL, NULL), CVS_OK);
    ck_assert_ptr_null(find_tensor(&m, "y")->contradicted);
    model_free(&m);
}
END_TEST

/* ---- weights ------------------------------------------------------------------------------------------------ */

START_TEST(weights_are_counted_once) {
    onnx_build b = onnx_begin(13);
    onnx_input(&b, "x", "1,8");
    onnx_weights(&b, "w", "8,8");
    onnx_weights(&b, "scale", "8");
    onnx_weights(&b, "six", "");
    onnx_node(&b, "MatMul", "x w", "a");
    onnx_node(&b, "Transpose", "w", "turned");
    onnx_node(&b, "MatMul", "a turned", "c");
    onnx_node(&b, "Mul", "c scale", "d");
    onnx_node(&b, "Div", "d six", "y");
    onnx_output(&b, "y");
    read_model m = onnx_end(&b);
    cvs_model_totals totals;
    cvs_model_sum_up(m.model, &totals);
    ck_assert_int_eq(totals.parameters.value, 64 + 8);
    ck_assert_int_eq(totals.parameters.completeness, CVS_MODEL_COMPLETE);
    ck_assert_int_eq(totals.weights_bytes.value, 4 * (64 + 8));
    ck_assert_int_eq(totals.macs.value, 64 + 64);
    ck_assert(layer_of(&m, "MatMul_2")->shared);
    ck_assert_str_eq(layer_of(&m, "MatMul_0")->weights[0].name, "w");
    model_free(&m);
}
END_TEST

START_TEST(statistics_are_not_trained) {
    onnx_build b = onnx_begin(15);
    onnx_input(&b, "x", "1,8,4,4");
    for (const char *const *name = (const char *const[]){"g", "b", "m", "v", NULL}; *name; name++)
        onnx_weights(&b, *name, "8");
    onnx_node(&b, "BatchNormalization", "x g b m v", "y");
    onnx_output(&b, "y");
    read_model m = onnx_end(&b);
    ck_assert_int_eq(layer_of(&m, "BatchNormalization_0")->parameters, 32);
    ck_assert_int_eq(layer_of(&m, "BatchNormalization_0")->trainable, 16);
    model_free(&m);
}
END_TEST

START_TEST(an_output_may_be_a_constant) {
    onnx_build b = onnx_begin(13);
    onnx_input(&b, "x", "1,8");
    onnx_weights(&b, "table", "5,6");
    onnx_node(&b, "Relu", "x", "y");
    onnx_output(&b, "y");
    onnx_output(&b, "table");
    read_model m = onnx_end(&b);
    ck_assert_str_eq(tensor_of(&m, "table"), "(5, 6)");
    model_free(&m);
}
END_TEST

/* ---- graphs in nodes -------------------------------------------------------------------------------------------- */

static void add_branch(onnx_build *b, const char *attribute, const char *weights) {
    onnx_build body = onnx_begin_body(b);
    onnx_weights(&body, "w", weights);
    onnx_node(&body, "MatMul", "x w", "product");
    onnx_output(&body, "product");
    onnx_body(b, attribute, &body);
}

static read_model model_with_if(const char *condition) {
    onnx_build b = onnx_begin(13);
    onnx_input(&b, "x", "1,8");
    onnx_input(&b, "maybe", "");
    onnx_integers(&b, "always", "", "1")->data_type = ONNX__TENSOR_PROTO__DATA_TYPE__INT64;
    onnx_node(&b, "If", condition, "y");
    add_branch(&b, "then_branch", "8,3");
    add_branch(&b, "else_branch", "8,5");
    onnx_output(&b, "y");
    return onnx_end(&b);
}

START_TEST(a_branch_that_is_known_to_be_taken) {
    read_model m = model_with_if("always");
    ck_assert_str_eq(tensor_of(&m, "y"), "(1, 3)");
    ck_assert_int_eq(layer_of(&m, "If_0")->parameters, 24 + 40);
    ck_assert_int_eq(layer_of(&m, "If_0")->cost.macs, 24);
    model_free(&m);
}
END_TEST

START_TEST(what_both_branches_agree_on) {
    read_model m = model_with_if("maybe");
    ck_assert_str_eq(tensor_of(&m, "y"), "(1, None)");
    model_free(&m);
}
END_TEST

/* A loop's body, and what goes into it: the turn, the condition, and a state of (1, 8). */
static onnx_build begin_turn(const onnx_build *b) {
    onnx_build body = onnx_begin_body(b);
    onnx_input(&body, "i", "");
    onnx_input(&body, "go", "");
    onnx_input(&body, "state", "1,8");
    return body;
}

/* Five turns of a product with w, which is x at first. */
static void add_loop(onnx_build *b) {
    onnx_integers(b, "turns", "", "5");
    onnx_weights(b, "w", "8,8");
    onnx_node(b, "Loop", "turns - x", "last all");
    onnx_build body = begin_turn(b);
    onnx_node(&body, "Identity", "go", "go_on");
    onnx_node(&body, "MatMul", "state w", "next");
    onnx_node(&body, "Relu", "next", "seen");
    onnx_output(&body, "go_on");
    onnx_output(&body, "next");
    onnx_output(&body, "seen");
    onnx_body(b, "body", &body);
    onnx_output(b, "last");
    onnx_output(b, "all");
}

START_TEST(a_loop_stacks_what_its_turns_give) {
    onnx_build b = onnx_begin(13);
    onnx_input(&b, "x", "1,8");
    add_loop(&b);
    read_model m = onnx_end(&b);
    ck_assert_str_eq(tensor_of(&m, "last"), "(1, 8)");
    ck_assert_str_eq(tensor_of(&m, "all"), "(5, 1, 8)");
    ck_assert_int_eq(layer_of(&m, "Loop_0")->cost.macs, 5 * 64);
    ck_assert_int_eq(layer_of(&m, "Loop_0")->parameters, 64);
    model_free(&m);
}
END_TEST

/* A body that makes what goes into it, its condition here: what it was given, and others are given, is not written to.
 */
START_TEST(a_body_that_makes_its_own_input) {
    onnx_build b = onnx_begin(13);
    onnx_input(&b, "x", "1,8");
    onnx_integers(&b, "no", "", "0");
    onnx_node(&b, "Loop", "turns - x", "y");
    onnx_build body = begin_turn(&b);
    onnx_node(&body, "Identity", "no", "go");
    onnx_output(&body, "go");
    onnx_output(&body, "state");
    onnx_body(&b, "body", &body);
    add_loop(&b);
    read_model m = onnx_end(&b);
    ck_assert_str_eq(tensor_of(&m, "all"), "(5, 1, 8)");
    model_free(&m);
}
END_TEST

/* What grows from turn to turn has no size that one could name. */
START_TEST(a_loop_that_grows) {
    onnx_build b = onnx_begin(13);
    onnx_input(&b, "x", "1,8");
    onnx_integers(&b, "turns", "", "5");
    onnx_node(&b, "Loop", "turns - x", "y");
    onnx_build body = begin_turn(&b);
    onnx_node(&body, "Concat", "state x", "longer");
    onnx_int(&body, "axis", 0);
    onnx_output(&body, "go");
    onnx_output(&body, "longer");
    onnx_body(&b, "body", &body);
    onnx_output(&b, "y");
    read_model m = onnx_end(&b);
    ck_assert_str_eq(tensor_of(&m, "y"), "(None, 8)");
    model_free(&m);
}
END_TEST

Suite *onnx_model_suite(void) {
    Suite *suite = suite_create("onnx_model");
    TCase *core = tcase_create("core");
    tcase_add_test(core, a_convolution);
    tcase_add_test(core, what_does_not_fit_is_the_nodes_failure);
    tcase_add_test(core, outputs_that_an_operator_has_not);
    tcase_add_test(core, a_reshape_to_what_the_graph_computes);
    tcase_add_test(core, arithmetic_of_sizes);
    tcase_add_test(core, a_zero_that_is_left_out);
    tcase_add_test(core, names_of_sizes);
    tcase_add_test(core, an_unknown_operator_stops_what_depends_on_it);
    tcase_add_loop_test(core, what_is_not_understood_is_not_free, 0, 3);
    tcase_add_test(core, an_input_that_is_laid_out_otherwise_is_seen);
    tcase_add_test(core, a_declaration_that_cannot_be_is_kept);
    tcase_add_test(core, weights_are_counted_once);
    tcase_add_test(core, statistics_are_not_trained);
    tcase_add_test(core, an_output_may_be_a_constant);
    tcase_add_test(core, a_branch_that_is_known_to_be_taken);
    tcase_add_test(core, what_both_branches_agree_on);
    tcase_add_test(core, a_loop_stacks_what_its_turns_give);
    tcase_add_test(core, a_body_that_makes_its_own_input);
    tcase_add_test(core, a_loop_that_grows);
    suite_add_tcase(suite, core);
    return suite;
}
