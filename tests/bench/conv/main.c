/*
 * bench_conv - convolution layers beside the bare matrix products they come down to, on one core.
 *
 *   bench_conv [--json] [--repetitions N] [--coretype NAME]
 *
 * OPENBLAS_CORETYPE and OPENBLAS_L2_SIZE in the environment may make OpenBLAS slower than the CPU: the program starts
 * itself again without them, or with OPENBLAS_CORETYPE=NAME for an OpenBLAS that does not know the CPU.
 */
#include "layers.h"
#include "peak.h"
#include "report.h"
#include "timing.h"

#include "engine/blas.h"
#include "engine/engine.h"

#include <getopt.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef struct options {
    bool json;
    int repetitions;
    const char *coretype;
} options;

static _Noreturn void give_up(const char *what) {
    fprintf(stderr, "bench_conv: %s\n", what);
    exit(EXIT_FAILURE);
}

static options read_options(int argc, char **argv) {
    static const struct option known[] = {{"json", no_argument, NULL, 'j'},
                                          {"repetitions", required_argument, NULL, 'r'},
                                          {"coretype", required_argument, NULL, 'c'},
                                          {0}};
    options o = {.repetitions = 60};
    for (int option; (option = getopt_long(argc, argv, "", known, NULL)) != -1;) {
        if (option == 'j') o.json = true;
        if (option == 'r') o.repetitions = atoi(optarg);
        if (option == 'c') o.coretype = optarg;
        if (option == '?') exit(2);
    }
    if (o.repetitions < 1) give_up("--repetitions must be at least 1");
    return o;
}

/* OpenBLAS reads its variables before main(): only a new process sees them changed. */
static void start_again_with(const char *coretype, char **argv) {
    const char *now = getenv("OPENBLAS_CORETYPE");
    const bool same = coretype ? now && strcmp(now, coretype) == 0 : !now;
    if (same && !getenv("OPENBLAS_L2_SIZE")) return;
    unsetenv("OPENBLAS_L2_SIZE");
    unsetenv("OPENBLAS_CORETYPE");
    if (coretype) setenv("OPENBLAS_CORETYPE", coretype, 1);
    execv("/proc/self/exe", argv);
    give_up("cannot start itself again");
}

/* The last core of those allowed: the first takes most interrupts. */
static int stay_on_one_core(void) {
    cpu_set_t allowed, one;
    if (sched_getaffinity(0, sizeof allowed, &allowed) != 0) return -1;
    int core = CPU_SETSIZE - 1;
    while (core > 0 && !CPU_ISSET(core, &allowed)) core--;
    CPU_ZERO(&one);
    CPU_SET(core, &one);
    return sched_setaffinity(0, sizeof one, &one) == 0 ? core : -1;
}

static void read_cpu_name(char *name, size_t size) {
    char line[256];
    snprintf(name, size, "unknown");
    FILE *file = fopen("/proc/cpuinfo", "r");
    while (file && fgets(line, sizeof line, file)) {
        if (strncmp(line, "model name", 10) != 0) continue;
        line[strcspn(line, "\n")] = '\0';
        snprintf(name, size, "%s", strchr(line, ':') + 2);
        break;
    }
    if (file) fclose(file);
}

static cvs_engine *make_engine(void) {
    cvs_engine *engine;
    if (cvs_engine_create(NULL, &engine, NULL) != CVS_OK) give_up("no memory for an engine");
    return engine;
}

typedef struct peak_run {
    peak_fn run;
    long rounds;
    double flops;
} peak_run;

static void run_peak(void *context) {
    peak_run *peak = context;
    peak->flops = peak->run(peak->rounds);
}

static double measure_peak(cvs_isa isa) {
    peak_run peak = {peak_of(isa), 1000000, 0};
    task one = {.name = "peak", .run = run_peak, .context = &peak};
    measure(&one, 1, 30);
    return peak.flops / one.least_us * 1e-3;
}

static result measure_layer(const layer_case *layer, cvs_engine *const engines[3], int repetitions) {
    bare_product bare = bare_product_make(layer);
    planned_layer planned[3];
    for (int i = 0; i < 3; i++) planned[i] = planned_layer_make(layer, engines[i]);
    const double flops = 2.0 * (double)bare.m * (double)bare.n * (double)bare.k;
    result r = {
        .layer = layer,
        .tasks =
            {
                [BARE] = {"bare cblas_sgemm", bare_product_run, &bare, flops, 0, 0},
                [OURS] = {"ours, bias + ReLU", planned_layer_run, &planned[0], flops, 0, 0},
                [OURS_ON_BLAS] = {"ours on cblas_sgemm", planned_layer_run, &planned[1], flops, 0, 0},
                [OURS_ON_OWN] = {"ours on own kernels", planned_layer_run, &planned[2], flops, 0, 0},
            },
    };
    measure(r.tasks, TASKS, repetitions);
    for (int i = 0; i < 3; i++) planned_layer_free(&planned[i]);
    bare_product_free(&bare);
    return r;
}

int main(int argc, char **argv) {
    const options o = read_options(argc, argv);
    start_again_with(o.coretype, argv);
    machine here = {.core = stay_on_one_core()};
    read_cpu_name(here.cpu, sizeof here.cpu);
    cvs_engine *engines[3] = {make_engine(), make_engine(), make_engine()};
    engines[1]->product = cvs__blas_product;
    engines[2]->product = engines[2]->kernels.product;
    cvs_engine_info info;
    cvs_engine_describe(engines[0], &info);
    here.isa = cvs_isa_name(info.isa), here.blas = info.blas, here.note = info.blas_note;
    here.peak_gflops = measure_peak(info.isa);
    result *results = calloc(layer_case_count, sizeof *results);
    if (!results) give_up("out of memory");
    for (size_t i = 0; i < layer_case_count; i++) results[i] = measure_layer(&layer_cases[i], engines, o.repetitions);
    (o.json ? report_json : report_table)(&here, results, layer_case_count);
    free(results);
    for (int i = 0; i < 3; i++) cvs_engine_free(engines[i]);
    return EXIT_SUCCESS;
}
