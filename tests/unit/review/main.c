#include "suite.h"

Suite *defects_suite(void);
Suite *review_suite(void);

int main(void) {
    Suite *const suites[] = {defects_suite(), review_suite()};
    return run_suites(suites, sizeof suites / sizeof *suites);
}
