#include "machine.h"

#include "data.h"

#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* OpenBLAS reads its variables before main(): only a new process sees them changed. */
void start_again_with(const char *coretype, char **argv) {
    const char *now = getenv("OPENBLAS_CORETYPE");
    const bool same = coretype ? now && strcmp(now, coretype) == 0 : !now;
    if (same && !getenv("OPENBLAS_L2_SIZE")) return;
    unsetenv("OPENBLAS_L2_SIZE");
    unsetenv("OPENBLAS_CORETYPE");
    if (coretype) setenv("OPENBLAS_CORETYPE", coretype, 1);
    execv("/proc/self/exe", argv);
    give_up("cannot start itself again");
}

/* As they were when it was first asked. */
static const cpu_set_t *allowed_cores(void) {
    static cpu_set_t allowed;
    if (CPU_COUNT(&allowed) == 0 && sched_getaffinity(0, sizeof allowed, &allowed) != 0)
        give_up("cannot find out which cores it may use");
    return &allowed;
}

int count_cores(void) { return CPU_COUNT(allowed_cores()); }

void stay_on_last_core(void) {
    int core = CPU_SETSIZE - 1;
    while (core > 0 && !CPU_ISSET(core, allowed_cores())) core--;
    cpu_set_t one;
    CPU_ZERO(&one);
    CPU_SET(core, &one);
    if (sched_setaffinity(0, sizeof one, &one) != 0) give_up("cannot keep to one core");
}

void use_all_cores(void) {
    if (sched_setaffinity(0, sizeof(cpu_set_t), allowed_cores()) != 0) give_up("cannot use all cores");
}
