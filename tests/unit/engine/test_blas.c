#include "engine/blas.h"

#include <check.h>
#include <stdio.h>
#include <string.h>

Suite *blas_suite(void);

START_TEST(the_name_is_version_and_kernels) {
    cvs_text name = {0};
    cvs__blas_name(&name);
    int major, minor, patch;
    char core[64];
    ck_assert_int_eq(sscanf(name.data, "OpenBLAS %d.%d.%d %63s", &major, &minor, &patch, core), 4);
    ck_assert_str_eq(core, cvs__blas_corename());
    cvs_text_free(&name);
}
END_TEST

START_TEST(kernels_have_a_level) {
    ck_assert_int_eq(cvs__blas_level_of("SkylakeX"), CVS_ISA_AVX512);
    ck_assert_int_eq(cvs__blas_level_of("SKYLAKEX"), CVS_ISA_AVX512);
    ck_assert_int_eq(cvs__blas_level_of("Cooperlake"), CVS_ISA_AVX512);
    ck_assert_int_eq(cvs__blas_level_of("Haswell"), CVS_ISA_AVX2);
    ck_assert_int_eq(cvs__blas_level_of("Zen"), CVS_ISA_AVX2);
    ck_assert_int_eq(cvs__blas_level_of("Prescott"), CVS_ISA_PORTABLE);
    ck_assert_int_eq(cvs__blas_level_of("Sandybridge"), CVS_ISA_PORTABLE);
    ck_assert_int_eq(cvs__blas_level_of(""), CVS_ISA_PORTABLE);
}
END_TEST

static void assert_advice(const char *core, cvs_isa cpu, const char *coretype, const char *wanted) {
    cvs_text advice = {0};
    cvs__blas_advise(core, cpu, coretype, &advice);
    if (wanted)
        ck_assert_msg(advice.data && strstr(advice.data, wanted), "%s", advice.data ? advice.data : "no advice");
    else
        ck_assert_msg(!advice.data, "%s", advice.data);
    cvs_text_free(&advice);
}

START_TEST(asking_for_less_than_the_cpu_has_brings_advice) {
    assert_advice("Haswell", CVS_ISA_AVX512, "Haswell",
                  "OPENBLAS_CORETYPE=Haswell makes OpenBLAS run its Haswell kernels");
    assert_advice("Haswell", CVS_ISA_AVX512, "Haswell", "set it to SkylakeX");
    assert_advice("Prescott", CVS_ISA_AVX2, "Prescott", "set it to Haswell");
    assert_advice("Prescott", CVS_ISA_AVX512, NULL, "OPENBLAS_CORETYPE=SkylakeX in the environment");
    assert_advice("Prescott", CVS_ISA_AVX512, "", "does not recognise this CPU");
}
END_TEST

START_TEST(what_fits_the_cpu_needs_no_advice) {
    assert_advice("SkylakeX", CVS_ISA_AVX512, NULL, NULL);
    assert_advice("SkylakeX", CVS_ISA_AVX512, "SkylakeX", NULL);
    assert_advice("Haswell", CVS_ISA_AVX2, "Haswell", NULL);
    assert_advice("Zen", CVS_ISA_AVX2, NULL, NULL);
    assert_advice("Prescott", CVS_ISA_PORTABLE, NULL, NULL);
}
END_TEST

START_TEST(sizes_past_its_integers_do_not_fit) {
    ck_assert(cvs__blas_fits(0));
    ck_assert(cvs__blas_fits(INT64_C(2147483647)));
    ck_assert(!cvs__blas_fits(INT64_C(2147483648)));
    ck_assert(!cvs__blas_fits(INT64_C(4294967297)));
}
END_TEST

Suite *blas_suite(void) {
    Suite *suite = suite_create("blas");
    TCase *core = tcase_create("core");
    tcase_add_test(core, the_name_is_version_and_kernels);
    tcase_add_test(core, kernels_have_a_level);
    tcase_add_test(core, asking_for_less_than_the_cpu_has_brings_advice);
    tcase_add_test(core, what_fits_the_cpu_needs_no_advice);
    tcase_add_test(core, sizes_past_its_integers_do_not_fit);
    suite_add_tcase(suite, core);
    return suite;
}
