#include "http/coding.h"

#include <check.h>
#include <string.h>

Suite *coding_suite(void);

/* ---- Content-Encoding ------------------------------------------------------ */

static const struct {
    const char *first, *second; /* header lines; NULL: none */
    http_coding coding;
} bodies[] = {
    {NULL, NULL, HTTP_CODING_IDENTITY},        {"", NULL, HTTP_CODING_IDENTITY},
    {" , ,\t", NULL, HTTP_CODING_IDENTITY},    {"identity", NULL, HTTP_CODING_IDENTITY},
    {"Identity", "", HTTP_CODING_IDENTITY},    {"gzip", NULL, HTTP_CODING_GZIP},
    {" GZip\t", NULL, HTTP_CODING_GZIP},       {"x-gzip", NULL, HTTP_CODING_GZIP},
    {"zstd", NULL, HTTP_CODING_ZSTD},          {",zstd,", "identity", HTTP_CODING_ZSTD},
    {"deflate", NULL, HTTP_CODING_UNKNOWN},    {"br", NULL, HTTP_CODING_UNKNOWN},
    {"gzi", NULL, HTTP_CODING_UNKNOWN},        {"gzipp", NULL, HTTP_CODING_UNKNOWN},
    {"gzip;q=1", NULL, HTTP_CODING_UNKNOWN},   {"*", NULL, HTTP_CODING_UNKNOWN},
    {"gzip, zstd", NULL, HTTP_CODING_SEVERAL}, {"gzip,gzip", NULL, HTTP_CODING_SEVERAL},
    {"gzip", "gzip", HTTP_CODING_SEVERAL},     {"br", "zstd", HTTP_CODING_SEVERAL},
    {"br, br", "gzip", HTTP_CODING_SEVERAL},
};

START_TEST(content_encodings) {
    http_coding coding = HTTP_CODING_IDENTITY;
    if (bodies[_i].first) coding = http_coding_read(coding, bodies[_i].first, strlen(bodies[_i].first));
    if (bodies[_i].second) coding = http_coding_read(coding, bodies[_i].second, strlen(bodies[_i].second));
    ck_assert_int_eq(coding, bodies[_i].coding);
}
END_TEST

/* ---- Accept-Encoding ------------------------------------------------------- */

static const struct {
    const char *first, *second;
    const char *best;
    bool takes_identity;
} wishes[] = {
    {NULL, NULL, "identity", true},
    {"", NULL, "identity", true},
    {"gzip", NULL, "gzip", true},
    {"x-gzip", NULL, "gzip", true},
    {"ZSTD", NULL, "zstd", true},
    {"gzip, deflate", NULL, "gzip", true},
    {"gzip, deflate, br, zstd", NULL, "zstd", true},
    {"gzip", "zstd", "zstd", true},
    {"gzip;q=1.0, zstd;q=0.999", NULL, "gzip", true},
    {"gzip ; q=0.2 ,\tzstd\t;\tQ=0.3", NULL, "zstd", true},
    {"gzip;q=0.5, identity", NULL, "identity", true},
    {"gzip;q=0.5, identity;q=0.5", NULL, "gzip", true},
    {"gzip;q=0.001", NULL, "gzip", true},
    {"gzip;q=0", NULL, "identity", true},
    {"gzip;q=0.000, zstd;q=0.", NULL, "identity", true},
    {"br, deflate", NULL, "identity", true},
    {"identity", NULL, "identity", true},
    /* any */
    {"*", NULL, "gzip", true},
    {"zstd, *", NULL, "zstd", true},
    {"*;q=0.5, zstd;q=0.4", NULL, "gzip", true},
    {"gzip;q=0, *", NULL, "zstd", true},
    {"gzip;q=0, zstd;q=0, *", NULL, "identity", true},
    {"*;q=0", NULL, "identity", false},
    {"*;q=0, gzip;q=0.1", NULL, "gzip", false},
    {"*;q=0, identity;q=0.1", NULL, "identity", true},
    {"identity;q=0", NULL, "identity", false},
    {"identity;q=0, gzip;q=0.1", NULL, "gzip", false},
    {"identity;q=0, *", NULL, "gzip", false},
    /* what cannot be read is passed over, what surrounds it is not */
    {"gzip;q=2, zstd;q=0.1", NULL, "zstd", true},
    {"zstd;q=1.001, gzip;q=0.1", NULL, "gzip", true},
    {"zstd;q=1.0000, gzip;q=0.1", NULL, "gzip", true},
    {"zstd;q=-1, gzip;q=0.1", NULL, "gzip", true},
    {"zstd;q=, gzip;q=0.1", NULL, "gzip", true},
    {"zstd;q=0x1, gzip;q=0.1", NULL, "gzip", true},
    {"zstd;level=3;q=0.1, gzip;q=0.2", NULL, "gzip", true},
    {";q=1,,gzip zstd, gzip", NULL, "gzip", true},
};

static http_accept read_wish(int i) {
    http_accept accept = {0};
    if (wishes[i].first) http_accept_read(&accept, wishes[i].first, strlen(wishes[i].first));
    if (wishes[i].second) http_accept_read(&accept, wishes[i].second, strlen(wishes[i].second));
    return accept;
}

START_TEST(accept_encodings) {
    const http_accept accept = read_wish(_i);
    ck_assert_str_eq(http_coding_name(http_accept_best(&accept)), wishes[_i].best);
    ck_assert_int_eq(http_accept_takes(&accept, HTTP_CODING_IDENTITY), wishes[_i].takes_identity);
}
END_TEST

START_TEST(the_best_is_taken_unless_nothing_is) {
    const http_accept accept = read_wish(_i);
    const http_coding best = http_accept_best(&accept);
    if (!http_accept_takes(&accept, best)) {
        ck_assert_int_eq(best, HTTP_CODING_IDENTITY);
        ck_assert(!http_accept_takes(&accept, HTTP_CODING_GZIP) && !http_accept_takes(&accept, HTTP_CODING_ZSTD));
    }
}
END_TEST

Suite *coding_suite(void) {
    Suite *suite = suite_create("coding");
    TCase *core = tcase_create("core");
    tcase_add_loop_test(core, content_encodings, 0, sizeof bodies / sizeof *bodies);
    tcase_add_loop_test(core, accept_encodings, 0, sizeof wishes / sizeof *wishes);
    tcase_add_loop_test(core, the_best_is_taken_unless_nothing_is, 0, sizeof wishes / sizeof *wishes);
    suite_add_tcase(suite, core);
    return suite;
}
