/* cpus.h - how many CPUs this process may use. */
#ifndef CONVSCOPE_CLI_CPUS_H
#define CONVSCOPE_CLI_CPUS_H

/* At least 1: the CPUs of the affinity mask, or fewer when the control group grants less time (a container's CPU
 * limit). */
unsigned cli_cpus_available(void);

/* The contents of a cpu.max file as a number of CPUs, rounded up: "150000 100000" is 2; 0 when there is no limit. */
unsigned cli_cpus_from_quota(const char *cpu_max);

#endif
