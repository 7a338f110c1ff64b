/* test_onnx_memory.c - reading an ONNX file on a heap that ends. */
#include "onnx_build.h"

#include <check.h>
#include <stdlib.h>

#include "failing_malloc.h"

Suite *onnx_memory_suite(void);

START_TEST(a_heap_that_ends) {
    onnx_build b = onnx_small_network();
    size_t length;
    cvs_error err;
    const uint8_t *bytes = onnx_bytes(&b, &length);
    for (long nth = 0, failed = true; failed; nth++) {
        long live;
        failing_malloc_begin(nth, true);
        cvs_arena arena = cvs_arena_make(0);
        cvs_model *model = NULL;
        err = (cvs_error){0};
        cvs_status status = cvs_model_read_onnx(&arena, bytes, length, &model, &err);
        if (status == CVS_OK) status = cvs_model_infer(model, NULL, 0, cvs_symbols_create(&arena), &err);
        cvs_arena_free(&arena);
        failed = failing_malloc_end(&live);
        ck_assert_int_eq(live, 0);
        ck_assert_int_eq(status, failed ? CVS_NO_MEMORY : CVS_OK);
    }
    cvs_arena_free(b.arena);
    free(b.arena);
}
END_TEST

Suite *onnx_memory_suite(void) {
    Suite *suite = suite_create("onnx_memory");
    TCase *core = tcase_create("core");
    tcase_add_test(core, a_heap_that_ends);
    suite_add_tcase(suite, core);
    return suite;
}
