/* The kernels that only move numbers, at every level that this CPU has, in memory that ends or begins at an unmapped
   page: gathering, phases, transposition. */
#include "engine/kernels.h"
#include "fence.h"
#include "trial.h"

#include <check.h>
#include <math.h>

Suite *kernels_moves_suite(void);

/* A place that must stay as it is. */
static const float UNTOUCHED = -12345;

static fenced numbers(int64_t count, fence_side side) {
    fenced f = fence((size_t)count * sizeof(float), side);
    for (int64_t i = 0; i < count; i++) f.data[i] = (float)i;
    return f;
}

static fenced untouched(int64_t count, fence_side side) {
    fenced f = fence((size_t)count * sizeof(float), side);
    for (int64_t i = 0; i < count; i++) f.data[i] = UNTOUCHED;
    return f;
}

static void expect(float found, float wanted, const char *what, int64_t row, int64_t column) {
    if (found != wanted)
        ck_abort_msg("%s: (%d, %d) is %g, not %g", what, (int)row, (int)column, (double)found, (double)wanted);
}

/* ---- gather ---------------------------------------------------------------------------------- */

enum { ROWS = 3, GAP = 2, WIDEST = 64 };

/* Only where a bit of `inside` is set is there anything to read: the source ends with the last of them. */
static void check_gather(const cvs__kernels *kernels, int64_t columns, int64_t stride, uint64_t inside, bool fetch) {
    const int64_t highest = inside ? 63 - __builtin_clzll(inside) : 0, lowest = inside ? __builtin_ctzll(inside) : 0;
    const int64_t span = (highest - lowest) * stride + 1, pitch = span + GAP;
    for (fence_side side = BEGINS_AFTER; side <= ENDS_BEFORE; side++) {
        fenced from = numbers((ROWS - 1) * pitch + span, side);
        fenced to = untouched((ROWS - 1) * (columns + GAP) + columns, side);
        kernels->gather(&(cvs__gathering){.to = to.data,
                                          .from = from.data - lowest * stride,
                                          .rows = ROWS,
                                          .columns = columns,
                                          .to_pitch = columns + GAP,
                                          .from_pitch = pitch,
                                          .stride = stride,
                                          .inside = inside,
                                          .fetch_next = fetch});
        for (int64_t i = 0; i < (ROWS - 1) * (columns + GAP) + columns; i++) {
            const int64_t row = i / (columns + GAP), column = i % (columns + GAP);
            const bool is_inside = column < columns && inside >> column & 1;
            const float wanted = column >= columns ? UNTOUCHED
                                 : is_inside       ? from.data[row * pitch + (column - lowest) * stride]
                                                   : 0;
            expect(to.data[i], wanted, "gather", row, column);
        }
        unfence(&from), unfence(&to);
    }
}

START_TEST(gathering_reads_what_is_inside_alone) {
    const cvs__kernels *kernels = cvs__kernels_of((cvs_isa)_i);
    uint64_t state = 3;
    for (int64_t columns = 1; columns <= WIDEST; columns++) {
        const uint64_t all = UINT64_MAX >> (64 - columns);
        for (int64_t stride = 1; stride <= 5; stride++) {
            check_gather(kernels, columns, stride, all, stride == 1);
            check_gather(kernels, columns, stride, 0, false);
            for (int n = 0; n < 4; n++) check_gather(kernels, columns, stride, next_random(&state) & all, false);
            check_gather(kernels, columns, stride, all & all >> 1 & ~UINT64_C(1), false);
        }
    }
}
END_TEST

/* ---- phases ------------------------------------------------------------------------------------ */

enum { LINES = 3, LONGEST = 70 };

static void check_phase(const cvs__kernels *kernels, int64_t columns, int64_t stride) {
    const int64_t span = (columns - 1) * stride + 1, from_pitch = span + GAP, to_pitch = columns + GAP;
    for (fence_side side = BEGINS_AFTER; side <= ENDS_BEFORE; side++) {
        fenced from = numbers((LINES - 1) * from_pitch + span, side);
        fenced to = untouched((LINES - 1) * to_pitch + columns, side);
        kernels->copy_phase(&(cvs__phase){.to = to.data,
                                          .from = from.data,
                                          .lines = LINES,
                                          .to_pitch = to_pitch,
                                          .from_pitch = from_pitch,
                                          .columns = columns,
                                          .stride = stride});
        for (int64_t i = 0; i < (LINES - 1) * to_pitch + columns; i++) {
            const int64_t y = i / to_pitch, x = i % to_pitch;
            expect(to.data[i], x < columns ? from.data[y * from_pitch + x * stride] : UNTOUCHED, "phase", y, x);
        }
        unfence(&from), unfence(&to);
    }
}

START_TEST(a_phase_takes_every_so_many) {
    const cvs__kernels *kernels = cvs__kernels_of((cvs_isa)_i);
    for (int64_t columns = 1; columns <= LONGEST; columns++)
        for (int64_t stride = 1; stride <= 5; stride++) check_phase(kernels, columns, stride);
}
END_TEST

/* The numbers between are as many as the others, or one more, or one fewer. */
static void check_both(const cvs__kernels *kernels, int64_t even, int64_t odd) {
    const int64_t span = even > odd ? 2 * even - 1 : 2 * odd, pitch = (even > odd ? even : odd) + GAP;
    for (fence_side side = BEGINS_AFTER; side <= ENDS_BEFORE; side++) {
        fenced from = numbers(LINES * span, side);
        fenced evens = untouched((LINES - 1) * pitch + even, side), odds = untouched((LINES - 1) * pitch + odd, side);
        kernels->copy_phase(&(cvs__phase){.to = evens.data,
                                          .from = from.data,
                                          .lines = LINES,
                                          .to_pitch = pitch,
                                          .from_pitch = span,
                                          .columns = even,
                                          .stride = 2,
                                          .odd = odds.data,
                                          .odd_columns = odd});
        for (int64_t y = 0; y < LINES; y++) {
            for (int64_t x = 0; x < even; x++)
                expect(evens.data[y * pitch + x], from.data[y * span + 2 * x], "even", y, x);
            for (int64_t x = 0; x < odd; x++)
                expect(odds.data[y * pitch + x], from.data[y * span + 2 * x + 1], "odd", y, x);
            for (int64_t x = even; y + 1 < LINES && x < pitch; x++)
                expect(evens.data[y * pitch + x], UNTOUCHED, "even", y, x);
            for (int64_t x = odd; y + 1 < LINES && x < pitch; x++)
                expect(odds.data[y * pitch + x], UNTOUCHED, "odd", y, x);
        }
        unfence(&from), unfence(&evens), unfence(&odds);
    }
}

START_TEST(two_phases_at_once) {
    const cvs__kernels *kernels = cvs__kernels_of((cvs_isa)_i);
    for (int64_t even = 2; even <= LONGEST; even++)
        for (int64_t odd = even - 1; odd <= even + 1; odd++) check_both(kernels, even, odd);
}
END_TEST

/* ---- transposition ------------------------------------------------------------------------------- */

static void check_transpose(const cvs__kernels *kernels, int64_t rows, int64_t columns) {
    const int64_t stride = columns + GAP, to_stride = rows + GAP;
    for (fence_side side = BEGINS_AFTER; side <= ENDS_BEFORE; side++) {
        fenced from = numbers((rows - 1) * stride + columns, side);
        fenced to = untouched((columns - 1) * to_stride + rows, side);
        kernels->transpose(&(cvs__block){from.data, rows, columns, stride}, to.data, to_stride);
        for (int64_t i = 0; i < (columns - 1) * to_stride + rows; i++) {
            const int64_t c = i / to_stride, r = i % to_stride;
            expect(to.data[i], r < rows ? from.data[r * stride + c] : UNTOUCHED, "transpose", c, r);
        }
        unfence(&from), unfence(&to);
    }
}

START_TEST(transposing_any_block) {
    const cvs__kernels *kernels = cvs__kernels_of((cvs_isa)_i);
    for (int64_t rows = 1; rows <= 35; rows++)
        for (int64_t columns = 1; columns <= 35; columns++) check_transpose(kernels, rows, columns);
}
END_TEST

Suite *kernels_moves_suite(void) {
    Suite *suite = suite_create("kernels_moves");
    TCase *core = tcase_create("core");
    const int levels = (int)cvs_isa_detect() + 1;
    tcase_set_timeout(core, 60);
    tcase_add_loop_test(core, gathering_reads_what_is_inside_alone, 0, levels);
    tcase_add_loop_test(core, a_phase_takes_every_so_many, 0, levels);
    tcase_add_loop_test(core, two_phases_at_once, 0, levels);
    tcase_add_loop_test(core, transposing_any_block, 0, levels);
    suite_add_tcase(suite, core);
    return suite;
}
