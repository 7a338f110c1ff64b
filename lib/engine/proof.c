#include "proof.h"

#include "proof_cases.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* Shared between parent and child: survives whatever ends the child. */
typedef struct findings {
    volatile int at;    /* the case being computed; -1 before the first */
    volatile int wrong; /* the case that differs */
    volatile bool done;
    float memory[]; /* for the products: taken before the fork, so that the child allocates nothing */
} findings;

static double now_ms(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec * 1e-6;
}

/* Signals that a bad kernel raises: back to what ends the child silently, whatever the program has installed. */
static void forget_signal_handlers(void) {
    static const int raised[] = {SIGSEGV, SIGILL, SIGBUS, SIGFPE, SIGABRT, SIGTERM, SIGINT};
    for (size_t i = 0; i < sizeof raised / sizeof *raised; i++) signal(raised[i], SIG_DFL);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
}

/* _exit: the handlers that the program registered for its own end are not the child's to run. */
static _Noreturn void be_the_child(cvs__product_fn product, findings *found) {
    const struct rlimit no_core = {0, 0};
    setrlimit(RLIMIT_CORE, &no_core);
    forget_signal_handlers();
    found->wrong = cvs__proof_compute(product, found->memory, &found->at);
    found->done = true;
    _exit(0);
}

/* The pipe's only writer is the child, which never writes: the end of file is its end, whatever caused it. */
static bool ended_in_time(int pipe_end, int patience_ms) {
    const double deadline = now_ms() + patience_ms;
    for (;;) {
        const double left = deadline - now_ms();
        struct pollfd waiting = {.fd = pipe_end, .events = POLLIN};
        int ready = poll(&waiting, 1, left > 0 ? (int)left + 1 : 0);
        if (ready > 0) return true;
        if (ready == 0 && left <= 0) return false;
        if (ready < 0 && errno != EINTR && errno != EAGAIN) return false;
    }
}

static int reap(pid_t child) {
    int status = 0;
    while (waitpid(child, &status, 0) < 0) {
        if (errno != EINTR) return 0;
    }
    return WIFSIGNALED(status) ? WTERMSIG(status) : 0;
}

static void judge(const findings *found, bool in_time, cvs__proof *proof) {
    const bool passed = found->done && found->wrong < 0;
    if (passed)
        proof->verdict = CVS__PROOF_PASSED;
    else if (found->done)
        proof->verdict = CVS__PROOF_DIFFERS;
    else
        proof->verdict = in_time ? CVS__PROOF_CRASHED : CVS__PROOF_HUNG;
    if (passed || found->at < 0) return;
    const cvs__proof_case *failed = &cvs__proof_cases[found->at];
    proof->m = failed->m, proof->n = failed->n, proof->k = failed->k;
}

static void run_child(cvs__product_fn product, int patience_ms, findings *found, cvs__proof *proof) {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) return;
    const pid_t child = fork();
    if (child == 0) {
        close(ends[0]);
        be_the_child(product, found);
    }
    close(ends[1]);
    if (child > 0) {
        bool in_time = ended_in_time(ends[0], patience_ms);
        if (!in_time) kill(child, SIGKILL);
        proof->signal = reap(child);
        judge(found, in_time, proof);
    }
    close(ends[0]);
}

cvs__proof cvs__proof_run(cvs__product_fn product, int patience_ms) {
    const double start = now_ms();
    cvs__proof proof = {.verdict = CVS__PROOF_IMPOSSIBLE};
    const size_t bytes = sizeof(findings) + cvs__proof_floats() * sizeof(float);
    findings *found = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (found != MAP_FAILED) {
        found->at = -1;
        run_child(product, patience_ms, found, &proof);
        munmap(found, bytes);
    }
    proof.ms = now_ms() - start;
    return proof;
}

void cvs__proof_describe(const cvs__proof *proof, cvs_text *out) {
    if (proof->verdict == CVS__PROOF_PASSED) return;
    if (proof->verdict == CVS__PROOF_IMPOSSIBLE) {
        cvs_text_add(out, "no child process could be made to run it");
        return;
    }
    cvs_text_addf(out, "sgemm %lldx%lldx%lld ", (long long)proof->m, (long long)proof->n, (long long)proof->k);
    if (proof->verdict == CVS__PROOF_DIFFERS)
        cvs_text_add(out, "differs");
    else if (proof->verdict == CVS__PROOF_HUNG)
        cvs_text_add(out, "does not end");
    else
        cvs_text_addf(out, "crashed (%s)", proof->signal ? strsignal(proof->signal) : "it ended the process");
}
