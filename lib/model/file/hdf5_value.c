/* hdf5_value.c - sizes of data sets, and attributes that are text (IV.A.2.b, d, m; III.E). */
#include <string.h>

#include "base/checked.h"
#include "model/file/hdf5.h"

enum { ADDRESS = 8 };

/* ---- sizes ----------------------------------------------------------------------------- */

bool cvs__hdf5_sizes(cvs__hdf5_span at, cvs_shape *out) {
    enum { NOTHING = 2 };
    uint64_t version, rank, kind = 1;
    *out = (cvs_shape){.rank = -1};
    if (!cvs__hdf5_take(&at, 1, &version) || !cvs__hdf5_take(&at, 1, &rank) || !cvs__hdf5_skip(&at, 1)) return false;
    if (version == 2 ? !cvs__hdf5_take(&at, 1, &kind) : version != 1 || !cvs__hdf5_skip(&at, 5)) return false;
    if (rank > CVS_MAX_RANK) return false;
    if (kind == NOTHING) return true;
    for (out->rank = 0; out->rank < (int)rank; out->rank++) {
        uint64_t size;
        if (!cvs__hdf5_take(&at, 8, &size) || size > INT64_MAX) return false;
        out->dim[out->rank] = (cvs_dim)size;
    }
    return true;
}

typedef struct dataset {
    cvs__hdf5_span sizes;
    bool has_sizes, has_layout;
} dataset;

static bool see_dataset(void *context, const cvs__hdf5_message *message) {
    dataset *seen = context;
    if (message->kind == CVS__HDF5_DATASPACE) seen->sizes = message->body;
    seen->has_sizes |= message->kind == CVS__HDF5_DATASPACE;
    seen->has_layout |= message->kind == CVS__HDF5_LAYOUT;
    return seen->has_sizes && seen->has_layout;
}

cvs_status cvs__hdf5_shape(const cvs__hdf5 *hdf5, const char *path, cvs_shape *out) {
    uint64_t object;
    dataset seen = {.has_sizes = false};
    *out = (cvs_shape){.rank = -1};
    cvs_status status = cvs__hdf5_find(hdf5, path, &object);
    if (status != CVS_OK || object == CVS__HDF5_NOWHERE) return status;
    status = cvs__hdf5_visit(hdf5, object, see_dataset, &seen);
    if (status != CVS_OK || !seen.has_sizes || !seen.has_layout) return status;
    return cvs__hdf5_sizes(seen.sizes, out) ? CVS_OK
                                            : cvs__hdf5_broken(hdf5, "weights without a size, or with too many axes");
}

/* ---- attributes -------------------------------------------------------------------------- */

typedef struct attribute {
    const char *name; /* looked for */
    bool found, broken, dense;
    cvs__hdf5_span type, sizes, data;
} attribute;

/* The parts of the attribute's message are filled up to 8 bytes in its first version. */
static bool take_part(cvs__hdf5_span *at, uint64_t size, bool filled, cvs__hdf5_span *part) {
    const uint64_t whole = filled ? (size + 7) / 8 * 8 : size;
    if (whole > at->size) return false;
    *part = (cvs__hdf5_span){at->at, (size_t)size};
    return cvs__hdf5_skip(at, whole);
}

static bool read_attribute(attribute *a, cvs__hdf5_span at) {
    uint64_t version, flags, name_size, type_size, sizes_size;
    cvs__hdf5_span name, type, sizes;
    bool read = cvs__hdf5_take(&at, 1, &version) && version >= 1 && version <= 3 && cvs__hdf5_take(&at, 1, &flags);
    read = read && cvs__hdf5_take(&at, 2, &name_size) && cvs__hdf5_take(&at, 2, &type_size);
    read = read && cvs__hdf5_take(&at, 2, &sizes_size) && cvs__hdf5_skip(&at, version == 3 ? 1 : 0);
    const bool filled = version == 1;
    read = read && take_part(&at, name_size, filled, &name) && take_part(&at, type_size, filled, &type) &&
           take_part(&at, sizes_size, filled, &sizes);
    if (!read) return false;
    const size_t length = strnlen((const char *)name.at, name.size);
    if (length != strlen(a->name) || memcmp(name.at, a->name, length) != 0) return true;
    a->found = true;
    a->type = type;
    a->sizes = sizes;
    a->data = at;
    return version == 1 || flags == 0; /* else its type or sizes stand elsewhere */
}

static bool see_attribute(void *context, const cvs__hdf5_message *message) {
    attribute *a = context;
    if (message->kind == CVS__HDF5_ATTRIBUTE) a->broken |= !read_attribute(a, message->body);
    if (message->kind == CVS__HDF5_ATTRIBUTE_INFO) a->broken |= !cvs__hdf5_info(message->body, 2, &a->dense);
    return a->found || a->broken;
}

/* What texts an attribute has. */
typedef struct texts {
    bool found, variable;
    uint64_t size; /* of each */
    int64_t count;
    cvs__hdf5_span data;
} texts;

static bool count_texts(const attribute *a, texts *out) {
    cvs_shape shape;
    if (!cvs__hdf5_sizes(a->sizes, &shape)) return false;
    out->count = shape.rank < 0 ? 0 : 1;
    for (int i = 0; i < shape.rank; i++)
        if (!cvs__mul(out->count, shape.dim[i], &out->count)) return false;
    return true;
}

/* Of a text's type: its size, and whether it stands in a heap. False when it is of another. */
static bool read_type(cvs__hdf5_span at, texts *out) {
    enum { CLASS = 15, STRING = 3, VARIABLE = 9, TEXT = 1 };
    uint64_t class, kind;
    if (!cvs__hdf5_take(&at, 1, &class) || !cvs__hdf5_take(&at, 1, &kind) || !cvs__hdf5_skip(&at, 2)) return false;
    out->variable = (class & CLASS) == VARIABLE && (kind & CLASS) == TEXT;
    return cvs__hdf5_take(&at, 4, &out->size) && out->size > 0 && (out->variable || (class & CLASS) == STRING);
}

static cvs_status find_texts(const cvs__hdf5 *hdf5, const char *path, const char *name, texts *out) {
    uint64_t object;
    attribute a = {.name = name};
    *out = (texts){.found = false};
    cvs_status status = cvs__hdf5_find(hdf5, path, &object);
    if (status != CVS_OK || object == CVS__HDF5_NOWHERE) return status;
    status = cvs__hdf5_visit(hdf5, object, see_attribute, &a);
    if (status != CVS_OK) return status;
    if (a.broken) return cvs__hdf5_broken(hdf5, "what describes the model cannot be read");
    if (!a.found && a.dense) return cvs__hdf5_newer(hdf5, "attributes in the newer format");
    if (!a.found) return CVS_OK;
    out->found = true;
    out->data = a.data;
    const bool counted = count_texts(&a, out);
    if (counted && out->count == 0) return CVS_OK; /* of any type: h5py takes an empty list for one of float64 */
    if (!read_type(a.type, out)) return cvs__hdf5_broken(hdf5, "what describes the model is no text");
    const bool whole =
        counted && out->count <= CVS_MODEL_MAX_TENSORS && (uint64_t)out->count <= a.data.size / out->size;
    return whole ? CVS_OK : cvs__hdf5_broken(hdf5, "a text is longer than its place");
}

/* ---- texts in a heap ------------------------------------------------------------------------ */

/* In all searches together, a tenth of a second: many texts may name one heap of many objects. */
enum { MOST_STEPS = 1 << 24 };

/* The object of a collection (III.E) that a text of any length is. */
static bool find_in_heap(const cvs__hdf5 *hdf5, uint64_t heap, uint64_t number, cvs__hdf5_span *out) {
    enum { HEAD = 16 };
    cvs__hdf5_span at;
    uint64_t size, index, object_size;
    if (!cvs__hdf5_at(hdf5, heap, HEAD, &at) || !cvs__hdf5_signed(&at, "GCOL") || !cvs__hdf5_skip(&at, 4)) return false;
    if (!cvs__hdf5_take(&at, 8, &size) || size < HEAD || !cvs__hdf5_at(hdf5, heap, size, &at)) return false;
    if (!cvs__hdf5_skip(&at, HEAD)) return false;
    while (++*hdf5->steps < MOST_STEPS && cvs__hdf5_take(&at, 2, &index) && index != 0) {
        if (!cvs__hdf5_skip(&at, 6) || !cvs__hdf5_take(&at, 8, &object_size) || object_size > at.size) return false;
        if (index == number) {
            *out = (cvs__hdf5_span){at.at, (size_t)object_size};
            return true;
        }
        if (!cvs__hdf5_skip(&at, (object_size + 7) / 8 * 8)) return false;
    }
    return false;
}

/* `at` is what stands in the list for a text in a heap. */
static cvs_status read_variable(const cvs__hdf5 *hdf5, cvs__hdf5_span at, cvs__hdf5_span *out) {
    uint64_t length, heap, number;
    const bool read = cvs__hdf5_take(&at, 4, &length) && cvs__hdf5_take(&at, ADDRESS, &heap) &&
                      cvs__hdf5_take(&at, 4, &number) && find_in_heap(hdf5, heap, number, out) && length <= out->size;
    if (*hdf5->steps >= MOST_STEPS)
        return cvs_fail(hdf5->err, CVS_TOO_LARGE, "too-much-work", "",
                        "The texts of the HDF5 file take too long to be found.");
    if (!read) return cvs__hdf5_broken(hdf5, "a text is not where it should be");
    out->size = (size_t)length;
    return CVS_OK;
}

/* Text number `i` of a list. */
static cvs_status read_text(const cvs__hdf5 *hdf5, const texts *list, int64_t i, cvs__hdf5_span *out) {
    *out = (cvs__hdf5_span){list->data.at + (size_t)i * (size_t)list->size, (size_t)list->size};
    return list->variable ? read_variable(hdf5, *out, out) : CVS_OK;
}

/* Up to a NUL, in the arena. NULL: no memory. */
static const char *keep(const cvs__hdf5 *hdf5, cvs__hdf5_span text) {
    return cvs_arena_copy(hdf5->arena, (const char *)text.at, strnlen((const char *)text.at, text.size));
}

cvs_status cvs__hdf5_text(const cvs__hdf5 *hdf5, const char *path, const char *name, cvs__bytes *out) {
    texts list;
    *out = (cvs__bytes){NULL, 0};
    cvs_status status = find_texts(hdf5, path, name, &list);
    if (status != CVS_OK || !list.found) return status;
    if (list.count != 1) return cvs__hdf5_broken(hdf5, "a text is a list");
    cvs__hdf5_span text;
    status = read_text(hdf5, &list, 0, &text);
    if (status != CVS_OK) return status;
    out->at = keep(hdf5, text);
    if (!out->at) return cvs__model_no_memory(hdf5->err);
    out->length = strlen(out->at);
    return CVS_OK;
}

cvs_status cvs__hdf5_texts(const cvs__hdf5 *hdf5, const char *path, const char *name, cvs__texts *out) {
    texts list;
    *out = (cvs__texts){NULL, 0};
    cvs_status status = find_texts(hdf5, path, name, &list);
    if (status != CVS_OK || !list.found) return status;
    out->text = cvs_arena_take(hdf5->arena, ((size_t)list.count + 1) * sizeof *out->text);
    if (!out->text) return cvs__model_no_memory(hdf5->err);
    for (; out->count < (int)list.count; out->count++) {
        cvs__hdf5_span text;
        status = read_text(hdf5, &list, out->count, &text);
        if (status != CVS_OK) return status;
        if (list.variable) *hdf5->steps += text.size; /* many of a list may be the same long one */
        out->text[out->count] = keep(hdf5, text);
        if (!out->text[out->count]) return cvs__model_no_memory(hdf5->err);
    }
    return CVS_OK;
}
