/* report.h - what was measured, for people and for programs. */
#ifndef CONVSCOPE_BENCH_REPORT_H
#define CONVSCOPE_BENCH_REPORT_H

#include "run.h"

enum { MOST_PEAKS = 2 };

typedef struct machine {
    char cpu[256];
    const char *isa, *blas, *note, *onednn; /* `onednn` NULL: missing, or not wanted */
    int peaks;                              /* thread counts that are measured */
    int peak_threads[MOST_PEAKS];
    double peak_gflops[MOST_PEAKS];
} machine;

/* The table goes to standard output as it comes. */
void report_machine(const machine *m);
void report_heading(cvs_data_format format, int threads);
void report_row(const machine *m, const result *r);
void report_means(const result *results, size_t count);

/* Everything as one object to `path`. */
void report_json(const char *path, const machine *m, const result *results, size_t count);

/* The table of layers as a JSON array to standard output, for other programs that measure them. */
void list_json(void);

/*
 * The geometric mean of how much longer task `peer` takes than task `ours`, by the minima or the medians, over the
 * results that have both; 0 where none has. `counted` tells how many.
 */
typedef struct mean_of {
    int ours, peer;
    bool headline, median;
} mean_of;
double geometric_mean(const result *results, size_t count, mean_of what, int *counted);

double peak_at(const machine *m, int threads);

#endif
