/* cpu.h - what the levels of this room ask of the CPU beside their vectors. */
#ifndef CONVSCOPE_NUMBER_CPU_H
#define CONVSCOPE_NUMBER_CPU_H

#include <stdbool.h>

/* Are there BMI2 and LZCNT? Clang 14 cannot be asked for the latter, which every CPU with the former has. */
static inline bool cvs__cpu_counts_bits(void) {
#if defined(__clang__)
    return __builtin_cpu_supports("bmi2");
#else
    return __builtin_cpu_supports("bmi2") && __builtin_cpu_supports("lzcnt");
#endif
}

#endif
