/* .npy files, written out here by the format's description; the reader stands before an unmapped page. */
#include "api/npy.h"

#include "fence.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

Suite *npy_suite(void);

/* A file of version `major`.0 with this header and `data` bytes of data, the first ones 1, 2, 3, ... */
static size_t make_file(char *out, int major, const char *header, size_t data) {
    const size_t length = strlen(header), begin = major == 1 ? 10 : 12;
    memcpy(out, "\x93NUMPY", 6);
    out[6] = (char)major;
    for (size_t i = 7; i < begin; i++) out[i] = 0;
    out[8] = (char)(length & 0xff);
    out[9] = (char)(length >> 8);
    memcpy(out + begin, header, length);
    for (size_t i = 0; i < data; i++) out[begin + length + i] = (char)(i + 1);
    return begin + length + data;
}

static cvs_status open_and_read(const char *file, size_t size, tensor_source *out, cvs_error *err) {
    cvs_status status = npy_open(file, size, out, err);
    float numbers[16];
    if (status == CVS_OK && out->count <= 16) status = tensor_read(out, 1, numbers, err);
    return status;
}

static cvs_status open_fenced(const char *file, size_t size, tensor_source *out, cvs_error *err) {
    fenced f = fence(size, ENDS_BEFORE);
    memcpy(f.data, file, size);
    cvs_status status = open_and_read((const char *)f.data, size, out, err);
    unfence(&f);
    return status;
}

#define HEADER(descr, order, shape) "{'descr': '" descr "', 'fortran_order': " order ", 'shape': " shape ", }   \n"
#define TYPE(descr)                 HEADER(descr, "False", "(3,)")

START_TEST(files_that_are_read) {
    static const struct {
        int major;
        const char *header;
        size_t data;
        tensor_element element;
        int rank;
        bool big_endian, column_major;
    } cases[] = {
        {1, HEADER("<f4", "False", "(1, 3)"), 12, TENSOR_F32, 2, false, false},
        {2, HEADER("<f4", "False", "(1, 3)"), 12, TENSOR_F32, 2, false, false},
        {3, HEADER("<f4", "False", "(1, 3)"), 12, TENSOR_F32, 2, false, false},
        {1, HEADER("<f4", "True", "(1, 3)"), 12, TENSOR_F32, 2, false, true},
        {1, HEADER("<f4", "False", "()"), 4, TENSOR_F32, 0, false, false},
        {1, HEADER("<f4", "False", "(3, 0)"), 0, TENSOR_F32, 2, false, false},
        {1, HEADER("<f4", "False", "(1,1,1,1,1,1,1,3)"), 12, TENSOR_F32, 8, false, false},
        {1, TYPE(">f4"), 12, TENSOR_F32, 1, true, false},
        {1, TYPE("<f8"), 24, TENSOR_F64, 1, false, false},
        {1, TYPE(">f8"), 24, TENSOR_F64, 1, true, false},
        {1, TYPE("<f2"), 6, TENSOR_F16, 1, false, false},
        {1, TYPE("|i1"), 3, TENSOR_I8, 1, false, false},
        {1, TYPE("<i2"), 6, TENSOR_I16, 1, false, false},
        {1, TYPE(">i4"), 12, TENSOR_I32, 1, true, false},
        {1, TYPE("<i8"), 24, TENSOR_I64, 1, false, false},
        {1, TYPE("|u1"), 3, TENSOR_U8, 1, false, false},
        {1, TYPE("<u2"), 6, TENSOR_U16, 1, false, false},
        {1, TYPE("<u4"), 12, TENSOR_U32, 1, false, false},
        {1, TYPE(">u8"), 24, TENSOR_U64, 1, true, false},
        {1, TYPE("|b1"), 3, TENSOR_BOOL, 1, false, false},
        /* However Python may write it: other quotes, another order, a last comma or none, what Python 2 did. */
        {1, "{\"shape\":(3,),\"fortran_order\":False,\"descr\":\"<f4\"}", 12, TENSOR_F32, 1, false, false},
        {1, " {\n'shape' : ( 3 , ) ,\t'descr':'<f4' , 'fortran_order' : False , } \n\n", 12, TENSOR_F32, 1, false,
         false},
        {1, HEADER("<f4", "False", "(3L,)"), 12, TENSOR_F32, 1, false, false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char file[512];
        const size_t size = make_file(file, cases[i].major, cases[i].header, cases[i].data);
        tensor_source source;
        cvs_error err = {0};
        ck_assert_msg(open_fenced(file, size, &source, &err) == CVS_OK, "%s: %s", cases[i].header, err.message);
        ck_assert_int_eq(source.shape.rank, cases[i].rank);
        ck_assert_int_eq(source.bytes.element, cases[i].element);
        ck_assert_int_eq(source.bytes.big_endian, cases[i].big_endian);
        ck_assert_int_eq(source.bytes.column_major, cases[i].column_major);
        ck_assert_int_eq(source.count, (int64_t)(cases[i].data / tensor_element_size(cases[i].element)));
    }
}
END_TEST

START_TEST(the_numbers_follow_the_header) {
    char file[256];
    const size_t size = make_file(file, 1, TYPE("|u1"), 3);
    tensor_source source;
    cvs_error err = {0};
    float numbers[3];
    ck_assert_int_eq(npy_open(file, size, &source, &err), CVS_OK);
    ck_assert_int_eq(tensor_read(&source, 1, numbers, &err), CVS_OK);
    for (int i = 0; i < 3; i++) ck_assert_float_eq(numbers[i], (float)(i + 1));
}
END_TEST

START_TEST(files_that_are_refused) {
    static const struct {
        const char *header;
        const char *code, *says;
    } cases[] = {
        {TYPE("|O"), "npy-objects", "never read"},
        {TYPE("O"), "npy-objects", "never read"},
        {TYPE("<c8"), "unknown-dtype", "'<c8'"},
        {TYPE("<f16"), "unknown-dtype", "'<f16'"},
        {TYPE("<U5"), "unknown-dtype", "'<U5'"},
        {TYPE("|S1"), "unknown-dtype", "'|S1'"},
        {TYPE("<M8[ns]"), "unknown-dtype", "'<M8[ns]'"},
        {TYPE("|f4"), "unknown-dtype", "'|f4'"},
        {TYPE("=f4"), "unknown-dtype", "'=f4'"},
        {TYPE("f4"), "unknown-dtype", "'f4'"},
        {TYPE(""), "unknown-dtype", "''"},
        {TYPE("<f4\x80"), "unknown-dtype", "'...'"},
        {TYPE("a dtype that is much longer than one"), "unknown-dtype", "'...'"},
        {"{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (3,)}", "unknown-dtype", "fields"},
        {"{'descr': '<f4', 'fortran_order': False, 'shape': (-3,)}", "size-negative", "byte 61"},
        {HEADER("<f4", "False", "(9223372036854775808,)"), "size-overflow", "byte 61"},
        {HEADER("<f4", "False", "(99999999999999999999,)"), "size-overflow", "byte 61"},
        {HEADER("<f4", "False", "(4294967296, 4294967296)"), "too-many-elements", "2^63"},
        {HEADER("<f4", "False", "(4611686018427387904,)"), "data-length-mismatch", "numbers of 4 bytes"},
        {HEADER("<f4", "False", "(1,1,1,1,1,1,1,1,3)"), "too-many-axes", "8 axes"},
        {HEADER("<f4", "False", "(4,)"), "data-length-mismatch", "there are 12 bytes"},
        {HEADER("<f4", "False", "(2,)"), "data-length-mismatch", "holds 2 numbers"},
        {HEADER("<f4", "False", "(3)"), "npy-header", "a comma: one size"},
        {HEADER("<f4", "False", "3"), "npy-header", "a tuple"},
        {HEADER("<f4", "False", "[3]"), "npy-header", "a tuple"},
        {HEADER("<f4", "False", "(,)"), "npy-header", "a size"},
        {HEADER("<f4", "False", "(3,,)"), "npy-header", "a size"},
        {HEADER("<f4", "False", "(3, 1 1)"), "npy-header", "a comma or the end"},
        {HEADER("<f4", "False", "(03,)"), "npy-header", "a size"},
        {HEADER("<f4", "False", "(3.0,)"), "npy-header", "a comma"},
        {HEADER("<f4", "False", "(0x3,)"), "npy-header", "a comma"},
        {HEADER("<f4", "False", "(1+2,)"), "npy-header", "a comma"},
        {HEADER("<f4", "False", "(None,)"), "npy-header", "a size"},
        {HEADER("<f4", "False", "(3, "), "npy-header", "a size"},
        {HEADER("<f4", "0", "(3,)"), "npy-header", "True or False"},
        {HEADER("<f4", "false", "(3,)"), "npy-header", "True or False"},
        {HEADER("<f4", "Falsehood", "(3,)"), "npy-header", "a comma"},
        {"{'descr': '<f4', 'fortran_order': False}", "npy-header", "a comma"},
        {"{'descr': '<f4', 'descr': '<f4', 'shape': (3,)}", "npy-header", "once"},
        {"{'descr': '<f4', 'fortran_order': False, 'shape': (3,), 'x': 1}", "npy-header", "the end of the dictionary"},
        {"{'descr': '<f4', 'order': False, 'shape': (3,)}", "npy-header", "each of the keys"},
        {"{'descr' '<f4', 'fortran_order': False, 'shape': (3,)}", "npy-header", "a colon"},
        {"{'descr: '<f4', 'fortran_order': False, 'shape': (3,)}", "npy-header", "each of the keys"},
        {"{'descr': '\\x3cf4', 'fortran_order': False, 'shape': (3,)}", "npy-header", "a string"},
        {"{'descr': u'<f4', 'fortran_order': False, 'shape': (3,)}", "npy-header", "a string"},
        {"{'descr': '<f4, 'fortran_order'", "unknown-dtype", "'...'"},
        {"{'descr': '<f4", "npy-header", "a string"},
        {"{'descr': '<f4', 'fortran_order': False, 'shape': (3,)} or 1", "npy-header", "blanks"},
        {"{'descr': '<f4', 'fortran_order': False, 'shape': (3,)", "npy-header", "it ends there"},
        {"__import__('os').system('true')", "npy-header", "a dictionary"},
        {"", "npy-header", "a dictionary"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char file[512];
        const size_t size = make_file(file, 1, cases[i].header, 12);
        tensor_source source;
        cvs_error err = {0};
        ck_assert_msg(open_fenced(file, size, &source, &err) != CVS_OK, "%s was taken", cases[i].header);
        ck_assert_msg(strcmp(err.code, cases[i].code) == 0, "%s: %s", cases[i].header, err.code);
        ck_assert_msg(strstr(err.message, cases[i].says) != NULL, "%s: %s", cases[i].header, err.message);
        ck_assert_str_eq(err.pointer, "");
    }
}
END_TEST

START_TEST(what_is_no_npy_file) {
    static const struct {
        const char *bytes;
        size_t size;
        const char *code, *says;
    } cases[] = {
        {"", 0, "not-npy", "six bytes"},
        {"\x93NUMP", 5, "not-npy", "six bytes"},
        {"\x93NUMPX\x01\x00\x00\x00", 10, "not-npy", "six bytes"},
        {"PK\x03\x04", 4, "not-npy", ".npz"},
        {"\x80\x04\x95", 3, "not-npy", "pickle"},
        {"\x89HDF\r\n", 6, "not-npy", "HDF5"},
        {"\x93NUMPY", 6, "npy-truncated", "byte 6"},
        {"\x93NUMPY\x01\x00\x76", 9, "npy-truncated", "byte 9"},
        {"\x93NUMPY\x02\x00\x76\x00", 10, "npy-truncated", "byte 10"},
        {"\x93NUMPY\x01\x00\x76\x00{", 11, "npy-truncated", "its header"},
        {"\x93NUMPY\x00\x00\x76\x00", 10, "npy-version", "0.0"},
        {"\x93NUMPY\x01\x01\x76\x00", 10, "npy-version", "1.1"},
        {"\x93NUMPY\x04\x00\x76\x00", 10, "npy-version", "4.0"},
        {"\x93NUMPY\x01\x00\xff\xff", 10, "npy-header-too-long", "65535"},
        {"\x93NUMPY\x03\x00\xff\xff\xff\xff", 12, "npy-header-too-long", "4294967295"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        tensor_source source;
        cvs_error err = {0};
        ck_assert_int_eq(open_fenced(cases[i].bytes, cases[i].size, &source, &err), CVS_INVALID);
        ck_assert_msg(strcmp(err.code, cases[i].code) == 0, "case %zu: %s", i, err.code);
        ck_assert_msg(strstr(err.message, cases[i].says) != NULL, "case %zu: %s", i, err.message);
    }
}
END_TEST

/* Cut anywhere, it is refused; with any one byte changed it is refused or read, and nothing beyond it is touched. */
START_TEST(cut_and_changed) {
    char file[256];
    const size_t size = make_file(file, 1, HEADER("<f8", "True", "(2, 1)"), 16);
    tensor_source source;
    for (size_t cut = 0; cut < size; cut++) {
        cvs_error err = {0};
        ck_assert_msg(open_fenced(file, cut, &source, &err) == CVS_INVALID, "cut at %zu it was taken", cut);
    }
    fenced f = fence(size, ENDS_BEFORE);
    char *copy = (char *)f.data;
    memcpy(copy, file, size);
    size_t refused = 0;
    for (size_t at = 0; at < size; at++) {
        for (int value = 0; value < 256; value++) {
            cvs_error err = {0};
            copy[at] = (char)value;
            refused += open_and_read(copy, size, &source, &err) != CVS_OK;
        }
        copy[at] = file[at];
    }
    unfence(&f);
    ck_assert_uint_gt(refused, 64 * 200);
}
END_TEST

Suite *npy_suite(void) {
    Suite *suite = suite_create("npy");
    TCase *core = tcase_create("core");
    tcase_add_test(core, files_that_are_read);
    tcase_add_test(core, the_numbers_follow_the_header);
    tcase_add_test(core, files_that_are_refused);
    tcase_add_test(core, what_is_no_npy_file);
    tcase_add_test(core, cut_and_changed);
    suite_add_tcase(suite, core);
    return suite;
}
