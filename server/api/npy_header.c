#include "api/npy_header.h"

#include <string.h>

/* ---- letters --------------------------------------------------------------------------- */

static cvs_status fail_here(const npy_header *h, const char *wanted, cvs_error *err) {
    const char *what = h->at == h->end ? "it ends there" : "something else is there";
    (void)cvs_fail(err, CVS_INVALID, "npy-header", "",
                   "The header of the .npy file should have %s at byte %td of the file, and %s.", wanted,
                   h->at - h->file, what);
    cvs_fail_expected(err, "%s", wanted);
    return CVS_INVALID;
}

static void skip_blanks(npy_header *h) {
    while (h->at < h->end && (*h->at == ' ' || *h->at == '\n' || *h->at == '\t')) h->at++;
}

/* Pass `text` and the blanks behind it, if it is there. */
static bool take(npy_header *h, const char *text) {
    const size_t length = strlen(text);
    if ((size_t)(h->end - h->at) < length || memcmp(h->at, text, length) != 0) return false;
    h->at += length;
    skip_blanks(h);
    return true;
}

static cvs_status expect(npy_header *h, const char *text, const char *wanted, cvs_error *err) {
    return take(h, text) ? CVS_OK : fail_here(h, wanted, err);
}

/* A string in either quotes; one with an escape is none of those that may stand here. */
static cvs_status read_string(npy_header *h, const char **begin, size_t *length, cvs_error *err) {
    const char quote = h->at < h->end ? *h->at : '\0';
    const char *end = quote == '\'' || quote == '"' ? h->at + 1 : h->end;
    while (end < h->end && *end != quote && *end != '\\' && *end != '\n') end++;
    if (end == h->end || *end != quote) return fail_here(h, "a string in quotes", err);
    *begin = h->at + 1;
    *length = (size_t)(end - *begin);
    h->at = end + 1;
    skip_blanks(h);
    return CVS_OK;
}

/* ---- 'descr' --------------------------------------------------------------------------- */

static const struct {
    const char *name;
    tensor_element element;
} elements[] = {{"f4", TENSOR_F32}, {"f2", TENSOR_F16}, {"f8", TENSOR_F64}, {"i1", TENSOR_I8},
                {"i2", TENSOR_I16}, {"i4", TENSOR_I32}, {"i8", TENSOR_I64}, {"u1", TENSOR_U8},
                {"u2", TENSOR_U16}, {"u4", TENSOR_U32}, {"u8", TENSOR_U64}, {"b1", TENSOR_BOOL}};

static const char taken[] = "float16, float32, float64, int8 to int64, uint8 to uint64 or bool, in either byte order";

static cvs_status fail_objects(cvs_error *err) {
    (void)cvs_fail(
        err, CVS_INVALID, "npy-objects", "",
        "The .npy file holds Python objects (dtype 'O'), a pickle that could run anything: it is never read. "
        "Save numbers, e.g. numpy.save(f, numpy.asarray(x, numpy.float32), allow_pickle=False).");
    cvs_fail_expected(err, "%s", taken);
    return CVS_INVALID;
}

static cvs_status fail_type(const char *text, size_t length, cvs_error *err) {
    enum { MOST_SHOWN = 16 };
    bool shown = length <= MOST_SHOWN;
    for (size_t i = 0; i < length && shown; i++) shown = text[i] > ' ' && text[i] < 0x7f;
    (void)cvs_fail(err, CVS_INVALID, "unknown-dtype", "",
                   "The dtype '%.*s' of the .npy file is not taken: convert it with astype(numpy.float32).",
                   shown ? (int)length : 3, shown ? text : "...");
    cvs_fail_expected(err, "%s", taken);
    return CVS_INVALID;
}

/* A byte order and a name. '|' is for what has no order: elements of one byte. */
static bool read_type(const char *text, size_t length, tensor_bytes *out) {
    if (length != 3) return false;
    for (size_t i = 0; i < sizeof elements / sizeof *elements; i++) {
        if (memcmp(text + 1, elements[i].name, 2) != 0) continue;
        out->element = elements[i].element;
        out->big_endian = text[0] == '>';
        return text[0] == '<' || text[0] == '>' || (text[0] == '|' && text[2] == '1');
    }
    return false;
}

static cvs_status read_descr(npy_header *h, cvs_error *err) {
    const char *text;
    size_t length;
    if (h->at < h->end && *h->at == '[') {
        (void)cvs_fail(err, CVS_INVALID, "unknown-dtype", "",
                       "The .npy file holds records of several fields: save one field as an array of its own.");
        cvs_fail_expected(err, "%s", taken);
        return CVS_INVALID;
    }
    cvs_status status = read_string(h, &text, &length, err);
    if (status != CVS_OK || read_type(text, length, &h->bytes)) return status;
    return memchr(text, 'O', length) ? fail_objects(err) : fail_type(text, length, err);
}

/* ---- 'fortran_order' and 'shape' ---------------------------------------------------------- */

static cvs_status read_order(npy_header *h, cvs_error *err) {
    h->bytes.column_major = take(h, "True");
    return h->bytes.column_major ? CVS_OK : expect(h, "False", "True or False", err);
}

static cvs_status read_size(npy_header *h, cvs_error *err) {
    const char *begin = h->at;
    int64_t size = 0;
    if (begin < h->end && *begin == '-') {
        return cvs_fail(err, CVS_INVALID, "size-negative", "",
                        "The .npy file says at byte %td that a size is negative.", begin - h->file);
    }
    for (; h->at < h->end && *h->at >= '0' && *h->at <= '9'; h->at++) {
        if (__builtin_mul_overflow(size, 10, &size) || __builtin_add_overflow(size, *h->at - '0', &size)) {
            return cvs_fail(err, CVS_INVALID, "size-overflow", "",
                            "The .npy file says at byte %td that a size is larger than 2^63 - 1.", begin - h->file);
        }
    }
    const bool leading_zero = h->at - begin > 1 && *begin == '0';
    if (h->at == begin || leading_zero) {
        h->at = begin;
        return fail_here(h, "a size", err);
    }
    h->shape.dim[h->shape.rank++] = size;
    if (!take(h, "L")) skip_blanks(h); /* Python 2 wrote long integers so */
    return CVS_OK;
}

/* A tuple: "()", "(5,)", "(5, 3)", "(5, 3,)". */
static cvs_status read_shape(npy_header *h, cvs_error *err) {
    cvs_status status = expect(h, "(", "a tuple of sizes", err);
    bool comma = true;
    h->shape.rank = 0;
    while (status == CVS_OK && !take(h, ")")) {
        if (h->shape.rank == CVS_MAX_RANK) {
            return cvs_fail(err, CVS_INVALID, "too-many-axes", "", "The array in the .npy file has more than %d axes.",
                            CVS_MAX_RANK);
        }
        status = comma ? read_size(h, err) : fail_here(h, "a comma or the end of the shape", err);
        if (status != CVS_OK) return status;
        comma = take(h, ",");
        if (h->shape.rank == 1 && !comma) return fail_here(h, "a comma: one size alone is no tuple", err);
    }
    return status;
}

/* ---- the dictionary ------------------------------------------------------------------------ */

static const struct {
    const char *name;
    cvs_status (*read)(npy_header *h, cvs_error *err);
} keys[] = {{"descr", read_descr}, {"fortran_order", read_order}, {"shape", read_shape}};

enum { KEYS = sizeof keys / sizeof *keys };

/* One key with its value. */
static cvs_status read_entry(npy_header *h, bool seen[KEYS], cvs_error *err) {
    static const char wanted[] = "each of the keys 'descr', 'fortran_order' and 'shape' once, and no other,";
    const char *name, *place = h->at;
    size_t length;
    cvs_status status = read_string(h, &name, &length, err);
    if (status != CVS_OK) return status;
    for (int i = 0; i < KEYS; i++) {
        if (seen[i] || length != strlen(keys[i].name) || memcmp(name, keys[i].name, length) != 0) continue;
        seen[i] = true;
        status = expect(h, ":", "a colon", err);
        return status == CVS_OK ? keys[i].read(h, err) : status;
    }
    h->at = place;
    return fail_here(h, wanted, err);
}

cvs_status npy_header_read(npy_header *h, cvs_error *err) {
    bool seen[KEYS] = {false};
    skip_blanks(h);
    cvs_status status = expect(h, "{", "a dictionary", err);
    for (int i = 0; i < KEYS && status == CVS_OK; i++) {
        if (i > 0) status = expect(h, ",", "a comma", err);
        if (status == CVS_OK) status = read_entry(h, seen, err);
    }
    if (status != CVS_OK) return status;
    (void)take(h, ",");
    status = expect(h, "}", "the end of the dictionary", err);
    return status == CVS_OK && h->at < h->end ? fail_here(h, "nothing but blanks up to its end", err) : status;
}
