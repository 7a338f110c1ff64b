#include "cli/cpus.h"

#include "cli/cgroup.h"

#include <sched.h>
#include <stdio.h>

unsigned cli_cpus_from_quota(const char *cpu_max) {
    unsigned long long quota = 0, period = 0;
    if (sscanf(cpu_max, "%llu %llu", &quota, &period) != 2 || period == 0 || quota == 0) return 0;
    unsigned long long cpus = quota / period + (quota % period != 0);
    return cpus < 65536 ? (unsigned)cpus : 65536u;
}

static uint64_t read_quota(const char *cpu_max) { return cli_cpus_from_quota(cpu_max); }

unsigned cli_cpus_available(void) {
    cpu_set_t mask;
    unsigned cpus = sched_getaffinity(0, sizeof mask, &mask) == 0 ? (unsigned)CPU_COUNT(&mask) : 1;
    const unsigned granted = (unsigned)cli_cgroup_least("cpu.max", read_quota);
    if (granted && granted < cpus) cpus = granted;
    return cpus ? cpus : 1;
}
