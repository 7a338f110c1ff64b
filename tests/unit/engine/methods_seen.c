#include "methods_seen.h"

#include "engine/blas.h"
#include "engine/depthwise.h"
#include "engine/each_last.h"
#include "engine/planes.h"
#include "engine/tiled.h"
#include "engine/winograd.h"

#include <check.h>

/* Rows of their own: by their address. All but Winograd's stand on vectors. */
static const struct row {
    const char *name;
    const cvs__method *method;
    bool portable;
} rows[] = {
    {"winograd4", &cvs__method_winograd4, true},      {"winograd2", &cvs__method_winograd2, true},
    {"depthwise", &cvs__method_depthwise, false},     {"planes", &cvs__method_planes, false},
    {"each_last", &cvs__method_each_last, false},     {"tiled_last", &cvs__method_tiled_last, false},
    {"tiled_first", &cvs__method_tiled_first, false}, {"tiled_few", &cvs__method_tiled_few, false},
};

/* Rows of choose.c alone: by what runs them. */
static const struct plain {
    const char *name;
    void (*run)(const cvs_plan *plan, const float *input, float *output, float *workspace);
    bool products, columns;
} plains[] = {
    {"gemm, channels first", cvs__run_first, true, false},
    {"gemm, channels last", cvs__run_last, true, false},
    {"im2col, channels first", cvs__run_first, true, true},
    {"im2col, channels last", cvs__run_last, true, true},
    {"plain loops, channels first", cvs__direct_first, false, false},
    {"plain loops, channels last", cvs__direct_last, false, false},
    {"plain loops, depthwise", cvs__direct_depthwise_last, false, false},
};

enum { ROWS = sizeof rows / sizeof *rows, PLAINS = sizeof plains / sizeof *plains };

/* The rows, then the plain ones. */
static int number_of(const cvs__method *method) {
    for (int i = 0; i < ROWS; i++)
        if (rows[i].method == method) return i;
    for (int i = 0; i < PLAINS; i++)
        if (plains[i].run == method->run && plains[i].columns == method->columns) return ROWS + i;
    ck_abort_msg("methods_seen.c does not list a method named %s", method->name);
}

void see_method(methods_seen *seen, const cvs_plan *plan) {
    const bool blas = plan->engine->product == cvs__blas_product;
    (blas ? seen->with_blas : seen->of_level[plan->engine->isa])[number_of(plan->method)]++;
}

void run_and_see(trial *t, const cvs_engine *engine, cvs_algorithm algorithm, const char *how, methods_seen *seen) {
    cvs_plan *plan = trial_plan(t, engine, algorithm);
    const bool winograd = plan->method == &cvs__method_winograd4 || plan->method == &cvs__method_winograd2;
    see_method(seen, plan);
    cvs_plan_free(plan);
    t->slack = winograd ? trial_winograd_slack(t) : 0;
    trial_run(t, engine, algorithm, how);
    t->slack = 0;
}

static void assert_level_seen(const int *seen, cvs_isa isa) {
    for (int i = 0; i < ROWS; i++)
        ck_assert_msg(seen[i] > 0 || (isa == CVS_ISA_PORTABLE && !rows[i].portable), "%s: nothing is computed by %s",
                      cvs_isa_name(isa), rows[i].name);
    for (int i = 0; i < PLAINS; i++)
        ck_assert_msg(seen[ROWS + i] > 0, "%s: nothing is computed by %s", cvs_isa_name(isa), plains[i].name);
}

void assert_all_methods_seen(const methods_seen *seen) {
    for (cvs_isa isa = CVS_ISA_PORTABLE; isa <= cvs_isa_detect(); isa++) assert_level_seen(seen->of_level[isa], isa);
    for (int i = 0; i < PLAINS; i++)
        ck_assert_msg(seen->with_blas[ROWS + i] > 0 || !plains[i].products, "with the BLAS nothing is computed by %s",
                      plains[i].name);
}
