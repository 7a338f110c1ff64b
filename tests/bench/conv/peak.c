#include "peak.h"

peak_fn peak_of(cvs_isa isa) {
#if defined(__x86_64__)
    if (isa == CVS_ISA_AVX512) return peak_avx512;
    if (isa == CVS_ISA_AVX2) return peak_avx2;
#endif
    return peak_portable;
}
