#include "run.h"

#include "bare.h"
#include "onednn.h"
#include "ours.h"

#include <stdio.h>
#include <stdlib.h>

const char *const task_names[TASKS] = {
    [PLANNED] = "planned",         [ONE_SHOT] = "one_shot", [PEER_OWN] = "onednn_own",
    [PEER_PLAIN] = "onednn_plain", [BARE] = "bare_sgemm",
};

static const double most_error = 2e-4;

static void add(result *r, int which, void (*run)(void *), void *context) {
    r->tasks[which] = (task){.name = task_names[which], .run = run, .context = context};
}

static void compare(result *r, ours *mine, onednn *peer) {
    ours_execute(mine);
    r->error = onednn_error(peer, mine->output);
    if (r->error <= most_error) return;
    char name[LAYER_NAME_BYTES];
    layer_name(r->layer, name);
    fprintf(stderr, "bench_conv: %s: %s and oneDNN (%s, %s) differ by %.2g of the output's scale\n", name, r->algorithm,
            r->own_name, r->plain_name, r->error);
    exit(EXIT_FAILURE);
}

static void add_ours(result *r, ours *mine) {
    r->unsupported = !mine->plan;
    if (r->unsupported) return;
    snprintf(r->algorithm, sizeof r->algorithm, "%s", cvs_plan_algorithm(mine->plan));
    add(r, PLANNED, ours_execute, mine);
    add(r, ONE_SHOT, ours_one_shot, mine);
}

static void add_peer(result *r, onednn *peer) {
    snprintf(r->own_name, sizeof r->own_name, "%s", onednn_own_name(peer));
    snprintf(r->plain_name, sizeof r->plain_name, "%s", onednn_plain_name(peer));
    add(r, PEER_OWN, onednn_run_own, peer);
    add(r, PEER_PLAIN, onednn_run_plain, peer);
}

result measure_layer(const layer_case *layer, const setup *s) {
    problem p = problem_make(layer, s->format);
    result r = {.layer = layer, .format = s->format, .threads = s->threads, .flops = p.flops, .error = -1};
    ours mine = ours_make(&p, s->engine);
    onednn *peer = s->with_peer ? onednn_make(&p) : NULL;
    bare_product bare = s->with_bare ? bare_product_make(&p) : (bare_product){0};
    add_ours(&r, &mine);
    if (peer) add_peer(&r, peer);
    if (peer && mine.plan) compare(&r, &mine, peer);
    if (bare.rows) add(&r, BARE, bare_product_run, &bare);
    /* GCC's OpenMP spins for some 5 ms after a layer that two threads have computed. */
    measure_for(r.tasks, TASKS, &(pace){s->seconds, 6, s->threads > 1 ? 10000 : 0});
    bare_product_free(&bare);
    onednn_free(peer);
    ours_free(&mine);
    problem_free(&p);
    return r;
}
