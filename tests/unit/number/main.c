#include "suite.h"

Suite *float_text_suite(void);
Suite *printers_suite(void);
Suite *text_float_suite(void);
Suite *lists_suite(void);
Suite *blocks_suite(void);

int main(void) {
    Suite *const suites[] = {float_text_suite(), printers_suite(), text_float_suite(), lists_suite(), blocks_suite()};
    return run_suites(suites, sizeof suites / sizeof *suites);
}
