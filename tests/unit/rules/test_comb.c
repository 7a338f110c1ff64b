#include "layer/rules/comb.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

Suite *comb_suite(void);

enum { LINE = 4096 };

/* The oracle: put every tooth on a line and look. */
static void draw(const cvs__comb *comb, bool *line) {
    memset(line, 0, LINE * sizeof *line);
    for (int64_t x = 0; x < comb->count[0]; x++)
        for (int64_t y = 0; y < comb->count[1]; y++) line[comb->step[0] * x + comb->step[1] * y] = true;
}

static int64_t drawn(const bool *line, int64_t lo, int64_t hi) {
    int64_t count = 0;
    for (int64_t p = lo; p <= hi; p++) count += line[p];
    return count;
}

static int64_t random_upto(unsigned *seed, int limit) { return 1 + rand_r(seed) % limit; }

START_TEST(counts_and_gaps_as_drawn) {
    static bool line[LINE];
    unsigned seed = 5;
    int counted = 0, open = 0;
    for (int round = 0; round < 20000; round++) {
        int widest = round % 3 ? 6 : 14;
        cvs__comb comb = {{random_upto(&seed, widest), random_upto(&seed, widest)},
                          {random_upto(&seed, 12), random_upto(&seed, 12)}};
        int64_t end = comb.step[0] * (comb.count[0] - 1) + comb.step[1] * (comb.count[1] - 1) + 5;
        int64_t lo = rand_r(&seed) % (end + 1), hi = lo + rand_r(&seed) % (end + 2 - lo), reached = -1;
        draw(&comb, line);
        int64_t truth = drawn(line, lo, hi);
        if (cvs__comb_count(&comb, lo, hi, &reached)) {
            ck_assert_int_eq(reached, truth);
            counted++;
        } else {
            open++;
        }
        ck_assert_msg(cvs__comb_has_gap(&comb, lo, hi) == (truth < hi - lo + 1),
                      "steps %ld, %ld counts %ld, %ld range %ld..%ld", (long)comb.step[0], (long)comb.step[1],
                      (long)comb.count[0], (long)comb.count[1], (long)lo, (long)hi);
    }
    ck_assert_int_gt(counted, 3000);
    ck_assert_int_gt(open, 3000);
}
END_TEST

START_TEST(period_as_drawn) {
    static bool line[LINE];
    for (int64_t stride = 1; stride <= 12; stride++)
        for (int64_t dilation = 1; dilation <= 12; dilation++)
            for (int64_t kernel = 1; kernel <= 12; kernel++) {
                cvs__comb comb = {{stride, dilation}, {LINE / stride / 2, kernel}};
                draw(&comb, line);
                int64_t middle = LINE / 4 / stride * stride;
                ck_assert_int_eq(cvs__comb_period_gaps(stride, dilation, kernel),
                                 stride - drawn(line, middle, middle + stride - 1));
            }
}
END_TEST

static bool tap_is_alive(const cvs__sweep *sweep, int64_t tap) {
    for (int64_t m = 0; m < sweep->windows; m++) {
        int64_t p = tap * sweep->dilation + m * sweep->stride - sweep->lo;
        if (p >= 0 && p < sweep->size) return true;
    }
    return false;
}

START_TEST(taps_as_tried) {
    unsigned seed = 11;
    int dead = 0;
    for (int round = 0; round < 20000; round++) {
        cvs__sweep sweep = {random_upto(&seed, 9), random_upto(&seed, 7), random_upto(&seed, 9),
                            random_upto(&seed, 9), rand_r(&seed) % 20,    random_upto(&seed, 12)};
        int64_t alive = 0;
        for (int64_t tap = 0; tap < sweep.taps; tap++) {
            bool is_alive = tap_is_alive(&sweep, tap);
            alive += is_alive;
            cvs__taps taps = cvs__count_taps(&sweep);
            if (is_alive) ck_assert(taps.first <= tap && tap <= taps.last);
        }
        ck_assert_int_eq(cvs__count_taps(&sweep).alive, alive);
        dead += alive < sweep.taps;
    }
    ck_assert_int_gt(dead, 500);
}
END_TEST

/* Known by arithmetic: an interval of 2^31 - 1 taps, a step too long, and a target that every other window misses. */
START_TEST(huge_numbers) {
    const int64_t huge = INT64_C(2147483647);
    int64_t reached = 0;
    cvs__comb wide = {{1, huge}, {huge, huge}};
    ck_assert(cvs__comb_count(&wide, 0, huge * huge - 1, &reached));
    ck_assert_int_eq(reached, huge * huge);
    ck_assert(!cvs__comb_has_gap(&wide, 0, huge * huge - 1));
    cvs__comb sparse = {{huge, huge - 1}, {huge, huge}};
    ck_assert(cvs__comb_has_gap(&sparse, 0, huge));
    cvs__comb tight = {{huge, huge - 1}, {2, 2}};
    ck_assert(cvs__comb_has_gap(&tight, huge + 1, huge + 100));
    /* 5003*5009 - 5003 - 5009 is the last hole below, mirrored the first above; between them all is reached. */
    const int64_t last_hole = 5003 * 5009 - 5003 - 5009;
    cvs__comb coprime = {{5003, 5009}, {20000, 20000}};
    int64_t first_above = 19999 * (5003 + 5009) - last_hole;
    ck_assert(cvs__comb_has_gap(&coprime, last_hole - 2000, last_hole));
    ck_assert(!cvs__comb_has_gap(&coprime, last_hole - 2000, last_hole - 1));
    ck_assert(!cvs__comb_has_gap(&coprime, last_hole + 1, first_above - 1));
    ck_assert(cvs__comb_has_gap(&coprime, last_hole + 1, first_above));
    cvs__sweep narrow = {huge, 1, huge, 2, 0, 1};
    ck_assert_int_eq(cvs__count_taps(&narrow).alive, 1);
    narrow.lo = huge - 1;
    ck_assert_int_eq(cvs__count_taps(&narrow).alive, (huge + 1) / 2);
}
END_TEST

Suite *comb_suite(void) {
    Suite *suite = suite_create("comb");
    TCase *core = tcase_create("core"), *limits = tcase_create("limits");
    tcase_add_test(core, counts_and_gaps_as_drawn);
    tcase_add_test(core, period_as_drawn);
    tcase_add_test(core, taps_as_tried);
    tcase_add_test(limits, huge_numbers);
    suite_add_tcase(suite, core);
    suite_add_tcase(suite, limits);
    return suite;
}
