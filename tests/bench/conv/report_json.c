#include "report.h"

#include <jansson.h>
#include <stdio.h>

static const char *short_name(cvs_data_format format) { return format == CVS_CHANNELS_FIRST ? "nchw" : "nhwc"; }

static json_t *sizes_json(const int64_t *sizes, int rank) {
    json_t *array = json_array();
    for (int i = 0; i < rank; i++) json_array_append_new(array, json_integer(sizes[i]));
    return array;
}

static json_t *layer_json(const layer_case *layer) {
    char name[LAYER_NAME_BYTES];
    layer_name(layer, name);
    const cvs_inference inference = layer_infer(layer, CVS_CHANNELS_FIRST);
    const cvs_layer *l = &inference.layer;
    return json_pack("{ss ss si sb sb sI sI sI so so so so so so}", "name", name, "network", layer->network, "count",
                     layer->count, "headline", layer->headline, "transposed", layer->transposed, "channels",
                     (json_int_t)layer->channels, "filters", (json_int_t)layer->filters, "groups",
                     (json_int_t)l->groups, "size", sizes_json(layer->size, layer->rank), "kernel",
                     sizes_json(l->kernel, layer->rank), "stride", sizes_json(l->stride, layer->rank), "dilation",
                     sizes_json(l->dilation, layer->rank), "padding_before", sizes_json(l->padding.before, layer->rank),
                     "padding_after", sizes_json(l->padding.after, layer->rank));
}

void list_json(void) {
    json_t *layers = json_array();
    for (size_t i = 0; i < layer_case_count; i++) json_array_append_new(layers, layer_json(&layer_cases[i]));
    json_dumpf(layers, stdout, JSON_INDENT(1));
    printf("\n");
    json_decref(layers);
}

static json_t *times_json(const result *r) {
    json_t *times = json_object();
    for (int i = 0; i < TASKS; i++) {
        const task *t = &r->tasks[i];
        if (!t->run) continue;
        json_object_set_new(times, task_names[i],
                            json_pack("{sf sf}", "least_us", t->least_us, "median_us", t->median_us));
    }
    return times;
}

static json_t *result_json(const machine *m, const result *r) {
    json_t *object =
        json_pack("{so ss si sf sf so}", "layer", layer_json(r->layer), "format", short_name(r->format), "threads",
                  r->threads, "flops", r->flops, "peak_gflops", peak_at(m, r->threads), "times", times_json(r));
    json_object_set_new(object, "algorithm", r->unsupported ? json_null() : json_string(r->algorithm));
    if (r->error < 0) return object;
    json_object_set_new(object, "onednn_own", json_string(r->own_name));
    json_object_set_new(object, "onednn_plain", json_string(r->plain_name));
    json_object_set_new(object, "error", json_real(r->error));
    return object;
}

static json_t *machine_json(const machine *m) {
    json_t *peaks = json_array();
    for (int i = 0; i < m->peaks; i++)
        json_array_append_new(peaks, json_pack("{si sf}", "threads", m->peak_threads[i], "gflops", m->peak_gflops[i]));
    return json_pack("{ss ss ss ss? so}", "cpu", m->cpu, "isa", m->isa, "blas", m->blas, "onednn", m->onednn, "peaks",
                     peaks);
}

void report_json(const char *path, const machine *m, const result *results, size_t count) {
    json_t *list = json_array();
    for (size_t i = 0; i < count; i++) json_array_append_new(list, result_json(m, &results[i]));
    json_t *all = json_pack("{so so}", "machine", machine_json(m), "results", list);
    if (json_dump_file(all, path, JSON_INDENT(1)) != 0) give_up("cannot write the JSON file");
    json_decref(all);
}
