#include "number/printers.h"

#ifdef __AVX2__

#include "number/cpu.h"
#include "number/print_body.h"

cvs__print_fn cvs__print_avx2(void) {
    return __builtin_cpu_supports("avx2") && cvs__cpu_counts_bits() ? print_list : NULL;
}

#else

cvs__print_fn cvs__print_avx2(void) { return NULL; }

#endif
