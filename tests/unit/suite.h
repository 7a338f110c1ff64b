/* suite.h - what every unit test program's main() needs: run the suites, say what failed, give the status. */
#ifndef CONVSCOPE_TESTS_SUITE_H
#define CONVSCOPE_TESTS_SUITE_H

#include <check.h>
#include <stdbool.h>
#include <stdlib.h>

/* Run `count` suites in one runner, or the one that CK_RUN_SUITE names; EXIT_SUCCESS when there were checks and every
   one passed. */
static inline int run_suites(Suite *const *suites, size_t count) {
    SRunner *runner = srunner_create(suites[0]);
    for (size_t i = 1; i < count; i++) srunner_add_suite(runner, suites[i]);
    srunner_run_all(runner, CK_ENV);
    const bool passed = srunner_ntests_run(runner) > 0 && srunner_ntests_failed(runner) == 0;
    srunner_free(runner);
    return passed ? EXIT_SUCCESS : EXIT_FAILURE;
}

#endif
