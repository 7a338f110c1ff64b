/* layout.c - the line of NumPy between two layouts of a weight, derived from their axes alone. */
#include "layer/op.h"

#include <string.h>

static bool same_axes(const cvs__stored *a, const cvs__stored *b) {
    return a->rank == b->rank && memcmp(a->axes, b->axes, (size_t)a->rank * sizeof *a->axes) == 0;
}

static int units_in(const cvs__stored *stored) {
    int units = 0;
    for (int i = 0; i < stored->rank; i++) units += stored->axes[i] == CVS_AXIS_UNIT;
    return units;
}

/* "[:, 0]" or "[:, None]": an entry for each axis up to the last unit one, `unit` there and ':' elsewhere. */
static void write_index(const cvs__stored *stored, const char *unit, cvs_text *out) {
    int left = units_in(stored);
    if (!left) return;
    cvs_text_add(out, "[");
    for (int i = 0; left; i++) {
        bool is_unit = stored->axes[i] == CVS_AXIS_UNIT;
        left -= is_unit;
        cvs_text_addf(out, "%s%s", is_unit ? unit : ":", left ? ", " : "");
    }
    cvs_text_add(out, "]");
}

/* Where `axis` stands in `stored` when its unit axes are left out. */
static int position_of(const cvs__stored *stored, cvs_axis axis) {
    int position = 0;
    for (int i = 0; i < stored->rank && stored->axes[i] != axis; i++) position += stored->axes[i] != CVS_AXIS_UNIT;
    return position;
}

/* Which axis of `from` comes to which place of `to`, unit axes left out; false for the identity. */
static bool permutation_between(const cvs__stored *from, const cvs__stored *to, int *permutation, int *count) {
    bool moves = false;
    *count = 0;
    for (int i = 0; i < to->rank; i++) {
        if (to->axes[i] == CVS_AXIS_UNIT) continue;
        permutation[*count] = position_of(from, to->axes[i]);
        moves = moves || permutation[*count] != *count;
        ++*count;
    }
    return moves;
}

/* Merged filters taken apart, and the single channel of each group left out: as the layouts that keep two axes. */
static cvs__stored taken_apart(const cvs__stored *stored) {
    if (!stored->filters_merged) return *stored;
    cvs__stored apart = {.role = stored->role};
    for (int i = 0; i < stored->rank; i++) {
        if (stored->axes[i] == CVS_AXIS_IN_CHANNELS_PER_GROUP) continue;
        bool merged = stored->axes[i] == CVS_AXIS_FILTERS;
        cvs__push_axis(&apart, merged ? CVS_AXIS_IN_CHANNELS : stored->axes[i]);
        if (merged) cvs__push_axis(&apart, CVS_AXIS_MULTIPLIER);
    }
    return apart;
}

/* ".reshape(6, 1, 3, 3)"; -1 for the one size that is not known. */
static void write_reshape(const cvs_layer *layer, const cvs__stored *stored, cvs_text *out) {
    for (int i = 0; i < stored->rank; i++) {
        int64_t size = cvs__axis_size(layer, stored->role, stored->axes[i]);
        cvs_text_addf(out, "%s%lld", i ? ", " : ".reshape(", (long long)(size ? size : -1));
    }
    cvs_text_add(out, ")");
}

/* Between a layout that merges the filters and one that does not. */
static void write_regrouping(const cvs_layer *layer, const char *name, const cvs__stored *from, const cvs__stored *to,
                             cvs_text *out) {
    int permutation[CVS_MAX_RANK], count = 0;
    cvs__stored apart = taken_apart(from), wanted = taken_apart(to);
    (void)permutation_between(&apart, &wanted, permutation, &count);
    cvs_text_addf(out, "numpy.transpose(%s", name);
    if (from->filters_merged) write_reshape(layer, &apart, out);
    for (int i = 0; i < count; i++) cvs_text_addf(out, "%s%d", i ? ", " : ", (", permutation[i]);
    cvs_text_add(out, "))");
    if (to->filters_merged) write_reshape(layer, to, out);
}

static void write_conversion(const char *name, const cvs__stored *from, const cvs__stored *to, cvs_text *out) {
    if (same_axes(from, to)) {
        cvs_text_add(out, name);
        return;
    }
    int permutation[CVS_MAX_RANK], count = 0;
    bool moves = permutation_between(from, to, permutation, &count);
    if (moves) cvs_text_add(out, "numpy.transpose(");
    cvs_text_add(out, name);
    write_index(from, "0", out);
    for (int i = 0; moves && i < count; i++) cvs_text_addf(out, "%s%d", i ? ", " : ", (", permutation[i]);
    if (moves) cvs_text_add(out, "))");
    write_index(to, "None", out);
}

static const cvs__stored *with_role(const cvs__storage *storage, cvs__role role) {
    for (int i = 0; i < storage->count; i++)
        if (storage->tensor[i].role == role) return &storage->tensor[i];
    return NULL;
}

cvs_status cvs_layout_conversion(const cvs_inference *inference, cvs_framework from, cvs_framework to, int index,
                                 cvs_text *out, cvs_error *err) {
    cvs_framework own = cvs__framework_of(&inference->layer);
    cvs__storage source, target;
    if (from == CVS_FRAMEWORK_AUTO) from = own;
    if (to == CVS_FRAMEWORK_AUTO) to = own;
    cvs_status status = cvs__storage_of(inference, from, &source, err);
    if (status == CVS_OK) status = cvs__storage_of(inference, to, &target, err);
    if (status != CVS_OK) return status;
    if (index < 0 || index >= source.count)
        return cvs_fail(err, CVS_INVALID, "no-such-weight", "", "There is no weight %d: the layer has %d.", index,
                        source.count);
    const cvs__stored *stored = &source.tensor[index], *wanted = with_role(&target, stored->role);
    if (!wanted)
        return cvs_fail(err, CVS_UNSUPPORTED, "no-such-weight", "", "%s stores no %s for this layer.",
                        cvs__framework_title(to), cvs__role_name(from, stored->role));
    const char *name = cvs__role_name(from, stored->role);
    if (stored->filters_merged != wanted->filters_merged)
        write_regrouping(&inference->layer, name, stored, wanted, out);
    else
        write_conversion(name, stored, wanted, out);
    return CVS_OK;
}
