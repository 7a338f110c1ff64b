/*
 * bench_review - what it costs to read, infer and judge a model that is in memory, in time and in memory, beside what
 * jansson alone takes to parse it where it is JSON. Interleaved in one run; minimum and median.
 */
#include "conv/timing.h"
#include "review/memory.h"

#include <convscope/convscope.h>
#include <getopt.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_SIZES = CVS_MAX_RANK, MOST_ROUNDS = 1000000 };

typedef struct subject {
    const char *name;
    char *bytes;
    size_t length;
    bool is_json;
    cvs_model_input input; /* of rank 0: as the model says */
    /* Of the last run: */
    size_t json_bytes, arena_bytes;
    int layers, findings;
} subject;

static void die(const char *what, const char *why) {
    fprintf(stderr, "bench_review: %s: %s\n", what, why);
    exit(EXIT_FAILURE);
}

/* ---- one run ------------------------------------------------------------------------ */

static void parse_alone(void *context) {
    const subject *s = context;
    json_decref(json_loadb(s->bytes, s->length, 0, NULL));
}

static cvs_model *read_model(cvs_arena *arena, subject *s, json_t **json) {
    cvs_model *model = NULL;
    cvs_error err = {0};
    cvs_status status;
    if (s->is_json) {
        *json = json_loadb(s->bytes, s->length, 0, NULL);
        if (!*json) die(s->name, "no JSON");
        status = cvs_model_read_keras(arena, *json, CVS_FRAMEWORK_AUTO, &model, &err);
    } else {
        status = cvs_model_read_onnx(arena, s->bytes, s->length, &model, &err);
    }
    if (status != CVS_OK) die(s->name, err.message);
    return model;
}

static void judge(void *context) {
    subject *s = context;
    cvs_arena arena = cvs_arena_make(0);
    json_t *json = NULL;
    cvs_error err = {0};
    cvs_review found;
    const cvs_review_options options = cvs_review_options_default();
    const size_t before = memory_of_jansson();
    cvs_model *model = read_model(&arena, s, &json);
    if (cvs_model_infer(model, &s->input, s->input.shape.rank > 0, NULL, &err) != CVS_OK ||
        cvs_model_findings(&arena, model, &options, &found, &err) != CVS_OK)
        die(s->name, err.message);
    (void)cvs_model_layers(model, &s->layers);
    s->findings = found.count;
    s->json_bytes = memory_of_jansson() - before;
    s->arena_bytes = arena.used;
    cvs_arena_free(&arena);
    json_decref(json);
}

/* ---- what is asked -------------------------------------------------------------------- */

static const char help[] =
    "usage: bench_review [--input 1,224,224,3] [--rounds 101] [--json] FILE...\n"
    "\n"
    "Read, infer and judge each FILE (JSON of Keras, or ONNX), again and again, and say what it takes.\n"
    "\n"
    "  --input SIZES   the shape of the input, for models that do not say it\n"
    "  --rounds N      how often, after one round of warming up (default 101)\n"
    "  --json          an object a line instead of the table\n"
    "  --help          this text\n";

static char *read_file(const char *name, size_t *length) {
    FILE *file = fopen(name, "rb");
    if (!file || fseek(file, 0, SEEK_END) != 0) die(name, "cannot be opened");
    const long size = ftell(file);
    char *bytes = size >= 0 ? malloc((size_t)size + 1) : NULL;
    rewind(file);
    if (!bytes || fread(bytes, 1, (size_t)size, file) != (size_t)size) die(name, "cannot be read");
    fclose(file);
    bytes[size] = '\0';
    *length = (size_t)size;
    return bytes;
}

static cvs_shape read_sizes(const char *text) {
    cvs_shape shape = {0};
    for (char *end; *text && shape.rank < MOST_SIZES; text = *end == ',' ? end + 1 : end) {
        shape.dim[shape.rank++] = strtoll(text, &end, 10);
        if (end == text || shape.dim[shape.rank - 1] < 1) die("--input", "sizes like 1,224,224,3 are needed");
    }
    return shape;
}

static void show(const subject *s, const task *judging, const task *parsing, bool as_json) {
    const size_t all = s->json_bytes + s->arena_bytes;
    const double of_file = (double)all / (double)s->length;
    if (as_json)
        printf("{\"file\": \"%s\", \"bytes\": %zu, \"layers\": %d, \"findings\": %d, \"ms\": [%.3f, %.3f], "
               "\"jansson_ms\": [%.3f, %.3f], \"jansson_bytes\": %zu, \"arena_bytes\": %zu, \"times_file\": %.2f}\n",
               s->name, s->length, s->layers, s->findings, judging->least_us / 1e3, judging->median_us / 1e3,
               parsing->least_us / 1e3, parsing->median_us / 1e3, s->json_bytes, s->arena_bytes, of_file);
    else
        printf("%s: %zu bytes, %d layers, %d findings\n"
               "  read, inferred and judged  %.3f / %.3f ms (minimum / median)\n"
               "  jansson's parsing of it    %.3f / %.3f ms\n"
               "  memory: jansson %zu bytes, ours %zu; together %.2f times the file\n",
               s->name, s->length, s->layers, s->findings, judging->least_us / 1e3, judging->median_us / 1e3,
               parsing->least_us / 1e3, parsing->median_us / 1e3, s->json_bytes, s->arena_bytes, of_file);
}

static void bench(const char *name, const cvs_model_input *input, int rounds, bool as_json) {
    subject s = {.name = name, .input = *input};
    s.bytes = read_file(name, &s.length);
    s.is_json = s.bytes[strspn(s.bytes, " \t\r\n")] == '{';
    task tasks[] = {{.name = "judge", .run = judge, .context = &s},
                    {.name = "jansson", .run = parse_alone, .context = &s}};
    measure(tasks, s.is_json ? 2 : 1, rounds);
    show(&s, &tasks[0], &tasks[1], as_json);
    free(s.bytes);
}

int main(int argc, char **argv) {
    static const struct option options[] = {{"input", required_argument, NULL, 'i'},
                                            {"rounds", required_argument, NULL, 'r'},
                                            {"json", no_argument, NULL, 'j'},
                                            {"help", no_argument, NULL, 'h'},
                                            {NULL, 0, NULL, 0}};
    cvs_model_input input = {0};
    int rounds = 101;
    bool as_json = false;
    for (int option; (option = getopt_long(argc, argv, "", options, NULL)) >= 0;) {
        switch (option) {
        case 'i':
            input.shape = read_sizes(optarg);
            break;
        case 'r':
            rounds = (int)strtol(optarg, NULL, 10);
            if (rounds < 1 || rounds > MOST_ROUNDS) die("--rounds", "from 1 to 1000000");
            break;
        case 'j':
            as_json = true;
            break;
        case 'h':
            fputs(help, stdout);
            return EXIT_SUCCESS;
        default:
            fputs(help, stderr);
            return EXIT_FAILURE;
        }
    }
    if (optind == argc) {
        fputs(help, stderr);
        return EXIT_FAILURE;
    }
    memory_count_jansson();
    for (int i = optind; i < argc; i++) bench(argv[i], &input, rounds, as_json);
    return EXIT_SUCCESS;
}
