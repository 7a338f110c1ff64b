#include "timing.h"

#include <stdlib.h>
#include <time.h>
#include <unistd.h>

static double now_us(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e6 + (double)t.tv_nsec * 1e-3;
}

static int ascending(const void *a, const void *b) {
    const double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

static void summarise(task *t, double *times, size_t count) {
    qsort(times, count, sizeof *times, ascending);
    t->least_us = times[0];
    t->median_us = times[count / 2];
}

double time_once(const task *t) {
    const double start = now_us();
    t->run(t->context);
    return now_us() - start;
}

void measure(task *tasks, size_t count, int repetitions) {
    double *times = calloc(count * (size_t)repetitions, sizeof *times);
    if (!times) abort();
    for (int round = -1; round < repetitions; round++) {
        for (size_t i = 0; i < count; i++) {
            const double us = time_once(&tasks[i]);
            if (round >= 0) times[i * (size_t)repetitions + (size_t)round] = us;
        }
    }
    for (size_t i = 0; i < count; i++) summarise(&tasks[i], times + i * (size_t)repetitions, (size_t)repetitions);
    free(times);
}

enum { MOST_TIMES = 1 << 14 };

/* A turn of about `us` microseconds; the new number of times. */
static size_t take_turn(const task *t, double us, double *times, size_t count) {
    time_once(t);
    const double end = now_us() + us;
    do {
        times[count++] = time_once(t);
    } while (now_us() < end && count < MOST_TIMES);
    return count;
}

void measure_for(task *tasks, size_t count, const pace *p) {
    const size_t room = MOST_TIMES + (size_t)p->turns;
    double *times = calloc(count * room, sizeof *times);
    size_t *counts = calloc(count, sizeof *counts);
    if (!times || !counts) abort();
    const double turn_us = p->seconds * 1e6 / p->turns / (double)count;
    for (int turn = 0; turn < p->turns; turn++) {
        for (size_t i = 0; i < count; i++) {
            if (!tasks[i].run) continue;
            if (p->pause_us > 0) usleep((useconds_t)p->pause_us);
            counts[i] = take_turn(&tasks[i], turn_us, times + i * room, counts[i]);
        }
    }
    for (size_t i = 0; i < count; i++)
        if (tasks[i].run) summarise(&tasks[i], times + i * room, counts[i]);
    free(times), free(counts);
}
