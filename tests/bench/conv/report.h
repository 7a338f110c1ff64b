/* report.h - the result as a table for people or JSON for programs. */
#ifndef CONVSCOPE_BENCH_REPORT_H
#define CONVSCOPE_BENCH_REPORT_H

#include "layers.h"
#include "timing.h"

enum { BARE, OURS, OURS_ON_BLAS, OURS_ON_OWN, TASKS };

/* What was run on; all text. */
typedef struct machine {
    char cpu[128];
    const char *isa, *blas, *note;
    int core;
    double peak_gflops;
} machine;

typedef struct result {
    const layer_case *layer;
    task tasks[TASKS];
} result;

void report_table(const machine *m, const result *results, size_t count);
void report_json(const machine *m, const result *results, size_t count);

#endif
