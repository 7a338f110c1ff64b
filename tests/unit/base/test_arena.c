#include <convscope/base.h>

#include <check.h>
#include <stdalign.h>
#include <stdint.h>
#include <string.h>

#include "base/guard.h"

Suite *arena_suite(void);

START_TEST(memory_is_zeroed_and_aligned) {
    cvs_arena arena = cvs_arena_make(0);
    for (size_t size = 0; size < 3000; size += 7) {
        unsigned char *bytes = cvs_arena_alloc(&arena, size);
        ck_assert_ptr_nonnull(bytes);
        ck_assert_uint_eq((uintptr_t)bytes % alignof(max_align_t), 0);
        for (size_t i = 0; i < size; i++) ck_assert_uint_eq(bytes[i], 0);
        memset(bytes, 0xff, size);
    }
    cvs_arena_free(&arena);
}
END_TEST

/* What is taken lies apart from all that was given before, and leaves it as it is. */
START_TEST(taken_memory_is_nobody_elses) {
    cvs_arena arena = cvs_arena_make(0);
    unsigned char *given[40];
    for (size_t i = 0; i < 40; i++) {
        given[i] = cvs_arena_take(&arena, 500);
        ck_assert_uint_eq((uintptr_t)given[i] % alignof(max_align_t), 0);
        memset(given[i], (int)i, 500);
    }
    for (size_t i = 0; i < 40; i++)
        for (size_t k = 0; k < 500; k++) ck_assert_uint_eq(given[i][k], i);
    cvs_arena_free(&arena);
}
END_TEST

#ifdef CVS__GUARDED
/* AddressSanitizer sees where a piece ends, whatever is behind it. */
START_TEST(pieces_are_guarded) {
    cvs_arena arena = cvs_arena_make(0);
    for (size_t size = 1; size < 3000; size += 7) {
        unsigned char *bytes = cvs_arena_take(&arena, size);
        ck_assert_ptr_null(__asan_region_is_poisoned(bytes, size));
        ck_assert(__asan_address_is_poisoned(bytes + size));
    }
    cvs_arena_free(&arena);
}
END_TEST
#endif

START_TEST(ceiling_holds) {
    cvs_arena arena = cvs_arena_make(64 * 1024);
    size_t got = 0;
    while (cvs_arena_alloc(&arena, 1000)) got += 1000;
    ck_assert_uint_ge(got, 8 * 1024);
    ck_assert_uint_le(arena.used, 64 * 1024);
    ck_assert(arena.full);
    cvs_arena_free(&arena);
    ck_assert(!arena.full);
    ck_assert_ptr_nonnull(cvs_arena_alloc(&arena, 1000));
    cvs_arena_free(&arena);
}
END_TEST

START_TEST(absurd_sizes_are_refused) {
    cvs_arena arena = cvs_arena_make(1 << 20);
    ck_assert_ptr_null(cvs_arena_alloc(&arena, SIZE_MAX));
    ck_assert_ptr_null(cvs_arena_alloc(&arena, SIZE_MAX - 8));
    ck_assert_ptr_null(cvs_arena_take(&arena, SIZE_MAX));
    ck_assert_ptr_null(cvs_arena_take(&arena, 2 << 20));
    ck_assert_ptr_null(cvs_arena_copy(&arena, "", SIZE_MAX));
    ck_assert_ptr_null(cvs_arena_alloc(&arena, 2 << 20));
    cvs_arena_free(&arena);
}
END_TEST

START_TEST(copies_end_in_nul) {
    cvs_arena arena = cvs_arena_make(0);
    ck_assert_str_eq(cvs_arena_copy(&arena, "Conv2D(40, 5)", 6), "Conv2D");
    ck_assert_str_eq(cvs_arena_copy(&arena, NULL, 0), "");
    cvs_arena_free(&arena);
}
END_TEST

Suite *arena_suite(void) {
    Suite *suite = suite_create("arena");
    TCase *core = tcase_create("core"), *limits = tcase_create("limits");
    tcase_add_test(core, memory_is_zeroed_and_aligned);
    tcase_add_test(core, taken_memory_is_nobody_elses);
    tcase_add_test(core, copies_end_in_nul);
#ifdef CVS__GUARDED
    tcase_add_test(core, pieces_are_guarded);
#endif
    tcase_add_test(limits, ceiling_holds);
    tcase_add_test(limits, absurd_sizes_are_refused);
    suite_add_tcase(suite, core);
    suite_add_tcase(suite, limits);
    return suite;
}
