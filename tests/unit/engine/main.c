#include "suite.h"

Suite *shapes_suite(void);

int main(void) {
    Suite *const suites[] = {shapes_suite()};
    return run_suites(suites, sizeof suites / sizeof *suites);
}
