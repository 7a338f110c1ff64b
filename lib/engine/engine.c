#include "engine_internal.h"

#include "blas.h"
#include "proof.h"

#include <sched.h>
#include <stdlib.h>
#include <unistd.h>

/* Half a typical second-level cache: for machines that do not tell. And what is made of a larger one than any core has
   to itself: workspaces are cut by it. */
enum { UNKNOWN_L2_BYTES = 512 * 1024, MOST_L2_BYTES = 4 << 20 };

static int64_t second_level_cache(void) {
    long bytes = sysconf(_SC_LEVEL2_CACHE_SIZE);
    if (bytes <= 0) return UNKNOWN_L2_BYTES;
    return bytes < MOST_L2_BYTES ? bytes : MOST_L2_BYTES;
}

/* The engine's own kernels, and why: `reason` names the BLAS and what speaks against it. */
static void use_own(cvs_engine *engine, const char *reason) {
    engine->product = engine->kernels->product;
    engine->blas_used = false;
    cvs_text_addf(&engine->blas, "own %s kernels", cvs_isa_name(engine->isa));
    if (reason && *reason) cvs_text_addf(&engine->blas, " (%s)", reason);
}

static void reject(cvs_engine *engine, const cvs__proof *proof) {
    cvs_text reason = {0};
    cvs__blas_name(&reason);
    cvs_text_add(&reason, " failed its proof: ");
    cvs__proof_describe(proof, &reason);
    cvs_text_clear(&engine->note);
    cvs_text_addf(&engine->note, "%s; computing with own %s kernels instead", reason.data ? reason.data : "",
                  cvs_isa_name(engine->isa));
    use_own(engine, reason.data);
    if (reason.failed) engine->note.failed = true;
    cvs_text_free(&reason);
}

/* A proven BLAS whose kernels are of a lower level than the engine's own would only slow it down. */
static void prefer_own(cvs_engine *engine) {
    cvs_text reason = {0};
    cvs__blas_name(&reason);
    cvs_text_add(&reason, " is proven but slower here");
    use_own(engine, reason.data);
    cvs_text_addf(&engine->note, "; computing with own %s kernels meanwhile", cvs_isa_name(engine->isa));
    if (reason.failed) engine->note.failed = true;
    cvs_text_free(&reason);
}

static void use_blas(cvs_engine *engine) {
    engine->product = cvs__blas_product;
    engine->blas_used = true;
    cvs__blas_name(&engine->blas);
}

static void choose_product(cvs_engine *engine) {
    cvs__blas_prepare();
    cvs__blas_advise(cvs__blas_corename(), cvs_isa_detect(), getenv("OPENBLAS_CORETYPE"), &engine->note);
    const cvs__proof proof = cvs__proof_run(cvs__blas_product, CVS__PROOF_PATIENCE_MS);
    engine->proof_ms = proof.ms;
    if (proof.verdict != CVS__PROOF_PASSED)
        reject(engine, &proof);
    else if (cvs__blas_level_of(cvs__blas_corename()) < engine->isa)
        prefer_own(engine);
    else
        use_blas(engine);
}

static cvs_isa level_for(const cvs_engine_options *options) {
    const cvs_isa best = cvs_isa_detect();
    return options->cap_isa && options->isa < best ? options->isa : best;
}

static int allowed_cores(void) {
    cpu_set_t allowed;
    return sched_getaffinity(0, sizeof allowed, &allowed) == 0 ? CPU_COUNT(&allowed) : 1;
}

cvs_status cvs_engine_create(const cvs_engine_options *options, cvs_engine **out, cvs_error *err) {
    static const cvs_engine_options defaults = {0};
    if (!options) options = &defaults;
    *out = NULL;
    cvs_engine *engine = calloc(1, sizeof *engine);
    if (!engine) return cvs_fail(err, CVS_NO_MEMORY, "no-memory", NULL, "no memory for the engine");
    engine->isa = level_for(options);
    engine->kernels = cvs__kernels_of(engine->isa);
    engine->l2_bytes = second_level_cache();
    if (options->without_blas)
        use_own(engine, NULL);
    else
        choose_product(engine);
    if (engine->blas.failed || engine->note.failed) {
        cvs_engine_free(engine);
        return cvs_fail(err, CVS_NO_MEMORY, "no-memory", NULL, "no memory for the engine's description");
    }
    const int threads = options->threads > 0 ? options->threads : allowed_cores();
    cvs_status status = cvs__pool_create(threads, &engine->pool, err);
    if (status != CVS_OK) {
        cvs_engine_free(engine);
        return status;
    }
    *out = engine;
    return CVS_OK;
}

void cvs_engine_free(cvs_engine *engine) {
    if (!engine) return;
    cvs__pool_free(engine->pool);
    cvs_text_free(&engine->blas);
    cvs_text_free(&engine->note);
    free(engine);
}

void cvs_engine_describe(const cvs_engine *engine, cvs_engine_info *out) {
    *out = (cvs_engine_info){
        .isa = engine->isa,
        .blas_used = engine->blas_used,
        .blas = engine->blas.data,
        .blas_note = engine->note.data ? engine->note.data : "",
        .proof_ms = engine->proof_ms,
        .threads = cvs__pool_threads(engine->pool),
    };
}

typedef struct shared_work {
    void (*run)(void *context, int64_t part);
    void *context;
} shared_work;

static void run_shared(const void *context, int64_t part, int worker) {
    const shared_work *work = context;
    (void)worker;
    work->run(work->context, part);
}

void cvs_engine_share(const cvs_engine *engine, int64_t parts, void (*run)(void *context, int64_t part),
                      void *context) {
    const shared_work work = {run, context};
    cvs__parallel(engine->pool, parts, run_shared, &work);
}
