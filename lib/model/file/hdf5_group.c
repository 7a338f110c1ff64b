/*
 * hdf5_group.c - the members of a group: in a tree of names (III.A, III.C, III.D), or, in the newer format, as long as
 * there are few, in messages of its own (IV.A.2.g).
 */
#include <string.h>

#include "model/file/hdf5.h"

enum { ADDRESS = 8 };

/* Who is looked for, where, and what was found. */
typedef struct search {
    const cvs__hdf5 *hdf5;
    const char *name;
    size_t length;
    uint64_t tree, heap; /* NOWHERE: the group has none */
    uint64_t found;
    bool dense, broken;
} search;

/* ---- names: the heap that they stand in ---------------------------------------------------- */

static bool open_names(const cvs__hdf5 *hdf5, uint64_t heap, cvs__hdf5_span *names) {
    enum { HEAD = 32 };
    uint64_t size, data;
    cvs__hdf5_span at;
    if (!cvs__hdf5_at(hdf5, heap, HEAD, &at) || !cvs__hdf5_signed(&at, "HEAP") || !cvs__hdf5_skip(&at, 4)) return false;
    if (!cvs__hdf5_take(&at, 8, &size) || !cvs__hdf5_skip(&at, 8) || !cvs__hdf5_take(&at, ADDRESS, &data)) return false;
    return cvs__hdf5_at(hdf5, data, size, names);
}

/* Below 0: the name looked for stands before the one at `offset`, 0: it is that, above 0: it stands behind. */
static bool compare(const search *s, cvs__hdf5_span names, uint64_t offset, int *order) {
    if (offset >= names.size) return false;
    const char *other = (const char *)names.at + offset;
    const size_t length = strnlen(other, names.size - (size_t)offset);
    const size_t least = length < s->length ? length : s->length;
    *order = memcmp(s->name, other, least);
    if (*order == 0) *order = (s->length > length) - (s->length < length);
    return true;
}

/* ---- the tree -------------------------------------------------------------------------------- */

/* A leaf: its entries in the order of their names. */
static bool search_leaf(search *s, cvs__hdf5_span names, uint64_t leaf) {
    enum { HEAD = 8, ENTRY = 40, SOFT = 2 };
    cvs__hdf5_span at;
    uint64_t count, name, object, kind;
    if (!cvs__hdf5_at(s->hdf5, leaf, HEAD, &at) || !cvs__hdf5_signed(&at, "SNOD")) return false;
    if (!cvs__hdf5_skip(&at, 2) || !cvs__hdf5_take(&at, 2, &count)) return false;
    if (!cvs__hdf5_at(s->hdf5, leaf + HEAD, count * ENTRY, &at)) return false;
    for (int order = 1; count > 0 && order > 0; count--) {
        if (!cvs__hdf5_take(&at, 8, &name) || !cvs__hdf5_take(&at, ADDRESS, &object) ||
            !cvs__hdf5_take(&at, 4, &kind) || !cvs__hdf5_skip(&at, 20) || !compare(s, names, name, &order))
            return false;
        if (order == 0 && kind != SOFT) s->found = object;
    }
    return true;
}

/* Which child of a node has the name: the first whose last name does not stand before it. */
static bool choose_child(const search *s, cvs__hdf5_span names, cvs__hdf5_span at, uint64_t count, uint64_t *child) {
    uint64_t last;
    int order = 1;
    *child = CVS__HDF5_NOWHERE;
    if (!cvs__hdf5_skip(&at, 8)) return false; /* the name before the first child's */
    for (; count > 0 && order > 0; count--)
        if (!cvs__hdf5_take(&at, ADDRESS, child) || !cvs__hdf5_take(&at, 8, &last) || !compare(s, names, last, &order))
            return false;
    if (order > 0) *child = CVS__HDF5_NOWHERE;
    return true;
}

static bool search_tree(search *s, cvs__hdf5_span names) {
    enum { HEAD = 24, HIGHEST = 32 };
    uint64_t node = s->tree, kind, level = HIGHEST, count;
    while (node != CVS__HDF5_NOWHERE) {
        cvs__hdf5_span at;
        const uint64_t above = level;
        if (!cvs__hdf5_at(s->hdf5, node, HEAD, &at) || !cvs__hdf5_signed(&at, "TREE")) return false;
        if (!cvs__hdf5_take(&at, 1, &kind) || !cvs__hdf5_take(&at, 1, &level) || !cvs__hdf5_take(&at, 2, &count))
            return false;
        if (kind != 0 || level >= above) return false; /* ever lower: it ends */
        if (!cvs__hdf5_at(s->hdf5, node + HEAD, count * 2 * ADDRESS + 8, &at)) return false;
        if (!choose_child(s, names, at, count, &node)) return false;
        if (level == 0) return node == CVS__HDF5_NOWHERE || search_leaf(s, names, node);
    }
    return true;
}

/* ---- links in messages ---------------------------------------------------------------------------- */

static bool read_link(search *s, cvs__hdf5_span at) {
    enum { SIZE_OF_LENGTH = 3, ORDERED = 4, KIND = 8, CHARACTERS = 16, HARD = 0 };
    uint64_t version, flags, kind = HARD, length, object;
    if (!cvs__hdf5_take(&at, 1, &version) || version != 1 || !cvs__hdf5_take(&at, 1, &flags)) return false;
    if (flags & KIND && !cvs__hdf5_take(&at, 1, &kind)) return false;
    if (!cvs__hdf5_skip(&at, (flags & ORDERED ? 8 : 0) + (flags & CHARACTERS ? 1 : 0))) return false;
    if (!cvs__hdf5_take(&at, 1 << (flags & SIZE_OF_LENGTH), &length) || length > at.size) return false;
    const bool same = length == s->length && memcmp(at.at, s->name, s->length) == 0;
    if (!same || kind != HARD) return true;
    if (!cvs__hdf5_skip(&at, length) || !cvs__hdf5_take(&at, ADDRESS, &object)) return false;
    s->found = object;
    return true;
}

static bool see_message(void *context, const cvs__hdf5_message *message) {
    search *s = context;
    cvs__hdf5_span at = message->body;
    bool read = true;
    if (message->kind == CVS__HDF5_SYMBOL_TABLE)
        read = cvs__hdf5_take(&at, ADDRESS, &s->tree) && cvs__hdf5_take(&at, ADDRESS, &s->heap);
    if (message->kind == CVS__HDF5_LINK) read = read_link(s, at);
    if (message->kind == CVS__HDF5_LINK_INFO) read = cvs__hdf5_info(at, 8, &s->dense);
    s->broken |= !read;
    return s->broken || s->found != CVS__HDF5_NOWHERE;
}

cvs_status cvs__hdf5_member(const cvs__hdf5 *hdf5, uint64_t group, const char *name, size_t length, uint64_t *object) {
    cvs__hdf5_span names;
    search s = {hdf5, name, length, CVS__HDF5_NOWHERE, CVS__HDF5_NOWHERE, CVS__HDF5_NOWHERE, false, false};
    *object = CVS__HDF5_NOWHERE;
    const cvs_status status = cvs__hdf5_visit(hdf5, group, see_message, &s);
    if (status != CVS_OK) return status;
    if (!s.broken && s.tree != CVS__HDF5_NOWHERE)
        s.broken = !open_names(hdf5, s.heap, &names) || !search_tree(&s, names);
    if (s.broken) return cvs__hdf5_broken(hdf5, "a group in it cannot be read");
    if (s.found == CVS__HDF5_NOWHERE && s.dense)
        return cvs__hdf5_newer(hdf5, "a group of many members in the newer format");
    *object = s.found;
    return CVS_OK;
}
