/* ram.h - how much memory this process should take at most. */
#ifndef CONVSCOPE_CLI_RAM_H
#define CONVSCOPE_CLI_RAM_H

#include <stddef.h>
#include <stdint.h>

/* Three quarters of what the control group grants (a container's memory limit), or else half of the machine's memory.
 */
size_t cli_ram_share(void);

/* The contents of a memory.max file in bytes; 0 when there is no limit. */
uint64_t cli_ram_from_limit(const char *memory_max);

#endif
