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
    {"GET", "/v2", HTTP_MATCH_FOUND, api_oip_server},   {"HEAD", "/v2/", HTTP_MATCH_FOUND, api_oip_server},
    {"POST", "/v2", HTTP_MATCH_NO_METHOD, NULL},        {"GET", "/v2/health", HTTP_MATCH_NO_PATH, NULL},
};

START_TEST(paths_and_methods) {
    const http_route *route = NULL;
    http_values values;
    ck_assert_int_eq(http_route_find(cases[_i].path, cases[_i].method, &route, &values), cases[_i].match);
    if (cases[_i].match == HTTP_MATCH_FOUND) ck_assert(route->endpoint == cases[_i].endpoint);
    const bool known = cases[_i].match != HTTP_MATCH_NO_PATH && strcmp(cases[_i].path, "*") != 0;
    ck_assert_int_eq(route != NULL, known);
    if (known) ck_assert_uint_lt(http_route_place(route), http_route_places() - 1);
}
END_TEST

START_TEST(what_a_path_leaves_open) {
    const http_route *route = NULL;
    http_values values;
    ck_assert_int_eq(http_route_find("/v2/models/m/versions/3/ready", "GET", &route, &values), HTTP_MATCH_FOUND);
    ck_assert(route->endpoint == api_oip_model_ready);
    ck_assert_str_eq(values.value[0], "m");
    ck_assert_str_eq(values.value[1], "3");
    ck_assert_int_eq(http_route_find("/v2/models/m/infer/", "POST", &route, &values), HTTP_MATCH_FOUND);
    ck_assert(route->endpoint == api_oip_infer && route->takes_bytes && route->computes);
    ck_assert_int_eq(http_route_find("/v2/models/m", "GET", &route, &values), HTTP_MATCH_FOUND);
    ck_assert(route->endpoint == api_oip_model);
    ck_assert_str_eq(values.value[1], "");
}
END_TEST

START_TEST(places_have_names_of_their_own) {
    char name[HTTP_PLACE_NAME_MAX], other[HTTP_PLACE_NAME_MAX];
    const http_route *route = NULL;
    http_values values;
    for (size_t place = 0; place < http_route_places(); place++) {
        http_place_name(place, name);
        for (size_t i = 0; i < place; i++) {
            http_place_name(i, other);
            ck_assert_str_ne(name, other);
        }
    }
    ck_assert_str_eq(name, "other");
    ck_assert_uint_eq(http_route_place(NULL), http_route_places() - 1);
    ck_assert_int_eq(http_route_find("/v2/models/m/versions/3/ready", "POST", &route, &values), HTTP_MATCH_NO_METHOD);
    http_place_name(http_route_place(route), name);
    ck_assert_str_eq(name, "/v2/models/{model}[/versions/{version}]/ready");
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
    http_route_list("/v1", list, sizeof list);
    ck_assert_ptr_eq(strstr(list, "Here: POST /v1/shape, "), list);
    ck_assert_ptr_nonnull(strstr(list, "GET /healthz"));
    ck_assert_ptr_null(strstr(list, "/v2/"));
    http_route_list("/v1", small, sizeof small);
    ck_assert_uint_eq(strlen(small), sizeof small - 1);
}
END_TEST

START_TEST(the_list_below_v2_is_its_own) {
    char list[512] = "";
    http_route_list("/v2/models", list, sizeof list);
    ck_assert_ptr_eq(strstr(list, "GET /v2, GET /v2/health/live, "), list);
    ck_assert_ptr_nonnull(strstr(list, "GET /v2/models/{model}[/versions/{version}]/ready"));
    ck_assert_ptr_null(strstr(list, "/v1/"));
}
END_TEST

START_TEST(paths_of_the_inference_protocol) {
    ck_assert(http_path_is_inference("/v2") && http_path_is_inference("/v2/") && http_path_is_inference("/v2/x"));
    ck_assert(!http_path_is_inference("/v1") && !http_path_is_inference("/v21") && !http_path_is_inference("*"));
}
END_TEST

Suite *routes_suite(void) {
    Suite *suite = suite_create("routes");
    TCase *core = tcase_create("core");
    tcase_add_loop_test(core, paths_and_methods, 0, sizeof cases / sizeof *cases);
    tcase_add_test(core, what_a_path_leaves_open);
    tcase_add_test(core, places_have_names_of_their_own);
    tcase_add_test(core, allowed_methods);
    tcase_add_test(core, the_list_is_cut_at_its_end);
    tcase_add_test(core, the_list_below_v2_is_its_own);
    tcase_add_test(core, paths_of_the_inference_protocol);
    suite_add_tcase(suite, core);
    return suite;
}
