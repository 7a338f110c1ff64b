#include "timing.h"

#include <stdlib.h>
#include <time.h>

static double now_us(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e6 + (double)t.tv_nsec * 1e-3;
}

static int ascending(const void *a, const void *b) {
    const double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

void measure(task *tasks, size_t count, int repetitions) {
    double *times = calloc(count * (size_t)repetitions, sizeof *times);
    if (!times) abort();
    for (int round = -1; round < repetitions; round++) {
        for (size_t i = 0; i < count; i++) {
            const double start = now_us();
            tasks[i].run(tasks[i].context);
            if (round >= 0) times[i * (size_t)repetitions + (size_t)round] = now_us() - start;
        }
    }
    for (size_t i = 0; i < count; i++) {
        double *own = times + i * (size_t)repetitions;
        qsort(own, (size_t)repetitions, sizeof *own, ascending);
        tasks[i].least_us = own[0];
        tasks[i].median_us = own[repetitions / 2];
    }
    free(times);
}
