#include "kernels.h"

cvs__kernels cvs__kernels_select(cvs_isa isa) {
    cvs__kernels kernels = {
        .product = cvs__product_portable,
        .axpy = cvs__axpy_portable,
        .multiply_add = cvs__multiply_add_portable,
        .finish_rows = cvs__finish_rows_portable,
        .finish_columns = cvs__finish_columns_portable,
    };
#if defined(__x86_64__)
    if (isa >= CVS_ISA_AVX2) {
        kernels.product = cvs__product_avx2;
        kernels.axpy = cvs__axpy_avx2;
        kernels.multiply_add = cvs__multiply_add_avx2;
        kernels.finish_rows = cvs__finish_rows_avx2;
        kernels.finish_columns = cvs__finish_columns_avx2;
    }
    if (isa >= CVS_ISA_AVX512) {
        kernels.product = cvs__product_avx512;
        kernels.axpy = cvs__axpy_avx512;
        kernels.multiply_add = cvs__multiply_add_avx512;
        kernels.finish_rows = cvs__finish_rows_avx512;
        kernels.finish_columns = cvs__finish_columns_avx512;
    }
#endif
    return kernels;
}
