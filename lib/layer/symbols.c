#include "layer/symbols.h"

#include <string.h>

enum { FIRST_CAPACITY = 16 };

cvs_symbols *cvs_symbols_create(cvs_arena *arena) {
    cvs_symbols *symbols = cvs_arena_alloc(arena, sizeof *symbols);
    if (symbols) symbols->arena = arena;
    return symbols;
}

cvs_status cvs__expression_too_large(cvs_error *err) {
    return cvs_fail(
        err, CVS_TOO_LARGE, "expression-too-large", "",
        "The symbolic sizes lead to an expression of more than %d terms, to more than %d expressions, or to a "
        "coefficient beyond 64 bits.",
        CVS__MAX_LEAVES, CVS__MAX_EXPRESSIONS);
}

static cvs_status no_memory(cvs_error *err) {
    return cvs_fail(err, CVS_NO_MEMORY, "no-memory", "", "No memory is left for a symbolic size.");
}

/* A twice as long copy of a list of pointers; the old one stays in the arena. */
static void *grow(cvs_arena *arena, const void *list, int count, int *capacity) {
    int longer = *capacity ? *capacity * 2 : FIRST_CAPACITY;
    void *copy = cvs_arena_alloc(arena, (size_t)longer * sizeof(void *));
    if (!copy) return NULL;
    if (count) memcpy(copy, list, (size_t)count * sizeof(void *));
    *capacity = longer;
    return copy;
}

static bool same_expression(const cvs__expression *a, const cvs__sum *b) {
    if (a->constant != b->constant || a->count != b->count) return false;
    for (int i = 0; i < a->count; i++)
        if (a->term[i].atom != b->term[i].atom || a->term[i].coefficient != b->term[i].coefficient) return false;
    return true;
}

/* Count what the text would show: the constant and, through all levels, the names. */
static int leaves_of(const cvs_symbols *symbols, const cvs__sum *sum) {
    int leaves = sum->constant != 0;
    for (int i = 0; i < sum->count; i++) leaves += symbols->atoms[sum->term[i].atom]->leaves;
    return leaves;
}

static const cvs__expression *copy_sum(cvs_symbols *symbols, const cvs__sum *sum, int leaves) {
    cvs__expression *copy = cvs_arena_alloc(symbols->arena, sizeof *copy);
    cvs__term *term = cvs_arena_alloc(symbols->arena, (size_t)sum->count * sizeof *term);
    if (!copy || !term) return NULL;
    memcpy(term, sum->term, (size_t)sum->count * sizeof *term);
    *copy = (cvs__expression){.constant = sum->constant, .leaves = leaves, .count = sum->count, .term = term};
    return copy;
}

cvs_status cvs__symbols_intern(cvs_symbols *symbols, const cvs__sum *sum, cvs_dim *out, cvs_error *err) {
    if (sum->count == 0) {
        *out = sum->constant;
        if (sum->constant >= 0) return CVS_OK;
        return cvs_fail(err, CVS_INVALID, "negative-size", "", "A size comes out as %lld.", (long long)sum->constant);
    }
    for (int i = 0; i < symbols->expression_count; i++) {
        *out = cvs__dim_of(i);
        if (same_expression(symbols->expressions[i], sum)) return CVS_OK;
    }
    int leaves = leaves_of(symbols, sum);
    if (leaves > CVS__MAX_LEAVES || symbols->expression_count == CVS__MAX_EXPRESSIONS)
        return cvs__expression_too_large(err);
    if (symbols->expression_count == symbols->expression_capacity) {
        void *longer =
            grow(symbols->arena, symbols->expressions, symbols->expression_count, &symbols->expression_capacity);
        if (!longer) return no_memory(err);
        symbols->expressions = longer;
    }
    const cvs__expression *copy = copy_sum(symbols, sum, leaves);
    if (!copy) return no_memory(err);
    symbols->expressions[symbols->expression_count] = copy;
    *out = cvs__dim_of(symbols->expression_count++);
    return CVS_OK;
}

static bool same_atom(const cvs__atom *a, const cvs__atom *b) {
    return a->kind == b->kind && a->divisor == b->divisor && a->count == b->count &&
           memcmp(a->factor, b->factor, sizeof a->factor) == 0 && strcmp(a->name, b->name) == 0;
}

static int leaves_of_atom(const cvs_symbols *symbols, const cvs__atom *atom) {
    if (atom->kind == CVS__ATOM_NAME) return 1;
    int leaves = atom->kind == CVS__ATOM_FLOOR;
    for (int i = 0; i < atom->count; i++) leaves += symbols->expressions[atom->factor[i]]->leaves;
    return leaves;
}

cvs_status cvs__symbols_atom(cvs_symbols *symbols, const cvs__atom *atom, int *index, cvs_error *err) {
    for (*index = 0; *index < symbols->atom_count; ++*index)
        if (same_atom(symbols->atoms[*index], atom)) return CVS_OK;
    if (symbols->atom_count == CVS__MAX_EXPRESSIONS) return cvs__expression_too_large(err);
    if (symbols->atom_count == symbols->atom_capacity) {
        void *longer = grow(symbols->arena, symbols->atoms, symbols->atom_count, &symbols->atom_capacity);
        if (!longer) return no_memory(err);
        symbols->atoms = longer;
    }
    cvs__atom *copy = cvs_arena_alloc(symbols->arena, sizeof *copy);
    if (!copy) return no_memory(err);
    *copy = *atom;
    copy->leaves = leaves_of_atom(symbols, atom);
    symbols->atoms[symbols->atom_count++] = copy;
    return CVS_OK;
}

static bool is_letter(char c) { return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_'; }

static bool is_name(const char *name) {
    if (!is_letter(*name)) return false;
    size_t length = 1;
    while (is_letter(name[length]) || (name[length] >= '0' && name[length] <= '9')) length++;
    return name[length] == '\0' && length <= CVS__MAX_NAME;
}

cvs_status cvs_symbols_name(cvs_symbols *symbols, const char *name, cvs_dim *dim, cvs_error *err) {
    if (!is_name(name)) {
        cvs_status status = cvs_fail(err, CVS_INVALID, "bad-size-name", "",
                                     "\"%.40s\" is no name for a size: a letter first, then letters, digits or _, at "
                                     "most %d in all.",
                                     name, CVS__MAX_NAME);
        cvs_fail_value(err, "%.100s", name);
        cvs_fail_expected(err, "a name such as \"H\" or \"batch_2\"");
        return status;
    }
    cvs__atom atom = {.kind = CVS__ATOM_NAME};
    memcpy(atom.name, name, strlen(name));
    cvs__sum sum = {.count = 1, .term = {{.coefficient = 1}}};
    cvs_status status = cvs__symbols_atom(symbols, &atom, &sum.term[0].atom, err);
    return status == CVS_OK ? cvs__symbols_intern(symbols, &sum, dim, err) : status;
}

bool cvs__symbol_exists(const cvs_symbols *symbols, cvs_dim dim) {
    return symbols && -2 - dim < symbols->expression_count;
}
