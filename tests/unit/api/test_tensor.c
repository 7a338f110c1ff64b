#include "api/tensor.h"
#include "api/tensor_text.h"

#include "json_text.h"

#include <check.h>
#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static void check_reads(const char *text, const cvs_shape *shape, const float *values) {
    json_t *json = json_text(text);
    tensor_source source;
    cvs_error err = {0};
    ck_assert_msg(tensor_open(json, NULL, &source, &err) == CVS_OK, "%s: %s", text, err.message);
    ck_assert_int_eq(source.shape.rank, shape->rank);
    for (int i = 0; i < shape->rank; i++) ck_assert_int_eq(source.shape.dim[i], shape->dim[i]);
    float read[16];
    ck_assert_int_le(source.count, 16);
    ck_assert_msg(tensor_read(&source, 1, read, &err) == CVS_OK, "%s: %s", text, err.message);
    for (int64_t i = 0; i < source.count; i++) ck_assert_float_eq(read[i], values[i]);
    json_decref(json);
}

START_TEST(every_form_reads_the_same) {
    const cvs_shape shape = {3, {2, 1, 3}};
    const float values[] = {1, 2.5F, -3, 0, 1e-3F, 7};
    check_reads("[[[1, 2.5, -3]], [[0, 1e-3, 7]]]", &shape, values);
    check_reads("{'shape': [2, 1, 3], 'data': [1, 2.5, -3, 0, 1e-3, 7]}", &shape, values);
    check_reads("{'shape': [2, 1, 3], 'dtype': 'float32', 'base64': 'AACAPwAAIEAAAEDAAAAAAG8SgzoAAOBA'}", &shape,
                values);
    check_reads("{'shape': [2, 1, 3], 'base64': 'AACAPwAAIEAAAEDAAAAAAG8SgzoAAOBA'}", &shape, values);
}
END_TEST

START_TEST(empty_axes_and_extremes) {
    check_reads("[]", &(cvs_shape){1, {0}}, NULL);
    check_reads("[[], []]", &(cvs_shape){2, {2, 0}}, NULL);
    check_reads("{'shape': [0, 5], 'data': []}", &(cvs_shape){2, {0, 5}}, NULL);
    check_reads("[3.4028235e38, -3.4028235e38, 1e-46, 9223372036854775807]", &(cvs_shape){1, {4}},
                (const float[]){FLT_MAX, -FLT_MAX, 0, 9223372036854775808.0F});
}
END_TEST

/* The pointer is the exact element's. */
START_TEST(what_is_wrong_is_named) {
    static const struct {
        const char *text, *pointer, *code;
    } cases[] = {
        {"7", "", "wrong-type"},
        {"null", "", "wrong-type"},
        {"'abc'", "", "wrong-type"},
        {"[[1, 2], [3]]", "/1", "ragged-array"},
        {"[[1, 2], 3]", "/1", "wrong-type"},
        {"[[[1], [2]], [[3], [4, 5]]]", "/1/1", "ragged-array"},
        {"[[1, 2], [3, [4]]]", "/1/1", "wrong-type"},
        {"[1, 'x']", "/1", "wrong-type"},
        {"[1, null]", "/1", "wrong-type"},
        {"[[1, 2], [3, true]]", "/1/1", "wrong-type"},
        {"[[1, 2], [3, 1e39]]", "/1/1", "number-out-of-range"},
        {"[-1e39]", "/0", "number-out-of-range"},
        {"[[[[[[[[[1]]]]]]]]]", "", "too-many-axes"},
        {"{}", "", "tensor-without-data"},
        {"{'shape': [1]}", "", "tensor-without-data"},
        {"{'data': [1]}", "", "shape-missing"},
        {"{'shape': [1], 'data': [1], 'base64': 'AAAAAA=='}", "", "tensor-ambiguous"},
        {"{'shape': [1], 'dat': [1]}", "/dat", "unknown-member"},
        {"{'shape': [2], 'data': [1]}", "/data", "data-length-mismatch"},
        {"{'shape': [2], 'data': 5}", "/data", "wrong-type"},
        {"{'shape': [2], 'data': [1, 1e39]}", "/data/1", "number-out-of-range"},
        {"{'shape': [2], 'data': [[1], 2]}", "/data/0", "wrong-type"},
        {"{'shape': 2, 'data': [1]}", "/shape", "wrong-type"},
        {"{'shape': [], 'data': [1]}", "/shape", "wrong-rank"},
        {"{'shape': [1, 1, 1, 1, 1, 1, 1, 1, 1], 'data': [1]}", "/shape", "wrong-rank"},
        {"{'shape': [1, -1], 'data': [1]}", "/shape/1", "size-negative"},
        {"{'shape': [1.0], 'data': [1]}", "/shape/0", "wrong-type"},
        {"{'shape': [null], 'data': [1]}", "/shape/0", "wrong-type"},
        {"{'shape': [4611686018427387904, 4], 'data': [1]}", NULL, NULL},
        {"{'shape': [1], 'dtype': 'float64', 'base64': 'AAAAAA=='}", "/dtype", "unknown-dtype"},
        {"{'shape': [1], 'dtype': 3, 'base64': 'AAAAAA=='}", "/dtype", "wrong-type"},
        {"{'shape': [1], 'base64': 7}", "/base64", "wrong-type"},
        {"{'shape': [1], 'base64': 'AAAAA'}", "/base64", "not-base64"},
        {"{'shape': [1], 'base64': 'AAA*AA=='}", "/base64", "not-base64"},
        {"{'shape': [2], 'base64': 'AAAAAA=='}", "/base64", "data-length-mismatch"},
        {"{'random': 'x'}", "/random", "wrong-type"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        json_t *json = json_text(cases[i].text);
        tensor_source source;
        cvs_error err = {0};
        float read[16];
        cvs_status status = tensor_open(json, NULL, &source, &err);
        if (status == CVS_OK) status = tensor_read(&source, 1, read, &err);
        ck_assert_msg(status != CVS_OK && err.message[0], "%s was taken", cases[i].text);
        if (cases[i].code) ck_assert_str_eq(err.code, cases[i].code);
        if (cases[i].pointer)
            ck_assert_msg(strcmp(err.pointer, cases[i].pointer) == 0, "%s: %s", cases[i].text, err.pointer);
        json_decref(json);
    }
}
END_TEST

START_TEST(random_is_reproducible_and_bounded) {
    json_t *json = json_text("{'random': 7}");
    tensor_source source;
    cvs_error err = {0};
    ck_assert_int_eq(tensor_open(json, NULL, &source, &err), CVS_OK);
    ck_assert(!source.has_shape);
    const cvs_shape shape = {2, {100, 100}};
    ck_assert_int_eq(tensor_set_shape(&source, &shape, &err), CVS_OK);
    ck_assert_int_eq(source.count, 10000);
    float *values = calloc(10000, sizeof *values), *again = calloc(10000, sizeof *again);
    ck_assert_int_eq(tensor_read(&source, 0.5F, values, &err), CVS_OK);
    ck_assert_int_eq(tensor_read(&source, 0.5F, again, &err), CVS_OK);
    ck_assert_mem_eq(values, again, 10000 * sizeof *values);
    double sum = 0, squares = 0;
    for (int i = 0; i < 10000; i++) {
        ck_assert(values[i] >= -0.5F && values[i] < 0.5F);
        sum += values[i];
        squares += (double)values[i] * values[i];
    }
    ck_assert_double_eq_tol(sum / 10000, 0, 0.02);
    ck_assert_double_eq_tol(squares / 10000, 0.25 / 3, 0.005);
    /* SplitMix64's published first output for seed 1234567 is 6457827717110365317. */
    source.seed = 1234567;
    ck_assert_int_eq(tensor_read(&source, 1, values, &err), CVS_OK);
    double first = (double)(UINT64_C(6457827717110365317) >> 40) / 8388608 - 1;
    ck_assert_double_eq(values[0], first);
    free(values);
    free(again);
    json_decref(json);
}
END_TEST

static void check_writes(const float *data, const cvs_shape *shape, tensor_encoding encoding, const char *expected) {
    json_writer writer = {0};
    const tensor_text whole = tensor_text_of(data, shape, encoding);
    tensor_write(&writer, &whole);
    size_t length;
    char *text = json_writer_take(&writer, &length);
    ck_assert_str_eq(text, expected);
    free(text);
}

START_TEST(every_encoding_is_written) {
    const float data[] = {1, 2.5F, -3, 0, 0.001F, 7};
    const cvs_shape shape = {3, {2, 1, 3}};
    check_writes(data, &shape, TENSOR_JSON, "[1,2.5,-3,0,0.001,7]");
    check_writes(data, &shape, TENSOR_NESTED_JSON, "[[[1,2.5,-3]],[[0,0.001,7]]]");
    check_writes(data, &shape, TENSOR_BASE64_TEXT, "\"AACAPwAAIEAAAEDAAAAAAG8SgzoAAOBA\"");
    const cvs_shape empty = {2, {0, 2}};
    check_writes(data, &empty, TENSOR_JSON, "[]");
    check_writes(data, &empty, TENSOR_NESTED_JSON, "[]");
    check_writes(data, &empty, TENSOR_BASE64_TEXT, "\"\"");
}
END_TEST

/* In runs of every length that a run may have, each in a buffer of just the room that is promised for it. */
static void check_runs(const cvs_shape *shape, tensor_encoding encoding) {
    enum { MOST = 60 };
    float data[MOST];
    for (int i = 0; i < MOST; i++) data[i] = i % 4 ? -1.1754943e-38F : (float)i;
    const tensor_text whole = tensor_text_of(data, shape, encoding);
    json_writer writer = {0};
    size_t length;
    tensor_write(&writer, &whole);
    char *expected = json_writer_take(&writer, &length);
    for (size_t run = TENSOR_RUN_STEP; run < whole.count + TENSOR_RUN_STEP; run += TENSOR_RUN_STEP) {
        char *joined = calloc(1, length + 1), *end = joined;
        for (size_t first = 0; first < whole.count; first += run) {
            const size_t count = whole.count - first < run ? whole.count - first : run;
            char *room = malloc(tensor_text_room(&whole, count));
            const size_t written = tensor_text_write(&whole, first, count, room);
            ck_assert_uint_le(written, tensor_text_room(&whole, count));
            ck_assert_uint_le(written, length - (size_t)(end - joined));
            memcpy(end, room, written);
            end += written;
            free(room);
        }
        ck_assert_str_eq(joined, expected);
        free(joined);
    }
    free(expected);
}

START_TEST(runs_in_a_row_are_the_whole_text) {
    static const cvs_shape shapes[] = {{4, {2, 3, 2, 5}}, {3, {1, 1, 1}},    {2, {59, 1}},
                                       {2, {1, 59}},      {4, {4, 5, 1, 3}}, {8, {1, 2, 1, 2, 1, 2, 1, 2}}};
    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) check_runs(&shapes[i], (tensor_encoding)_i);
}
END_TEST

Suite *tensor_suite(void);
Suite *tensor_suite(void) {
    Suite *suite = suite_create("api/tensor");
    TCase *core = tcase_create("core");
    tcase_add_test(core, every_form_reads_the_same);
    tcase_add_test(core, empty_axes_and_extremes);
    tcase_add_test(core, what_is_wrong_is_named);
    tcase_add_test(core, random_is_reproducible_and_bounded);
    tcase_add_test(core, every_encoding_is_written);
    tcase_add_loop_test(core, runs_in_a_row_are_the_whole_text, TENSOR_JSON, TENSOR_BASE64_TEXT + 1);
    suite_add_tcase(suite, core);
    return suite;
}
