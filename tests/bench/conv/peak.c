#include "peak.h"

#include "timing.h"

#include <pthread.h>

static peak_fn peak_of(cvs_isa isa) {
#if defined(__x86_64__)
    if (isa == CVS_ISA_AVX512) return peak_avx512;
    if (isa == CVS_ISA_AVX2) return peak_avx2;
#endif
    return peak_portable;
}

enum { MOST_THREADS = 64, ROUNDS = 4000000, REPETITIONS = 20 };

typedef struct peak_run {
    peak_fn run;
    int threads;
    double flops; /* of all threads */
} peak_run;

static void *run_one(void *context) {
    const peak_run *peak = context;
    peak->run(ROUNDS);
    return NULL;
}

static void run_all(void *context) {
    peak_run *peak = context;
    pthread_t helpers[MOST_THREADS];
    int started = 0;
    while (started < peak->threads - 1 && pthread_create(&helpers[started], NULL, run_one, peak) == 0) started++;
    peak->flops = peak->run(ROUNDS) * (started + 1);
    for (int i = 0; i < started; i++) pthread_join(helpers[i], NULL);
}

double peak_gflops(cvs_isa isa, int threads) {
    peak_run peak = {.run = peak_of(isa), .threads = threads < MOST_THREADS ? threads : MOST_THREADS};
    task one = {.name = "peak", .run = run_all, .context = &peak};
    measure(&one, 1, REPETITIONS);
    return peak.flops / one.least_us * 1e-3;
}
