#include "cli/ram.h"

#include "cli/cgroup.h"

#include <stdlib.h>
#include <unistd.h>

uint64_t cli_ram_from_limit(const char *memory_max) {
    return *memory_max >= '0' && *memory_max <= '9' ? strtoull(memory_max, NULL, 10) : 0;
}

/* What the group may take is shared with nobody; the quarter is for what nobody counts, the system's buffers of
 * connections among it, which are the group's too. */
size_t cli_ram_share(void) {
    const long pages = sysconf(_SC_PHYS_PAGES), page = sysconf(_SC_PAGESIZE);
    const uint64_t half = pages > 0 && page > 0 ? (uint64_t)pages * (uint64_t)page / 2 : SIZE_MAX;
    const uint64_t granted = cli_cgroup_least("memory.max", cli_ram_from_limit) / 4 * 3;
    return granted && granted < half ? (size_t)granted : (size_t)half;
}
