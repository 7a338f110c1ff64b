#include "engine/proof.h"

#include "engine/blas.h"
#include "engine/kernels.h"
#include "engine/proof_cases.h"

#include <check.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

Suite *proof_suite(void);

/* ---- products that misbehave on one size --------------------------------- */

static bool is_victim(const cvs__product *p) { return p->m == 24 && p->n == 48 && p->k == 27; }

static void one_wrong_element(const cvs__product *p) {
    cvs__kernels_portable.product(p);
    if (is_victim(p)) p->c[5 * p->ldc + 7] *= 1 + 0x1p-12F;
}

static void writes_beyond_the_row(const cvs__product *p) {
    cvs__kernels_portable.product(p);
    if (p->ldc > p->n) p->c[p->n] = 0;
}

static void reads_what_it_should_overwrite(const cvs__product *p) {
    cvs__product always = *p;
    always.accumulate = true;
    cvs__kernels_portable.product(&always);
}

static void forgets_to_accumulate(const cvs__product *p) {
    cvs__product never = *p;
    never.accumulate = false;
    cvs__kernels_portable.product(&never);
}

static void drops_the_last_term(const cvs__product *p) {
    cvs__product shorter = *p;
    if (shorter.k > 1000) shorter.k--;
    cvs__kernels_portable.product(&shorter);
}

static void does_nothing(const cvs__product *p) {}

static void gives_infinity(const cvs__product *p) {
    cvs__kernels_portable.product(p);
    if (is_victim(p)) p->c[0] = INFINITY;
}

static void raises_sigill(const cvs__product *p) {
    if (is_victim(p)) raise(SIGILL);
    cvs__kernels_portable.product(p);
}

static void raises_sigsegv(const cvs__product *p) {
    if (is_victim(p)) raise(SIGSEGV);
    cvs__kernels_portable.product(p);
}

static void aborts(const cvs__product *p) {
    if (is_victim(p)) abort();
    cvs__kernels_portable.product(p);
}

static void ends_the_process(const cvs__product *p) { _exit(0); }

static void never_returns(const cvs__product *p) {
    while (is_victim(p)) pause();
    cvs__kernels_portable.product(p);
}

/* ---- what the proof says of them ------------------------------------------ */

static cvs__proof run(cvs__product_fn product) { return cvs__proof_run(product, CVS__PROOF_PATIENCE_MS); }

static void assert_says(const cvs__proof *proof, const char *wanted) {
    cvs_text text = {0};
    cvs__proof_describe(proof, &text);
    ck_assert_ptr_nonnull(text.data);
    ck_assert_msg(strstr(text.data, wanted), "\"%s\" instead of \"%s\"", text.data, wanted);
    cvs_text_free(&text);
}

START_TEST(right_products_pass) {
    for (cvs_isa isa = CVS_ISA_PORTABLE; isa <= cvs_isa_detect(); isa++) {
        const cvs__proof proof = run(cvs__kernels_of(isa)->product);
        ck_assert_msg(proof.verdict == CVS__PROOF_PASSED, "%s failed at %dx%dx%d", cvs_isa_name(isa), (int)proof.m,
                      (int)proof.n, (int)proof.k);
        ck_assert(proof.ms > 0);
    }
}
END_TEST

START_TEST(wrong_products_differ) {
    static const cvs__product_fn wrong[] = {
        one_wrong_element,     writes_beyond_the_row, reads_what_it_should_overwrite,
        forgets_to_accumulate, drops_the_last_term,   does_nothing,
        gives_infinity,
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        const cvs__proof proof = run(wrong[i]);
        ck_assert_msg(proof.verdict == CVS__PROOF_DIFFERS, "wrong product %zu: verdict %d", i, proof.verdict);
        assert_says(&proof, "differs");
    }
    const cvs__proof proof = run(one_wrong_element);
    assert_says(&proof, "sgemm 24x48x27 differs");
}
END_TEST

START_TEST(crashes_are_survived_and_named) {
    const struct {
        cvs__product_fn product;
        int signal;
    } crashes[] = {{raises_sigill, SIGILL}, {raises_sigsegv, SIGSEGV}, {aborts, SIGABRT}, {ends_the_process, 0}};
    for (size_t i = 0; i < sizeof crashes / sizeof *crashes; i++) {
        const cvs__proof proof = run(crashes[i].product);
        ck_assert_int_eq(proof.verdict, CVS__PROOF_CRASHED);
        ck_assert_int_eq(proof.signal, crashes[i].signal);
        assert_says(&proof, crashes[i].signal ? strsignal(crashes[i].signal) : "it ended the process");
    }
    const cvs__proof proof = run(raises_sigill);
    assert_says(&proof, "sgemm 24x48x27 crashed");
}
END_TEST

START_TEST(a_hanging_product_is_given_up) {
    const cvs__proof proof = cvs__proof_run(never_returns, 300);
    ck_assert_int_eq(proof.verdict, CVS__PROOF_HUNG);
    ck_assert(proof.ms >= 300);
    assert_says(&proof, "sgemm 24x48x27 does not end");
}
END_TEST

/* Both would show in the parent's own output or exit status if the child ran them. */
static void leave_a_trace(void) { abort(); }

START_TEST(the_child_runs_no_exit_handlers) {
    ck_assert_int_eq(atexit(leave_a_trace), 0);
    const cvs__proof proof = run(cvs__kernels_portable.product);
    ck_assert_int_eq(proof.verdict, CVS__PROOF_PASSED);
    ck_assert_int_eq(proof.signal, 0);
    _exit(0); /* this test's own process must not run it either */
}
END_TEST

static volatile sig_atomic_t children_seen;
static void count_child(int signal) { children_seen++; }

START_TEST(the_programs_own_signal_settings_do_not_matter) {
    signal(SIGCHLD, SIG_IGN); /* then nobody can wait for the child */
    ck_assert_int_eq(run(cvs__kernels_portable.product).verdict, CVS__PROOF_PASSED);
    ck_assert_int_eq(run(one_wrong_element).verdict, CVS__PROOF_DIFFERS);
    signal(SIGCHLD, count_child); /* then poll() is interrupted */
    ck_assert_int_eq(run(cvs__kernels_portable.product).verdict, CVS__PROOF_PASSED);
    signal(SIGSEGV, SIG_IGN);
    ck_assert_int_eq(run(raises_sigsegv).verdict, CVS__PROOF_CRASHED);
}
END_TEST

START_TEST(the_proof_has_the_sizes_that_matter) {
    bool row = false, column = false, shallow = false, gap = false, accumulate = false, large = false;
    for (int i = 0; i < cvs__proof_case_count; i++) {
        const cvs__proof_case *c = &cvs__proof_cases[i];
        row |= c->m == 1 && c->n > 1;
        column |= c->n == 1 && c->m > 1;
        shallow |= c->k == 1 && c->m > 1 && c->n > 1;
        gap |= c->gap > 0;
        accumulate |= c->accumulate;
        large |= c->m * c->n * c->k > 1000 * 1000;
    }
    ck_assert(row && column && shallow && gap && accumulate && large);
    ck_assert_int_ge(cvs__proof_case_count, 24);
}
END_TEST

Suite *proof_suite(void) {
    Suite *suite = suite_create("proof");
    TCase *core = tcase_create("core"), *limits = tcase_create("limits");
    tcase_set_timeout(core, 30);
    tcase_add_test(core, right_products_pass);
    tcase_add_test(core, wrong_products_differ);
    tcase_add_test(core, crashes_are_survived_and_named);
    tcase_add_test(core, a_hanging_product_is_given_up);
    tcase_add_test(limits, the_child_runs_no_exit_handlers);
    tcase_add_test(limits, the_programs_own_signal_settings_do_not_matter);
    tcase_add_test(limits, the_proof_has_the_sizes_that_matter);
    suite_add_tcase(suite, core);
    suite_add_tcase(suite, limits);
    return suite;
}
