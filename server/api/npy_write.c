#include "api/npy.h"

#include <stdio.h>
#include <string.h>

enum { FIXED = 10 }; /* magic, version and length */
enum { ALIGNMENT = 64 };

/* NumPy leaves room for the first size to grow to this many digits while an array is written piece by piece. */
enum { GROWING_DIGITS = 21 };

static size_t write_shape(const cvs_shape *shape, char *out, size_t size) {
    size_t used = 0;
    for (int i = 0; i < shape->rank; i++) {
        used += (size_t)snprintf(out + used, size - used, "%s%lld", i > 0 ? ", " : "", (long long)shape->dim[i]);
    }
    if (shape->rank == 1) used += (size_t)snprintf(out + used, size - used, ",");
    return used;
}

static size_t growing_room(const cvs_shape *shape) {
    if (shape->rank == 0) return 0;
    return GROWING_DIGITS - (size_t)snprintf(NULL, 0, "%lld", (long long)shape->dim[0]);
}

size_t npy_write_head(const cvs_shape *shape, char out[NPY_HEAD_SIZE]) {
    char sizes[CVS_MAX_RANK * 21 + 2] = "";
    (void)write_shape(shape, sizes, sizeof sizes);
    const size_t text = (size_t)snprintf(out + FIXED, NPY_HEAD_SIZE - FIXED,
                                         "{'descr': '<f4', 'fortran_order': False, 'shape': (%s), }", sizes);
    const size_t needed = FIXED + text + growing_room(shape) + 1;
    const size_t length = needed + ALIGNMENT - needed % ALIGNMENT, header = length - FIXED;
    memset(out + FIXED + text, ' ', header - text - 1);
    out[length - 1] = '\n';
    memcpy(out, "\x93NUMPY\x01\x00", FIXED - 2);
    out[FIXED - 2] = (char)(header & 0xff);
    out[FIXED - 1] = (char)(header >> 8);
    return length;
}
