/* timing.h - minimum and median of interleaved runs. */
#ifndef CONVSCOPE_BENCH_TIMING_H
#define CONVSCOPE_BENCH_TIMING_H

#include <stddef.h>

typedef struct task {
    const char *name;
    void (*run)(void *context); /* NULL: not there, measure_for() leaves it out */
    void *context;
    double least_us, median_us; /* set by measure() */
} task;

/* Microseconds of one run. */
double time_once(const task *t);

/* Run all tasks in turn, `repetitions` times round after one round of warming up: what disturbs the machine disturbs
   them alike. */
void measure(task *tasks, size_t count, int repetitions);

typedef struct pace {
    double seconds;  /* for all tasks together, about */
    int turns;       /* that each task has; in each it runs once at least */
    double pause_us; /* before each turn */
} pace;

/*
 * The same for tasks whose threads go on spinning for work for a while: each turn is several runs of one task, the
 * first of them not counted, after a pause that lets the other tasks' threads fall asleep.
 */
void measure_for(task *tasks, size_t count, const pace *p);

#endif
