/* suite.h - what every unit test program's main() needs: run the suites, say what failed, give the status. */
#ifndef CONVSCOPE_TESTS_SUITE_H
#define CONVSCOPE_TESTS_SUITE_H

#include <check.h>
#include <stdlib.h>

/* Run `count` suites in one runner; EXIT_SUCCESS when every check passed. */
static inline int run_suites(Suite *const *suites, size_t count) {
    SRunner *runner = srunner_create(suites[0]);
    for (size_t i = 1; i < count; i++) srunner_add_suite(runner, suites[i]);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}

#endif
