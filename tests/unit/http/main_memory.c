#include "suite.h"

#include "failing_malloc.h"

#include <stdio.h>

Suite *memory_suite(void);

int main(void) {
    if (!failing_malloc_works()) {
        puts("skipped: this build's heap cannot be made to fail");
        return 77;
    }
    Suite *const suites[] = {memory_suite()};
    return run_suites(suites, 1);
}
