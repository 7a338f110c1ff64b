/* Bodies of multipart/form-data, byte by byte; what is read stands before an unmapped page. */
#include "api/multipart.h"

#include "fence.h"

#include <check.h>
#include <stdio.h>
#include <string.h>

Suite *multipart_suite(void);

#define TYPE              "multipart/form-data; boundary=bb"
#define PART(name, bytes) "--bb\r\nContent-Disposition: form-data; name=\"" name "\"\r\n\r\n" bytes "\r\n"
#define END               "--bb--\r\n"

static multipart parts;

static cvs_status read_bytes(const char *type, const char *body, size_t length, cvs_error *err) {
    fenced f = fence(length, ENDS_BEFORE);
    memcpy(f.data, body, length);
    cvs_status status = multipart_read(type, (const char *)f.data, length, &parts, err);
    for (size_t i = 0; status == CVS_OK && i < parts.count; i++) {
        ck_assert(parts.part[i].bytes >= (const char *)f.data);
        parts.part[i].bytes = body + (parts.part[i].bytes - (const char *)f.data);
    }
    unfence(&f);
    return status;
}

static void check_read(const char *type, const char *body, size_t length) {
    cvs_error err = {0};
    ck_assert_msg(read_bytes(type, body, length, &err) == CVS_OK, "%s: %s", body, err.message);
}

static void check_part(size_t index, const char *name, const char *bytes, size_t length) {
    ck_assert_uint_lt(index, parts.count);
    ck_assert_str_eq(parts.part[index].name, name);
    ck_assert_uint_eq(parts.part[index].length, length);
    ck_assert_mem_eq(parts.part[index].bytes, bytes, length);
    ck_assert_ptr_eq(multipart_find(&parts, name), &parts.part[index]);
}

START_TEST(parts_are_found) {
    static const char body[] = PART("a", "one") PART("b", "") PART("c[0]", "\r\n--b\r\n\0\xff--bb") END;
    check_read(TYPE, body, sizeof body - 1);
    ck_assert_uint_eq(parts.count, 3);
    check_part(0, "a", "one", 3);
    check_part(1, "b", "", 0);
    check_part(2, "c[0]", "\r\n--b\r\n\0\xff--bb", 13);
    ck_assert_ptr_null(multipart_find(&parts, "d"));
    ck_assert_ptr_null(multipart_find(NULL, "a"));
}
END_TEST

START_TEST(no_parts_at_all) {
    check_read(TYPE, "--bb--", 6);
    ck_assert_uint_eq(parts.count, 0);
    check_read(TYPE, "--bb--  \r\n", 10);
    ck_assert_uint_eq(parts.count, 0);
}
END_TEST

/* As curl, browsers, Python's requests, and .NET send them. */
START_TEST(headers_of_many_makers) {
    static const char *const heads[] = {
        ("Content-Disposition: form-data; name=\"x\"; filename=\"a;b=\\\"c\\\".npy\"\r\nContent-Type: "
         "application/octet-stream"),
        "content-disposition:form-data;NAME=x",
        "Content-Type: application/json\r\nContent-Disposition: FORM-DATA; filename=\"name=y\"; name=\"x\"",
        "Content-Disposition: form-data; name=x; filename=x.npy; filename*=utf-8''x.npy",
        "Content-Disposition: form-data; name=\"x\"\r\nContent-Transfer-Encoding: Binary\r\nContent-Length: 4",
    };
    for (size_t i = 0; i < sizeof heads / sizeof *heads; i++) {
        char body[512];
        const int length = snprintf(body, sizeof body, "--bb\r\n%s\r\n\r\ndata\r\n--bb--\r\n", heads[i]);
        check_read(TYPE, body, (size_t)length);
        check_part(0, "x", "data", 4);
    }
}
END_TEST

START_TEST(boundaries_that_are_allowed) {
    static const struct {
        const char *type, *boundary;
    } cases[] = {
        {"multipart/form-data;boundary=b", "b"},
        {"Multipart/Form-Data; charset=utf-8; Boundary=\"a b:c='?\"", "a b:c='?"},
        {"multipart/form-data; boundary=----WebKitFormBoundary7MA4YWxkTrZu0gW",
         "----WebKitFormBoundary7MA4YWxkTrZu0gW"},
        {"multipart/form-data; boundary=1234567890123456789012345678901234567890123456789012345678901234567890",
         "1234567890123456789012345678901234567890123456789012345678901234567890"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char body[512];
        const char *b = cases[i].boundary;
        const int length = snprintf(body, sizeof body,
                                    "--%s \t\r\nContent-Disposition: form-data; name=x\r\n\r\ndata\r\n--%s--", b, b);
        check_read(cases[i].type, body, (size_t)length);
        check_part(0, "x", "data", 4);
    }
}
END_TEST

START_TEST(boundaries_that_are_not) {
    static const char *const types[] = {
        "multipart/form-data",
        "multipart/form-data; boundary",
        "multipart/form-data; boundary=",
        "multipart/form-data; boundary=\"\"",
        "multipart/form-data; boundary=\"bb \"",
        "multipart/form-data; boundary=\"b\\\"b\"",
        "multipart/form-data; boundary=\"bb",
        "multipart/form-data; boundary=b@b",
        "multipart/form-data; boundary=b\xc3\xa4",
        "multipart/form-data; boundary=bb; boundary=bb",
        "multipart/form-data; boundary=12345678901234567890123456789012345678901234567890123456789012345678901",
    };
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        cvs_error err = {0};
        ck_assert_msg(read_bytes(types[i], "--bb--", 6, &err) == CVS_SYNTAX, "%s was taken", types[i]);
        ck_assert_str_eq(err.code, "bad-boundary");
    }
}
END_TEST

#define LONG_NAME "a123456789b123456789c123456789d123456789e123456789f123456789g1234"

START_TEST(bodies_that_are_malformed) {
    static const struct {
        const char *body;
        cvs_status status;
        const char *code, *pointer, *says;
    } cases[] = {
        {"", CVS_SYNTAX, "malformed-multipart", "", "At byte 0 "},
        {"--b", CVS_SYNTAX, "malformed-multipart", "", "the boundary that Content-Type names"},
        {"--cc\r\n", CVS_SYNTAX, "malformed-multipart", "", "the boundary that Content-Type names"},
        {"\r\n" PART("a", "1") END, CVS_SYNTAX, "malformed-multipart", "", "At byte 0 "},
        {"preamble\r\n" PART("a", "1") END, CVS_SYNTAX, "malformed-multipart", "", "At byte 0 "},
        {"--bb", CVS_SYNTAX, "malformed-multipart", "", "does not end with CR LF"},
        {"--bb-", CVS_SYNTAX, "malformed-multipart", "", "does not end with CR LF"},
        {"--bb\n", CVS_SYNTAX, "malformed-multipart", "", "does not end with CR LF"},
        {"--bbb\r\n", CVS_SYNTAX, "malformed-multipart", "", "does not end with CR LF"},
        {"--bb\r\n", CVS_SYNTAX, "malformed-multipart", "", "no end"},
        {PART("a", "1") "--bbb\r\n" END, CVS_SYNTAX, "malformed-multipart", "", "does not end with CR LF"},
        {PART("a", "1"), CVS_SYNTAX, "malformed-multipart", "", "cut off"},
        {PART("a", "1") PART("b", "1"), CVS_SYNTAX, "malformed-multipart", "", "cut off"},
        {PART("a", "1") END "x", CVS_SYNTAX, "malformed-multipart", "", "something follows"},
        {PART("a", "1") END PART("b", "1") END, CVS_SYNTAX, "malformed-multipart", "", "something follows"},
        {PART("a", "1") "--bb--\n", CVS_SYNTAX, "malformed-multipart", "", "something follows"},
        {"--bb\r\n\r\ndata\r\n" END, CVS_SYNTAX, "malformed-multipart", "", "no end"},
        {"--bb\r\n\r\n\r\n\r\ndata\r\n" END, CVS_SYNTAX, "malformed-multipart", "", "without Content-Disposition"},
        {"--bb\r\nContent-Type: a/b\r\n\r\n\r\n" END, CVS_SYNTAX, "malformed-multipart", "",
         "without Content-Disposition"},
        {"--bb\r\nContent-Disposition: form-data\r\n\r\n\r\n" END, CVS_SYNTAX, "malformed-multipart", "",
         "without Content-Disposition"},
        {"--bb\r\nContent-Disposition: attachment; name=a\r\n\r\n\r\n" END, CVS_SYNTAX, "malformed-multipart", "",
         "without Content-Disposition"},
        {"--bb\r\nContent-Disposition: form-data; name=a; name=b\r\n\r\n\r\n" END, CVS_SYNTAX, "malformed-multipart",
         "", "without Content-Disposition"},
        {"--bb\r\nContent-Disposition: form-data; name=a\r\nContent-Disposition: form-data; name=b\r\n\r\n\r\n" END,
         CVS_SYNTAX, "malformed-multipart", "", "more than one"},
        {"--bb\r\nContent-Disposition: form-data;\r\n name=a\r\n\r\n\r\n" END, CVS_SYNTAX, "malformed-multipart", "",
         "folded"},
        {"--bb\r\nContent-Disposition: form-data; name=a\r\n--bb\r\nX: y\r\n\r\n\r\n" END, CVS_SYNTAX,
         "malformed-multipart", "", "ends within its header fields"},
        {"--bb\r\nContent-Disposition: form-data; name=a\r\nContent-Transfer-Encoding: base64\r\n\r\n\r\n" END,
         CVS_SYNTAX, "malformed-multipart", "", "Content-Transfer-Encoding"},
        {PART("", "1") END, CVS_SYNTAX, "malformed-multipart", "", "letters, digits"},
        {PART("a b", "1") END, CVS_SYNTAX, "malformed-multipart", "", "letters, digits"},
        {PART("a/b", "1") END, CVS_SYNTAX, "malformed-multipart", "", "letters, digits"},
        {PART("\xc3\xa4", "1") END, CVS_SYNTAX, "malformed-multipart", "", "letters, digits"},
        {PART("a", "1") PART("b", "1") PART("a", "1") END, CVS_SYNTAX, "duplicate-part", "/a", "\"a\""},
        {PART(LONG_NAME, "1") END, CVS_TOO_LARGE, "part-name-too-long", "", "65 bytes"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        cvs_error err = {0};
        const cvs_status status = read_bytes(TYPE, cases[i].body, strlen(cases[i].body), &err);
        ck_assert_msg(status == cases[i].status, "%s: %d, %s", cases[i].body, (int)status, err.message);
        ck_assert_msg(strcmp(err.code, cases[i].code) == 0, "%s: %s", cases[i].body, err.code);
        ck_assert_str_eq(err.pointer, cases[i].pointer);
        ck_assert_msg(strstr(err.message, cases[i].says) != NULL, "%s: %s", cases[i].body, err.message);
    }
    static const char nul[] = "--bb\r\nContent-Disposition: form-data; name=\"a\0b\"\r\n\r\n1\r\n" END;
    cvs_error err = {0};
    ck_assert_int_eq(read_bytes(TYPE, nul, sizeof nul - 1, &err), CVS_SYNTAX);
}
END_TEST

/* `count` parts called p0, p1, ... */
static cvs_status read_many(size_t count, cvs_error *err) {
    cvs_text body = {0};
    for (size_t i = 0; i < count; i++) cvs_text_addf(&body, PART("p%zu", "1"), i);
    cvs_text_add(&body, END);
    cvs_status status = read_bytes(TYPE, body.data, body.length, err);
    cvs_text_free(&body);
    return status;
}

START_TEST(so_many_parts_and_no_more) {
    cvs_error err = {0};
    ck_assert_int_eq(read_many(MULTIPART_MOST_PARTS, &err), CVS_OK);
    ck_assert_uint_eq(parts.count, MULTIPART_MOST_PARTS);
    ck_assert_int_eq(read_many(MULTIPART_MOST_PARTS + 1, &err), CVS_TOO_LARGE);
    ck_assert_str_eq(err.code, "too-many-parts");
}
END_TEST

START_TEST(so_long_a_head_and_no_longer) {
    static const char begin[] = "--bb\r\nContent-Disposition: form-data; name=a\r\nX: ", end[] = "\r\n\r\n1\r\n" END;
    for (int more = 0; more < 2; more++) {
        cvs_text body = {0};
        cvs_error err = {0};
        cvs_text_add(&body, begin);
        while (body.length - strlen("--bb\r\n") < 4096 + (size_t)more) cvs_text_add(&body, "x");
        cvs_text_add(&body, end);
        ck_assert_int_eq(read_bytes(TYPE, body.data, body.length, &err), more ? CVS_TOO_LARGE : CVS_OK);
        if (more) ck_assert_str_eq(err.code, "part-head-too-long");
        cvs_text_free(&body);
    }
}
END_TEST

/* Cut anywhere it is refused; with any byte changed nothing beyond it is touched. */
START_TEST(cut_and_changed) {
    static const char body[] = PART("request", "{}") PART("input", "\x93NUMPY") END;
    const size_t length = sizeof body - 1, last = length - strlen("\r\n");
    cvs_error err;
    for (size_t cut = 0; cut < last; cut++) {
        err = (cvs_error){0};
        ck_assert_msg(read_bytes(TYPE, body, cut, &err) == CVS_SYNTAX, "cut at %zu it was taken", cut);
    }
    fenced f = fence(length, ENDS_BEFORE);
    char *copy = (char *)f.data;
    memcpy(copy, body, length);
    for (size_t at = 0; at < length; at++) {
        for (int value = 0; value < 256; value++) {
            copy[at] = (char)value;
            err = (cvs_error){0};
            if (multipart_read(TYPE, copy, length, &parts, &err) != CVS_OK) continue;
            for (size_t i = 0; i < parts.count; i++)
                ck_assert(parts.part[i].bytes + parts.part[i].length <= copy + length);
        }
        copy[at] = body[at];
    }
    unfence(&f);
}
END_TEST

Suite *multipart_suite(void) {
    Suite *suite = suite_create("multipart");
    TCase *core = tcase_create("core");
    tcase_add_test(core, parts_are_found);
    tcase_add_test(core, no_parts_at_all);
    tcase_add_test(core, headers_of_many_makers);
    tcase_add_test(core, boundaries_that_are_allowed);
    tcase_add_test(core, boundaries_that_are_not);
    tcase_add_test(core, bodies_that_are_malformed);
    tcase_add_test(core, so_many_parts_and_no_more);
    tcase_add_test(core, so_long_a_head_and_no_longer);
    tcase_add_test(core, cut_and_changed);
    suite_add_tcase(suite, core);
    return suite;
}
