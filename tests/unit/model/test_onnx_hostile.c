/* test_onnx_hostile.c - files that are broken, or made to break who reads them. */
#include "onnx_build.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

Suite *onnx_hostile_suite(void);

static const uint8_t opset_13[] = {0x42, 0x02, 0x10, 13}; /* ModelProto.opset_import: a version */

/* Read exactly these bytes, and put the model on its inputs if it is one; 16 MiB are enough for anything here. */
static cvs_status read_bytes(const uint8_t *bytes, size_t length, cvs_error *err) {
    cvs_arena arena = cvs_arena_make((size_t)1 << 24);
    cvs_model *model = NULL;
    uint8_t *copy = malloc(length ? length : 1);
    if (length) memcpy(copy, bytes, length);
    *err = (cvs_error){0};
    cvs_status status = cvs_model_read_onnx(&arena, copy, length, &model, err);
    free(copy);
    if (status == CVS_OK) status = cvs_model_infer(model, NULL, 0, cvs_symbols_create(&arena), err);
    ck_assert_int_eq(err->status, status);
    ck_assert(status == CVS_OK || (err->code[0] && err->message[0]));
    cvs_arena_free(&arena);
    return status;
}

static cvs_status refuse(onnx_build *b, cvs_error *err) {
    size_t length;
    const uint8_t *bytes = onnx_bytes(b, &length);
    const cvs_status status = read_bytes(bytes, length, err);
    cvs_arena_free(b->arena);
    free(b->arena);
    return status;
}

START_TEST(what_is_no_protobuf) {
    cvs_error err;
    const char *const texts[] = {"", "{\"class_name\": \"Sequential\"}", "PK\x03\x04", "\x89HDF\r\n\x1a\n",
                                 "\xff\xff\xff\xff"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        ck_assert_int_eq(read_bytes((const uint8_t *)texts[i], strlen(texts[i]), &err), CVS_SYNTAX);
        ck_assert_str_eq(err.code, "not-onnx");
    }
}
END_TEST

/* Whatever is cut off, and whichever byte is another: a model or a reason, and no memory touched that is not there. */
START_TEST(every_beginning_and_every_byte) {
    onnx_build b = onnx_small_network();
    size_t length;
    cvs_error err;
    uint8_t *bytes = onnx_bytes(&b, &length);
    ck_assert_int_eq(read_bytes(bytes, length, &err), CVS_OK);
    for (size_t cut = 0; cut < length; cut++) (void)read_bytes(bytes, cut, &err);
    for (size_t at = 0; at < length; at++) {
        const uint8_t was = bytes[at];
        for (int change = 1; change < 256; change = change * 2 + 1) {
            bytes[at] = was ^ (uint8_t)change;
            (void)read_bytes(bytes, length, &err);
        }
        bytes[at] = was;
    }
    cvs_arena_free(b.arena);
    free(b.arena);
}
END_TEST

START_TEST(circles_and_strangers) {
    cvs_error err;
    onnx_build circle = onnx_begin(13);
    onnx_input(&circle, "x", "1");
    onnx_node(&circle, "Add", "x b", "a");
    onnx_node(&circle, "Relu", "a", "b");
    onnx_output(&circle, "b");
    ck_assert_int_eq(refuse(&circle, &err), CVS_INVALID);
    ck_assert_str_eq(err.code, "cycle");
    onnx_build stranger = onnx_begin(13);
    onnx_node(&stranger, "Relu", "nobody", "y");
    onnx_output(&stranger, "y");
    ck_assert_int_eq(refuse(&stranger, &err), CVS_INVALID);
    ck_assert_str_eq(err.code, "tensor-unknown");
    onnx_build nothing = onnx_begin(13);
    onnx_input(&nothing, "x", "1");
    onnx_output(&nothing, "y");
    ck_assert_int_eq(refuse(&nothing, &err), CVS_INVALID);
    ck_assert_str_eq(err.code, "tensor-unknown");
    onnx_build twice = onnx_begin(13);
    onnx_input(&twice, "x", "1");
    onnx_node(&twice, "Relu", "x", "y");
    onnx_node(&twice, "Abs", "x", "y");
    onnx_output(&twice, "y");
    ck_assert_int_eq(refuse(&twice, &err), CVS_INVALID);
    ck_assert_str_eq(err.code, "tensor-made-twice");
}
END_TEST

/* Protobuf leaves out what is empty: an initializer without a name is what an output without one asks for. */
START_TEST(names_that_are_missing) {
    cvs_error err;
    onnx_build b = onnx_begin(13);
    onnx_weights(&b, "w", "2")->name = NULL;
    onnx_output(&b, "y");
    b.graph.proto.output[0]->name = NULL;
    ck_assert_int_eq(refuse(&b, &err), CVS_OK);
}
END_TEST

START_TEST(older_opsets) {
    cvs_error err;
    onnx_build b = onnx_begin(6);
    onnx_input(&b, "x", "1");
    onnx_node(&b, "Relu", "x", "y");
    onnx_output(&b, "y");
    ck_assert_int_eq(refuse(&b, &err), CVS_UNSUPPORTED);
    ck_assert_str_eq(err.code, "opset-too-old");
}
END_TEST

START_TEST(sizes_that_overflow) {
    cvs_error err;
    onnx_build b = onnx_begin(13);
    onnx_input(&b, "x", "1");
    onnx_weights(&b, "w", "4294967296,4294967296");
    onnx_node(&b, "Add", "x w", "y");
    onnx_output(&b, "y");
    ck_assert_int_eq(refuse(&b, &err), CVS_TOO_LARGE);
    onnx_build negative = onnx_begin(13);
    onnx_weights(&negative, "w", "-5");
    onnx_node(&negative, "Relu", "w", "y");
    onnx_output(&negative, "y");
    ck_assert_int_eq(refuse(&negative, &err), CVS_INVALID);
}
END_TEST

static cvs_status read_external(const char *path) {
    cvs_error err;
    onnx_build b = onnx_begin(13);
    onnx_input(&b, "x", "1,4");
    Onnx__TensorProto *w = onnx_weights(&b, "w", "4,4");
    Onnx__StringStringEntryProto entry = ONNX__STRING_STRING_ENTRY_PROTO__INIT, *entries = &entry;
    char key[] = "location", *value = strdup(path);
    entry.key = key;
    entry.value = value;
    w->n_external_data = 1;
    w->external_data = &entries;
    w->has_data_location = true;
    w->data_location = ONNX__TENSOR_PROTO__DATA_LOCATION__EXTERNAL;
    onnx_node(&b, "MatMul", "x w", "y");
    onnx_output(&b, "y");
    const cvs_status status = refuse(&b, &err);
    free(value);
    return status;
}

START_TEST(data_in_other_files) {
    ck_assert_int_eq(read_external("weights.bin"), CVS_OK);
    ck_assert_int_eq(read_external("parts/..weights/1.bin"), CVS_OK);
    const char *const outside[] = {"/etc/passwd", "../weights.bin", "parts/../../x", "..", "C:\\x", "parts\\x", "a/.."};
    for (size_t i = 0; i < sizeof outside / sizeof *outside; i++)
        ck_assert_int_eq(read_external(outside[i]), CVS_INVALID);
}
END_TEST

/* ---- many and deep: written byte by byte, for no builder would ---------------------------------------- */

static void add_length(cvs_text *text, size_t length) {
    do {
        const char byte = (char)((length & 0x7f) | (length > 0x7f ? 0x80 : 0));
        cvs_text_append(text, &byte, 1);
        length >>= 7;
    } while (length);
}

/* Field `number` of a message: bytes of their own length. */
static void add_field(cvs_text *text, int number, const cvs_text *bytes) {
    add_length(text, (size_t)number << 3 | 2);
    add_length(text, bytes->length);
    cvs_text_append(text, bytes->data, bytes->length);
}

static cvs_status read_graph(const cvs_text *graph, cvs_error *err) {
    cvs_text model = {0};
    cvs_text_append(&model, (const char *)opset_13, sizeof opset_13);
    add_field(&model, 7, graph);
    const cvs_status status = read_bytes((const uint8_t *)model.data, model.length, err);
    cvs_text_free(&model);
    return status;
}

START_TEST(a_million_nodes) {
    cvs_error err;
    cvs_text graph = {0};
    for (int i = 0; i < 1000000; i++) cvs_text_append(&graph, "\x0a\x02\x22\x00", 4); /* a node with an op_type of "" */
    ck_assert_int_eq(read_graph(&graph, &err), CVS_TOO_LARGE);
    cvs_text_free(&graph);
}
END_TEST

/* All of one name, in a time that does not grow with their square. */
START_TEST(many_nodes_of_one_name) {
    cvs_error err;
    cvs_text graph = {0};
    for (int i = 0; i < CVS_MODEL_MAX_LAYERS; i++)
        cvs_text_append(&graph, "\x0a\x0b\x1a\x03one\x22\x04Relu", 13); /* name, op_type */
    (void)read_graph(&graph, &err);
    ck_assert_int_ne(err.status, CVS_SYNTAX);
    cvs_text_free(&graph);
}
END_TEST

/* If in If in If: `depth` graphs in nodes. */
static cvs_status read_deep(int depth, cvs_error *err) {
    cvs_text graph = {0};
    cvs_text_append(&graph, "\x0a\x06\x22\x04Relu", 8);
    for (int i = 0; i < depth; i++) {
        cvs_text attribute = {0}, node = {0}, outer = {0};
        add_field(&attribute, 6, &graph);
        cvs_text_append(&node, "\x22\x02If", 4);
        add_field(&node, 5, &attribute);
        add_field(&outer, 1, &node);
        cvs_text_free(&graph);
        cvs_text_free(&attribute);
        cvs_text_free(&node);
        graph = outer;
    }
    const cvs_status status = read_graph(&graph, err);
    cvs_text_free(&graph);
    return status;
}

START_TEST(graphs_in_graphs) {
    cvs_error err;
    ck_assert_int_eq(read_deep(CVS_MODEL_MAX_DEPTH, &err), CVS_OK);
    ck_assert_int_eq(read_deep(CVS_MODEL_MAX_DEPTH + 1, &err), CVS_TOO_LARGE);
    ck_assert_int_eq(read_deep(1000, &err), CVS_TOO_LARGE);
}
END_TEST

START_TEST(names_that_are_no_text) {
    cvs_error err;
    onnx_build b = onnx_begin(13);
    onnx_input(&b, "x\xff", "1");
    onnx_node(&b, "Relu", "x\xff", "y");
    onnx_output(&b, "y");
    ck_assert_int_eq(refuse(&b, &err), CVS_SYNTAX);
}
END_TEST

/* ---- memory ---------------------------------------------------------------------------------------------- */

/* Weights are not copied, wherever they stand: as bytes, or as floats. */
START_TEST(weights_take_no_memory) {
    enum { SIDE = 1024 };
    onnx_build b = onnx_begin(13);
    cvs_arena arena = cvs_arena_make((size_t)1 << 20);
    cvs_model *model = NULL;
    size_t length;
    onnx_input(&b, "x", "1,1024");
    Onnx__TensorProto *raw = onnx_weights(&b, "raw", "1024,1024"), *floats = onnx_weights(&b, "floats", "1024,1024");
    raw->has_raw_data = true;
    raw->raw_data = (ProtobufCBinaryData){(size_t)4 * SIDE * SIDE, calloc(SIDE, (size_t)4 * SIDE)};
    floats->n_float_data = (size_t)SIDE * SIDE;
    floats->float_data = calloc(SIDE, SIDE * sizeof(float));
    onnx_node(&b, "MatMul", "x raw", "y");
    onnx_node(&b, "MatMul", "y floats", "z");
    onnx_output(&b, "z");
    const uint8_t *bytes = onnx_bytes(&b, &length);
    ck_assert_uint_gt(length, (size_t)8 << 20);
    ck_assert_int_eq(cvs_model_read_onnx(&arena, bytes, length, &model, NULL), CVS_OK);
    ck_assert_uint_lt(arena.used, (size_t)1 << 16);
    free(raw->raw_data.data);
    free(floats->float_data);
    cvs_arena_free(&arena);
    cvs_arena_free(b.arena);
    free(b.arena);
}
END_TEST

Suite *onnx_hostile_suite(void) {
    Suite *suite = suite_create("onnx_hostile");
    TCase *core = tcase_create("core");
    tcase_add_test(core, what_is_no_protobuf);
    tcase_add_test(core, every_beginning_and_every_byte);
    tcase_add_test(core, circles_and_strangers);
    tcase_add_test(core, names_that_are_missing);
    tcase_add_test(core, older_opsets);
    tcase_add_test(core, sizes_that_overflow);
    tcase_add_test(core, data_in_other_files);
    tcase_add_test(core, a_million_nodes);
    tcase_add_test(core, many_nodes_of_one_name);
    tcase_add_test(core, graphs_in_graphs);
    tcase_add_test(core, names_that_are_no_text);
    tcase_add_test(core, weights_take_no_memory);
    suite_add_tcase(suite, core);
    return suite;
}
