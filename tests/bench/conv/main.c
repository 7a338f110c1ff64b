/*
 * bench_conv - convolution layers of well-known networks, ours beside oneDNN and the peak of the CPU, in one run.
 *
 * --seconds is the time for each layer, about;
 * --bare times the matrix products that the layers come down to as well. OPENBLAS_CORETYPE and OPENBLAS_L2_SIZE are
 * taken out of the environment; --coretype puts the first back.
 */
#include "cpu_name.h"
#include "machine.h"
#include "onednn.h"
#include "peak.h"
#include "report.h"
#include "serve.h"

#include <getopt.h>
#include <regex.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct options {
    const char *layers, *json, *coretype;
    bool all, no_peer, bare, list, serve;
    bool formats[2]; /* by cvs_data_format */
    int threads;     /* 0: 1, then all */
    double seconds;
} options;

static void read_format(options *o, const char *text) {
    const bool both = strcmp(text, "both") == 0;
    o->formats[CVS_CHANNELS_FIRST] = both || strcmp(text, "nchw") == 0;
    o->formats[CVS_CHANNELS_LAST] = both || strcmp(text, "nhwc") == 0;
    if (!o->formats[0] && !o->formats[1]) give_up("--format must be nchw, nhwc or both");
}

static void read_set(options *o, const char *text) {
    o->all = strcmp(text, "all") == 0;
    if (!o->all && strcmp(text, "headline") != 0) give_up("--set must be headline or all");
}

static void print_help(void) {
    puts("usage: bench_conv [--set headline|all] [--layers REGEX] [--threads N] [--format nchw|nhwc|both]\n"
         "                  [--seconds S] [--no-peer] [--bare] [--json FILE] [--coretype NAME]\n"
         "       bench_conv --list-json\n"
         "       bench_conv --serve [--threads N] [--format nchw|nhwc]\n\n"
         "Convolution layers of well-known networks, ours beside oneDNN and the peak of the CPU, in one run.\n"
         "Without --threads: one thread, on one core, then one for each core. tests/bench/README.md explains\n"
         "the columns.");
}

static void read_option(options *o, int option) {
    if (option == 's') read_set(o, optarg);
    if (option == 'l') o->layers = optarg;
    if (option == 't') o->threads = atoi(optarg);
    if (option == 'f') read_format(o, optarg);
    if (option == 'S') o->seconds = atof(optarg);
    if (option == 'n') o->no_peer = true;
    if (option == 'b') o->bare = true;
    if (option == 'j') o->json = optarg;
    if (option == 'c') o->coretype = optarg;
    if (option == 'L') o->list = true;
    if (option == 'V') o->serve = true;
    if (option == 'h') print_help(), exit(0);
    if (option == '?') exit(2);
}

static options read_options(int argc, char **argv) {
    static const struct option known[] = {{"set", required_argument, NULL, 's'},
                                          {"layers", required_argument, NULL, 'l'},
                                          {"threads", required_argument, NULL, 't'},
                                          {"format", required_argument, NULL, 'f'},
                                          {"seconds", required_argument, NULL, 'S'},
                                          {"no-peer", no_argument, NULL, 'n'},
                                          {"bare", no_argument, NULL, 'b'},
                                          {"json", required_argument, NULL, 'j'},
                                          {"coretype", required_argument, NULL, 'c'},
                                          {"list-json", no_argument, NULL, 'L'},
                                          {"serve", no_argument, NULL, 'V'},
                                          {"help", no_argument, NULL, 'h'},
                                          {0}};
    options o = {.seconds = 0.3, .formats = {[CVS_CHANNELS_FIRST] = true}};
    for (int option; (option = getopt_long(argc, argv, "", known, NULL)) != -1;) read_option(&o, option);
    if (o.threads < 0 || o.threads > 64 || !(o.seconds > 0)) give_up("--threads or --seconds makes no sense");
    return o;
}

/* The thread counts to measure. */
static int choose_threads(const options *o, int threads[MOST_PEAKS]) {
    threads[0] = o->threads ? o->threads : 1;
    threads[1] = count_cores();
    return o->threads || threads[1] == 1 ? 1 : 2;
}

static cvs_engine *make_engine(int threads) {
    cvs_engine *engine;
    if (cvs_engine_create(&(cvs_engine_options){.threads = threads}, &engine, NULL) != CVS_OK)
        give_up("no memory for an engine");
    return engine;
}

static void place(int threads) {
    if (threads == 1)
        stay_on_last_core();
    else
        use_all_cores();
}

/* Engines first: they prove the BLAS in a process of their own while this one has no threads. */
static machine look_around(const options *o, cvs_engine *engines[MOST_PEAKS]) {
    machine here = {.onednn = o->no_peer ? NULL : onednn_version()};
    here.peaks = choose_threads(o, here.peak_threads);
    for (int i = 0; i < here.peaks; i++) engines[i] = make_engine(here.peak_threads[i]);
    cvs_engine_info info;
    cvs_engine_describe(engines[0], &info);
    here.isa = cvs_isa_name(info.isa), here.blas = info.blas, here.note = info.blas_note;
    read_cpu_name(here.cpu, sizeof here.cpu);
    for (int i = 0; i < here.peaks; i++) {
        place(here.peak_threads[i]);
        here.peak_gflops[i] = peak_gflops(info.isa, here.peak_threads[i]);
    }
    return here;
}

static bool wanted(const options *o, const regex_t *pattern, const layer_case *layer) {
    char name[LAYER_NAME_BYTES];
    layer_name(layer, name);
    if (pattern) return regexec(pattern, name, 0, NULL, 0) == 0;
    return o->all || layer->headline;
}

/* The layers in one format with one number of threads; how many results there are. */
static size_t measure_table(const options *o, const machine *m, const setup *s, result *results) {
    regex_t pattern;
    if (o->layers && regcomp(&pattern, o->layers, REG_EXTENDED | REG_NOSUB) != 0) give_up("--layers is no expression");
    report_heading(s->format, s->threads);
    size_t count = 0;
    for (size_t i = 0; i < layer_case_count; i++) {
        if (!wanted(o, o->layers ? &pattern : NULL, &layer_cases[i])) continue;
        results[count] = measure_layer(&layer_cases[i], s);
        report_row(m, &results[count++]);
    }
    report_means(results, count);
    if (o->layers) regfree(&pattern);
    return count;
}

static void measure_all(const options *o, const machine *m, cvs_engine *const engines[]) {
    result *results = calloc(layer_case_count * MOST_PEAKS * 2, sizeof *results);
    if (!results) give_up("out of memory");
    size_t count = 0;
    report_machine(m);
    for (int i = 0; i < m->peaks; i++) {
        place(m->peak_threads[i]);
        if (m->onednn) onednn_set_threads(m->peak_threads[i]);
        for (int format = CVS_CHANNELS_FIRST; format >= CVS_CHANNELS_LAST; format--) {
            const setup s = {engines[i], (cvs_data_format)format, m->peak_threads[i], o->seconds, m->onednn, o->bare};
            if (o->formats[format]) count += measure_table(o, m, &s, results + count);
        }
    }
    if (o->json) report_json(o->json, m, results, count);
    free(results);
}

static void serve_one(const options *o) {
    const int threads = o->threads ? o->threads : count_cores();
    cvs_engine *engine = make_engine(threads);
    const cvs_data_format format = o->formats[CVS_CHANNELS_FIRST] ? CVS_CHANNELS_FIRST : CVS_CHANNELS_LAST;
    serve(&(setup){.engine = engine, .format = format, .threads = threads});
    cvs_engine_free(engine);
}

int main(int argc, char **argv) {
    const options o = read_options(argc, argv);
    start_again_with(o.coretype, argv);
    count_cores();
    if (o.list) {
        list_json();
    } else if (o.serve) {
        serve_one(&o);
    } else {
        cvs_engine *engines[MOST_PEAKS] = {NULL};
        const machine here = look_around(&o, engines);
        measure_all(&o, &here, engines);
        for (int i = 0; i < here.peaks; i++) cvs_engine_free(engines[i]);
    }
    return EXIT_SUCCESS;
}
