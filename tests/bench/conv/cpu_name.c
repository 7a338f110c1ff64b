#include "cpu_name.h"

#include <stdio.h>
#include <string.h>

void read_cpu_name(char *name, size_t size) {
    char line[256];
    snprintf(name, size, "unknown");
    FILE *file = fopen("/proc/cpuinfo", "r");
    while (file && fgets(line, sizeof line, file)) {
        if (strncmp(line, "model name", 10) != 0) continue;
        line[strcspn(line, "\n")] = '\0';
        snprintf(name, size, "%s", strchr(line, ':') + 2);
        break;
    }
    if (file) fclose(file);
}
