/*
 * npy.h - .npy, the file of one array that numpy.save() writes: a magic, a version, the length of a header, the header
 * (a Python dictionary with 'descr', 'fortran_order' and 'shape'), and the numbers. Source: NumPy Enhancement Proposal
 * 1, and the documentation of numpy.lib.format.
 */
#ifndef CONVSCOPE_NPY_H
#define CONVSCOPE_NPY_H

#include "api/tensor.h"

/* Room for any head that npy_write_head() writes. */
#define NPY_HEAD_SIZE 320

/*
 * All of a file that comes before the numbers, which are little-endian float32, row-major, of this shape (every size
 * known): version 1.0, as long as numpy.save() makes it, so that the numbers begin at a multiple of 64. Returns its
 * length.
 */
size_t npy_write_head(const cvs_shape *shape, char out[NPY_HEAD_SIZE]);

/* A header that says it is longer is not read; NumPy's own reader has the same limit. */
#define NPY_MOST_HEADER 10000

/*
 * Look at a file of `size` bytes and prove that the numbers are there: versions 1.0 to 3.0, floats of 2, 4 and 8 bytes,
 * integers of 1 to 8, bool, in either byte order and either order of axes. They stay where they are: the file has to
 * outlive *out. CVS_INVALID without a pointer for anything else: what is wrong and at which byte of the file. Objects
 * (dtype 'O', a pickle) are never read, and the header, a Python literal, is only ever compared with what it has to be.
 */
cvs_status npy_open(const char *file, size_t size, tensor_source *out, cvs_error *err) CVS_NODISCARD;

#endif
