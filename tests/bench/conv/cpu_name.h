/* cpu_name.h - what CPU the figures are of. */
#ifndef CONVSCOPE_BENCH_CPU_NAME_H
#define CONVSCOPE_BENCH_CPU_NAME_H

#include <stddef.h>

void read_cpu_name(char *name, size_t size);

#endif
