#include "cli/cgroup.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#define CGROUP_ROOT "/sys/fs/cgroup"

void cli_cgroup_path(const char *cgroup, char *path, size_t size) {
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

/* Inside a container the root is the group itself. */
uint64_t cli_cgroup_least(const char *file, uint64_t (*read)(const char *text)) {
    char group[512], path[512], full[576], text[64];
    uint64_t least = 0;
    if (!read_file("/proc/self/cgroup", group, sizeof group)) return 0;
    cli_cgroup_path(group, path, sizeof path);
    while (strlen(path) >= strlen(CGROUP_ROOT)) {
        snprintf(full, sizeof full, "%s/%s", path, file);
        const uint64_t value = read_file(full, text, sizeof text) ? read(text) : 0;
        if (value && (!least || value < least)) least = value;
        *strrchr(path, '/') = '\0';
    }
    return least;
}
