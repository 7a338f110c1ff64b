/* fold.c - numbers from numbers: exact, or open. */
#include <math.h>

#include "base/checked.h"
#include "model/onnx/values.h"

static const cvs__onnx_number open = {.kind = CVS__ONNX_OPEN};

static bool is_size(cvs__onnx_number n) { return n.kind == CVS__ONNX_SIZE; }
static bool is_whole(cvs__onnx_number n) { return n.kind == CVS__ONNX_INTEGER; }
/* A number of a tensor of reals may be kept as an integer: a size that was cast. */
static double real_of(cvs__onnx_number n) { return is_whole(n) ? (double)n.integer : n.real; }

/* ---- integers ------------------------------------------------------------------------------------- */

static bool divide(int64_t a, int64_t b, int64_t *out) {
    if (b == 0 || (a == INT64_MIN && b == -1)) return false;
    *out = a / b;
    return true;
}

static bool modulo(int64_t a, int64_t b, bool of_divisor, int64_t *out) {
    if (b == 0 || b == -1) {
        *out = 0;
        return b != 0;
    }
    *out = a % b;
    if (of_divisor && *out != 0 && (*out < 0) != (b < 0)) *out += b;
    return true;
}

static bool whole(cvs__onnx_sum sum, int64_t a, int64_t b, int64_t *out) {
    switch (sum) {
    case CVS__ONNX_ADD:
        return cvs__add(a, b, out);
    case CVS__ONNX_SUBTRACT:
        return cvs__sub(a, b, out);
    case CVS__ONNX_MULTIPLY:
        return cvs__mul(a, b, out);
    case CVS__ONNX_DIVIDE:
        return divide(a, b, out);
    case CVS__ONNX_MODULO:
    case CVS__ONNX_FMOD:
        return modulo(a, b, sum == CVS__ONNX_MODULO, out);
    default:
        *out = sum == CVS__ONNX_MIN ? (a < b ? a : b) : (a > b ? a : b);
        return sum == CVS__ONNX_MIN || sum == CVS__ONNX_MAX;
    }
}

/* ---- comparisons and truth -------------------------------------------------------------------------- */

static bool is_truth(cvs__onnx_sum sum) { return sum >= CVS__ONNX_EQUAL && sum <= CVS__ONNX_XOR; }

static bool truth(cvs__onnx_sum sum, int order, bool a, bool b) {
    switch (sum) {
    case CVS__ONNX_EQUAL:
        return order == 0;
    case CVS__ONNX_LESS:
        return order < 0;
    case CVS__ONNX_LESS_OR_EQUAL:
        return order <= 0;
    case CVS__ONNX_GREATER:
        return order > 0;
    case CVS__ONNX_GREATER_OR_EQUAL:
        return order >= 0;
    case CVS__ONNX_AND:
        return a && b;
    case CVS__ONNX_OR:
        return a || b;
    default:
        return a != b;
    }
}

static cvs__onnx_number compare(cvs__onnx_sum sum, cvs__onnx_number a, cvs__onnx_number b) {
    int order;
    if (is_whole(a) && is_whole(b)) {
        order = (a.integer > b.integer) - (a.integer < b.integer);
    } else {
        const double x = real_of(a), y = real_of(b);
        if (isnan(x) || isnan(y)) return cvs__onnx_whole(0);
        order = (x > y) - (x < y);
    }
    return cvs__onnx_whole(truth(sum, order, real_of(a) != 0, real_of(b) != 0));
}

/* A size that has a name is never negative: the only comparison that can be decided. */
static cvs__onnx_number compare_sizes(cvs__onnx_sum sum, cvs__onnx_number a, cvs__onnx_number b) {
    const bool same = is_size(a) && is_size(b) && a.integer == b.integer;
    const bool negative = (is_whole(a) && a.integer < 0) || (is_whole(b) && b.integer < 0);
    if (sum == CVS__ONNX_EQUAL && (same || negative)) return cvs__onnx_whole(same);
    return open;
}

/* ---- sizes ------------------------------------------------------------------------------------------- */

/* By its address, for it is written while the other argument is found. */
static cvs__onnx_number from_dim(cvs_status status, const cvs_dim *dim) {
    return status == CVS_OK ? cvs__onnx_number_of(*dim) : open;
}

static cvs__onnx_number same_sizes(cvs__onnx_sum sum, cvs__onnx_number a, cvs__onnx_number b) {
    if (!is_size(a) || !is_size(b) || a.integer != b.integer) return open;
    if (sum == CVS__ONNX_SUBTRACT) return cvs__onnx_whole(0);
    return sum == CVS__ONNX_MIN || sum == CVS__ONNX_MAX ? a : open;
}

/* A size and an integer, or two sizes; negative results cannot be expressed. */
static cvs__onnx_number with_sizes(const cvs__onnx_call *call, cvs__onnx_sum sum, cvs__onnx_number a,
                                   cvs__onnx_number b) {
    cvs_error ignored = {0};
    cvs__onnx_call quiet = *call;
    cvs_dim dim = CVS_DIM_UNKNOWN;
    quiet.err = &ignored;
    if (!is_size(a) && (sum == CVS__ONNX_ADD || sum == CVS__ONNX_MULTIPLY)) {
        const cvs__onnx_number first = a;
        a = b;
        b = first;
    }
    const int64_t by = b.integer;
    if (is_truth(sum)) return compare_sizes(sum, a, b);
    if (!is_size(a) && a.integer < 0) return open;
    if (sum == CVS__ONNX_MULTIPLY && is_whole(b) && by < 0) return open;
    if (sum == CVS__ONNX_MULTIPLY) return from_dim(cvs__onnx_multiply(&quiet, a.integer, b.integer, &dim), &dim);
    if (sum == CVS__ONNX_ADD && (is_size(b) || by >= 0))
        return from_dim(cvs__onnx_add(&quiet, a.integer, b.integer, &dim), &dim);
    if (!is_size(a) || !is_whole(b)) return same_sizes(sum, a, b);
    if (sum == CVS__ONNX_ADD || (sum == CVS__ONNX_SUBTRACT && by > INT64_MIN))
        return from_dim(cvs__onnx_scaled(&quiet, a.integer, (int64_t[]){1, sum == CVS__ONNX_ADD ? by : -by, 1}, &dim),
                        &dim);
    if (sum == CVS__ONNX_DIVIDE && by > 0)
        return from_dim(cvs__onnx_scaled(&quiet, a.integer, (int64_t[]){1, 0, by}, &dim), &dim);
    if (sum == CVS__ONNX_MAX && by <= 0) return a;
    return open;
}

/* ---- reals --------------------------------------------------------------------------------------------- */

static cvs__onnx_number reals(cvs__onnx_sum sum, double a, double b) {
    switch (sum) {
    case CVS__ONNX_ADD:
        return cvs__onnx_real_number(a + b);
    case CVS__ONNX_SUBTRACT:
        return cvs__onnx_real_number(a - b);
    case CVS__ONNX_MULTIPLY:
        return cvs__onnx_real_number(a * b);
    case CVS__ONNX_DIVIDE:
        return cvs__onnx_real_number(a / b);
    case CVS__ONNX_FMOD:
        return cvs__onnx_real_number(fmod(a, b));
    case CVS__ONNX_MIN:
        return cvs__onnx_real_number(fmin(a, b));
    case CVS__ONNX_MAX:
        return cvs__onnx_real_number(fmax(a, b));
    default:
        return open;
    }
}

/* A size times, or divided by, a whole number stays exact only where it is multiplied. */
static cvs__onnx_number sizes_as_reals(const cvs__onnx_call *call, cvs__onnx_sum sum, cvs__onnx_number a,
                                       cvs__onnx_number b) {
    enum { LARGEST = 1 << 24 }; /* up to which float32 has all integers */
    if (b.kind == CVS__ONNX_REAL && b.real == floor(b.real) && fabs(b.real) <= LARGEST)
        b = cvs__onnx_whole((int64_t)b.real);
    if (a.kind == CVS__ONNX_REAL && a.real == floor(a.real) && fabs(a.real) <= LARGEST)
        a = cvs__onnx_whole((int64_t)a.real);
    if (a.kind == CVS__ONNX_REAL || b.kind == CVS__ONNX_REAL) return open;
    if (sum == CVS__ONNX_DIVIDE) return is_size(a) && is_whole(b) && b.integer == 1 ? a : open;
    return with_sizes(call, sum, a, b);
}

cvs__onnx_number cvs__onnx_fold_two(const cvs__onnx_call *call, cvs__onnx_sum sum, bool integers, cvs__onnx_number a,
                                    cvs__onnx_number b) {
    int64_t value = 0;
    if (a.kind == CVS__ONNX_OPEN || b.kind == CVS__ONNX_OPEN) return open;
    const bool sizes = is_size(a) || is_size(b);
    if (sizes && !integers) return sizes_as_reals(call, sum, a, b);
    if (sizes) return with_sizes(call, sum, a, b);
    if (is_truth(sum)) return compare(sum, a, b);
    if (!integers || !is_whole(a) || !is_whole(b)) return reals(sum, real_of(a), real_of(b));
    return whole(sum, a.integer, b.integer, &value) ? cvs__onnx_whole(value) : open;
}

/* ---- of one ---------------------------------------------------------------------------------------------- */

static cvs__onnx_number to_integer(double real) {
    const double limit = 9.2e18;                                       /* within int64_t */
    return fabs(real) < limit ? cvs__onnx_whole((int64_t)real) : open; /* a NaN is not smaller */
}

static cvs__onnx_number fold_real(cvs__onnx_sum sum, double real) {
    switch (sum) {
    case CVS__ONNX_NEGATE:
        return cvs__onnx_real_number(-real);
    case CVS__ONNX_ABSOLUTE:
        return cvs__onnx_real_number(fabs(real));
    case CVS__ONNX_FLOOR:
        return cvs__onnx_real_number(floor(real));
    case CVS__ONNX_CEIL:
        return cvs__onnx_real_number(ceil(real));
    case CVS__ONNX_RELU:
        return cvs__onnx_real_number(fmax(real, 0));
    case CVS__ONNX_NOT:
    case CVS__ONNX_TO_BOOL:
        return cvs__onnx_whole((real != 0) == (sum == CVS__ONNX_TO_BOOL));
    case CVS__ONNX_TO_INTEGER:
        return to_integer(real);
    default:
        return cvs__onnx_real_number(real);
    }
}

cvs__onnx_number cvs__onnx_fold_one(const cvs__onnx_call *call, cvs__onnx_sum sum, cvs__onnx_number a) {
    int64_t value = 0;
    (void)call;
    if (a.kind == CVS__ONNX_OPEN) return a;
    if (a.kind == CVS__ONNX_REAL) return fold_real(sum, a.real);
    /* Sizes and integers are whole already, and stay what they are as reals. */
    const bool keeps = sum == CVS__ONNX_SAME || sum == CVS__ONNX_FLOOR || sum == CVS__ONNX_CEIL ||
                       sum == CVS__ONNX_TO_INTEGER || sum == CVS__ONNX_TO_REAL;
    if (keeps) return a;
    if (is_size(a)) return sum == CVS__ONNX_ABSOLUTE || sum == CVS__ONNX_RELU ? a : open;
    if (sum == CVS__ONNX_RELU) return a.integer < 0 ? cvs__onnx_whole(0) : a;
    if (sum == CVS__ONNX_NOT || sum == CVS__ONNX_TO_BOOL)
        return cvs__onnx_whole((a.integer != 0) == (sum == CVS__ONNX_TO_BOOL));
    if (sum == CVS__ONNX_ABSOLUTE && a.integer >= 0) return a;
    return cvs__sub(0, a.integer, &value) ? cvs__onnx_whole(value) : open;
}
