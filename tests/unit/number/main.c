#include "suite.h"

Suite *float_text_suite(void);

int main(void) {
    Suite *const suites[] = {float_text_suite()};
    return run_suites(suites, sizeof suites / sizeof *suites);
}
