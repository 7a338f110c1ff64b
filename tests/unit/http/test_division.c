#include "http/memory.h"

#include <check.h>
#include <string.h>

Suite *division_suite(void);

enum { MIB = 1 << 20 };

START_TEST(requests_have_what_nobody_else_needs) {
    http_memory memory;
    ck_assert_int_eq(http_memory_divide((size_t)512 * MIB, 20 * MIB, 100, 4, &memory, NULL), CVS_OK);
    const size_t connection = HTTP_CONNECTION_BUFFERS + 2 * API_ACCOUNT_FREE;
    const size_t rest = (size_t)512 * MIB - 20 * MIB - 100 * connection;
    ck_assert_uint_lt(memory.requests.total, rest);
    ck_assert_uint_gt(memory.requests.total, rest - 64 * MIB);
    ck_assert_uint_eq(memory.bodies.total, memory.requests.total / 2);
    ck_assert_ptr_eq(memory.bodies.whole, &memory.requests);
    http_memory more;
    ck_assert_int_eq(http_memory_divide((size_t)512 * MIB, 20 * MIB, 200, 4, &more, NULL), CVS_OK);
    ck_assert_uint_eq(more.requests.total, memory.requests.total - 100 * connection);
}
END_TEST

START_TEST(too_little_is_refused) {
    http_memory memory;
    cvs_error err = {0};
    size_t most = MIB;
    while (http_memory_divide(most, 10 * MIB, 50, 4, &memory, NULL) != CVS_OK) most += MIB;
    ck_assert_uint_ge(memory.requests.total, 16 * MIB);
    ck_assert_uint_lt(memory.requests.total, 17 * MIB);
    ck_assert_int_eq(http_memory_divide(most - MIB, 10 * MIB, 50, 4, &memory, &err), CVS_INVALID);
    ck_assert_str_eq(err.code, "too-little-memory");
    ck_assert_ptr_nonnull(strstr(err.message, "50 connections and 4 threads"));
}
END_TEST

START_TEST(connections_take_a_quarter_at_most) {
    ck_assert_uint_eq(http_memory_connections(SIZE_MAX, 4096), 4096);
    const size_t enough = http_memory_connections((size_t)512 * MIB, 4096);
    ck_assert_uint_eq(enough, 128 * MIB / (HTTP_CONNECTION_BUFFERS + 2 * API_ACCOUNT_FREE));
    ck_assert_uint_gt(enough, 500);
    ck_assert_uint_eq(http_memory_connections(0, 4096), 0);
}
END_TEST

Suite *division_suite(void) {
    Suite *suite = suite_create("division");
    TCase *core = tcase_create("core");
    tcase_add_test(core, requests_have_what_nobody_else_needs);
    tcase_add_test(core, too_little_is_refused);
    tcase_add_test(core, connections_take_a_quarter_at_most);
    suite_add_tcase(suite, core);
    return suite;
}
