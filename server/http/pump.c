#include "http/pump.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

typedef enum pump_state { EMPTY, FILLING, FULL } pump_state; /* of the buffer that is not being sent */

struct http_pump {
    http_job job; /* first */
    http_pool *pool;
    http_pump_source source;
    http_pump_end end;
    size_t size;

    /* The reader's. */
    char *front;
    size_t front_length, sent;

    /* The job's while it is FILLING, else the reader's. */
    char *back;
    int64_t back_length; /* 0: the source is at its end, -1: it failed */

    pthread_mutex_t lock; /* for the rest */
    pump_state state;
    bool paused, abandoned;
};

static void destroy(http_pump *pump) {
    pump->source.release(pump->source.cls);
    pthread_mutex_destroy(&pump->lock);
    free(pump->front);
    free(pump->back);
    free(pump);
}

static bool is_abandoned(http_pump *pump) {
    pthread_mutex_lock(&pump->lock);
    const bool abandoned = pump->abandoned;
    pthread_mutex_unlock(&pump->lock);
    return abandoned;
}

static bool fill(http_job *job) {
    http_pump *pump = (http_pump *)job;
    if (!is_abandoned(pump)) pump->back_length = pump->source.read(pump->source.cls, pump->back, pump->size);
    return !http_job_is_cut(job);
}

/* A reader that is paused neither reads nor frees the pump, and one that is not may do so as soon as the lock is free.
 */
static void filled(http_job *job, http_fate fate) {
    http_pump *pump = (http_pump *)job;
    pthread_mutex_lock(&pump->lock);
    if (fate != HTTP_FATE_DONE) pump->back_length = -1;
    pump->state = FULL;
    const bool paused = pump->paused, abandoned = pump->abandoned;
    pump->paused = false;
    pthread_mutex_unlock(&pump->lock);
    if (paused) pump->end.resume(pump->end.cls);
    if (abandoned) destroy(pump);
}

/* The reader frees the pump before it lets go of what `end` speaks of, and cannot free it while the lock is held. */
static bool gone(http_job *job) {
    http_pump *pump = (http_pump *)job;
    pthread_mutex_lock(&pump->lock);
    const bool nobody = pump->abandoned || pump->end.gone(pump->end.cls);
    pthread_mutex_unlock(&pump->lock);
    return nobody;
}

/* Not under the lock: where the pool has stopped, the job ends within the call. */
static void start_filling(http_pump *pump) {
    pump->job = (http_job){.run = fill, .ended = filled, .gone = pump->end.gone ? gone : NULL};
    pump->state = FILLING;
    http_pool_insist(pump->pool);
    http_pool_push(pump->pool, &pump->job);
}

http_pump *http_pump_create(http_pool *pool, const http_pump_source *source, const http_pump_end *end, size_t size) {
    http_pump *pump = calloc(1, sizeof *pump);
    char *front = malloc(size), *back = malloc(size);
    if (!pump || !front || !back) {
        free(pump);
        free(front);
        free(back);
        return NULL;
    }
    *pump = (http_pump){.pool = pool, .source = *source, .end = *end, .size = size, .front = front, .back = back};
    pthread_mutex_init(&pump->lock, NULL);
    if (source->interrupt) *source->interrupt = (cvs_interrupt){http_job_is_cut, &pump->job};
    start_filling(pump);
    return pump;
}

/* The front is sent: go on with the other, if it is full. False when the reader has to wait for it. */
static bool swap(http_pump *pump) {
    pthread_mutex_lock(&pump->lock);
    const bool full = pump->state == FULL;
    if (!full) {
        pump->paused = true;
        pump->end.pause(pump->end.cls);
    }
    pthread_mutex_unlock(&pump->lock);
    if (!full || pump->back_length <= 0) return full;
    char *sent = pump->front;
    pump->front = pump->back;
    pump->front_length = (size_t)pump->back_length;
    pump->sent = 0;
    pump->back = sent;
    start_filling(pump);
    return true;
}

int64_t http_pump_read(http_pump *pump, char *out, size_t size) {
    if (pump->sent == pump->front_length && !swap(pump)) return HTTP_PUMP_PAUSED;
    const size_t rest = pump->front_length - pump->sent, part = rest < size ? rest : size;
    if (part == 0) return pump->back_length;
    memcpy(out, pump->front + pump->sent, part);
    pump->sent += part;
    return (int64_t)part;
}

void http_pump_free(http_pump *pump) {
    if (!pump) return;
    pthread_mutex_lock(&pump->lock);
    pump->abandoned = true;
    const bool filling = pump->state == FILLING;
    pthread_mutex_unlock(&pump->lock);
    if (!filling) destroy(pump);
}
