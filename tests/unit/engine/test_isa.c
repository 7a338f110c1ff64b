#include <convscope/engine.h>

#include <check.h>
#include <stdio.h>
#include <string.h>

Suite *isa_suite(void);

START_TEST(levels_have_names) {
    ck_assert_str_eq(cvs_isa_name(CVS_ISA_PORTABLE), "portable");
    ck_assert_str_eq(cvs_isa_name(CVS_ISA_AVX2), "avx2");
    ck_assert_str_eq(cvs_isa_name(CVS_ISA_AVX512), "avx512");
}
END_TEST

/* Whether the kernel lists all of these words for the first CPU: it looks at CPUID and XCR0 by itself. */
static bool kernel_lists(const char *const *words) {
    static char flags[16384];
    FILE *file = fopen("/proc/cpuinfo", "r");
    ck_assert_ptr_nonnull(file);
    while (fgets(flags, sizeof flags, file) && strncmp(flags, "flags", 5) != 0) {
    }
    fclose(file);
    for (; *words; words++) {
        char word[32];
        snprintf(word, sizeof word, " %s", *words);
        const char *at = strstr(flags, word);
        while (at && at[strlen(word)] != ' ' && at[strlen(word)] != '\n') at = strstr(at + 1, word);
        if (!at) return false;
    }
    return true;
}

START_TEST(the_level_is_what_the_kernel_lists) {
    const char *const avx2[] = {"avx2", "fma", NULL};
    const char *const avx512[] = {"avx512f", "avx512dq", "avx512bw", "avx512vl", NULL};
    cvs_isa wanted = CVS_ISA_PORTABLE;
    if (kernel_lists(avx2)) wanted = kernel_lists(avx512) ? CVS_ISA_AVX512 : CVS_ISA_AVX2;
    ck_assert_int_eq(cvs_isa_detect(), wanted);
}
END_TEST

Suite *isa_suite(void) {
    Suite *suite = suite_create("isa");
    TCase *core = tcase_create("core");
    tcase_add_test(core, levels_have_names);
    tcase_add_test(core, the_level_is_what_the_kernel_lists);
    suite_add_tcase(suite, core);
    return suite;
}
