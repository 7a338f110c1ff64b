/* dim.h - arithmetic on sizes that may be unknown or symbolic. */
#ifndef CONVSCOPE_LAYER_DIM_H
#define CONVSCOPE_LAYER_DIM_H

#include <convscope/layer.h>

/* floor((n*scale + offset)/divisor) + plus; divisor at least 1, scale at least 0. */
typedef struct cvs__affine {
    int64_t scale, offset, divisor, plus;
} cvs__affine;

/*
 * All of them: unknown in, unknown out; a symbolic size gives an interned expression, so that equal results
 * are the same cvs_dim. CVS_INVALID when the result is a negative number, CVS_TOO_LARGE when it overflows or
 * an expression passes its bounds, CVS_NO_MEMORY. `symbols` may be NULL when no size is symbolic.
 */
cvs_status cvs__dim_affine(cvs_symbols *symbols, cvs_dim n, cvs__affine map, cvs_dim *out, cvs_error *err);
cvs_status cvs__dim_add(cvs_symbols *symbols, cvs_dim a, cvs_dim b, cvs_dim *out, cvs_error *err);
cvs_status cvs__dim_mul(cvs_symbols *symbols, cvs_dim a, cvs_dim b, cvs_dim *out, cvs_error *err);

/* Is it a size, unknown, or a symbol of this table? Anything else would be read out of bounds. */
bool cvs__symbol_exists(const cvs_symbols *symbols, cvs_dim dim);
static inline bool cvs__dim_exists(const cvs_symbols *symbols, cvs_dim dim) {
    return !cvs_dim_is_symbolic(dim) || cvs__symbol_exists(symbols, dim);
}

/* Append the size as an operand of * or /: a sum in parentheses. An unknown size is written as `unknown`. */
void cvs__dim_format_operand(const cvs_symbols *symbols, cvs_dim dim, const char *unknown, cvs_text *out);

/* The same as a term of + or before a -: never in parentheses. */
void cvs__dim_format_term(const cvs_symbols *symbols, cvs_dim dim, const char *unknown, cvs_text *out);

#endif
