/* printers.h - cvs_floats_to_text() at each level. */
#ifndef CONVSCOPE_PRINTERS_H
#define CONVSCOPE_PRINTERS_H

#include <stddef.h>

typedef size_t (*cvs__print_fn)(const float *values, size_t count, char *out);

size_t cvs__print_portable(const float *values, size_t count, char *out);

/* NULL where the compiler or the CPU has not got these instructions. */
cvs__print_fn cvs__print_avx2(void);
cvs__print_fn cvs__print_avx512(void);

#endif
