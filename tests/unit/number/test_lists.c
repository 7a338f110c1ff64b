/* Lists of numbers, at every level, in memory that ends at an unmapped page. */
#include "draw_number.h"
#include "fence.h"
#include "number/lists.h"

#include <check.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

Suite *lists_suite(void);

typedef struct list_case {
    const char *text;
    size_t room, count, used;
    cvs_list_stop stop;
} list_case;

START_TEST(lists_stop_where_they_should) {
    static const list_case cases[] = {
        {"1,2,3]", 9, 3, 5, CVS_LIST_CLOSED},
        {" 1 ,\n2\t, 3\r ] ", 9, 3, 12, CVS_LIST_CLOSED},
        {"1,2,3", 9, 3, 5, CVS_LIST_CLOSED},
        {"1,2,3]", 3, 3, 5, CVS_LIST_CLOSED},
        {"1,2,3]", 2, 2, 4, CVS_LIST_FULL},
        {"1,2,]", 9, 2, 4, CVS_LIST_NO_NUMBER},
        {"1, x]", 9, 1, 3, CVS_LIST_NO_NUMBER},
        {"1,01]", 9, 1, 2, CVS_LIST_NO_NUMBER},
        {"", 9, 0, 0, CVS_LIST_NO_NUMBER},
        {"1,-1e39,2", 9, 1, 2, CVS_LIST_TOO_LARGE},
        {"1;2", 9, 1, 1, CVS_LIST_CLOSED},
        {"[1]", 9, 0, 0, CVS_LIST_NO_NUMBER},
        {"1,\xc2\xa0"
         "2]",
         9, 1, 2, CVS_LIST_NO_NUMBER},
        {"7", 0, 0, 0, CVS_LIST_FULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const list_case *c = &cases[i];
        float out[9];
        size_t used = 99;
        cvs_list_stop stop;
        const size_t count = cvs_text_to_floats(c->text, strlen(c->text), out, c->room, &used, &stop);
        ck_assert_msg(count == c->count && used == c->used && stop == c->stop,
                      "\"%s\": %zu numbers, %zu bytes, stop %d", c->text, count, used, (int)stop);
        for (size_t n = 0; n < count; n++) ck_assert_float_eq(out[n], (float)n + 1);
    }
}
END_TEST

static void check_list(cvs__list_fn read, const char *text, size_t length, const float *wanted, size_t count) {
    enum { MOST = 64 };
    float out[MOST];
    size_t used;
    cvs_list_stop stop;
    const size_t found = read(text, length, out, MOST, &used, &stop);
    if (found != count || used != length || stop != CVS_LIST_CLOSED)
        ck_abort_msg("\"%.*s\": %zu numbers of %zu, stop %d", (int)length, text, found, count, (int)stop);
    for (size_t i = 0; i < count; i++)
        if (bits_of(out[i]) != bits_of(wanted[i]))
            ck_abort_msg("\"%.*s\": number %zu is %a, not %a", (int)length, text, i, (double)out[i], (double)wanted[i]);
}

START_TEST(every_level_reads_lists_alike) {
    enum { LISTS = 50000, MOST = 40 };
    char text[MOST * 64];
    float wanted[MOST];
    uint64_t state = 5;
    if (!cvs__list_avx2()) fprintf(stderr, "SKIPPED level avx2: this CPU or build lacks it\n");
    for (int i = 0; i < LISTS; i++) {
        const size_t count = 1 + next_random(&state) % MOST, length = draw_list(&state, count, text, wanted);
        check_list(cvs__list_portable, text, length, wanted, count);
        if (cvs__list_avx2()) check_list(cvs__list_avx2(), text, length, wanted, count);
    }
}
END_TEST

/* What is wrong, in the middle of enough to be read sixteen bytes at once. */
START_TEST(every_level_stops_alike) {
    static const char *const wrong[] = {"01.5",
                                        "-",
                                        ".5",
                                        "1.",
                                        "1.e5",
                                        "1.5.5",
                                        "00",
                                        "--1",
                                        "+1",
                                        "1e",
                                        "1e+",
                                        "x",
                                        "1-2",
                                        "1.5-",
                                        "",
                                        "1 2",
                                        "-01",
                                        "1/2",
                                        "1:2",
                                        "0123456789012345678",
                                        "1e39",
                                        "1234567890123456.",
                                        "12345678901234567",
                                        "0.00000000000001",
                                        "1E5",
                                        "-0"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        char text[100];
        float a[8] = {0}, b[8] = {0};
        size_t used_a, used_b;
        cvs_list_stop stop_a, stop_b;
        snprintf(text, sizeof text, "1.25,%s,1,2,3,4,5,6,7,8,9,10,11,12,13,14", wrong[i]);
        const size_t found = cvs__list_portable(text, strlen(text), a, 8, &used_a, &stop_a);
        const size_t same = cvs_text_to_floats(text, strlen(text), b, 8, &used_b, &stop_b);
        ck_assert_msg(found == same && used_a == used_b && stop_a == stop_b && memcmp(a, b, sizeof a) == 0, "\"%s\"",
                      text);
    }
}
END_TEST

/* A list cut anywhere, right before a page that cannot be read. */
START_TEST(nothing_past_the_end_is_read) {
    static const char text[] = "0.12345678,-1234567890123456789012345,0.5e-12 , 8765432.25,-0,17";
    for (size_t length = 0; length < sizeof text; length++) {
        fenced f = fence(length, ENDS_BEFORE);
        char *copy = (char *)f.data;
        float out[8];
        size_t used;
        cvs_list_stop stop;
        memcpy(copy, text, length);
        const size_t count = cvs_text_to_floats(copy, length, out, 8, &used, &stop);
        ck_assert(count <= 6 && used <= length);
        unfence(&f);
    }
}
END_TEST

Suite *lists_suite(void) {
    Suite *suite = suite_create("lists");
    TCase *core = tcase_create("core");
    tcase_set_timeout(core, 60);
    tcase_add_test(core, lists_stop_where_they_should);
    tcase_add_test(core, every_level_reads_lists_alike);
    tcase_add_test(core, every_level_stops_alike);
    tcase_add_test(core, nothing_past_the_end_is_read);
    suite_add_tcase(suite, core);
    return suite;
}
