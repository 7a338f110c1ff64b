#include "suite.h"

Suite *catalogue_suite(void);
Suite *language_suite(void);

int main(void) {
    Suite *const suites[] = {catalogue_suite(), language_suite()};
    return run_suites(suites, sizeof suites / sizeof *suites);
}
