/* Numbers of every width from bytes: the bytes are written out here, and what they are. */
#include "api/tensor.h"

#include <check.h>
#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

Suite *tensor_bytes_suite(void);

static const cvs_shape of_four = {1, {4}};

/* Behind one byte, so that no number is aligned; of exactly this size, so that a sanitizer sees what is read beyond. */
static char *unaligned(const void *bytes, size_t size) {
    char *copy = malloc(size + 1);
    memcpy(copy + 1, bytes, size);
    return copy;
}

static void check_read(tensor_bytes bytes, const cvs_shape *shape, const float *expected) {
    char *copy = unaligned(bytes.data, bytes.size);
    tensor_source source;
    cvs_error err = {0};
    bytes.data = copy + 1;
    ck_assert_msg(tensor_open_bytes(&bytes, shape, &source, &err) == CVS_OK, "%s", err.message);
    float *read = malloc((size_t)source.count * sizeof *read);
    ck_assert_msg(tensor_read(&source, 1, read, &err) == CVS_OK, "%s", err.message);
    for (int64_t i = 0; i < source.count; i++)
        ck_assert_msg(memcmp(&read[i], &expected[i], sizeof *read) == 0, "element %d, number %lld: %a, not %a",
                      (int)bytes.element, (long long)i, read[i], expected[i]);
    free(read);
    free(copy);
}

static const struct {
    tensor_element element;
    const char *little; /* 4 elements */
    float expected[4];
} elements[] = {
    {TENSOR_F32,
     "\x00\x00\x80\x3f"
     "\x00\x00\x20\xc0"
     "\x00\x00\x00\x80"
     "\xff\xff\x7f\x7f",
     {1, -2.5F, -0.0F, FLT_MAX}},
    {TENSOR_F64,
     "\x00\x00\x00\x00\x00\x00\xf0\x3f"
     "\x9a\x99\x99\x99\x99\x99\xb9\xbf"
     "\x00\x00\x00\x00\x00\x00\xf0\xff"
     "\x00\x00\x00\x00\x00\x00\xa0\x36",
     {1, -0.1F, -INFINITY, 0x1p-149F}},
    {TENSOR_F16,
     "\x00\x3c"
     "\x00\xc1"
     "\x01\x80"
     "\xff\x7b",
     {1, -2.5F, -0x1p-24F, 65504}},
    {TENSOR_I8, "\x00\x7f\x80\xff", {0, 127, -128, -1}},
    {TENSOR_U8, "\x00\x7f\x80\xff", {0, 127, 128, 255}},
    {TENSOR_BOOL, "\x00\x01\x02\xff", {0, 1, 1, 1}},
    {TENSOR_I16,
     "\x01\x00"
     "\x00\x01"
     "\x00\x80"
     "\xff\xff",
     {1, 256, -32768, -1}},
    {TENSOR_U16,
     "\x01\x00"
     "\x00\x01"
     "\x00\x80"
     "\xff\xff",
     {1, 256, 32768, 65535}},
    {TENSOR_I32,
     "\x01\x00\x00\x00"
     "\x01\x00\x00\x01"
     "\x00\x00\x00\x80"
     "\xff\xff\xff\xff",
     {1, 16777216, -2147483648.0F, -1}},
    {TENSOR_U32,
     "\x01\x00\x00\x00"
     "\x03\x00\x00\x01"
     "\x00\x00\x00\x80"
     "\xff\xff\xff\xff",
     {1, 16777220, 2147483648.0F, 4294967296.0F}},
    {TENSOR_I64,
     "\x01\x00\x00\x00\x00\x00\x00\x00"
     "\x00\x00\x00\x00\x01\x00\x00\x00"
     "\x00\x00\x00\x00\x00\x00\x00\x80"
     "\xff\xff\xff\xff\xff\xff\xff\xff",
     {1, 4294967296.0F, -9223372036854775808.0F, -1}},
    {TENSOR_U64,
     "\x01\x00\x00\x00\x00\x00\x00\x00"
     "\x00\x00\x00\x00\x01\x00\x00\x00"
     "\x00\x00\x00\x00\x00\x00\x00\x80"
     "\xff\xff\xff\xff\xff\xff\xff\xff",
     {1, 4294967296.0F, 9223372036854775808.0F, 18446744073709551616.0F}},
};
enum { ELEMENTS = sizeof elements / sizeof *elements };

START_TEST(every_element_in_either_order) {
    const size_t width = tensor_element_size(elements[_i].element), size = 4 * width;
    tensor_bytes bytes = {.data = elements[_i].little, .size = size, .element = elements[_i].element};
    check_read(bytes, &of_four, elements[_i].expected);
    char big[4 * sizeof(double)];
    for (size_t i = 0; i < size; i++) big[i] = elements[_i].little[i / width * width + width - 1 - i % width];
    bytes.data = big;
    bytes.big_endian = true;
    check_read(bytes, &of_four, elements[_i].expected);
}
END_TEST

START_TEST(halves_that_are_no_number) {
    static const unsigned char halves[] = {0x00, 0x7c, 0x00, 0xfc, 0x01, 0x7e, 0xff, 0x03};
    const tensor_bytes bytes = {.data = halves, .size = sizeof halves, .element = TENSOR_F16};
    tensor_source source;
    cvs_error err = {0};
    float read[4];
    ck_assert_int_eq(tensor_open_bytes(&bytes, &of_four, &source, &err), CVS_OK);
    ck_assert_int_eq(tensor_read(&source, 1, read, &err), CVS_OK);
    ck_assert(read[0] == INFINITY && read[1] == -INFINITY && isnan(read[2]) && read[3] == 0x3ffp-24F);
}
END_TEST

/* The last number of the address moves with the last axis in one order, with the first axis in the other. */
START_TEST(the_order_of_fortran) {
    unsigned char counted[24];
    for (unsigned i = 0; i < sizeof counted; i++) counted[i] = (unsigned char)i;
    const tensor_bytes bytes = {.data = counted, .size = 24, .element = TENSOR_U8, .column_major = true};
    float expected[24];
    for (int i = 0; i < 2; i++)
        for (int j = 0; j < 3; j++)
            for (int k = 0; k < 4; k++) expected[(i * 3 + j) * 4 + k] = (float)(i + 2 * j + 6 * k);
    check_read(bytes, &(cvs_shape){3, {2, 3, 4}}, expected);
    for (int i = 0; i < 24; i++) expected[i] = (float)i;
    check_read(bytes, &(cvs_shape){1, {24}}, expected);
    check_read(bytes, &(cvs_shape){3, {1, 24, 1}}, expected);
    check_read((tensor_bytes){.data = "", .column_major = true}, &(cvs_shape){2, {3, 0}}, NULL);
}
END_TEST

START_TEST(aligned_float32_stays_where_it_is) {
    float numbers[] = {1, 2, 3, 4, 5};
    const float *values;
    float *memory;
    cvs_error err = {0};
    tensor_source source;
    tensor_bytes bytes = {.data = numbers, .size = 4 * sizeof *numbers};
    ck_assert_int_eq(tensor_open_bytes(&bytes, &of_four, &source, &err), CVS_OK);
    ck_assert_int_eq(tensor_load(&source, 1, &values, &memory, &err), CVS_OK);
    ck_assert_ptr_eq(values, numbers);
    ck_assert_ptr_null(memory);
    bytes.data = (const char *)numbers + 1;
    ck_assert_int_eq(tensor_open_bytes(&bytes, &of_four, &source, &err), CVS_OK);
    ck_assert_int_eq(tensor_load(&source, 1, &values, &memory, &err), CVS_OK);
    ck_assert_ptr_ne(memory, NULL);
    free(memory);
}
END_TEST

START_TEST(what_does_not_fit) {
    static const struct {
        cvs_shape shape;
        size_t size;
        cvs_status status;
        const char *code;
    } cases[] = {
        {{1, {4}}, 15, CVS_INVALID, "data-length-mismatch"},
        {{1, {4}}, 17, CVS_INVALID, "data-length-mismatch"},
        {{1, {0}}, 4, CVS_INVALID, "data-length-mismatch"},
        {{2, {INT64_MAX, 2}}, 16, CVS_TOO_LARGE, NULL},
        {{2, {INT64_C(1) << 31, INT64_C(1) << 31}}, 0, CVS_INVALID, "data-length-mismatch"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        cvs_error err = {0};
        tensor_source source;
        const tensor_bytes bytes = {.data = "", .size = cases[i].size};
        ck_assert_int_eq(tensor_open_bytes(&bytes, &cases[i].shape, &source, &err), cases[i].status);
        if (cases[i].code) ck_assert_str_eq(err.code, cases[i].code);
    }
}
END_TEST

START_TEST(a_double_beyond_float32) {
    const double numbers[] = {1, INFINITY, 3.5e38, -1e300};
    const struct {
        size_t first;
        bool column_major;
        const char *at;
    } cases[] = {{0, false, "at byte 16"}, {0, true, "at byte 16"}, {2, false, "at byte 0"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const size_t count = 4 - cases[i].first;
        const tensor_bytes bytes = {.data = numbers + cases[i].first,
                                    .size = count * sizeof *numbers,
                                    .element = TENSOR_F64,
                                    .column_major = cases[i].column_major};
        cvs_error err = {0};
        tensor_source source;
        float read[4];
        ck_assert_int_eq(tensor_open_bytes(&bytes, &(cvs_shape){2, {2, (int64_t)count / 2}}, &source, &err), CVS_OK);
        ck_assert_int_eq(tensor_read(&source, 1, read, &err), CVS_INVALID);
        ck_assert_str_eq(err.code, "number-out-of-range");
        ck_assert_msg(strstr(err.message, cases[i].at) != NULL, "%s", err.message);
    }
}
END_TEST

Suite *tensor_bytes_suite(void) {
    Suite *suite = suite_create("tensor_bytes");
    TCase *core = tcase_create("core");
    tcase_add_loop_test(core, every_element_in_either_order, 0, ELEMENTS);
    tcase_add_test(core, halves_that_are_no_number);
    tcase_add_test(core, the_order_of_fortran);
    tcase_add_test(core, aligned_float32_stays_where_it_is);
    tcase_add_test(core, what_does_not_fit);
    tcase_add_test(core, a_double_beyond_float32);
    suite_add_tcase(suite, core);
    return suite;
}
