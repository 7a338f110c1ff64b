/*
 * Generated layers of every operator, written for PyTorch and ONNX: the lines or nodes, one after another, make of the
 * same input the same output.
 */
#include "roll.h"

#include <jansson.h>

Suite *translate_suite(void);

enum { LAYERS = 400 };

static const cvs_op ops[] = {
    CVS_OP_CONV,
    CVS_OP_CONV_TRANSPOSE,
    CVS_OP_DEPTHWISE_CONV,
    CVS_OP_SEPARABLE_CONV,
    CVS_OP_MAX_POOL,
    CVS_OP_AVERAGE_POOL,
    CVS_OP_GLOBAL_MAX_POOL,
    CVS_OP_GLOBAL_AVERAGE_POOL,
    CVS_OP_ADAPTIVE_MAX_POOL,
    CVS_OP_ADAPTIVE_AVERAGE_POOL,
    CVS_OP_PAD,
    CVS_OP_CROP,
    CVS_OP_UPSAMPLE,
};

static cvs_shape channels_first(const cvs_shape *shape, cvs_data_format format) {
    cvs_shape out = *shape;
    if (format == CVS_CHANNELS_FIRST || shape->rank < 3) return out;
    out.dim[1] = shape->dim[shape->rank - 1];
    for (int i = 2; i < shape->rank; i++) out.dim[i] = shape->dim[i - 1];
    return out;
}

/* ---- the lines ---- */

/* Read a line or node, put it on what came out of the one before it. False: this version infers no such layer. */
static bool follow(const char *line, cvs_inference *at) {
    reading_case made = reading_make(line, CVS_FRAMEWORK_AUTO, 0);
    bool infers = strcmp(made.err.code, "op-unsupported") != 0;
    ck_assert_msg(made.status == CVS_OK || !infers, "%s: %s", line, made.err.message);
    const cvs_shape input = at->output.shape;
    if (infers)
        ck_assert_msg(cvs_infer(&made.reading.layer, &input, NULL, at, &made.err) == CVS_OK, "%s: %s", line,
                      made.err.message);
    reading_free(&made);
    return infers;
}

/* The lines of code, or the nodes of an array, one after another; how many, or 0 where one cannot be followed. */
static int follow_all(const char *text, cvs_inference *at) {
    int count = 0;
    bool followed = true;
    if (text[0] == '[') {
        json_t *nodes = json_loads(text, 0, NULL);
        ck_assert_msg(json_is_array(nodes), "%s", text);
        for (; followed && (size_t)count < json_array_size(nodes); count++) {
            char *node = json_dumps(json_array_get(nodes, (size_t)count), 0);
            followed = follow(node, at);
            free(node);
        }
        json_decref(nodes);
        return followed ? count : 0;
    }
    for (const char *line = text; followed && line; count++) {
        char copy[1024];
        const char *end = strchr(line, '\n');
        snprintf(copy, sizeof copy, "%.*s", (int)(end ? end - line : (long)strlen(line)), line);
        followed = follow(copy, at);
        line = end ? end + 1 : NULL;
    }
    return followed ? count : 0;
}

static bool check_written(const cvs_inference *inference, cvs_framework framework) {
    cvs_text text = {0};
    cvs_error err = {0};
    cvs_status status = cvs_dialect_write(inference, framework, &text, &err);
    ck_assert_msg(status == CVS_OK || (status == CVS_UNSUPPORTED && err.message[0]), "%s", err.message);
    /* Nothing here pads with an infinity but PyTorch's line before a max pool. */
    bool written = status == CVS_OK && !strstr(text.data, "-inf");
    if (written) {
        cvs_data_format format = inference->layer.data_format;
        cvs_shape wanted = channels_first(&inference->output.shape, format);
        cvs_inference at = {.output.shape = channels_first(&inference->input.shape, format)};
        int lines = follow_all(text.data, &at);
        if (lines) {
            ck_assert_msg(at.output.shape.rank == wanted.rank, "%s", text.data);
            size_t size = (size_t)wanted.rank * sizeof *wanted.dim;
            ck_assert_msg(memcmp(at.output.shape.dim, wanted.dim, size) == 0, "%s", text.data);
        }
    }
    cvs_text_free(&text);
    return written;
}

START_TEST(written_and_followed) {
    dice d = {UINT64_C(0xD1B54A32D192ED03) + (uint64_t)_i};
    int written[CVS_FRAMEWORK_COUNT] = {0}, made = 0;
    for (int i = 0; i < LAYERS; i++) {
        cvs_layer layer = roll_layer(&d, ops[_i]);
        cvs_shape input = roll_input(&d, &layer);
        cvs_inference inference;
        cvs_error err = {0};
        if (cvs_infer(&layer, &input, NULL, &inference, &err) != CVS_OK) continue;
        made++;
        written[CVS_PYTORCH] += check_written(&inference, CVS_PYTORCH);
        written[CVS_ONNX] += check_written(&inference, CVS_ONNX);
    }
    ck_assert_msg(made > LAYERS / 2, "%s: only %d", cvs_op_name(ops[_i]), made);
    ck_assert_msg(written[CVS_PYTORCH] > made / 4, "%s: only %d of %d", cvs_op_name(ops[_i]), written[CVS_PYTORCH],
                  made);
    ck_assert_msg(written[CVS_ONNX] > made / 10, "%s: only %d of %d", cvs_op_name(ops[_i]), written[CVS_ONNX], made);
}
END_TEST

Suite *translate_suite(void) {
    Suite *suite = suite_create("translate");
    TCase *core = tcase_create("core");
    tcase_add_loop_test(core, written_and_followed, 0, sizeof ops / sizeof *ops);
    suite_add_tcase(suite, core);
    return suite;
}
