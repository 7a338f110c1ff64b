#include "suite.h"

Suite *isa_suite(void);
Suite *kernels_suite(void);
Suite *blas_suite(void);
Suite *proof_suite(void);
Suite *engine_suite(void);
Suite *shapes_suite(void);

int main(void) {
    Suite *const suites[] = {isa_suite(), kernels_suite(), blas_suite(), proof_suite(), engine_suite(), shapes_suite()};
    return run_suites(suites, sizeof suites / sizeof *suites);
}
