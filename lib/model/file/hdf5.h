/* hdf5.h - what the parts of reading HDF5 share. Chapters are those of the HDF5 File Format Specification, version 3.
 */
#ifndef CONVSCOPE_MODEL_HDF5_H
#define CONVSCOPE_MODEL_HDF5_H

#include "model/file/file.h"

/* The address of what is not there. */
#define CVS__HDF5_NOWHERE UINT64_MAX

/* Bytes of the file, as they stand there. */
typedef struct cvs__hdf5_span {
    const unsigned char *at;
    size_t size;
} cvs__hdf5_span;

/* `size` bytes at an address; false when the file has not so many. */
static inline bool cvs__hdf5_at(const cvs__hdf5 *hdf5, uint64_t address, uint64_t size, cvs__hdf5_span *out) {
    const size_t length = hdf5->bytes.length;
    if (address > length || size > length - address) return false;
    *out = (cvs__hdf5_span){(const unsigned char *)hdf5->bytes.at + address, (size_t)size};
    return true;
}

/* A number of `bytes` bytes, the lowest first, taken from the front of a span; false when it is too short. */
bool cvs__hdf5_take(cvs__hdf5_span *span, int bytes, uint64_t *out);
/* Go past bytes. */
bool cvs__hdf5_skip(cvs__hdf5_span *span, uint64_t bytes);
/* Do the bytes begin with these four? Then go past them. */
bool cvs__hdf5_signed(cvs__hdf5_span *span, const char *signature);

/* CVS_INVALID "broken-hdf5"; CVS_UNSUPPORTED "newer-hdf5". Both return the status. */
cvs_status cvs__hdf5_broken(const cvs__hdf5 *hdf5, const char *what);
cvs_status cvs__hdf5_newer(const cvs__hdf5 *hdf5, const char *what);

/* ---- hdf5.c: object headers (IV.A) ---- */

/* Kinds of message. */
enum {
    CVS__HDF5_DATASPACE = 0x01,
    CVS__HDF5_LINK_INFO = 0x02,
    CVS__HDF5_LINK = 0x06,
    CVS__HDF5_LAYOUT = 0x08,
    CVS__HDF5_ATTRIBUTE = 0x0C,
    CVS__HDF5_CONTINUATION = 0x10,
    CVS__HDF5_SYMBOL_TABLE = 0x11,
    CVS__HDF5_ATTRIBUTE_INFO = 0x15
};

typedef struct cvs__hdf5_message {
    int kind;
    cvs__hdf5_span body;
} cvs__hdf5_message;

/* Asked of each message; true ends the search. */
typedef bool cvs__hdf5_visitor(void *context, const cvs__hdf5_message *message);

/* Show the messages of the object at an address, until the visitor wants no more. */
cvs_status cvs__hdf5_visit(const cvs__hdf5 *hdf5, uint64_t object, cvs__hdf5_visitor *visitor,
                           void *context) CVS_NODISCARD;

/*
 * The body of a message on an object's links or attributes: sets *dense where they are kept in the newer way, and else
 * leaves it. Where they are ordered a counter of `order_bytes` stands before that: 8 for links, 2 for attributes. False
 * when it is cut short.
 */
bool cvs__hdf5_info(cvs__hdf5_span body, uint64_t order_bytes, bool *dense);

/* The object at a path; CVS__HDF5_NOWHERE when there is none. */
cvs_status cvs__hdf5_find(const cvs__hdf5 *hdf5, const char *path, uint64_t *object) CVS_NODISCARD;

/* ---- hdf5_group.c ---- */

/* The member of a group that a hard link of this name (`length` bytes) leads to. */
cvs_status cvs__hdf5_member(const cvs__hdf5 *hdf5, uint64_t group, const char *name, size_t length,
                            uint64_t *object) CVS_NODISCARD;

/* ---- hdf5_value.c ---- */

/* A dataspace message's sizes: rank 0 for a single value, -1 for none. False: broken, or more axes than a shape has. */
bool cvs__hdf5_sizes(cvs__hdf5_span body, cvs_shape *out);

#endif
