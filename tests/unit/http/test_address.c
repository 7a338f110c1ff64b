#include "http/address.h"

#include <check.h>
#include <string.h>

Suite *address_suite(void);

static const struct {
    const char *text, *host;
    unsigned port;
    const char *url, *tls_url;
} good[] = {
    {"127.0.0.1:8080", "127.0.0.1", 8080, "http://127.0.0.1:8080", "https://127.0.0.1:8080"},
    {"localhost:0", "localhost", 0, "http://localhost:0", "https://localhost:0"},
    {"[::1]:65535", "::1", 65535, "http://[::1]:65535", "https://[::1]:65535"},
    {"[::]:00080", "::", 80, "http://[::]:80", "https://[::]:80"},
    {"unix:/run/a:b.sock", "/run/a:b.sock", 0, "unix:/run/a:b.sock", "unix:/run/a:b.sock"},
};

START_TEST(addresses_are_read_and_written) {
    http_address address;
    char url[HTTP_URL_MAX];
    cvs_error err = {0};
    ck_assert_int_eq(http_address_parse(good[_i].text, &address, &err), CVS_OK);
    ck_assert_str_eq(address.host, good[_i].host);
    ck_assert_uint_eq(address.port, good[_i].port);
    ck_assert(address.local == (strncmp(good[_i].text, "unix:", 5) == 0));
    http_address_url(&address, false, url);
    ck_assert_str_eq(url, good[_i].url);
    http_address_url(&address, true, url);
    ck_assert_str_eq(url, good[_i].tls_url);
}
END_TEST

static const char *const bad[] = {
    "",           "8080",    "localhost", ":8080",       "a:",         "a:65536", "a:-1",
    "a:80x",      "a: 80",   "::1:8080",  "[::1]",       "[::1]8080",  "[::1]:",  "[]:80",
    "a:00000080", "[::1:80", "unix:",     "unix:a.sock", "unix:/run/",
};

START_TEST(what_is_no_address_is_refused) {
    http_address address;
    cvs_error err = {0};
    ck_assert_int_eq(http_address_parse(bad[_i], &address, &err), CVS_INVALID);
    ck_assert_str_eq(err.code, "bad-address");
    ck_assert_ptr_nonnull(strstr(err.message, bad[_i]));
}
END_TEST

START_TEST(a_host_that_is_too_long) {
    char text[600];
    http_address address;
    memset(text, 'a', sizeof text);
    memcpy(text + sizeof text - 4, ":80", 4);
    ck_assert_int_eq(http_address_parse(text, &address, NULL), CVS_INVALID);
    ck_assert_int_eq(http_address_parse(text + sizeof text - 4 - 255, &address, NULL), CVS_OK);
}
END_TEST

START_TEST(a_path_that_is_too_long) {
    char text[200] = "unix:/";
    http_address address;
    memset(text + 6, 'a', 107);
    ck_assert_int_eq(http_address_parse(text, &address, NULL), CVS_INVALID);
    text[5 + 107] = '\0';
    ck_assert_int_eq(http_address_parse(text, &address, NULL), CVS_OK);
}
END_TEST

Suite *address_suite(void) {
    Suite *suite = suite_create("address");
    TCase *core = tcase_create("core"), *limits = tcase_create("limits");
    tcase_add_loop_test(core, addresses_are_read_and_written, 0, sizeof good / sizeof *good);
    tcase_add_loop_test(limits, what_is_no_address_is_refused, 0, sizeof bad / sizeof *bad);
    tcase_add_test(limits, a_host_that_is_too_long);
    tcase_add_test(limits, a_path_that_is_too_long);
    suite_add_tcase(suite, core);
    suite_add_tcase(suite, limits);
    return suite;
}
