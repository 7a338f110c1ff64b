#include "number/printers.h"

#ifdef __AVX512F__

#include "number/cpu.h"
#include "number/print_body.h"

cvs__print_fn cvs__print_avx512(void) {
    return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
                   __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512bw") && cvs__cpu_counts_bits()
               ? print_list
               : NULL;
}

#else

cvs__print_fn cvs__print_avx512(void) { return NULL; }

#endif
