#include "cli/cpus.h"

#include <sched.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#define CGROUP_ROOT "/sys/fs/cgroup"

unsigned cli_cpus_from_quota(const char *cpu_max) {
    unsigned long long quota = 0, period = 0;
    if (sscanf(cpu_max, "%llu %llu", &quota, &period) != 2 || period == 0 || quota == 0) return 0;
    unsigned long long cpus = quota / period + (quota % period != 0);
    return cpus < 65536 ? (unsigned)cpus : 65536u;
}

void cli_cpus_quota_path(const char *cgroup, char *path, size_t size) {
    const char *line = strncmp(cgroup, "0::", 3) == 0 ? cgroup : strstr(cgroup, "\n0::");
    path[0] = '\0';
    if (!line) return;
    const char *name = strchr(line, '/');
    if (name) snprintf(path, size, "%s%.*s", CGROUP_ROOT, (int)strcspn(name, "\n"), name);
}

/* False when there is no such file. */
static bool read_file(const char *path, char *text, size_t size) {
    FILE *file = fopen(path, "re");
    if (!file) return false;
    size_t length = fread(text, 1, size - 1, file);
    text[length] = '\0';
    fclose(file);
    return true;
}

/* The smallest quota of the group and those around it, or 0. Inside a container the root is the group itself. */
static unsigned quota(void) {
    char group[512], path[512], file[544], text[64];
    unsigned least = 0;
    if (!read_file("/proc/self/cgroup", group, sizeof group)) return 0;
    cli_cpus_quota_path(group, path, sizeof path);
    while (strlen(path) >= strlen(CGROUP_ROOT)) {
        snprintf(file, sizeof file, "%s/cpu.max", path);
        unsigned cpus = read_file(file, text, sizeof text) ? cli_cpus_from_quota(text) : 0;
        if (cpus && (!least || cpus < least)) least = cpus;
        *strrchr(path, '/') = '\0';
    }
    return least;
}

unsigned cli_cpus_available(void) {
    cpu_set_t mask;
    unsigned cpus = sched_getaffinity(0, sizeof mask, &mask) == 0 ? (unsigned)CPU_COUNT(&mask) : 1;
    unsigned granted = quota();
    if (granted && granted < cpus) cpus = granted;
    return cpus ? cpus : 1;
}
