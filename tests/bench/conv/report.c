#include "report.h"

#include <math.h>
#include <stdio.h>

double geometric_mean(const result *results, size_t count, mean_of what, int *counted) {
    double sum = 0;
    *counted = 0;
    for (size_t i = 0; i < count; i++) {
        const task *ours = &results[i].tasks[what.ours], *peer = &results[i].tasks[what.peer];
        if (!ours->run || !peer->run || (what.headline && !results[i].layer->headline)) continue;
        sum += log(what.median ? peer->median_us / ours->median_us : peer->least_us / ours->least_us);
        ++*counted;
    }
    return *counted ? exp(sum / *counted) : 0;
}

double peak_at(const machine *m, int threads) {
    for (int i = 0; i < m->peaks; i++)
        if (m->peak_threads[i] == threads) return m->peak_gflops[i];
    return 0;
}

void report_machine(const machine *m) {
    printf("CPU     %s\nlevel   %s\nBLAS    %s\n", m->cpu, m->isa, m->blas);
    if (*m->note) printf("        %s\n", m->note);
    printf("oneDNN  %s\n", m->onednn ? m->onednn : "missing");
    for (int i = 0; i < m->peaks; i++)
        printf("peak    %.1f GFLOP/s with %d thread%s\n", m->peak_gflops[i], m->peak_threads[i],
               m->peak_threads[i] > 1 ? "s" : "");
}

void report_heading(cvs_data_format format, int threads) {
    printf(
        "\n%s, %d thread%s; microseconds, minimum (median); * is of the headline; ratios of minima, above 1: ours is "
        "faster\n",
        format == CVS_CHANNELS_FIRST ? "nchw" : "nhwc", threads, threads > 1 ? "s" : "");
    printf("  %-40s %-13s %19s %19s %19s %19s %7s %5s %6s %5s %8s  %s\n", "layer", "algorithm", "planned", "one-shot",
           "oneDNN own layout", "oneDNN plain", "GFLOP/s", "peak", "/plain", "/own", "error", "oneDNN plain; own");
}

static void print_times(const task *t) {
    if (t->run)
        printf(" %9.1f (%7.1f)", t->least_us, t->median_us);
    else
        printf(" %19s", "-");
}

static void print_ratio(const result *r, int peer, int width) {
    if (r->tasks[PLANNED].run && r->tasks[peer].run)
        printf(" %*.2f", width, r->tasks[peer].least_us / r->tasks[PLANNED].least_us);
    else
        printf(" %*s", width, "-");
}

void report_row(const machine *m, const result *r) {
    char name[LAYER_NAME_BYTES];
    layer_name(r->layer, name);
    printf("%c %-40s %-13s", r->layer->headline ? '*' : ' ', name, r->unsupported ? "UNSUPP." : r->algorithm);
    for (int i = PLANNED; i <= PEER_PLAIN; i++) print_times(&r->tasks[i]);
    const double gflops = r->unsupported ? 0 : r->flops / r->tasks[PLANNED].least_us * 1e-3;
    printf(" %7.1f %5.2f", gflops, gflops / peak_at(m, r->threads));
    print_ratio(r, PEER_PLAIN, 6);
    print_ratio(r, PEER_OWN, 5);
    if (r->error >= 0) printf(" %8.1e  %s; %s", r->error, r->plain_name, r->own_name);
    if (r->tasks[BARE].run)
        printf("  bare sgemm %.1f, /bare %.2f", r->tasks[BARE].least_us,
               r->tasks[BARE].least_us / r->tasks[PLANNED].least_us);
    printf("\n");
    fflush(stdout);
}

static void print_mean(const char *what, const result *results, size_t count, mean_of mean) {
    int counted;
    const double least = geometric_mean(results, count, mean, &counted);
    mean.median = true;
    const double median = geometric_mean(results, count, mean, &counted);
    if (counted) printf("  %-34s %6.3f (%6.3f)  over %d layers\n", what, least, median, counted);
}

static void print_means(const char *what, bool headline, const result *results, size_t count) {
    printf(" %s\n", what);
    print_mean("planned against oneDNN plain", results, count, (mean_of){PLANNED, PEER_PLAIN, headline, false});
    print_mean("planned against oneDNN own layout", results, count, (mean_of){PLANNED, PEER_OWN, headline, false});
    print_mean("one-shot against oneDNN plain", results, count, (mean_of){ONE_SHOT, PEER_PLAIN, headline, false});
    print_mean("planned against bare sgemm", results, count, (mean_of){PLANNED, BARE, headline, false});
}

void report_means(const result *results, size_t count) {
    size_t others = 0;
    for (size_t i = 0; i < count; i++) others += !results[i].layer->headline;
    printf("geometric means, of minima (of medians)\n");
    if (others < count) print_means("headline", true, results, count);
    if (others) print_means("all layers measured", false, results, count);
}
