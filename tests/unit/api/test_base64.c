#include "api/base64.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

/* RFC 4648, section 10. */
START_TEST(vectors_of_the_rfc) {
    static const char *const vectors[][2] = {{"", ""},
                                             {"f", "Zg=="},
                                             {"fo", "Zm8="},
                                             {"foo", "Zm9v"},
                                             {"foob", "Zm9vYg=="},
                                             {"fooba", "Zm9vYmE="},
                                             {"foobar", "Zm9vYmFy"}};
    for (size_t i = 0; i < sizeof vectors / sizeof *vectors; i++) {
        const char *plain = vectors[i][0], *text = vectors[i][1];
        char out[16] = "";
        ck_assert_uint_eq(base64_encoded_size(strlen(plain)), strlen(text));
        base64_encode(plain, strlen(plain), out);
        ck_assert_int_eq(memcmp(out, text, strlen(text)), 0);
        size_t size, bad;
        ck_assert(base64_decoded_size(text, strlen(text), &size));
        ck_assert_uint_eq(size, strlen(plain));
        ck_assert(base64_decode(text, strlen(text), out, &bad));
        ck_assert_int_eq(memcmp(out, plain, size), 0);
    }
}
END_TEST

START_TEST(what_is_not_base64_is_refused) {
    size_t size, bad;
    char out[16];
    ck_assert(!base64_decoded_size("Zg", 2, &size));
    ck_assert(!base64_decoded_size("Zg=", 3, &size));
    static const struct {
        const char *text;
        size_t bad;
    } cases[] = {{"Zm9v\n+==", 4}, {"====", 0},     {"Z===", 1},     {"Zm-v", 2},           {"Zh==", 1},
                 {"Zm9=", 2},      {"Zg==Zg==", 2}, {"Zm9vZm-v", 6}, {"Zm9vZm9vZ\x80==", 9}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        ck_assert_msg(!base64_decode(cases[i].text, strlen(cases[i].text), out, &bad), "%s", cases[i].text);
        ck_assert_msg(bad == cases[i].bad, "%s: %zu", cases[i].text, bad);
    }
}
END_TEST

START_TEST(any_bytes_come_back) {
    srand(3);
    for (size_t size = 0; size < 200; size++) {
        unsigned char bytes[200], back[200];
        char text[300];
        for (size_t i = 0; i < size; i++) bytes[i] = (unsigned char)(rand() >> 5);
        base64_encode(bytes, size, text);
        size_t decoded, bad;
        ck_assert(base64_decoded_size(text, base64_encoded_size(size), &decoded));
        ck_assert_uint_eq(decoded, size);
        ck_assert(base64_decode(text, base64_encoded_size(size), back, &bad));
        ck_assert_int_eq(memcmp(bytes, back, size), 0);
    }
}
END_TEST

Suite *base64_suite(void);
Suite *base64_suite(void) {
    Suite *suite = suite_create("api/base64");
    TCase *core = tcase_create("core");
    tcase_add_test(core, vectors_of_the_rfc);
    tcase_add_test(core, what_is_not_base64_is_refused);
    tcase_add_test(core, any_bytes_come_back);
    suite_add_tcase(suite, core);
    return suite;
}
