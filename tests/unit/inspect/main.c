#include "suite.h"

Suite *match_suite(void);
Suite *solve_suite(void);
Suite *window_suite(void);

int main(void) {
    Suite *const suites[] = {match_suite(), solve_suite(), window_suite()};
    return run_suites(suites, sizeof suites / sizeof *suites);
}
