/* peak.h - multiply-adds in registers alone: what no convolution can pass. */
#ifndef CONVSCOPE_BENCH_PEAK_H
#define CONVSCOPE_BENCH_PEAK_H

#include <convscope/engine.h>

/* Run `rounds` rounds of independent fused multiply-adds (separate multiplies and additions where the level has none
   fused); the floating-point operations done. */
typedef double (*peak_fn)(long rounds);

double peak_portable(long rounds);
double peak_avx2(long rounds);
double peak_avx512(long rounds);

/* GFLOP/s of `threads` threads at once with the loop of the level (the portable one where this build has none). */
double peak_gflops(cvs_isa isa, int threads);

#endif
