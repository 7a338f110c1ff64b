#include "suite.h"

Suite *error_suite(void);
Suite *arena_suite(void);
Suite *text_suite(void);
Suite *nearest_suite(void);

int main(void) {
    Suite *const suites[] = {error_suite(), arena_suite(), text_suite(), nearest_suite()};
    return run_suites(suites, sizeof suites / sizeof *suites);
}
