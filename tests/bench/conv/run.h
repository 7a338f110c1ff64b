/* run.h - one layer measured on all sides. */
#ifndef CONVSCOPE_BENCH_RUN_H
#define CONVSCOPE_BENCH_RUN_H

#include "data.h"
#include "timing.h"

#include <convscope/engine.h>

/* What is timed of each layer; a task without `run` is not there. */
enum { PLANNED, ONE_SHOT, PEER_OWN, PEER_PLAIN, BARE, TASKS };

/* The tasks' names in the JSON: "planned", "one_shot", "onednn_own", "onednn_plain", "bare_sgemm". */
extern const char *const task_names[TASKS];

typedef struct setup {
    const cvs_engine *engine;
    cvs_data_format format;
    int threads;
    double seconds; /* a layer */
    bool with_peer, with_bare;
} setup;

typedef struct result {
    const layer_case *layer;
    cvs_data_format format;
    int threads;
    double flops;
    task tasks[TASKS]; /* only the times are of use */
    bool unsupported;  /* by the engine */
    char algorithm[32], own_name[96], plain_name[96];
    double error; /* of ours against oneDNN's; negative: not compared */
} result;

/* Also ends the program where the outputs differ by more than 2e-4 of their scale. */
result measure_layer(const layer_case *layer, const setup *s);

#endif
