/* blas.h - the one place that talks to OpenBLAS. */
#ifndef CONVSCOPE_ENGINE_BLAS_H
#define CONVSCOPE_ENGINE_BLAS_H

#include "kernels.h"

/* Once per process and before threads call it: OpenBLAS's setter is global and not safe against running products. */
void cvs__blas_prepare(void);

/* cblas_sgemm. Every size and leading dimension must fit an int: see cvs__blas_fits(). */
void cvs__blas_product(const cvs__product *product);

/* Whether `size` fits the 32-bit integers of the interface; past them it would wrap silently. */
bool cvs__blas_fits(int64_t size);

/* "OpenBLAS 0.3.21 SkylakeX": version and the kernels it chose. */
void cvs__blas_name(cvs_text *out);

/* The name of the kernels that OpenBLAS chose for this process. Static. */
const char *cvs__blas_corename(void);

/* The level of the kernels that OpenBLAS calls `corename`; portable for names that use neither AVX2 nor AVX-512. */
cvs_isa cvs__blas_level_of(const char *corename);

/*
 * Advice when OpenBLAS runs kernels named `corename` on a CPU of level `cpu`: nothing when they use what the CPU
 * has, else what to set. `coretype` is the value of OPENBLAS_CORETYPE, or NULL.
 */
void cvs__blas_advise(const char *corename, cvs_isa cpu, const char *coretype, cvs_text *out);

#endif
