/* lists.h - cvs_text_to_floats() at each level. */
#ifndef CONVSCOPE_LISTS_H
#define CONVSCOPE_LISTS_H

#include <convscope/number.h>

typedef size_t (*cvs__list_fn)(const char *text, size_t length, float *out, size_t room, size_t *used,
                               cvs_list_stop *stop);

size_t cvs__list_portable(const char *text, size_t length, float *out, size_t room, size_t *used, cvs_list_stop *stop);

/* NULL where the compiler or the CPU has no AVX2. */
cvs__list_fn cvs__list_avx2(void);

#endif
