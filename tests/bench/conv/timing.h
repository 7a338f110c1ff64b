/* timing.h - minimum and median of interleaved runs. */
#ifndef CONVSCOPE_BENCH_TIMING_H
#define CONVSCOPE_BENCH_TIMING_H

#include <stddef.h>

typedef struct task {
    const char *name;
    void (*run)(void *context);
    void *context;
    double flops;               /* of one run */
    double least_us, median_us; /* set by measure() */
} task;

/* Run all tasks in turn, `repetitions` times round after one round of warming up: what disturbs the machine disturbs
   them alike. */
void measure(task *tasks, size_t count, int repetitions);

#endif
