/*
 * bench_shape - what a /v1/shape answer costs without HTTP, beside what jansson alone takes for the same JSON: to
 * parse the request, and to build and dump the very answer. Interleaved in one run; each figure is the mean of a
 * batch, minimum and median over the batches.
 *
 *   bench_shape
 *   bench_shape 6 20000    answer the last request alone, its output only, 20000 times: for a profiler
 */
#include "api/api.h"
#include "conv/timing.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BATCH = 400, ROUNDS = 101 };

static const char *const layers[] = {
    "\"layer\":\"model.add(Convolution1D(nb_filter=111, filter_length=5, border_mode='valid', "
    "activation='relu', subsample_length=1))\",\"input_shape\":[null,400,300]",
    "\"layer\":\"nn.Conv2d(3, 64, kernel_size=7, stride=2, padding=3, bias=False)\",\"input_shape\":[1,3,224,224]",
    "\"layer\":{\"class_name\":\"Conv2D\",\"config\":{\"filters\":64,\"kernel_size\":[3,3],\"strides\":[1,1],"
    "\"padding\":\"same\",\"activation\":\"relu\"}},\"input_shape\":[null,56,56,64]",
    "\"layer\":\"Conv2d(3, 64, kernel_size=(7, 7), stride=(2, 2), padding=(3, 3), bias=False)\","
    "\"input_shape\":[1,3,224,224]",
    "\"layer\":\"tf.keras.layers.Conv2DTranspose(64, (3, 3), strides=(2, 2), padding='same', activation='relu')\","
    "\"input_shape\":[null,14,14,128]",
    "\"layer\":{\"op_type\":\"Conv\",\"attributes\":{\"kernel_shape\":[7,7],\"strides\":[2,2],\"pads\":[3,3,3,3],"
    "\"group\":1},\"weights_shape\":[64,3,7,7]},\"input_shape\":[1,3,224,224]",
    "\"layers\":[\"Conv2D(32, 3, padding='same', activation='relu')\",\"MaxPooling2D(2)\","
    "\"Conv2D(64, 3, activation='relu')\",\"Flatten()\",\"Dense(10, activation='softmax')\"],"
    "\"input_shape\":[null,28,28,1]",
};

enum { LAYERS = sizeof layers / sizeof *layers };

typedef struct exchange {
    const api_context *api;
    char request[512];
    json_t *answer; /* as a tree, for jansson to build again */
} exchange;

static api_response ask(const exchange *e) {
    const api_request request = {.body = e->request, .body_length = strlen(e->request)};
    api_response response;
    api_shape(e->api, &request, &response);
    return response;
}

static void run_ours(void *context) {
    for (int i = 0; i < BATCH; i++) {
        api_response response = ask(context);
        free(response.body);
    }
}

static void run_parse(void *context) {
    const exchange *e = context;
    for (int i = 0; i < BATCH; i++) json_decref(json_loads(e->request, 0, NULL));
}

static void run_parse_build_dump(void *context) {
    const exchange *e = context;
    for (int i = 0; i < BATCH; i++) {
        json_t *request = json_loads(e->request, 0, NULL), *built = json_deep_copy(e->answer);
        free(json_dumps(built, JSON_COMPACT));
        json_decref(built);
        json_decref(request);
    }
}

/* Answer one request for its output again and again, and nothing else. */
static void repeat(const api_context *api, size_t which, long times) {
    exchange e = {.api = api};
    snprintf(e.request, sizeof e.request, "{%s,\"fields\":[\"output\"]}", layers[which % LAYERS]);
    for (long i = 0; i < times; i++) free(ask(&e).body);
}

static exchange prepare(const api_context *api, const char *layer, const char *fields) {
    exchange e = {.api = api};
    snprintf(e.request, sizeof e.request, "{%s%s}", layer, fields);
    api_response response = ask(&e);
    e.answer = json_loadb(response.body, response.body_length, 0, NULL);
    if (response.status != 200 || !e.answer) {
        fprintf(stderr, "bench_shape: %.*s\n", (int)response.body_length, response.body);
        exit(EXIT_FAILURE);
    }
    printf("%-9s %5zu bytes  ", *fields ? "output" : "whole", response.body_length);
    free(response.body);
    return e;
}

/* One request both ways, and the ratio of the minima and of the medians. */
static void compare(const api_context *api, const char *layer, const char *fields, void (*peer)(void *),
                    const char *what) {
    exchange e = prepare(api, layer, fields);
    task tasks[] = {{.name = "ours", .run = run_ours, .context = &e}, {.name = what, .run = peer, .context = &e}};
    measure(tasks, 2, ROUNDS);
    printf("ours %6.2f / %6.2f us   %s %6.2f / %6.2f us   ratio %.2f / %.2f\n", tasks[0].least_us / BATCH,
           tasks[0].median_us / BATCH, what, tasks[1].least_us / BATCH, tasks[1].median_us / BATCH,
           tasks[0].least_us / tasks[1].least_us, tasks[0].median_us / tasks[1].median_us);
    json_decref(e.answer);
}

static void compare_all(const api_context *api) {
    printf("one core, minimum / median of %d batches of %d\n", ROUNDS, BATCH);
    for (size_t i = 0; i < LAYERS; i++) {
        printf("%.70s\n", layers[i]);
        compare(api, layers[i], "", run_parse_build_dump, "jansson parse + build + dump");
        compare(api, layers[i], ",\"fields\":[\"output\"]", run_parse, "jansson parse");
    }
}

int main(int argc, char **argv) {
    api_init();
    cvs_engine *engine;
    cvs_error err = {0};
    if (cvs_engine_create(&(cvs_engine_options){.without_blas = true}, &engine, &err) != CVS_OK) {
        fprintf(stderr, "bench_shape: %s\n", err.message);
        return EXIT_FAILURE;
    }
    api_context api;
    api_context_defaults(&api, engine);
    if (argc == 3)
        repeat(&api, strtoul(argv[1], NULL, 10), strtol(argv[2], NULL, 10));
    else
        compare_all(&api);
    cvs_engine_free(engine);
    return EXIT_SUCCESS;
}
