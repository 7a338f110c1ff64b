#include "http/cors.h"

#include <check.h>
#include <string.h>

Suite *cors_suite(void);

static void add(http_cors *cors, const char *list) {
    cvs_error err = {0};
    ck_assert_msg(http_cors_add(cors, list, &err) == CVS_OK, "%s", err.message);
}

START_TEST(nobody_is_allowed_at_first) {
    const http_cors cors = {0};
    const http_grant grant = http_cors_judge(&cors, "https://example.org", true);
    ck_assert_ptr_null(grant.origin);
    ck_assert(!grant.varies && !grant.preflight);
}
END_TEST

START_TEST(those_in_the_lists_are) {
    static const char *const others[] = {"https://example.org.evil.test",
                                         "https://example.or",
                                         "http://example.org",
                                         "https://EXAMPLE.org",
                                         "https://example.org:8443",
                                         "https://example.org,http://localhost:3000",
                                         "null",
                                         ""};
    http_cors cors = {0};
    add(&cors, "https://example.org,http://localhost:3000");
    add(&cors, "http://[::1]:8080");
    add(&cors, "chrome-extension://abcdefghijklmnop");
    ck_assert_uint_eq(cors.count, 4);
    const char *page = "http://localhost:3000";
    http_grant grant = http_cors_judge(&cors, page, false);
    ck_assert_ptr_eq(grant.origin, page);
    ck_assert(grant.varies && !grant.preflight);
    ck_assert_ptr_nonnull(http_cors_judge(&cors, "http://[::1]:8080", false).origin);
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        grant = http_cors_judge(&cors, others[i], true);
        ck_assert_msg(!grant.origin && grant.varies && !grant.preflight, "%s", others[i]);
    }
    grant = http_cors_judge(&cors, NULL, true);
    ck_assert(!grant.origin && grant.varies && !grant.preflight);
    ck_assert(http_cors_judge(&cors, page, true).preflight);
}
END_TEST

START_TEST(a_star_is_everybody) {
    http_cors cors = {0};
    add(&cors, "https://example.org,*");
    const http_grant grant = http_cors_judge(&cors, "null", true);
    ck_assert_str_eq(grant.origin, "*");
    ck_assert(!grant.varies && grant.preflight);
    ck_assert_ptr_null(http_cors_judge(&cors, NULL, false).origin);
}
END_TEST

static const struct {
    const char *list, *why;
} mistakes[] = {
    {"", "'' is no origin: it has to begin with its scheme"},
    {"example.org", "'example.org' is no origin: it has to begin with its scheme"},
    {"https://", "begin with its scheme"},
    {"://example.org", "begin with its scheme"},
    {"1http://example.org", NULL}, /* a scheme to us: no browser's, but no harm */
    {"HTTPS://example.org", "begin with its scheme, in small letters"},
    {"https://example.org/", "without a slash"},
    {"https://example.org/page", "without a slash"},
    {"https://Example.org", "a capital letter"},
    {"https://*.example.org", "a character that a host cannot have"},
    {"https://example.org https://other.test", "a character that a host cannot have"},
    {"https://example.org\"", "a character that a host cannot have"},
    {"https://example.org:443", "its port goes without saying"},
    {"http://example.org:80", "its port goes without saying"},
    {"http://example.org:443", NULL},
    {"https://example.org,", "'' is no origin"},
    {"https://example.org, https://other.test", "' https://other.test' is no origin"},
    {"null", "begin with its scheme"},
};

START_TEST(what_no_browser_would_send_is_refused) {
    http_cors cors = {0};
    cvs_error err = {0};
    const cvs_status status = http_cors_add(&cors, mistakes[_i].list, &err);
    ck_assert_int_eq(status, mistakes[_i].why ? CVS_INVALID : CVS_OK);
    if (mistakes[_i].why) ck_assert_msg(strstr(err.message, mistakes[_i].why), "%s", err.message);
}
END_TEST

START_TEST(there_is_a_limit) {
    http_cors cors = {0};
    cvs_error err = {0};
    for (int i = 0; i < HTTP_ORIGINS_MAX; i++) add(&cors, "https://example.org");
    ck_assert_int_eq(http_cors_add(&cors, "https://example.org", &err), CVS_INVALID);
    ck_assert_str_eq(err.code, "too-many-origins");
}
END_TEST

Suite *cors_suite(void) {
    Suite *suite = suite_create("cors");
    TCase *core = tcase_create("core");
    tcase_add_test(core, nobody_is_allowed_at_first);
    tcase_add_test(core, those_in_the_lists_are);
    tcase_add_test(core, a_star_is_everybody);
    tcase_add_loop_test(core, what_no_browser_would_send_is_refused, 0, sizeof mistakes / sizeof *mistakes);
    tcase_add_test(core, there_is_a_limit);
    suite_add_tcase(suite, core);
    return suite;
}
