#include "suite.h"

Suite *html_suite(void);
Suite *yaml_suite(void);

int main(void) {
    Suite *const suites[] = {html_suite(), yaml_suite()};
    return run_suites(suites, sizeof suites / sizeof *suites);
}
