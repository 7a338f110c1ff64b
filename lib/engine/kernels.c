#include "kernels.h"

const cvs__kernels *cvs__kernels_of(cvs_isa isa) {
#if defined(__x86_64__)
    if (isa >= CVS_ISA_AVX512) return &cvs__kernels_avx512;
    if (isa >= CVS_ISA_AVX2) return &cvs__kernels_avx2;
#endif
    return &cvs__kernels_portable;
}
