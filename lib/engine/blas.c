#include "blas.h"

#include <cblas.h>
#include <limits.h>
#include <string.h>
#include <strings.h>

void cvs__blas_prepare(void) { openblas_set_num_threads(1); }

void cvs__blas_product(const cvs__product *p) {
    cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, (int)p->m, (int)p->n, (int)p->k, 1.0F, p->a, (int)p->lda,
                p->b, (int)p->ldb, p->accumulate ? 1.0F : 0.0F, p->c, (int)p->ldc);
}

bool cvs__blas_fits(int64_t size) { return size <= INT_MAX; }

/* openblas_get_config() begins "OpenBLAS 0.3.21 NO_LAPACKE DYNAMIC_ARCH ...". */
void cvs__blas_name(cvs_text *out) {
    const char *config = openblas_get_config();
    size_t product = strcspn(config, " ");
    size_t version = config[product] ? product + 1 + strcspn(config + product + 1, " ") : product;
    cvs_text_append(out, config, version);
    cvs_text_addf(out, " %s", openblas_get_corename());
}

const char *cvs__blas_corename(void) { return openblas_get_corename(); }

cvs_isa cvs__blas_level_of(const char *corename) {
    static const struct {
        const char *name;
        cvs_isa level;
    } cores[] = {
        {"SkylakeX", CVS_ISA_AVX512}, {"Cooperlake", CVS_ISA_AVX512}, {"SapphireRapids", CVS_ISA_AVX512},
        {"Haswell", CVS_ISA_AVX2},    {"Zen", CVS_ISA_AVX2},
    };
    for (size_t i = 0; i < sizeof cores / sizeof *cores; i++)
        if (strcasecmp(cores[i].name, corename) == 0) return cores[i].level;
    return CVS_ISA_PORTABLE;
}

void cvs__blas_advise(const char *corename, cvs_isa cpu, const char *coretype, cvs_text *out) {
    static const char *const best[CVS_ISA_COUNT] = {
        [CVS_ISA_PORTABLE] = "",
        [CVS_ISA_AVX2] = "Haswell",
        [CVS_ISA_AVX512] = "SkylakeX",
    };
    if (cvs__blas_level_of(corename) >= cpu) return;
    if (coretype && *coretype)
        cvs_text_addf(
            out,
            "OPENBLAS_CORETYPE=%s makes OpenBLAS run its %s kernels on a CPU that has %s, at half the speed or "
            "less: unset it, or set it to %s",
            coretype, corename, cvs_isa_name(cpu), best[cpu]);
    else
        cvs_text_addf(out,
                      "OpenBLAS does not recognise this CPU and runs its %s kernels although the CPU has %s: "
                      "OPENBLAS_CORETYPE=%s in the environment makes it use them",
                      corename, cvs_isa_name(cpu), best[cpu]);
}
