#include "suite.h"

Suite *conv_suite(void);

int main(void) {
    Suite *const suites[] = {conv_suite()};
    return run_suites(suites, sizeof suites / sizeof *suites);
}
