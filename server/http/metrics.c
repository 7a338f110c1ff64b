#include "http/metrics.h"

#include <sched.h>
#include <stdlib.h>
#include <string.h>

/* More CPUs than that share: by then a cache line is asked for seldom enough. */
enum { MOST_SHARDS = 32 };

/* Two, since CPUs fetch lines in pairs. */
enum { CACHE_LINES = 128 };

const int http_statuses[HTTP_STATUSES] = {200, 204, 304, 400, 401, 404, 405, 406, 408, 411, 412, 413,
                                          414, 415, 417, 422, 429, 431, 500, 501, 503, 504, 505};

typedef struct place {
    atomic_ulong requests[HTTP_VERBS][HTTP_STATUSES + 1];
    http_histogram duration[HTTP_STATUS_CLASSES];
    atomic_ulong received, sent, unanswered, cut;
} place;

typedef struct shard {
    _Alignas(CACHE_LINES) http_histogram queued;
    atomic_ulong lines, bad_lines, macs;
    place place[];
} shard;

struct http_metrics {
    size_t places, shard_bytes;
    unsigned shards;
    char *memory;
};

/* ---- names ----------------------------------------------------------------- */

static const char *const verbs[HTTP_VERBS] = {"GET", "HEAD", "POST", "OPTIONS", "other"};

const char *http_verb_name(http_verb verb) { return verbs[verb]; }

http_verb http_verb_of(const char *method) {
    int verb = 0;
    while (method && verb < HTTP_VERB_OTHER && strcmp(method, verbs[verb]) != 0) verb++;
    return method ? (http_verb)verb : HTTP_VERB_OTHER;
}

static int status_index(int status) {
    int i = 0;
    while (i < HTTP_STATUSES && http_statuses[i] != status) i++;
    return i;
}

/* ---- memory ------------------------------------------------------------------ */

http_metrics *http_metrics_create(size_t places, unsigned cpus) {
    http_metrics *metrics = calloc(1, sizeof *metrics);
    if (!metrics) return NULL;
    metrics->places = places;
    metrics->shards = cpus < 1 ? 1 : cpus < MOST_SHARDS ? cpus : MOST_SHARDS;
    metrics->shard_bytes = (sizeof(shard) + places * sizeof(place) + CACHE_LINES - 1) / CACHE_LINES * CACHE_LINES;
    const size_t bytes = metrics->shards * metrics->shard_bytes;
    metrics->memory = aligned_alloc(CACHE_LINES, bytes);
    if (!metrics->memory) {
        free(metrics);
        return NULL;
    }
    memset(metrics->memory, 0, bytes);
    return metrics;
}

void http_metrics_free(http_metrics *metrics) {
    if (!metrics) return;
    free(metrics->memory);
    free(metrics);
}

static shard *shard_at(const http_metrics *metrics, unsigned number) {
    return (shard *)(metrics->memory + number * metrics->shard_bytes);
}

/* ---- counting ---------------------------------------------------------------- */

static shard *shard_here(http_metrics *metrics) {
    const int cpu = sched_getcpu();
    return shard_at(metrics, cpu > 0 ? (unsigned)cpu % metrics->shards : 0);
}

static void add(atomic_ulong *counter, uint64_t more) {
    if (more) atomic_fetch_add_explicit(counter, more, memory_order_relaxed);
}

static void count_at(place *at, const http_sample *sample) {
    add(&at->received, sample->received);
    add(&at->sent, sample->sent);
    add(&at->cut, sample->cut);
    if (!sample->status) {
        add(&at->unanswered, 1);
        return;
    }
    const int class = sample->status / 100 - 2;
    add(&at->requests[sample->verb][status_index(sample->status)], 1);
    if (class >= 0 && class < HTTP_STATUS_CLASSES) http_histogram_add(&at->duration[class], sample->duration_us);
}

void http_metrics_count(http_metrics *metrics, const http_sample *sample) {
    shard *here = shard_here(metrics);
    count_at(&here->place[sample->place], sample);
    if (sample->queued) http_histogram_add(&here->queued, sample->queue_us);
    add(&here->macs, sample->macs);
}

void http_metrics_count_line(http_metrics *metrics, int status, uint64_t macs) {
    shard *here = shard_here(metrics);
    add(&here->lines, 1);
    add(&here->bad_lines, status >= 400);
    add(&here->macs, macs);
}

/* ---- reading ----------------------------------------------------------------- */

static uint64_t get(const atomic_ulong *counter) { return atomic_load_explicit(counter, memory_order_relaxed); }

static void add_place(const place *at, http_place_counts *out) {
    for (int verb = 0; verb < HTTP_VERBS; verb++) {
        for (int i = 0; i <= HTTP_STATUSES; i++) out->requests[verb][i] += get(&at->requests[verb][i]);
    }
    for (int i = 0; i < HTTP_STATUS_CLASSES; i++) http_histogram_read(&at->duration[i], &out->duration[i]);
    out->received += get(&at->received);
    out->sent += get(&at->sent);
    out->unanswered += get(&at->unanswered);
    out->cut += get(&at->cut);
}

void http_metrics_read_place(const http_metrics *metrics, size_t number, http_place_counts *out) {
    memset(out, 0, sizeof *out);
    for (unsigned i = 0; i < metrics->shards; i++) add_place(&shard_at(metrics, i)->place[number], out);
}

void http_metrics_read_work(const http_metrics *metrics, http_work_counts *out) {
    memset(out, 0, sizeof *out);
    for (unsigned i = 0; i < metrics->shards; i++) {
        const shard *one = shard_at(metrics, i);
        http_histogram_read(&one->queued, &out->queued);
        out->lines += get(&one->lines);
        out->bad_lines += get(&one->bad_lines);
        out->macs += get(&one->macs);
    }
}
