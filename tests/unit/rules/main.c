#include "suite.h"

Suite *comb_suite(void);
Suite *table_suite(void);

int main(void) {
    Suite *const suites[] = {comb_suite(), table_suite()};
    return run_suites(suites, sizeof suites / sizeof *suites);
}
