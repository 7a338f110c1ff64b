#include "suite.h"

Suite *isa_suite(void);
Suite *parallel_suite(void);
Suite *kernels_suite(void);
Suite *kernels_moves_suite(void);
Suite *kernels_tiles_suite(void);
Suite *blas_suite(void);
Suite *proof_suite(void);
Suite *engine_suite(void);
Suite *plan_suite(void);
Suite *shapes_suite(void);
Suite *random_suite(void);
Suite *activations_suite(void);
Suite *random_layers_suite(void);
Suite *layers_suite(void);
Suite *values_suite(void);
Suite *bounds_suite(void);
Suite *threads_suite(void);
Suite *bits_suite(void);
Suite *memory_suite(void);
Suite *winograd_suite(void);
Suite *workspace_suite(void);
Suite *interrupt_suite(void);

int main(void) {
    Suite *const suites[] = {
        isa_suite(),       parallel_suite(),      kernels_suite(), kernels_moves_suite(), kernels_tiles_suite(),
        blas_suite(),      proof_suite(),         engine_suite(),  plan_suite(),          shapes_suite(),
        random_suite(),    random_layers_suite(), layers_suite(),  values_suite(),        activations_suite(),
        bounds_suite(),    threads_suite(),       bits_suite(),    memory_suite(),        winograd_suite(),
        workspace_suite(), interrupt_suite(),
    };
    return run_suites(suites, sizeof suites / sizeof *suites);
}
