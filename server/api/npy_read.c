#include "api/npy.h"

#include "api/npy_header.h"

#include <string.h>

/* "PK" begins a .npz, 0x80 a pickle, 0x89 an HDF5 file: what else people save arrays in. */
static cvs_status fail_magic(const char *file, size_t size, cvs_error *err) {
    const char *advice = "";
    if (size >= 2 && memcmp(file, "PK", 2) == 0) {
        advice = " It looks like a .npz archive: send each array in it as a .npy file of its own.";
    } else if (size >= 1 && (unsigned char)file[0] == 0x80) {
        advice = " It looks like a pickle, which is never read.";
    } else if (size >= 1 && (unsigned char)file[0] == 0x89) {
        advice = " It looks like HDF5: send each array as a .npy file.";
    }
    return cvs_fail(err, CVS_INVALID, "not-npy", "",
                    "This is no .npy file, as numpy.save() writes it: it does not begin with its six bytes.%s", advice);
}

static cvs_status fail_truncated(size_t size, size_t needed, const char *what, cvs_error *err) {
    (void)cvs_fail(err, CVS_INVALID, "npy-truncated", "", "The .npy file ends at byte %zu, within %s.", size, what);
    cvs_fail_value(err, "%zu bytes", size);
    cvs_fail_expected(err, "%zu bytes or more", needed);
    return CVS_INVALID;
}

/* Where the header is, by what stands before it. */
static cvs_status find_header(const char *file, size_t size, npy_header *header, cvs_error *err) {
    enum { MAGIC = 6, VERSION = 8, SHORT = 10, LONG = 12 };
    if (size < MAGIC || memcmp(file, "\x93NUMPY", MAGIC) != 0) return fail_magic(file, size, err);
    if (size < SHORT) return fail_truncated(size, SHORT, "what comes before its header", err);
    const unsigned char *bytes = (const unsigned char *)file;
    const unsigned major = bytes[MAGIC], minor = bytes[MAGIC + 1];
    if (major < 1 || major > 3 || minor != 0) {
        (void)cvs_fail(err, CVS_INVALID, "npy-version", "", "The .npy file says at byte 6 that it is of version %u.%u.",
                       major, minor);
        cvs_fail_expected(err, "1.0, 2.0, 3.0");
        return CVS_INVALID;
    }
    if (major > 1 && size < LONG) return fail_truncated(size, LONG, "what comes before its header", err);
    size_t length = bytes[VERSION] + ((size_t)bytes[VERSION + 1] << 8);
    if (major > 1) length += ((size_t)bytes[VERSION + 2] << 16) + ((size_t)bytes[VERSION + 3] << 24);
    const size_t begin = major > 1 ? LONG : SHORT;
    if (length > NPY_MOST_HEADER) {
        return cvs_fail(err, CVS_INVALID, "npy-header-too-long", "",
                        "The header of the .npy file is %zu bytes long by byte 8; the most is %d.", length,
                        NPY_MOST_HEADER);
    }
    if (length > size - begin) return fail_truncated(size, begin + length, "its header", err);
    *header = (npy_header){.file = file, .at = file + begin, .end = file + begin + length};
    return CVS_OK;
}

cvs_status npy_open(const char *file, size_t size, tensor_source *out, cvs_error *err) {
    npy_header header;
    int64_t count, bytes;
    cvs_status status = find_header(file, size, &header, err);
    if (status == CVS_OK) status = npy_header_read(&header, err);
    if (status == CVS_OK) status = cvs_shape_count(&header.shape, &count, err);
    if (status != CVS_OK) return status;
    const size_t begin = (size_t)(header.end - file), width = tensor_element_size(header.bytes.element);
    header.bytes.data = file + begin;
    header.bytes.size = size - begin;
    if (!__builtin_mul_overflow(count, (int64_t)width, &bytes) && (uint64_t)bytes == header.bytes.size) {
        return tensor_open_bytes(&header.bytes, &header.shape, out, err);
    }
    (void)cvs_fail(err, CVS_INVALID, "data-length-mismatch", "",
                   "The shape holds %lld numbers of %zu bytes; from byte %zu of the .npy file on there are %zu bytes.",
                   (long long)count, width, begin, header.bytes.size);
    cvs_fail_value(err, "%zu bytes", header.bytes.size);
    return CVS_INVALID;
}
