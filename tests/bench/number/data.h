/* data.h - the numbers that are printed and read. */
#ifndef CONVSCOPE_BENCH_NUMBER_DATA_H
#define CONVSCOPE_BENCH_NUMBER_DATA_H

#include <stddef.h>

typedef struct data_set {
    const char *name;
    void (*fill)(float *values, size_t count);
} data_set;

extern const data_set data_sets[];
extern const size_t data_set_count;

#endif
