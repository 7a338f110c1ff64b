/*
 * symbols.h - the inside of a cvs_symbols table.
 *
 * A symbolic size is an expression: constant + sum of coefficient*atom. An atom is a name, the floor of an
 * expression divided by a constant, or a product of expressions. Expressions and atoms are interned, and
 * built in one canonical form:
 *   - terms in the order of their atoms, no coefficient zero;
 *   - floor(x/s): every coefficient and the constant of x reduced to 0..s-1 (the multiples of s stand outside),
 *     no common divisor of s and the coefficients, and x not itself a floor (floor(floor(x/a)/b) = floor(x/(a*b)));
 *   - product: factors in order, each without a common divisor (it stands in the coefficient), none a product.
 */
#ifndef CONVSCOPE_LAYER_SYMBOLS_H
#define CONVSCOPE_LAYER_SYMBOLS_H

#include "layer/dim.h"

enum {
    CVS__MAX_EXPRESSIONS = 4096, /* of one table */
    CVS__MAX_LEAVES = 64,        /* of one expression, nested ones counted: bounds its text, recursion, time */
    CVS__MAX_FACTORS = CVS_MAX_RANK,
    CVS__MAX_NAME = 31
};

typedef struct cvs__term {
    int64_t coefficient;
    int atom;
} cvs__term;

typedef struct cvs__expression {
    int64_t constant;
    int leaves;
    int count;
    const cvs__term *term;
} cvs__expression;

/* An expression under construction. */
typedef struct cvs__sum {
    int64_t constant;
    int count;
    cvs__term term[CVS__MAX_LEAVES];
} cvs__sum;

typedef enum cvs__atom_kind { CVS__ATOM_NAME, CVS__ATOM_FLOOR, CVS__ATOM_PRODUCT } cvs__atom_kind;

/* Members that the kind does not name are zero, so that atoms compare bytewise by member. */
typedef struct cvs__atom {
    cvs__atom_kind kind;
    int leaves;
    char name[CVS__MAX_NAME + 1];
    int64_t divisor;              /* floor: floor(factor[0]/divisor) */
    int count;                    /* product: factors */
    int factor[CVS__MAX_FACTORS]; /* indices of expressions, ascending */
} cvs__atom;

struct cvs_symbols {
    cvs_arena *arena;
    const cvs__expression **expressions;
    int expression_count, expression_capacity;
    const cvs__atom **atoms;
    int atom_count, atom_capacity;
};

static inline int cvs__dim_index(cvs_dim dim) { return (int)(-2 - dim); }
static inline cvs_dim cvs__dim_of(int index) { return -2 - (cvs_dim)index; }

/* The number, or the interned expression. CVS_INVALID for a negative number. */
cvs_status cvs__symbols_intern(cvs_symbols *symbols, const cvs__sum *sum, cvs_dim *out, cvs_error *err);

/* The index of an atom; its `leaves` are counted here. */
cvs_status cvs__symbols_atom(cvs_symbols *symbols, const cvs__atom *atom, int *index, cvs_error *err);

/* ---- sum.c: false when something overflows or there are too many terms ---- */

bool cvs__sum_add_term(cvs__sum *sum, int atom, int64_t coefficient);
bool cvs__sum_add(cvs__sum *sum, const cvs__expression *expression, int64_t factor);
bool cvs__sum_add_dim(cvs__sum *sum, const cvs_symbols *symbols, cvs_dim dim, int64_t factor);

/* sum = floor(sum/divisor). */
cvs_status cvs__sum_divide(cvs_symbols *symbols, cvs__sum *sum, int64_t divisor, cvs_error *err);

/* sum = a*b. */
cvs_status cvs__sum_multiply(cvs_symbols *symbols, cvs_dim a, cvs_dim b, cvs__sum *sum, cvs_error *err);

/* The one error for all bounds of expressions. */
cvs_status cvs__expression_too_large(cvs_error *err);

#endif
