#include "http/routes.h"

#include <check.h>
#include <string.h>

Suite *routes_suite(void);

static const struct {
    const char *method, *path;
    http_match match;
    http_endpoint endpoint;
} cases[] = {
    {"POST", "/v1/shape", HTTP_MATCH_FOUND, api_shape}, {"POST", "/v1/convolve", HTTP_MATCH_FOUND, api_convolve},
    {"GET", "/healthz", HTTP_MATCH_FOUND, api_health},  {"HEAD", "/healthz", HTTP_MATCH_FOUND, api_health},
    {"HEAD", "/v1/shape", HTTP_MATCH_NO_METHOD, NULL},  {"GET", "/v1/shape", HTTP_MATCH_NO_METHOD, NULL},
    {"post", "/v1/shape", HTTP_MATCH_NO_METHOD, NULL},  {"OPTIONS", "/v1/shape", HTTP_MATCH_OPTIONS, NULL},
    {"OPTIONS", "*", HTTP_MATCH_OPTIONS, NULL},         {"GET", "*", HTTP_MATCH_NO_METHOD, NULL},
    {"OPTIONS", "/nothing", HTTP_MATCH_NO_PATH, NULL},  {"POST", "/v1/shape/", HTTP_MATCH_NO_PATH, NULL},
    {"POST", "/v1/shap", HTTP_MATCH_NO_PATH, NULL},     {"GET", "", HTTP_MATCH_NO_PATH, NULL},
};

START_TEST(paths_and_methods) {
    const http_route *route = NULL;
    ck_assert_int_eq(http_route_find(cases[_i].path, cases[_i].method, &route), cases[_i].match);
    ck_assert_int_eq(route != NULL, cases[_i].match == HTTP_MATCH_FOUND);
    if (route) ck_assert(route->endpoint == cases[_i].endpoint);
}
END_TEST

START_TEST(allowed_methods) {
    char allow[HTTP_ALLOW_MAX];
    http_route_allow("/healthz", allow);
    ck_assert_str_eq(allow, "GET, HEAD, OPTIONS");
    http_route_allow("/v1/shape", allow);
    ck_assert_str_eq(allow, "POST, OPTIONS");
    http_route_allow("*", allow);
    ck_assert_str_eq(allow, "GET, HEAD, POST, OPTIONS");
}
END_TEST

START_TEST(the_list_is_cut_at_its_end) {
    char list[256] = "Here: ", small[10] = "";
    http_route_list(list, sizeof list);
    ck_assert_ptr_eq(strstr(list, "Here: POST /v1/shape, "), list);
    ck_assert_ptr_nonnull(strstr(list, "GET /healthz"));
    http_route_list(small, sizeof small);
    ck_assert_uint_eq(strlen(small), sizeof small - 1);
}
END_TEST

Suite *routes_suite(void) {
    Suite *suite = suite_create("routes");
    TCase *core = tcase_create("core");
    tcase_add_loop_test(core, paths_and_methods, 0, sizeof cases / sizeof *cases);
    tcase_add_test(core, allowed_methods);
    tcase_add_test(core, the_list_is_cut_at_its_end);
    suite_add_tcase(suite, core);
    return suite;
}
