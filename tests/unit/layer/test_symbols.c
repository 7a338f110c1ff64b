#include "layer/symbols.h"
#include "layers.h"

Suite *symbols_suite(void);

static cvs_dim named(cvs_symbols *symbols, const char *prefix, int number) {
    char name[40];
    cvs_dim dim = 0;
    snprintf(name, sizeof name, "%s%d", prefix, number);
    ck_assert_int_eq(cvs_symbols_name(symbols, name, &dim, NULL), CVS_OK);
    return dim;
}

START_TEST(names_and_what_is_none) {
    static const char *const good[] = {"H", "_", "batch_2", "abcdefghijklmnopqrstuvwxyz12345"};
    static const char *const bad[] = {"", "2H", "H-1", "a b", "H\n", "\xc3\xa9", "abcdefghijklmnopqrstuvwxyz123456"};
    cvs_arena arena = cvs_arena_make(0);
    cvs_symbols *symbols = cvs_symbols_create(&arena);
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        cvs_dim dim = 0;
        cvs_text text = {0};
        ck_assert_int_eq(cvs_symbols_name(symbols, good[i], &dim, NULL), CVS_OK);
        ck_assert(cvs_dim_is_symbolic(dim));
        cvs_dim_format(symbols, dim, &text);
        ck_assert_str_eq(text.data, good[i]);
        cvs_text_free(&text);
    }
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        cvs_dim dim = 0;
        cvs_error err = {0};
        ck_assert_int_eq(cvs_symbols_name(symbols, bad[i], &dim, &err), CVS_INVALID);
        ck_assert_str_eq(err.code, "bad-size-name");
    }
    cvs_arena_free(&arena);
}
END_TEST

START_TEST(tables_are_bounded) {
    cvs_arena arena = cvs_arena_make(0);
    cvs_symbols *symbols = cvs_symbols_create(&arena);
    for (int i = 0; i < CVS__MAX_EXPRESSIONS; i++) named(symbols, "n", i);
    cvs_dim dim = 0;
    cvs_error err = {0};
    ck_assert_int_eq(cvs_symbols_name(symbols, "one_more", &dim, &err), CVS_TOO_LARGE);
    ck_assert_str_eq(err.code, "expression-too-large");
    ck_assert_int_eq(cvs_symbols_name(symbols, "n77", &dim, NULL), CVS_OK);
    cvs_arena_free(&arena);
}
END_TEST

START_TEST(sums_are_bounded) {
    cvs_arena arena = cvs_arena_make(0);
    cvs_symbols *symbols = cvs_symbols_create(&arena);
    cvs_dim sum = 0;
    for (int i = 0; i < CVS__MAX_LEAVES; i++)
        ck_assert_int_eq(cvs__dim_add(symbols, sum, named(symbols, "n", i), &sum, NULL), CVS_OK);
    cvs_dim more = 0;
    ck_assert_int_eq(cvs__dim_add(symbols, sum, named(symbols, "n", 64), &more, NULL), CVS_TOO_LARGE);
    ck_assert_int_eq(cvs__dim_add(symbols, sum, 1, &more, NULL), CVS_TOO_LARGE);
    ck_assert_int_eq(cvs__dim_mul(symbols, sum, sum, &more, NULL), CVS_TOO_LARGE);
    ck_assert_int_eq(cvs__dim_add(symbols, sum, sum, &more, NULL), CVS_OK);
    cvs_arena_free(&arena);
}
END_TEST

/* x + floor(x/2) over and over would double its text each time. */
START_TEST(nesting_is_bounded) {
    cvs_arena arena = cvs_arena_make(0);
    cvs_symbols *symbols = cvs_symbols_create(&arena);
    cvs_dim x = named(symbols, "H", 0);
    int rounds = 0;
    while (cvs__dim_affine(symbols, x, (cvs__affine){3, 1, 2, 0}, &x, NULL) == CVS_OK) rounds++;
    ck_assert_int_ge(rounds, 4);
    ck_assert_int_le(rounds, CVS__MAX_LEAVES);
    cvs_arena_free(&arena);
}
END_TEST

START_TEST(factors_and_coefficients_are_bounded) {
    cvs_arena arena = cvs_arena_make(0);
    cvs_symbols *symbols = cvs_symbols_create(&arena);
    cvs_dim h = named(symbols, "H", 0), product = h, scaled = h, out = 0;
    for (int i = 1; i < CVS__MAX_FACTORS; i++)
        ck_assert_int_eq(cvs__dim_mul(symbols, product, h, &product, NULL), CVS_OK);
    ck_assert_int_eq(cvs__dim_mul(symbols, product, h, &out, NULL), CVS_TOO_LARGE);
    ck_assert_int_eq(cvs__dim_mul(symbols, h, INT64_MAX, &scaled, NULL), CVS_OK);
    ck_assert_int_eq(cvs__dim_mul(symbols, scaled, 2, &out, NULL), CVS_TOO_LARGE);
    ck_assert_int_eq(cvs__dim_mul(symbols, scaled, scaled, &out, NULL), CVS_TOO_LARGE);
    ck_assert_int_eq(cvs__dim_add(symbols, scaled, h, &out, NULL), CVS_TOO_LARGE);
    /* the divisors of nested floors multiply only as far as they fit */
    cvs_dim deep = h;
    for (int i = 0; i < 5; i++)
        ck_assert_int_eq(cvs__dim_affine(symbols, deep, (cvs__affine){1, 0, CVS_MAX_PARAMETER, 0}, &deep, NULL),
                         CVS_OK);
    cvs_binding binding = {"H0", INT64_MAX};
    ck_assert_int_eq(cvs_dim_bind(symbols, deep, &binding, 1), 0);
    cvs_arena_free(&arena);
}
END_TEST

/* The smallest and largest numbers on the way: no undefined arithmetic, and text that is right. */
START_TEST(extreme_constants) {
    cvs_arena arena = cvs_arena_make(0);
    cvs_symbols *symbols = cvs_symbols_create(&arena);
    cvs_dim h = named(symbols, "H", 0), low = 0, out = 0;
    ck_assert_int_eq(cvs__dim_affine(symbols, h, (cvs__affine){1, INT64_MIN, 1, 0}, &low, NULL), CVS_OK);
    cvs_text text = {0};
    cvs_dim_format(symbols, low, &text);
    ck_assert_str_eq(text.data, "H0 - 9223372036854775808");
    cvs_text_free(&text);
    ck_assert_int_eq(cvs__dim_mul(symbols, low, h, &out, NULL), CVS_OK);
    ck_assert_int_eq(cvs__dim_affine(symbols, low, (cvs__affine){1, -1, 1, 0}, &out, NULL), CVS_TOO_LARGE);
    ck_assert_int_eq(cvs__dim_affine(symbols, low, (cvs__affine){1, 0, 7, 0}, &out, NULL), CVS_OK);
    cvs_binding binding = {"H0", 0};
    ck_assert_int_eq(cvs_dim_bind(symbols, low, &binding, 1), NONE);
    cvs_arena_free(&arena);
}
END_TEST

/* With every ceiling on memory the work either completes or says that there is none. */
START_TEST(memory_runs_out_anywhere) {
    bool completed = false;
    for (size_t limit = 1; limit < (1 << 19) && !completed; limit += 1000) {
        cvs_arena arena = cvs_arena_make(limit);
        cvs_symbols *symbols = cvs_symbols_create(&arena);
        cvs_status status = symbols ? CVS_OK : CVS_NO_MEMORY;
        for (int i = 0; i < 60 && status == CVS_OK; i++) {
            char name[16];
            cvs_dim a = 0, b = 0;
            snprintf(name, sizeof name, "n%d", i);
            status = cvs_symbols_name(symbols, name, &a, NULL);
            if (status == CVS_OK) status = cvs__dim_affine(symbols, a, (cvs__affine){1, -3, 2, 1}, &b, NULL);
            if (status == CVS_OK) status = cvs__dim_mul(symbols, a, b, &b, NULL);
            completed = i == 59 && status == CVS_OK;
        }
        ck_assert(completed || status == CVS_NO_MEMORY);
        cvs_arena_free(&arena);
    }
    ck_assert(completed);
}
END_TEST

Suite *symbols_suite(void) {
    Suite *suite = suite_create("symbols");
    TCase *core = tcase_create("core"), *limits = tcase_create("limits"), *oom = tcase_create("oom");
    tcase_add_test(core, names_and_what_is_none);
    tcase_add_test(limits, tables_are_bounded);
    tcase_add_test(limits, sums_are_bounded);
    tcase_add_test(limits, nesting_is_bounded);
    tcase_add_test(limits, factors_and_coefficients_are_bounded);
    tcase_add_test(limits, extreme_constants);
    tcase_add_test(oom, memory_runs_out_anywhere);
    tcase_set_timeout(core, 60);
    tcase_set_timeout(limits, 60);
    suite_add_tcase(suite, core);
    suite_add_tcase(suite, limits);
    suite_add_tcase(suite, oom);
    return suite;
}
