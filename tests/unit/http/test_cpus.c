#include "cli/cgroup.h"
#include "cli/cpus.h"
#include "cli/ram.h"

#include <check.h>

Suite *cpus_suite(void);

START_TEST(quotas_round_up) {
    ck_assert_uint_eq(cli_cpus_from_quota("200000 100000\n"), 2);
    ck_assert_uint_eq(cli_cpus_from_quota("150000 100000\n"), 2);
    ck_assert_uint_eq(cli_cpus_from_quota("10000 100000\n"), 1);
    ck_assert_uint_eq(cli_cpus_from_quota("18446744073709551615 1\n"), 65536);
}
END_TEST

START_TEST(no_quota_is_none) {
    ck_assert_uint_eq(cli_cpus_from_quota("max 100000\n"), 0);
    ck_assert_uint_eq(cli_cpus_from_quota(""), 0);
    ck_assert_uint_eq(cli_cpus_from_quota("1000 0"), 0);
}
END_TEST

START_TEST(the_group_is_found) {
    char path[100];
    cli_cgroup_path("0::/system.slice/a.service\n", path, sizeof path);
    ck_assert_str_eq(path, "/sys/fs/cgroup/system.slice/a.service");
    cli_cgroup_path("4:memory:/x\n0::/\n", path, sizeof path);
    ck_assert_str_eq(path, "/sys/fs/cgroup/");
    cli_cgroup_path("4:memory:/x\n", path, sizeof path);
    ck_assert_str_eq(path, "");
}
END_TEST

START_TEST(memory_limits) {
    ck_assert_uint_eq(cli_ram_from_limit("536870912\n"), 536870912);
    ck_assert_uint_eq(cli_ram_from_limit("max\n"), 0);
    ck_assert_uint_eq(cli_ram_from_limit(""), 0);
    ck_assert_uint_ge(cli_ram_share(), 1 << 20);
}
END_TEST

START_TEST(there_is_at_least_one) { ck_assert_uint_ge(cli_cpus_available(), 1); }
END_TEST

Suite *cpus_suite(void) {
    Suite *suite = suite_create("cpus");
    TCase *core = tcase_create("core");
    tcase_add_test(core, quotas_round_up);
    tcase_add_test(core, no_quota_is_none);
    tcase_add_test(core, the_group_is_found);
    tcase_add_test(core, memory_limits);
    tcase_add_test(core, there_is_at_least_one);
    suite_add_tcase(suite, core);
    return suite;
}
