/*
 * npy_header.h - the header of a .npy file: {'descr': '<f4', 'fortran_order': False, 'shape': (1, 3), }. It is a Python
 * literal; this reads exactly that dictionary and knows no other Python.
 */
#ifndef CONVSCOPE_NPY_HEADER_H
#define CONVSCOPE_NPY_HEADER_H

#include "api/tensor.h"

typedef struct npy_header {
    const char *file, *at, *end; /* the whole file; what was not read yet of the header; the end of that */

    /* What it says. */
    tensor_bytes bytes; /* without data and size */
    cvs_shape shape;
} npy_header;

/* Read all of it. CVS_INVALID without a pointer: what is wrong at which byte of the file, or with what it says. */
cvs_status npy_header_read(npy_header *header, cvs_error *err) CVS_NODISCARD;

#endif
