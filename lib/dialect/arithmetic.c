/* arithmetic.c - the arithmetic of literals: 2*32, 64 // 2, 2**5, int(1.5*32), (3,)*2. */
#include <math.h>

#include "base/checked.h"
#include "dialect/parser.h"

static bool is_number(const cvs_node *node) { return node->kind == CVS_NODE_INT || node->kind == CVS_NODE_REAL; }

static double real_of(const cvs_node *node) { return node->kind == CVS_NODE_INT ? (double)node->integer : node->real; }

static bool power(int64_t base, int64_t exponent, int64_t *out) {
    *out = 1;
    if (exponent < 0) return false;
    if (base == 0 || base == 1) {
        *out = exponent ? base : 1;
        return true;
    }
    if (base == -1) exponent %= 2; /* every other base overflows after 63 steps at most */
    for (; exponent > 0; exponent--)
        if (!cvs__mul(*out, base, out)) return false;
    return true;
}

/* Python's floor division; false for a zero divisor and where the quotient overflows. */
static bool floor_divide(int64_t a, int64_t b, int64_t *out) {
    if (b == 0 || (a == INT64_MIN && b == -1)) return false;
    *out = a / b - (a % b != 0 && (a < 0) != (b < 0));
    return true;
}

static bool compute_integers(char symbol, bool doubled, int64_t a, int64_t b, int64_t *out) {
    switch (symbol) {
    case '+':
        return cvs__add(a, b, out);
    case '-':
        return cvs__sub(a, b, out);
    case '*':
        return doubled ? power(a, b, out) : cvs__mul(a, b, out);
    case '/':
        return floor_divide(a, b, out);
    default:
        return false;
    }
}

static bool compute_reals(char symbol, bool doubled, double a, double b, double *out) {
    *out = symbol == '+' ? a + b : symbol == '-' ? a - b : symbol == '*' ? a * b : a / b;
    return !doubled && symbol != '%' && !(symbol == '/' && b == 0);
}

bool cvs__compute(cvs_node *left, char symbol, bool doubled, const cvs_node *right) {
    if (!is_number(left) || !is_number(right)) return false;
    bool integers = left->kind == CVS_NODE_INT && right->kind == CVS_NODE_INT;
    int64_t integer = 0;
    if (integers && (symbol != '/' || doubled)) {
        if (!compute_integers(symbol, doubled, left->integer, right->integer, &integer)) return false;
        left->integer = integer;
        return true;
    }
    double real = 0;
    if (!compute_reals(symbol, doubled, real_of(left), real_of(right), &real)) return false;
    left->kind = CVS_NODE_REAL;
    left->real = real;
    return true;
}

bool cvs__negate(cvs_node *value) {
    if (value->kind == CVS_NODE_REAL)
        value->real = -value->real;
    else if (value->kind == CVS_NODE_INT && value->integer != INT64_MIN)
        value->integer = -value->integer;
    else
        return false;
    return true;
}

void cvs__compute_call(cvs_node *call) {
    const cvs_node *number = call->child;
    if (!cvs__same_word(call->text, "int") || !number || number->next || number->key || !is_number(number)) return;
    double whole = trunc(real_of(number));
    if (number->kind == CVS_NODE_REAL && fabs(whole) >= 9e15) return;
    call->integer = number->kind == CVS_NODE_INT ? number->integer : (int64_t)whole;
    call->kind = CVS_NODE_INT;
    call->child = NULL;
    call->count = 0;
}

/* As many as no layer has axes; a list of one is what people repeat. */
enum { MOST_REPEATED = 64 };

static bool is_flat(const cvs_node *list) {
    bool flat = list->count > 0;
    for (const cvs_node *element = list->child; element; element = element->next) flat &= !element->child;
    return flat;
}

bool cvs__repeat(cvs__parser *p, cvs_node *list, const cvs_node *times, cvs_status *status) {
    if (times->kind != CVS_NODE_INT || times->integer < 1 || times->integer > MOST_REPEATED || !is_flat(list))
        return false;
    int count = list->count;
    if (count * times->integer > MOST_REPEATED) return false;
    cvs_node *last = (cvs_node *)(uintptr_t)cvs__node_at(list, count - 1); /* made by this parser, hence writable */
    const cvs_node *from = list->child;
    for (int64_t left = count * (times->integer - 1); left > 0; left--, from = from->next) {
        cvs_node *copy = cvs__parser_new_node(p, from->kind, from->place);
        if (!copy) {
            *status = cvs__parser_no_memory(p);
            return false;
        }
        *copy = *from;
        copy->next = NULL;
        cvs__node_append(list, last, copy);
        last = copy;
    }
    return true;
}
