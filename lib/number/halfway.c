#include "number/halfway.h"

/*
 * Both sides as integers: powers of ten and of two with negative exponents go to the other side. The largest that
 * stands there is 10^128 * 2^150, or 2^26 * 10^200, or 10^128 * 10^40: below 2^691 in any case.
 */
enum { LIMBS = 24, LIMB_BITS = 32 };

typedef struct big {
    uint32_t limb[LIMBS]; /* the lowest first; unused ones are 0 */
} big;

static void multiply_add(big *b, uint32_t factor, uint32_t term) {
    uint64_t carry = term;
    for (int i = 0; i < LIMBS; i++) {
        carry += (uint64_t)b->limb[i] * factor;
        b->limb[i] = (uint32_t)carry;
        carry >>= LIMB_BITS;
    }
}

static void multiply_by_power(big *b, uint32_t base, int exponent) {
    for (int i = 0; i < exponent; i++) multiply_add(b, base, 0);
}

static int compare(const big *a, const big *b) {
    for (int i = LIMBS - 1; i >= 0; i--)
        if (a->limb[i] != b->limb[i]) return a->limb[i] < b->limb[i] ? -1 : 1;
    return 0;
}

int cvs__compare_halfway(const cvs__decimal *decimal, uint32_t halves, int exponent) {
    big left = {{0}}, right = {{halves}};
    for (int i = 0; i < decimal->count; i++) multiply_add(&left, 10, decimal->digits[i]);
    multiply_by_power(decimal->exponent < 0 ? &right : &left, 10,
                      decimal->exponent < 0 ? -decimal->exponent : decimal->exponent);
    multiply_by_power(exponent < 0 ? &left : &right, 2, exponent < 0 ? -exponent : exponent);
    const int sign = compare(&left, &right);
    return sign == 0 && decimal->more ? 1 : sign;
}
