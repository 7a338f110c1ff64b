#include "suite.h"

Suite *address_suite(void);
Suite *body_suite(void);
Suite *cpus_suite(void);
Suite *headers_suite(void);
Suite *layout_suite(void);
Suite *log_suite(void);
Suite *options_suite(void);
Suite *routes_suite(void);

int main(void) {
    Suite *const suites[] = {address_suite(), body_suite(), cpus_suite(),    headers_suite(),
                             layout_suite(),  log_suite(),  options_suite(), routes_suite()};
    return run_suites(suites, sizeof suites / sizeof *suites);
}
