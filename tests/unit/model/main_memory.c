#include "suite.h"

#include "failing_malloc.h"

#include <stdio.h>

Suite *onnx_memory_suite(void);

int main(void) {
    if (!failing_malloc_works()) {
        puts("skipped: this build's heap cannot be made to fail");
        return 77;
    }
    Suite *const suites[] = {onnx_memory_suite()};
    return run_suites(suites, sizeof suites / sizeof *suites);
}
