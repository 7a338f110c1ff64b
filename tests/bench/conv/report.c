#include "report.h"

#include <stdio.h>

static double gflops(const task *t, double us) { return t->flops / us * 1e-3; }

static double ratio(const result *r, int which) { return r->tasks[which].least_us / r->tasks[BARE].least_us; }

static double median_ratio(const result *r, int which) { return r->tasks[which].median_us / r->tasks[BARE].median_us; }

static void table_rows(const machine *m, const result *r) {
    printf("\n%s, %s\n", r->layer->name, cvs_data_format_name(r->layer->format));
    for (int i = 0; i < TASKS; i++) {
        const task *t = &r->tasks[i];
        printf("  %-28s %9.1f %9.1f %9.1f %6.2f %9.3f %9.3f", t->name, t->least_us, t->median_us,
               gflops(t, t->least_us), gflops(t, t->least_us) / m->peak_gflops, ratio(r, i), median_ratio(r, i));
        if (i == OURS && r->layer->target > 0)
            printf("  at most %.2f: %s", r->layer->target, ratio(r, i) <= r->layer->target ? "reached" : "MISSED");
        printf("\n");
    }
}

void report_table(const machine *m, const result *results, size_t count) {
    printf("CPU   %s, core %d\nlevel %s\nBLAS  %s\n", m->cpu, m->core, m->isa, m->blas);
    if (*m->note) printf("      %s\n", m->note);
    printf("peak  %.1f GFLOP/s, multiply-adds in registers\n", m->peak_gflops);
    printf("\n  %-28s %9s %9s %9s %6s %9s %9s\n", "", "min us", "median us", "GFLOP/s", "/peak", "min/bare",
           "med/bare");
    for (size_t i = 0; i < count; i++) table_rows(m, &results[i]);
}

static void json_result(const machine *m, const result *r) {
    printf("{\"layer\": \"%s\", \"data_format\": \"%s\", \"target\": %.2f, \"tasks\": [", r->layer->name,
           cvs_data_format_name(r->layer->format), r->layer->target);
    for (int i = 0; i < TASKS; i++) {
        const task *t = &r->tasks[i];
        printf("%s{\"name\": \"%s\", \"min_us\": %.2f, \"median_us\": %.2f, \"gflops\": %.2f, \"of_peak\": %.4f, "
               "\"min_ratio\": %.4f, \"median_ratio\": %.4f}",
               i ? ", " : "", t->name, t->least_us, t->median_us, gflops(t, t->least_us),
               gflops(t, t->least_us) / m->peak_gflops, ratio(r, i), median_ratio(r, i));
    }
    printf("]}");
}

void report_json(const machine *m, const result *results, size_t count) {
    printf(
        "{\"cpu\": \"%s\", \"core\": %d, \"isa\": \"%s\", \"blas\": \"%s\", \"peak_gflops\": %.2f, \"results\": [\n ",
        m->cpu, m->core, m->isa, m->blas, m->peak_gflops);
    for (size_t i = 0; i < count; i++) {
        if (i) printf(",\n ");
        json_result(m, &results[i]);
    }
    printf("]}\n");
}
