#include "suite.h"

Suite *comb_suite(void);
Suite *findings_suite(void);
Suite *oracle_suite(void);
Suite *pools_suite(void);
Suite *table_suite(void);
Suite *transposed_suite(void);
Suite *twins_suite(void);
Suite *weights_suite(void);

int main(void) {
    Suite *const suites[] = {comb_suite(),  findings_suite(),   oracle_suite(), pools_suite(),
                             table_suite(), transposed_suite(), twins_suite(),  weights_suite()};
    return run_suites(suites, sizeof suites / sizeof *suites);
}
