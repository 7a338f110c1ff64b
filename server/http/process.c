#include "http/process.h"

#include <dirent.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

/* The entries of a directory that are not its own links. */
static uint64_t count_entries(const char *path) {
    uint64_t count = 0;
    DIR *directory = opendir(path);
    if (!directory) return 0;
    for (struct dirent *entry; (entry = readdir(directory)) != NULL;) count += entry->d_name[0] != '.';
    closedir(directory);
    return count;
}

static void read_memory(http_process *out) {
    unsigned long long whole = 0, resident = 0;
    const uint64_t page = (uint64_t)sysconf(_SC_PAGESIZE);
    FILE *file = fopen("/proc/self/statm", "re");
    if (!file) return;
    if (fscanf(file, "%llu %llu", &whole, &resident) == 2) {
        out->virtual_bytes = whole * page;
        out->resident_bytes = resident * page;
    }
    fclose(file);
}

void http_process_read(http_process *out) {
    struct timespec cpu;
    struct rlimit files;
    memset(out, 0, sizeof *out);
    if (clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &cpu) == 0)
        out->cpu_seconds = (double)cpu.tv_sec + (double)cpu.tv_nsec / 1e9;
    if (getrlimit(RLIMIT_NOFILE, &files) == 0) out->most_files = files.rlim_cur;
    read_memory(out);
    out->threads = count_entries("/proc/self/task");
    out->open_files = count_entries("/proc/self/fd");
    if (out->open_files) out->open_files--; /* the directory that was being read */
}
