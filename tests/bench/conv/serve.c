#include "serve.h"

#include "ours.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_REPETITIONS = 100000 };

static const layer_case *find_layer(const char *wanted) {
    for (size_t i = 0; i < layer_case_count; i++) {
        char name[LAYER_NAME_BYTES];
        layer_name(&layer_cases[i], name);
        if (strcmp(name, wanted) == 0) return &layer_cases[i];
    }
    give_up("asked for a layer that is not in the table");
}

typedef struct served {
    const layer_case *layer; /* NULL: none yet */
    problem problem;
    ours ours;
} served;

static void forget(served *now) {
    if (!now->layer) return;
    ours_free(&now->ours);
    problem_free(&now->problem);
}

static void make_ready(served *now, const layer_case *layer, const setup *s) {
    if (now->layer == layer) return;
    forget(now);
    now->layer = layer;
    now->problem = problem_make(layer, s->format);
    now->ours = ours_make(&now->problem, s->engine);
}

static void answer(served *now, long repetitions) {
    if (!now->ours.plan) {
        puts("unsupported");
        return;
    }
    task one = {.name = "planned", .run = ours_execute, .context = &now->ours};
    ours_execute(&now->ours);
    for (long i = 0; i < repetitions; i++) printf("%s%.3f", i ? " " : "", time_once(&one));
    puts("");
}

void serve(const setup *s) {
    char line[LAYER_NAME_BYTES + 32];
    served now = {0};
    while (fgets(line, sizeof line, stdin)) {
        line[strcspn(line, "\n")] = '\0';
        char *name;
        const long repetitions = strtol(line, &name, 10);
        if (*name != ' ' || repetitions < 1 || repetitions > MOST_REPETITIONS) give_up("a line of input is no request");
        make_ready(&now, find_layer(name + 1), s);
        answer(&now, repetitions);
        fflush(stdout);
    }
    forget(&now);
}
