/* engine_internal.h - what an engine is, for the files of this room. Immutable once created. */
#ifndef CONVSCOPE_ENGINE_ENGINE_INTERNAL_H
#define CONVSCOPE_ENGINE_ENGINE_INTERNAL_H

#include "kernels.h"
#include "parallel.h"

struct cvs_engine {
    cvs_isa isa;
    const cvs__kernels *kernels;
    cvs__product_fn product; /* the BLAS's once proven, else the kernels' own */
    bool blas_used;
    cvs__pool *pool;
    int64_t l2_bytes; /* second-level cache of a core: what tiles are cut for */
    cvs_text blas, note;
    double proof_ms;
};

#endif
