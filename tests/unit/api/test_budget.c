#include "ask.h"

#include <check.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

Suite *budget_suite(void);

enum { FREE = API_ACCOUNT_FREE };

START_TEST(small_requests_take_nothing_of_the_budget) {
    api_budget budget = {.total = 1000};
    api_account account = api_account_open(&budget);
    ck_assert(api_account_take(&account, FREE));
    ck_assert_uint_eq(budget.used, 0);
    ck_assert(api_account_take(&account, 1));
    ck_assert_uint_eq(budget.used, 1);
    api_account_give(&account, 1);
    ck_assert_uint_eq(budget.used, 0);
    ck_assert_uint_eq(account.held, FREE);
}
END_TEST

START_TEST(the_total_is_exact) {
    api_budget budget = {.total = 1000};
    api_account one = api_account_open(&budget), other = api_account_open(&budget);
    ck_assert(api_account_take(&one, FREE + 600));
    ck_assert(!api_account_take(&other, FREE + 401));
    ck_assert_uint_eq(budget.used, 600);
    ck_assert(api_account_take(&other, FREE + 400));
    ck_assert_uint_eq(budget.used, 1000);
    ck_assert(!api_account_take(&one, 1));
    api_account_keep(&other, FREE + 1);
    ck_assert(api_account_take(&one, 399));
    ck_assert(!api_account_take(&one, SIZE_MAX));
    api_account_keep(&one, 0);
    api_account_keep(&other, 0);
    ck_assert_uint_eq(budget.used, 0);
}
END_TEST

START_TEST(a_part_is_taken_from_the_whole) {
    api_budget whole = {.total = 1000}, part = {.total = 600, .whole = &whole};
    api_account body = api_account_open(&part), work = api_account_open(&whole);
    ck_assert(!api_account_take(&body, FREE + 601));
    ck_assert_uint_eq(whole.used, 0);
    ck_assert(api_account_take(&work, FREE + 500));
    ck_assert(!api_account_take(&body, FREE + 501));
    ck_assert_uint_eq(part.used, 0); /* the whole had it not */
    ck_assert(api_account_take(&body, FREE + 500));
    ck_assert_uint_eq(whole.used, 1000);
    api_account_keep(&body, 0);
    ck_assert_uint_eq(part.used, 0);
    ck_assert_uint_eq(whole.used, 500);
}
END_TEST

START_TEST(no_budget_grants_anything) {
    api_account account = api_account_open(NULL);
    ck_assert(api_account_take(&account, SIZE_MAX) && api_account_take(NULL, SIZE_MAX));
    ck_assert(!api_account_short(&account) && !api_account_short(NULL));
    api_account_give(&account, 5);
    api_account_keep(NULL, 0);
    api_account_give(NULL, 5);
}
END_TEST

START_TEST(what_moves_is_given_back_once) {
    api_budget budget = {.total = 1000};
    api_account from = api_account_open(&budget), to;
    ck_assert(api_account_take(&from, FREE + 700));
    api_account_move(&from, &to);
    api_account_keep(&from, 0);
    ck_assert_uint_eq(budget.used, 700);
    api_account_keep(&to, 0);
    ck_assert_uint_eq(budget.used, 0);
}
END_TEST

START_TEST(refusals_say_whether_to_come_again) {
    api_budget budget = {.total = 1000};
    api_account account = api_account_open(&budget);
    cvs_error now = {0}, never = {0};
    ck_assert(api_account_take(&account, FREE + 600));
    api_account other = api_account_open(&budget);
    ck_assert_int_eq(api_account_ask(&other, FREE + 500, &now), CVS_NO_MEMORY);
    ck_assert_str_eq(now.code, "memory-full");
    ck_assert_ptr_nonnull(strstr(now.message, "33268 bytes"));
    ck_assert_ptr_nonnull(strstr(now.message, "of the 1000 that"));
    ck_assert(api_account_short(&other));
    ck_assert_int_eq(api_account_ask(&account, 401, &never), CVS_TOO_LARGE);
    ck_assert_str_eq(never.code, "memory-too-large");
    ck_assert_ptr_nonnull(strstr(never.message, "--max-memory"));
}
END_TEST

START_TEST(arenas_and_texts_ask_first) {
    api_budget budget = {.total = 100000};
    api_account account = api_account_open(&budget);
    cvs_arena arena = cvs_arena_make(0);
    arena.allowance = &account.allowance;
    ck_assert_ptr_nonnull(cvs_arena_alloc(&arena, 100000));
    ck_assert_uint_eq(account.held, arena.used);
    ck_assert_ptr_null(cvs_arena_alloc(&arena, 100000));
    ck_assert_uint_eq(account.held, arena.used);
    api_account_give(&account, arena.used);
    cvs_arena_free(&arena);
    ck_assert_ptr_eq(arena.allowance, &account.allowance);
    cvs_text text = {.allowance = &account.allowance};
    ck_assert_ptr_nonnull(cvs_text_reserve(&text, 100000));
    ck_assert_uint_eq(account.held, text.capacity);
    ck_assert_ptr_null(cvs_text_reserve(&text, 200000));
    ck_assert(text.failed);
    cvs_text_free(&text);
    api_account_keep(&account, 0);
}
END_TEST

/* ---- requests ------------------------------------------------------------------ */

static const struct {
    endpoint *call;
    const char *body;
} requests[] = {
    {api_convolve, "{\"layer\": \"Conv2D(64, 3)\", \"input\": {\"shape\": [1, 64, 64, 32], \"random\": 1}, "
                   "\"weights\": {\"random\": 2}}"},
    {api_convolve, "{\"layer\": \"Conv2D(64, 3)\", \"input\": {\"shape\": [1, 64, 64, 32], \"random\": 1}, "
                   "\"weights\": {\"random\": 2}, \"filters\": [1, 2, 3, 4, 5, 6, 7, 8]}"},
    {api_convolve, "{\"layer\": \"UpSampling1D(20000)\", \"input\": [[[1, 2], [3, 4]]]}"},
};

/* The status that `body` has with a budget of `total`; all of it is given back. */
static int ask_with(endpoint *call, const char *body, size_t total, size_t *kept, char code[48]) {
    api_budget budget = {.total = total};
    api_account account = api_account_open(&budget);
    const api_request request = {.body = body, .body_length = strlen(body), .account = &account, .takes_flow = true};
    api_response response;
    call(ask_context(), &request, &response);
    if (response.status == 200) {
        ck_assert_uint_ge(account.held, api_response_bytes(&response));
    } else {
        ck_assert_int_eq(sscanf(strstr(response.body, "\"code\":\""), "\"code\":\"%47[a-z-]", code), 1);
    }
    *kept = api_response_bytes(&response);
    api_account_keep(&account, *kept);
    api_response_free(&response);
    api_account_keep(&account, 0);
    ck_assert_uint_eq(budget.used, 0);
    return response.status;
}

START_TEST(a_request_has_enough_or_says_what_it_needs) {
    bool answered = false, refused = false;
    for (size_t total = 0; !answered; total += 100000) {
        size_t kept;
        char code[48] = "";
        const int status = ask_with(requests[_i].call, requests[_i].body, total, &kept, code);
        ck_assert_msg(status == 200 || status == 413, "%zu: %d", total, status);
        if (status == 413) ck_assert_str_eq(code, "memory-too-large");
        refused |= status == 413;
        answered = status == 200;
        if (answered) ck_assert_uint_le(kept, total + FREE);
        ck_assert_uint_lt(total, 64u << 20);
    }
    ck_assert(refused);
}
END_TEST

START_TEST(a_body_that_is_parsed_twice_is_charged_once) {
    /* A mistake is told from the whole body, after its tensors were lifted. */
    enum { NUMBERS = 20000 };
    static char body[8 * NUMBERS + 200] = "{\"layer\": \"ReLU()\", \"input\": [[";
    char *end = body + strlen(body);
    for (int i = 0; i < NUMBERS; i++) end = stpcpy(end, i ? ",1.25" : "1.25");
    strcpy(end, "]], \"filters\": [-1]}");
    size_t kept;
    char code[48] = "";
    ck_assert_int_eq(ask_with(api_convolve, body, 8u << 20, &kept, code), 422);
    ck_assert_str_eq(code, "no-such-filter");
    ck_assert_int_eq(ask_with(api_convolve, body, 50000, &kept, code), 413);
    ck_assert_str_eq(code, "memory-too-large");
}
END_TEST

/* ---- threads ------------------------------------------------------------------- */

static void *take_and_give(void *argument) {
    api_account account = api_account_open(argument);
    for (int i = 0; i < 20000; i++) {
        if (api_account_take(&account, FREE + 30)) ck_assert_uint_le(((api_budget *)argument)->used, 100 + 3 * 30);
        api_account_keep(&account, 0);
    }
    return NULL;
}

START_TEST(many_threads_leave_it_as_it_was) {
    api_budget whole = {.total = 1000}, budget = {.total = 100, .whole = &whole};
    pthread_t thread[4];
    for (int i = 0; i < 4; i++) ck_assert_int_eq(pthread_create(&thread[i], NULL, take_and_give, &budget), 0);
    for (int i = 0; i < 4; i++) pthread_join(thread[i], NULL);
    ck_assert_uint_eq(budget.used, 0);
    ck_assert_uint_eq(whole.used, 0);
}
END_TEST

Suite *budget_suite(void) {
    Suite *suite = suite_create("api/budget");
    TCase *core = tcase_create("core"), *limits = tcase_create("limits");
    tcase_add_test(core, small_requests_take_nothing_of_the_budget);
    tcase_add_test(core, the_total_is_exact);
    tcase_add_test(core, a_part_is_taken_from_the_whole);
    tcase_add_test(core, no_budget_grants_anything);
    tcase_add_test(core, what_moves_is_given_back_once);
    tcase_add_test(core, refusals_say_whether_to_come_again);
    tcase_add_test(core, arenas_and_texts_ask_first);
    tcase_add_test(core, many_threads_leave_it_as_it_was);
    tcase_add_loop_test(limits, a_request_has_enough_or_says_what_it_needs, 0, sizeof requests / sizeof *requests);
    tcase_add_test(limits, a_body_that_is_parsed_twice_is_charged_once);
    suite_add_tcase(suite, core);
    suite_add_tcase(suite, limits);
    return suite;
}
