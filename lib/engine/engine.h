/* engine.h - what an engine is, for the files of this room. Immutable once created. */
#ifndef CONVSCOPE_ENGINE_ENGINE_H
#define CONVSCOPE_ENGINE_ENGINE_H

#include "kernels.h"

struct cvs_engine {
    cvs_isa isa;
    cvs__kernels kernels;
    cvs__product_fn product; /* the BLAS's once proven, else the kernels' own */
    bool blas_used;
    int64_t l2_bytes; /* second-level cache of a core: what tiles are cut for */
    cvs_text blas, note;
    double proof_ms;
};

#endif
