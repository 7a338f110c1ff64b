/*
 * bench_number - float32 to text and back: ours beside std::to_chars and std::from_chars, jansson and simdjson, in one
 * run on one core. Nanoseconds a number, minimum and median; how many times as long each takes as ours does.
 */
#include "conv/cpu_name.h"
#include "conv/timing.h"
#include "data.h"
#include "number/lists.h"
#include "number/printers.h"
#include "peers.h"

#include <convscope/number.h>

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { COUNT = 100000, REPETITIONS = 60, ROOM = COUNT * 32 + 128 };

static float values[COUNT], read_back[COUNT];
static char text[ROOM], printed[ROOM];
static size_t text_length;
static json_t *array;

static void print_ours(void *unused) { cvs_floats_to_text(values, COUNT, printed); }
static void print_std(void *unused) { print_by_to_chars(values, COUNT, printed); }
static void print_jansson(void *unused) { free(json_dumps(array, JSON_COMPACT)); }

static void read_ours(void *unused) {
    size_t used;
    cvs_list_stop stop;
    cvs_text_to_floats(text + 1, text_length - 1, read_back, COUNT, &used, &stop);
}
static void read_std(void *unused) { parse_by_from_chars(text, text_length, read_back); }
static void read_simdjson(void *unused) { parse_by_simdjson(text, text_length, read_back); }
static void read_jansson(void *unused) { json_decref(json_loadb(text, text_length, 0, NULL)); }

/* What every reader must have read, or its time means nothing. */
static void check(const char *name, void (*run)(void *)) {
    memset(read_back, 0xff, sizeof read_back);
    run(NULL);
    if (memcmp(values, read_back, sizeof values) == 0) return;
    fprintf(stderr, "%s does not read the numbers that were printed\n", name);
    exit(1);
}

static void prepare(const data_set *set) {
    set->fill(values, COUNT);
    text[0] = '[';
    text_length = 1 + cvs_floats_to_text(values, COUNT, text + 1);
    text[text_length++] = ']';
    json_decref(array);
    array = json_array();
    for (size_t i = 0; i < COUNT; i++) json_array_append_new(array, json_real((double)values[i]));
    check("convscope", read_ours);
    check("std::from_chars", read_std);
    if (simdjson_is_there) check("simdjson", read_simdjson);
}

static void report(const char *what, task *tasks, size_t count) {
    measure(tasks, count, REPETITIONS);
    for (size_t i = 0; i < count; i++)
        printf("  %-8s %-16s %7.2f (%7.2f) ns %7.2f\n", what, tasks[i].name, tasks[i].least_us * 1e3 / COUNT,
               tasks[i].median_us * 1e3 / COUNT, tasks[i].least_us / tasks[0].least_us);
}

static void print_machine(void) {
    char cpu[128];
    read_cpu_name(cpu, sizeof cpu);
    const char *printing = cvs__print_avx512() ? "avx512" : cvs__print_avx2() ? "avx2" : "portable";
    printf("CPU     %s\nlevel   %s to print, %s to read\n", cpu, printing, cvs__list_avx2() ? "avx2" : "portable");
}

int main(void) {
    task printers[] = {{.name = "convscope", .run = print_ours},
                       {.name = "std::to_chars", .run = print_std},
                       {.name = "jansson", .run = print_jansson}};
    task readers[] = {{.name = "convscope", .run = read_ours},
                      {.name = "std::from_chars", .run = read_std},
                      {.name = "jansson", .run = read_jansson},
                      {.name = "simdjson", .run = read_simdjson}};
    print_machine();
    for (size_t i = 0; i < data_set_count; i++) {
        prepare(&data_sets[i]);
        printf("%s: %.1f bytes a number\n", data_sets[i].name, (double)text_length / COUNT);
        report("print", printers, sizeof printers / sizeof *printers);
        report("read", readers, sizeof readers / sizeof *readers - !simdjson_is_there);
    }
    json_decref(array);
    return 0;
}
