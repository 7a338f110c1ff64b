#include "onednn.h"

#include "onednn_candidate.h"
#include "timing.h"

#include <omp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct onednn {
    const problem *problem;
    candidate own, plain;
    bool found;
};

const char *onednn_version(void) {
    static char text[32];
    const dnnl_version_t *v = dnnl_version();
    snprintf(text, sizeof text, "%d.%d.%d", v->major, v->minor, v->patch);
    return text;
}

void onednn_set_threads(int threads) { omp_set_num_threads(threads); }

static void run_one(void *context) { candidate_run(context); }

static void run_one_plain(void *context) { candidate_run_plain(context); }

/* A first look, long enough to tell candidates apart. */
static void look_at(candidate *c) {
    task tasks[] = {{.run = run_one, .context = c}, {.run = run_one_plain, .context = c}};
    measure_for(tasks, 2, &(pace){.seconds = 0.02, .turns = 2});
    c->own_us = tasks[0].least_us;
    c->plain_us = tasks[1].least_us;
}

static bool same(const candidate *a, const candidate *b) { return a->layer == b->layer; }

/* Put the candidate where it is the fastest yet; what it displaces and nothing else uses is freed, as it is itself. */
static void compete(onednn *peer, candidate *c) {
    const candidate before[2] = {peer->own, peer->plain};
    const bool had = peer->found;
    if (!had || c->own_us < peer->own.own_us) peer->own = *c;
    if (!had || c->plain_us < peer->plain.plain_us) peer->plain = *c;
    peer->found = true;
    for (int i = 0; had && i < 2; i++) {
        candidate old = before[i];
        const bool freed_already = i == 1 && same(&before[0], &old);
        if (!freed_already && !same(&old, &peer->own) && !same(&old, &peer->plain)) candidate_free(&old);
    }
    if (!same(c, &peer->own) && !same(c, &peer->plain)) candidate_free(c);
}

onednn *onednn_make(const problem *p) {
    onednn *peer = calloc(1, sizeof *peer);
    if (!peer) give_up("out of memory");
    peer->problem = p;
    for (int i = 0; i < 8; i++) {
        const request r = {.winograd = i & 1, .plain_input = i & 2, .plain_output = i & 4};
        candidate c;
        if (!candidate_make(p, &r, &c)) continue;
        look_at(&c);
        compete(peer, &c);
    }
    if (peer->found) {
        if (peer->plain.reorder_input || peer->plain.reorder_output) strcat(peer->plain.name, "+r");
        return peer;
    }
    free(peer);
    return NULL;
}

void onednn_free(onednn *peer) {
    if (!peer) return;
    if (!same(&peer->own, &peer->plain)) candidate_free(&peer->own);
    candidate_free(&peer->plain);
    free(peer);
}

void onednn_run_own(void *context) { candidate_run(&((onednn *)context)->own); }

void onednn_run_plain(void *context) { candidate_run_plain(&((onednn *)context)->plain); }

const char *onednn_own_name(const onednn *peer) { return peer->own.name; }

const char *onednn_plain_name(const onednn *peer) { return peer->plain.name; }

/* Without a reorder the output is in the problem's layout already. */
static double error_of(const problem *p, const candidate *c, const float *output) {
    candidate_run_plain(c);
    return largest_error(p, output, memory_data(c->reorder_output ? c->plain_output : c->output));
}

double onednn_error(onednn *peer, const float *output) {
    const double own = error_of(peer->problem, &peer->own, output),
                 plain = error_of(peer->problem, &peer->plain, output);
    return own > plain ? own : plain;
}
