#include "base/checked.h"
#include "layer/symbols.h"

#include <string.h>

cvs_status cvs_shape_count(const cvs_shape *shape, int64_t *count, cvs_error *err) {
    int64_t product = 1;
    for (int i = 0; i < shape->rank; i++) {
        if (!cvs_dim_is_known(shape->dim[i]))
            return cvs_fail(err, CVS_INVALID, "size-unknown", "",
                            "The size of axis %d is not known, so the elements cannot be counted.", i);
        if (!cvs__mul(product, shape->dim[i], &product))
            return cvs_fail(err, CVS_TOO_LARGE, "too-many-elements", "",
                            "The sizes multiply to more than 2^63 - 1 elements.");
    }
    *count = product;
    return CVS_OK;
}

static cvs_status overflow(cvs_error *err) {
    return cvs_fail(err, CVS_TOO_LARGE, "size-overflow", "", "A size comes out larger than 2^63 - 1.");
}

static cvs_status known(int64_t value, cvs_dim *out, cvs_error *err) {
    *out = value;
    if (value >= 0) return CVS_OK;
    return cvs_fail(err, CVS_INVALID, "negative-size", "", "A size comes out as %lld.", (long long)value);
}

static cvs_status affine_known(int64_t n, cvs__affine map, cvs_dim *out, cvs_error *err) {
    int64_t value = 0;
    if (!cvs__mul(n, map.scale, &value) || !cvs__add(value, map.offset, &value)) return overflow(err);
    value = value / map.divisor - (value % map.divisor < 0);
    return cvs__add(value, map.plus, &value) ? known(value, out, err) : overflow(err);
}

cvs_status cvs__dim_affine(cvs_symbols *symbols, cvs_dim n, cvs__affine map, cvs_dim *out, cvs_error *err) {
    *out = CVS_DIM_UNKNOWN;
    if (n == CVS_DIM_UNKNOWN) return CVS_OK;
    if (cvs_dim_is_known(n)) return affine_known(n, map, out, err);
    cvs__sum sum = {.constant = map.offset};
    if (!cvs__sum_add_dim(&sum, symbols, n, map.scale)) return cvs__expression_too_large(err);
    cvs_status status = cvs__sum_divide(symbols, &sum, map.divisor, err);
    if (status != CVS_OK) return status;
    if (!cvs__add(sum.constant, map.plus, &sum.constant)) return cvs__expression_too_large(err);
    return cvs__symbols_intern(symbols, &sum, out, err);
}

cvs_status cvs__dim_add(cvs_symbols *symbols, cvs_dim a, cvs_dim b, cvs_dim *out, cvs_error *err) {
    *out = CVS_DIM_UNKNOWN;
    if (a == CVS_DIM_UNKNOWN || b == CVS_DIM_UNKNOWN) return CVS_OK;
    if (cvs_dim_is_known(a) && cvs_dim_is_known(b)) return cvs__add(a, b, out) ? CVS_OK : overflow(err);
    cvs__sum sum = {0};
    if (!cvs__sum_add_dim(&sum, symbols, a, 1) || !cvs__sum_add_dim(&sum, symbols, b, 1))
        return cvs__expression_too_large(err);
    return cvs__symbols_intern(symbols, &sum, out, err);
}

cvs_status cvs__dim_mul(cvs_symbols *symbols, cvs_dim a, cvs_dim b, cvs_dim *out, cvs_error *err) {
    *out = CVS_DIM_UNKNOWN;
    if (a == CVS_DIM_UNKNOWN || b == CVS_DIM_UNKNOWN) return CVS_OK;
    if (cvs_dim_is_known(a) && cvs_dim_is_known(b)) return cvs__mul(a, b, out) ? CVS_OK : overflow(err);
    if (cvs_dim_is_known(b)) return cvs__dim_affine(symbols, a, (cvs__affine){b, 0, 1, 0}, out, err);
    if (cvs_dim_is_known(a)) return cvs__dim_affine(symbols, b, (cvs__affine){a, 0, 1, 0}, out, err);
    cvs__sum sum;
    cvs_status status = cvs__sum_multiply(symbols, a, b, &sum, err);
    return status == CVS_OK ? cvs__symbols_intern(symbols, &sum, out, err) : status;
}

/* ---- putting numbers for names ------------------------------------------- */

typedef struct bindings {
    const cvs_symbols *symbols;
    const cvs_binding *binding;
    size_t count;
} bindings;

static bool value_of(const bindings *with, const cvs__expression *expression, int64_t *out);

static bool value_of_name(const bindings *with, const char *name, int64_t *out) {
    for (size_t i = 0; i < with->count; i++) {
        if (strcmp(with->binding[i].name, name) != 0) continue;
        *out = with->binding[i].value;
        return true;
    }
    return false;
}

static bool value_of_product(const bindings *with, const cvs__atom *atom, int64_t *out) {
    *out = 1;
    for (int i = 0; i < atom->count; i++) {
        int64_t factor = 0;
        if (!value_of(with, with->symbols->expressions[atom->factor[i]], &factor)) return false;
        if (!cvs__mul(*out, factor, out)) return false;
    }
    return true;
}

static bool value_of_atom(const bindings *with, const cvs__atom *atom, int64_t *out) {
    if (atom->kind == CVS__ATOM_NAME) return value_of_name(with, atom->name, out);
    if (atom->kind == CVS__ATOM_PRODUCT) return value_of_product(with, atom, out);
    int64_t numerator = 0;
    if (!value_of(with, with->symbols->expressions[atom->factor[0]], &numerator)) return false;
    *out = numerator / atom->divisor - (numerator % atom->divisor < 0);
    return true;
}

/* Recursion ends: an expression has at most CVS__MAX_LEAVES leaves, and every level at least one. */
static bool value_of(const bindings *with, const cvs__expression *expression, int64_t *out) {
    *out = expression->constant;
    for (int i = 0; i < expression->count; i++) {
        int64_t value = 0;
        if (!value_of_atom(with, with->symbols->atoms[expression->term[i].atom], &value)) return false;
        if (!cvs__mul(value, expression->term[i].coefficient, &value)) return false;
        if (!cvs__add(*out, value, out)) return false;
    }
    return true;
}

cvs_dim cvs_dim_bind(const cvs_symbols *symbols, cvs_dim dim, const cvs_binding *binding, size_t count) {
    if (!cvs_dim_is_symbolic(dim)) return dim;
    if (!cvs__dim_exists(symbols, dim)) return CVS_DIM_UNKNOWN;
    bindings with = {symbols, binding, count};
    int64_t value = 0;
    bool ok = value_of(&with, symbols->expressions[cvs__dim_index(dim)], &value);
    return ok && value >= 0 ? value : CVS_DIM_UNKNOWN;
}
