/* test_torch_text.c - PyTorch's modules, as code and as they print themselves. */
#include "model_text.h"

#include <check.h>
#include <string.h>

Suite *torch_text_suite(void);

/* ---- code --------------------------------------------------------------------------- */

START_TEST(a_sequence_as_code) {
    read_model m =
        text_model("import torch.nn as nn\n"
                   "act = nn.ReLU()\n"
                   "body = nn.Sequential(OrderedDict([('first', nn.Conv2d(1, 20, 5)), ('act', act)])).to('cuda')\n"
                   "model = nn.Sequential(body, nn.MaxPool2d(2), act, nn.Flatten(), nn.Linear(2880, 10))\n");
    ck_assert_str_eq(names_of(&m), "0.first 0.act 1 2 3 4");
    ck_assert_int_eq(cvs_model_framework(m.model), CVS_PYTORCH);
    ck_assert_str_eq(output_of(&m, "0.first"), "(None, 20, None, None)"); /* the input's channels are known */
    ck_assert_int_eq(layer_of(&m, "4")->parameters, 28810);
    infer_on(&m, (cvs_shape){4, {1, 1, 28, 28}});
    ck_assert_str_eq(output_of(&m, "3"), "(1, 2880)");
    ck_assert_str_eq(output_of(&m, "4"), "(1, 10)");
    ck_assert(layer_of(&m, "2")->shared);
    model_free(&m);
}
END_TEST

START_TEST(modules_are_added) {
    read_model m = text_model("net = nn.Sequential(nn.Linear(4, 8))\n"
                              "net.add_module('act', nn.ReLU())\nnet.append(nn.Linear(8, 2))\nnet.eval()\n");
    ck_assert_str_eq(names_of(&m), "0 act 2");
    ck_assert_str_eq(output_of(&m, "2"), "(None, 2)");
    model_free(&m);
}
END_TEST

/* ---- what is printed -------------------------------------------------------------------- */

#define CONV(name, in, out) "(" name "): Conv2d(" in ", " out ", kernel_size=(3, 3), stride=(1, 1), padding=(1, 1))\n"

START_TEST(a_printed_sequence) {
    read_model m =
        text_model(">>> model\nSequential(\n  (0): Conv2d(3, 8, kernel_size=(3, 3), stride=(1, 1))\n"
                   "  (1): ReLU(inplace=True)\n  (2): Sequential(\n    (a): Flatten(start_dim=1, end_dim=-1)\n"
                   "  )\n)\n");
    infer_on(&m, (cvs_shape){4, {2, 3, 5, 5}});
    ck_assert_str_eq(names_of(&m), "0 1 2.a");
    ck_assert_str_eq(output_of(&m, "2.a"), "(2, 72)");
    ck_assert_int_eq(layer_of(&m, "2.a")->place.line, 6);
    ck_assert_int_eq(cvs_model_order_known(m.model), CVS_MODEL_ORDER_STATED);
    model_free(&m);
}
END_TEST

START_TEST(repeated_modules_have_weights_of_their_own) {
    read_model m = text_model("Sequential(\n  (0-2): 3 x Linear(in_features=4, out_features=4, bias=True)\n"
                              "  (3): Linear(in_features=4, out_features=1, bias=True)\n)\n");
    cvs_model_totals totals;
    ck_assert_str_eq(names_of(&m), "0 1 2 3");
    cvs_model_sum_up(m.model, &totals);
    ck_assert_int_eq(totals.parameters.value, 3 * 20 + 5);
    model_free(&m);
}
END_TEST

/* The order of a module that is no Sequential is a guess, and the model says so. */
START_TEST(an_order_that_fits) {
    read_model m =
        text_model("Net(\n  " CONV("a", "3", "8") "  (blocks): ModuleList(\n    (0-1): 2 x Sequential(\n      " CONV(
            "0", "8", "8") "    )\n  )\n  (fc): Linear(in_features=8, out_features=2, bias=True)\n)\n");
    int count;
    infer_on(&m, (cvs_shape){4, {1, 3, 6, 6}});
    ck_assert_str_eq(names_of(&m), "a blocks.0.0 blocks.1.0 adaptive_avg_pool2d flatten fc");
    ck_assert_str_eq(output_of(&m, "fc"), "(1, 2)");
    ck_assert_int_eq(cvs_model_order_known(m.model), CVS_MODEL_ORDER_PRINTED);
    ck_assert_str_eq(cvs_model_order_name(cvs_model_order_known(m.model)), "printed");
    const char *const *notes = cvs_model_notes(m.model, &count);
    ck_assert_int_eq(count, 3); /* Net, ModuleList, the pool */
    ck_assert_ptr_nonnull(strstr(notes[0], "Net"));
    model_free(&m);
}
END_TEST

/* 8 channels of 3x3 positions: forward() flattens. */
START_TEST(a_dense_layer_reads_what_is_flattened) {
    read_model m =
        text_model("Net(\n  " CONV("a", "3", "8") "  (fc): Linear(in_features=72, out_features=2, bias=True)\n)\n");
    infer_on(&m, (cvs_shape){4, {1, 3, 3, 3}});
    ck_assert_str_eq(names_of(&m), "a flatten fc");
    ck_assert_str_eq(output_of(&m, "fc"), "(1, 2)");
    model_free(&m);
}
END_TEST

START_TEST(an_order_that_does_not_fit) {
    read_model m = text_model("Net(\n  " CONV("a", "3", "8") "  " CONV("b", "3", "8") ")\n");
    ck_assert(!m.model);
    ck_assert_str_eq(m.error.code, "order-unknown");
    ck_assert_int_eq(m.error.line, 3);
    ck_assert_int_eq(m.error.column, 8);
    model_free(&m);
}
END_TEST

/* In a Sequential the order is no guess: what does not fit is the layer's mistake. */
START_TEST(a_sequence_that_does_not_fit) {
    read_model m = text_model("nn.Sequential(nn.Conv2d(3, 8, 3), nn.Conv2d(3, 8, 3))");
    infer_on(&m, (cvs_shape){4, {1, 3, 9, 9}});
    ck_assert_int_eq(layer_of(&m, "1")->state, CVS_MODEL_FAILED);
    model_free(&m);
}
END_TEST

#define BLOCK(type, more)                                                                                              \
    "Net(\n  (block): " type                                                                                           \
    "(\n    " CONV("conv1", "4", "4") "    (bn1): BatchNorm2d(4, eps=1e-05)\n"                                         \
                                      "    (relu): ReLU(inplace=True)\n    " CONV(                                     \
                                          "conv2", "4", "4") "    (bn2): BatchNorm2d(4, eps=1e-05)\n" more "  )\n)\n"

START_TEST(a_block_of_torchvision) {
    read_model m = text_model(BLOCK("BasicBlock", ""));
    infer_on(&m, (cvs_shape){4, {1, 4, 6, 6}});
    ck_assert_str_eq(names_of(&m), "block.conv1 block.bn1 block.relu block.conv2 block.bn2 block.add block.relu#2");
    ck_assert_int_eq(layer_of(&m, "block.add")->input_count, 2);
    ck_assert_int_eq(cvs_model_order_known(m.model), CVS_MODEL_ORDER_BY_NAME);
    model_free(&m);
    /* One with other members is another class of that name. */
    m = text_model(BLOCK("BasicBlock", "    " CONV("conv9", "4", "4")));
    infer_on(&m, (cvs_shape){4, {1, 4, 6, 6}});
    ck_assert_str_eq(names_of(&m), "block.conv1 block.bn1 block.relu block.conv2 block.bn2 block.conv9");
    ck_assert_int_eq(cvs_model_order_known(m.model), CVS_MODEL_ORDER_PRINTED);
    model_free(&m);
}
END_TEST

START_TEST(unknown_modules) {
    read_model m =
        text_model("Net(\n  " CONV("a", "3", "8") "  (b): FancyPool(3, mode=max)\n  " CONV("c", "8", "2") ")\n");
    infer_on(&m, (cvs_shape){4, {1, 3, 9, 9}});
    ck_assert_int_eq(layer_of(&m, "b")->state, CVS_MODEL_UNKNOWN);
    ck_assert_int_eq(layer_of(&m, "c")->state, CVS_MODEL_WAITING);
    model_free(&m);
}
END_TEST

START_TEST(too_many_repeats) {
    read_model m = text_model("Sequential(\n  (0-99999999): 100000000 x ReLU()\n)\n");
    ck_assert_str_eq(m.error.code, "too-many-layers");
    ck_assert_int_eq(m.error.line, 2);
    model_free(&m);
}
END_TEST

Suite *torch_text_suite(void) {
    Suite *suite = suite_create("torch_text");
    TCase *core = tcase_create("core");
    tcase_add_test(core, a_sequence_as_code);
    tcase_add_test(core, modules_are_added);
    tcase_add_test(core, a_printed_sequence);
    tcase_add_test(core, repeated_modules_have_weights_of_their_own);
    tcase_add_test(core, an_order_that_fits);
    tcase_add_test(core, a_dense_layer_reads_what_is_flattened);
    tcase_add_test(core, an_order_that_does_not_fit);
    tcase_add_test(core, a_sequence_that_does_not_fit);
    tcase_add_test(core, a_block_of_torchvision);
    tcase_add_test(core, unknown_modules);
    tcase_add_test(core, too_many_repeats);
    suite_add_tcase(suite, core);
    return suite;
}
