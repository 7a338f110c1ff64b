/* sum.c - arithmetic on expressions under construction; see symbols.h for the canonical form. */
#include "base/checked.h"
#include "layer/layer_internal.h"
#include "layer/symbols.h"

#include <string.h>

static void remove_term(cvs__sum *sum, int at) {
    sum->count--;
    memmove(sum->term + at, sum->term + at + 1, (size_t)(sum->count - at) * sizeof *sum->term);
}

static bool insert_term(cvs__sum *sum, int at, cvs__term term) {
    if (sum->count == CVS__MAX_LEAVES) return false;
    memmove(sum->term + at + 1, sum->term + at, (size_t)(sum->count - at) * sizeof *sum->term);
    sum->term[at] = term;
    sum->count++;
    return true;
}

bool cvs__sum_add_term(cvs__sum *sum, int atom, int64_t coefficient) {
    int at = 0;
    while (at < sum->count && sum->term[at].atom < atom) at++;
    if (coefficient == 0) return true;
    if (at == sum->count || sum->term[at].atom != atom)
        return insert_term(sum, at, (cvs__term){.coefficient = coefficient, .atom = atom});
    if (!cvs__add(sum->term[at].coefficient, coefficient, &sum->term[at].coefficient)) return false;
    if (sum->term[at].coefficient == 0) remove_term(sum, at);
    return true;
}

bool cvs__sum_add(cvs__sum *sum, const cvs__expression *expression, int64_t factor) {
    int64_t product = 0;
    for (int i = 0; i < expression->count; i++) {
        if (!cvs__mul(expression->term[i].coefficient, factor, &product)) return false;
        if (!cvs__sum_add_term(sum, expression->term[i].atom, product)) return false;
    }
    return cvs__mul(expression->constant, factor, &product) && cvs__add(sum->constant, product, &sum->constant);
}

bool cvs__sum_add_dim(cvs__sum *sum, const cvs_symbols *symbols, cvs_dim dim, int64_t factor) {
    if (cvs_dim_is_symbolic(dim)) return cvs__sum_add(sum, symbols->expressions[cvs__dim_index(dim)], factor);
    int64_t product = 0;
    return cvs__mul(dim, factor, &product) && cvs__add(sum->constant, product, &sum->constant);
}

static uint64_t magnitude(int64_t value) { return value < 0 ? 0 - (uint64_t)value : (uint64_t)value; }

static int64_t floor_quotient(int64_t a, int64_t b) { return a / b - (a % b < 0); }
static int64_t floor_rest(int64_t a, int64_t b) { return a % b + (a % b < 0 ? b : 0); }

/* Split sum = divisor*quotient + rest with every number of the rest in 0..divisor - 1; `sum` becomes the rest. */
static bool split(cvs__sum *sum, int64_t divisor, cvs__sum *quotient) {
    cvs__sum rest = {.constant = floor_rest(sum->constant, divisor)};
    int64_t constant = floor_quotient(sum->constant, divisor);
    if (!cvs__add(quotient->constant, constant, &quotient->constant)) return false;
    for (int i = 0; i < sum->count; i++) {
        cvs__term term = sum->term[i];
        if (!cvs__sum_add_term(quotient, term.atom, floor_quotient(term.coefficient, divisor))) return false;
        if (!cvs__sum_add_term(&rest, term.atom, floor_rest(term.coefficient, divisor))) return false;
    }
    *sum = rest;
    return true;
}

/* floor((g*x + c)/(g*s)) = floor((x + floor(c/g))/s) */
static void cancel(cvs__sum *sum, int64_t *divisor) {
    int64_t common = *divisor;
    for (int i = 0; i < sum->count; i++)
        common = (int64_t)cvs__gcd((uint64_t)common, magnitude(sum->term[i].coefficient));
    for (int i = 0; i < sum->count; i++) sum->term[i].coefficient /= common;
    sum->constant /= common;
    *divisor /= common;
}

/* floor((floor(x/a) + c)/b) = floor((x + a*c)/(a*b)). False when `sum` is no such thing, or it would overflow. */
static bool unnest(const cvs_symbols *symbols, cvs__sum *sum, int64_t *divisor) {
    if (sum->count != 1 || sum->term[0].coefficient != 1) return false;
    const cvs__atom *atom = symbols->atoms[sum->term[0].atom];
    if (atom->kind != CVS__ATOM_FLOOR) return false;
    int64_t product = 0, shift = 0;
    if (!cvs__mul(*divisor, atom->divisor, &product)) return false;
    if (!cvs__mul(sum->constant, atom->divisor, &shift)) return false;
    cvs__sum inner = {.constant = shift};
    if (!cvs__sum_add(&inner, symbols->expressions[atom->factor[0]], 1)) return false;
    *sum = inner;
    *divisor = product;
    return true;
}

static cvs_status floor_atom(cvs_symbols *symbols, const cvs__sum *rest, int64_t divisor, int *index, cvs_error *err) {
    cvs_dim numerator = 0;
    cvs_status status = cvs__symbols_intern(symbols, rest, &numerator, err);
    if (status != CVS_OK) return status;
    cvs__atom atom = {.kind = CVS__ATOM_FLOOR, .divisor = divisor, .count = 1, .factor = {cvs__dim_index(numerator)}};
    return cvs__symbols_atom(symbols, &atom, index, err);
}

cvs_status cvs__sum_divide(cvs_symbols *symbols, cvs__sum *sum, int64_t divisor, cvs_error *err) {
    cvs__sum quotient = {0};
    do {
        if (!split(sum, divisor, &quotient)) return cvs__expression_too_large(err);
        cancel(sum, &divisor);
    } while (sum->count && unnest(symbols, sum, &divisor));
    if (sum->count) {
        int index = 0;
        cvs_status status = floor_atom(symbols, sum, divisor, &index, err);
        if (status != CVS_OK) return status;
        if (!cvs__sum_add_term(&quotient, index, 1)) return cvs__expression_too_large(err);
    }
    *sum = quotient;
    return CVS_OK;
}

/* A product under construction: coefficient * factors. */
typedef struct factors {
    int64_t coefficient;
    int count;
    int factor[2 * CVS__MAX_FACTORS];
} factors;

static void add_factor(factors *into, int factor) {
    int at = into->count++;
    for (; at > 0 && into->factor[at - 1] > factor; at--) into->factor[at] = into->factor[at - 1];
    into->factor[at] = factor;
}

/* An expression's largest common divisor, negative when its first term is. False when it is 2^63. */
static bool content(const cvs__expression *expression, int64_t *out) {
    uint64_t common = magnitude(expression->constant);
    for (int i = 0; i < expression->count; i++) common = cvs__gcd(common, magnitude(expression->term[i].coefficient));
    if (common > INT64_MAX) return false;
    *out = expression->term[0].coefficient < 0 ? -(int64_t)common : (int64_t)common;
    return true;
}

/* Take `dim` into the product: its content into the coefficient, the rest as factors. */
static cvs_status take_factors(cvs_symbols *symbols, cvs_dim dim, factors *into, cvs_error *err) {
    const cvs__expression *expression = symbols->expressions[cvs__dim_index(dim)];
    int64_t common = 0;
    if (!content(expression, &common) || !cvs__mul(into->coefficient, common, &into->coefficient))
        return cvs__expression_too_large(err);
    const cvs__atom *atom = symbols->atoms[expression->term[0].atom];
    if (expression->count == 1 && expression->constant == 0 && atom->kind == CVS__ATOM_PRODUCT) {
        for (int i = 0; i < atom->count; i++) add_factor(into, atom->factor[i]);
        return CVS_OK;
    }
    cvs__sum primitive = {.constant = expression->constant / common, .count = expression->count};
    for (int i = 0; i < expression->count; i++)
        primitive.term[i] =
            (cvs__term){.coefficient = expression->term[i].coefficient / common, .atom = expression->term[i].atom};
    cvs_dim factor = 0;
    cvs_status status = cvs__symbols_intern(symbols, &primitive, &factor, err);
    if (status == CVS_OK) add_factor(into, cvs__dim_index(factor));
    return status;
}

cvs_status cvs__sum_multiply(cvs_symbols *symbols, cvs_dim a, cvs_dim b, cvs__sum *sum, cvs_error *err) {
    factors product = {.coefficient = 1};
    cvs_status status = take_factors(symbols, a, &product, err);
    if (status == CVS_OK) status = take_factors(symbols, b, &product, err);
    if (status != CVS_OK) return status;
    if (product.count > CVS__MAX_FACTORS) return cvs__expression_too_large(err);
    cvs__atom atom = {.kind = CVS__ATOM_PRODUCT, .count = product.count};
    memcpy(atom.factor, product.factor, (size_t)product.count * sizeof *atom.factor);
    int index = 0;
    status = cvs__symbols_atom(symbols, &atom, &index, err);
    if (status != CVS_OK) return status;
    *sum = (cvs__sum){0};
    return cvs__sum_add_term(sum, index, product.coefficient) ? CVS_OK : cvs__expression_too_large(err);
}
