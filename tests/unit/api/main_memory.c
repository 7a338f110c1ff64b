#include "suite.h"

#include "api/api.h"
#include "failing_malloc.h"

#include <stdio.h>

Suite *bound_suite(void);
Suite *memory_suite(void);

int main(void) {
    if (!failing_malloc_works()) {
        puts("skipped: this build's heap cannot be made to fail");
        return 77;
    }
    api_init();
    Suite *const suites[] = {memory_suite(), bound_suite()};
    return run_suites(suites, 2);
}
