/* cgroup.h - what the control group of this process (version 2) and those around it allow: a container's limits. */
#ifndef CONVSCOPE_CLI_CGROUP_H
#define CONVSCOPE_CLI_CGROUP_H

#include <stddef.h>
#include <stdint.h>

/* The least that `file` ("cpu.max", "memory.max") of any of these groups comes to; 0 where none sets a limit. `read`
 * makes a number of a file's contents, 0 of no limit. */
uint64_t cli_cgroup_least(const char *file, uint64_t (*read)(const char *text));

/* Where the files of the group named in /proc/self/cgroup ("0::/a/b") lie; an empty string when it names none. */
void cli_cgroup_path(const char *cgroup, char *path, size_t size);

#endif
