#include "trial.h"

#include "engine/blas.h"
#include "engine/engine_internal.h"

#include <check.h>
#include <string.h>

Suite *engine_suite(void);

static cvs_engine *make(cvs_engine_options options, cvs_engine_info *info) {
    cvs_engine *engine = NULL;
    cvs_error err = {0};
    ck_assert_msg(cvs_engine_create(&options, &engine, &err) == CVS_OK, "%s", err.message);
    cvs_engine_describe(engine, info);
    return engine;
}

START_TEST(the_default_uses_the_best_level_and_names_the_blas) {
    cvs_engine *engine = NULL;
    cvs_engine_info info;
    ck_assert_int_eq(cvs_engine_create(NULL, &engine, NULL), CVS_OK);
    cvs_engine_describe(engine, &info);
    ck_assert_int_eq(info.isa, cvs_isa_detect());
    ck_assert(info.proof_ms > 0);
    ck_assert_ptr_nonnull(strstr(info.blas, "OpenBLAS "));
    ck_assert_ptr_nonnull(strstr(info.blas, cvs__blas_corename()));
    cvs_engine_free(engine);
}
END_TEST

/* A healthy BLAS is used unless its kernels are of a lower level than the engine's own. */
START_TEST(a_proven_blas_is_used_where_it_is_no_slower) {
    cvs_engine_info info;
    const bool slower = cvs__blas_level_of(cvs__blas_corename()) < cvs_isa_detect();
    cvs_engine_free(make((cvs_engine_options){0}, &info));
    ck_assert(info.blas_used == !slower);
}
END_TEST

START_TEST(slower_or_not_is_decided_by_levels) {
    cvs_engine_info info;
    cvs_engine *engine = make((cvs_engine_options){.cap_isa = true, .isa = CVS_ISA_PORTABLE}, &info);
    ck_assert_int_eq(info.isa, CVS_ISA_PORTABLE);
    ck_assert(info.blas_used);
    ck_assert_int_eq(strncmp(info.blas, "OpenBLAS ", 9), 0);
    cvs_engine_free(engine);
}
END_TEST

START_TEST(without_blas_none_is_used_nor_proven) {
    cvs_engine_info info;
    cvs_engine *engine = make((cvs_engine_options){.without_blas = true}, &info);
    ck_assert(!info.blas_used);
    ck_assert_str_eq(info.blas_note, "");
    ck_assert(info.proof_ms == 0);
    ck_assert_ptr_null(strstr(info.blas, "OpenBLAS"));
    ck_assert_ptr_nonnull(strstr(info.blas, cvs_isa_name(info.isa)));
    cvs_engine_free(engine);
}
END_TEST

START_TEST(a_cap_lowers_the_level_and_never_raises_it) {
    for (cvs_isa isa = CVS_ISA_PORTABLE; isa < CVS_ISA_COUNT; isa++) {
        cvs_engine_info info;
        cvs_engine_free(make((cvs_engine_options){.without_blas = true, .cap_isa = true, .isa = isa}, &info));
        ck_assert_int_eq(info.isa, isa < cvs_isa_detect() ? isa : cvs_isa_detect());
    }
}
END_TEST

START_TEST(freeing_nothing_is_fine) {
    cvs_engine_free(NULL);
    cvs_plan_free(NULL);
}
END_TEST

static void add_square(void *context, int64_t part) {
    int64_t *squares = context;
    squares[part] += part * part;
}

START_TEST(work_is_shared_part_by_part) {
    enum { PARTS = 1000 };
    int64_t squares[PARTS + 1] = {0};
    cvs_engine_info info;
    cvs_engine *engine = make((cvs_engine_options){.without_blas = true, .threads = 3}, &info);
    cvs_engine_share(engine, PARTS, add_square, squares);
    cvs_engine_share(engine, 0, add_square, squares);
    for (int64_t i = 0; i < PARTS; i++) ck_assert_int_eq(squares[i], i * i);
    ck_assert_int_eq(squares[PARTS], 0);
    cvs_engine_free(engine);
}
END_TEST

Suite *engine_suite(void) {
    Suite *suite = suite_create("engine");
    TCase *core = tcase_create("core");
    tcase_add_test(core, the_default_uses_the_best_level_and_names_the_blas);
    tcase_add_test(core, a_proven_blas_is_used_where_it_is_no_slower);
    tcase_add_test(core, slower_or_not_is_decided_by_levels);
    tcase_add_test(core, without_blas_none_is_used_nor_proven);
    tcase_add_test(core, a_cap_lowers_the_level_and_never_raises_it);
    tcase_add_test(core, work_is_shared_part_by_part);
    tcase_add_test(core, freeing_nothing_is_fine);
    suite_add_tcase(suite, core);
    return suite;
}
