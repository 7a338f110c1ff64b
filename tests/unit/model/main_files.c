#include "suite.h"

Suite *files_suite(void);

int main(void) {
    Suite *const suites[] = {files_suite()};
    return run_suites(suites, sizeof suites / sizeof *suites);
}
