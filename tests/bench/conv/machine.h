/* machine.h - the process and the machine it measures. */
#ifndef CONVSCOPE_BENCH_MACHINE_H
#define CONVSCOPE_BENCH_MACHINE_H

/* Start again without OPENBLAS_CORETYPE and OPENBLAS_L2_SIZE, which may make OpenBLAS slower than the CPU, or with
   OPENBLAS_CORETYPE=`coretype` for an OpenBLAS that does not know the CPU; back at once where they are so already. */
void start_again_with(const char *coretype, char **argv);

/* The cores that the process may use: how many. */
int count_cores(void);

/* Keep the calling thread to the last of them (the first takes most interrupts), or let it use them all again. */
void stay_on_last_core(void);
void use_all_cores(void);

#endif
