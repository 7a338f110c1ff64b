/* expression_text.c - a size as text. */
#include "base/checked.h"
#include "layer/symbols.h"

typedef struct writing {
    const cvs_symbols *symbols;
    cvs_text *out;
} writing;

static void write_sum(writing to, const cvs__expression *expression, int64_t constant);

static void write_operand(writing to, const cvs__expression *expression, int64_t constant) {
    bool bare = expression->count == 1 && constant == 0 && expression->term[0].coefficient > 0;
    if (!bare) cvs_text_add(to.out, "(");
    write_sum(to, expression, constant);
    if (!bare) cvs_text_add(to.out, ")");
}

static void write_floor(writing to, const cvs__atom *atom, int64_t shift) {
    const cvs__expression *numerator = to.symbols->expressions[atom->factor[0]];
    cvs_text_add(to.out, "floor(");
    write_operand(to, numerator, numerator->constant + shift);
    cvs_text_add(to.out, "/");
    cvs_text_add_int(to.out, atom->divisor);
    cvs_text_add(to.out, ")");
}

static void write_atom(writing to, const cvs__atom *atom) {
    if (atom->kind == CVS__ATOM_NAME) cvs_text_add(to.out, atom->name);
    if (atom->kind == CVS__ATOM_FLOOR) write_floor(to, atom, 0);
    if (atom->kind != CVS__ATOM_PRODUCT) return;
    for (int i = 0; i < atom->count; i++) {
        const cvs__expression *factor = to.symbols->expressions[atom->factor[i]];
        if (i) cvs_text_add(to.out, "*");
        write_operand(to, factor, factor->constant);
    }
}

static void write_magnitude(writing to, int64_t value) {
    if (value == INT64_MIN)
        cvs_text_add(to.out, "9223372036854775808");
    else
        cvs_text_add_int(to.out, value < 0 ? -value : value);
}

static void write_term(writing to, cvs__term term, bool first) {
    bool negative = term.coefficient < 0;
    if (first)
        cvs_text_add(to.out, negative ? "-" : "");
    else
        cvs_text_add(to.out, negative ? " - " : " + ");
    if (term.coefficient != 1 && term.coefficient != -1) {
        write_magnitude(to, term.coefficient);
        cvs_text_add(to.out, "*");
    }
    write_atom(to, to.symbols->atoms[term.atom]);
}

static void write_constant(writing to, int64_t constant) {
    if (constant == 0) return;
    cvs_text_add(to.out, constant < 0 ? " - " : " + ");
    write_magnitude(to, constant);
}

/* floor(x/s) - c as floor((x - s*(c + 1))/s) + 1, the form in which everybody knows a convolution's size. */
static bool write_as_window(writing to, const cvs__expression *expression, int64_t constant) {
    if (expression->count != 1 || expression->term[0].coefficient != 1 || constant >= 0) return false;
    const cvs__atom *atom = to.symbols->atoms[expression->term[0].atom];
    int64_t shift = 0;
    if (atom->kind != CVS__ATOM_FLOOR || !cvs__sub(constant, 1, &shift)) return false;
    if (!cvs__mul(shift, atom->divisor, &shift)) return false;
    write_floor(to, atom, shift);
    cvs_text_add(to.out, " + 1");
    return true;
}

static void write_sum(writing to, const cvs__expression *expression, int64_t constant) {
    if (write_as_window(to, expression, constant)) return;
    for (int i = 0; i < expression->count; i++) write_term(to, expression->term[i], i == 0);
    write_constant(to, constant);
}

static const cvs__expression *expression_of(const cvs_symbols *symbols, cvs_dim dim) {
    bool exists = cvs_dim_is_symbolic(dim) && cvs__dim_exists(symbols, dim);
    return exists ? symbols->expressions[cvs__dim_index(dim)] : NULL;
}

void cvs_dim_format(const cvs_symbols *symbols, cvs_dim dim, cvs_text *out) {
    const cvs__expression *expression = expression_of(symbols, dim);
    if (expression)
        write_sum((writing){symbols, out}, expression, expression->constant);
    else if (cvs_dim_is_known(dim))
        cvs_text_add_int(out, dim);
    else
        cvs_text_add(out, "?");
}

void cvs__dim_format_operand(const cvs_symbols *symbols, cvs_dim dim, const char *unknown, cvs_text *out) {
    const cvs__expression *expression = expression_of(symbols, dim);
    if (expression)
        write_operand((writing){symbols, out}, expression, expression->constant);
    else if (cvs_dim_is_known(dim))
        cvs_text_add_int(out, dim);
    else
        cvs_text_add(out, unknown);
}

void cvs__dim_format_term(const cvs_symbols *symbols, cvs_dim dim, const char *unknown, cvs_text *out) {
    if (dim == CVS_DIM_UNKNOWN)
        cvs_text_add(out, unknown);
    else
        cvs_dim_format(symbols, dim, out);
}
