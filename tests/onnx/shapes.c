/*
 * shapes.c - what Convscope makes of ONNX files, as JSON, for Python to compare.
 *
 *   onnx_shapes <questions >answers
 *
 * A question is a line: the file, then for each input that is given another shape its name and that shape, all
 * separated by tabs: "m.onnx\tx\t1,3,224,224". A size may be a name. Its answer is a line too: {"tensors": {name:
 * [sizes]}, "layers": [{"name", "type", "state", "error", "parameters", "macs", "weights", "field"}], "contradicted":
 * [names], "milliseconds", "bytes", "file_bytes"}, or {"error": ...}.
 */
#include <convscope/convscope.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { MAX_INPUTS = 64 };

typedef struct question {
    char *path;
    cvs_model_input inputs[MAX_INPUTS];
    size_t count;
} question;

/* ---- reading ---------------------------------------------------------------------------- */

static cvs_shape read_shape(char *text, cvs_symbols *symbols) {
    cvs_shape shape = {0};
    for (char *size = strtok(text, ","); size && shape.rank < CVS_MAX_RANK; size = strtok(NULL, ",")) {
        char *end;
        cvs_dim dim = strtoll(size, &end, 10);
        if (*end && cvs_symbols_name(symbols, size, &dim, NULL) != CVS_OK) dim = CVS_DIM_UNKNOWN;
        shape.dim[shape.rank++] = dim;
    }
    return shape;
}

static void read_question(char *line, cvs_symbols *symbols, question *out) {
    char *rest = line;
    line[strcspn(line, "\n")] = '\0';
    out->count = 0;
    out->path = strsep(&rest, "\t");
    while (rest && out->count < MAX_INPUTS) {
        cvs_model_input *input = &out->inputs[out->count++];
        input->name = strsep(&rest, "\t");
        char *shape = strsep(&rest, "\t");
        input->shape = shape ? read_shape(shape, symbols) : (cvs_shape){0};
    }
}

static unsigned char *read_file(const char *path, size_t *length) {
    FILE *file = fopen(path, "rb");
    unsigned char *bytes = NULL;
    if (file && fseek(file, 0, SEEK_END) == 0) {
        *length = (size_t)ftell(file);
        rewind(file);
        bytes = malloc(*length + 1);
        if (bytes && fread(bytes, 1, *length, file) != *length) *length = 0;
    }
    if (file) fclose(file);
    return bytes;
}

/* ---- writing ---------------------------------------------------------------------------- */

static json_t *size_json(const cvs_symbols *symbols, cvs_dim dim) {
    if (cvs_dim_is_known(dim)) return json_integer(dim);
    if (dim == CVS_DIM_UNKNOWN) return json_null();
    cvs_text text = {0};
    cvs_dim_format(symbols, dim, &text);
    json_t *made = json_string(text.data);
    cvs_text_free(&text);
    return made;
}

static json_t *shape_json(const cvs_symbols *symbols, const cvs_shape *shape) {
    json_t *list = json_array();
    for (int i = 0; i < shape->rank; i++) json_array_append_new(list, size_json(symbols, shape->dim[i]));
    return list;
}

static json_t *layer_json(const cvs_model_layer *layer) {
    static const char *const states[] = {"open", "known", "waiting", "unknown", "failed"};
    json_t *weights = json_array();
    for (int i = 0; i < layer->weight_count; i++)
        json_array_append_new(weights, json_pack("[sI]", layer->weights[i].name, (json_int_t)layer->weights[i].count));
    const cvs_receptive_field *field = &layer->field.most;
    return json_pack("{ss ss ss ss sI sI so sb sI}", "name", layer->name, "type", layer->type, "state",
                     states[layer->state], "error", layer->error.message, "parameters", (json_int_t)layer->parameters,
                     "macs", (json_int_t)layer->cost.macs, "weights", weights, "inference", layer->inference != NULL,
                     "field", (json_int_t)(field->rank > 0 ? field->size[0] : 0));
}

static json_t *model_json(const cvs_model *model, const cvs_symbols *symbols) {
    json_t *tensors = json_object(), *layers = json_array(), *contradicted = json_array();
    int tensor_count, layer_count;
    const cvs_model_tensor *tensor = cvs_model_tensors(model, &tensor_count);
    const cvs_model_layer *layer = cvs_model_layers(model, &layer_count);
    for (int i = 0; i < tensor_count; i++) {
        json_object_set_new(tensors, tensor[i].name,
                            tensor[i].ranked ? shape_json(symbols, &tensor[i].shape) : json_null());
        if (tensor[i].contradicted) json_array_append_new(contradicted, json_string(tensor[i].name));
    }
    for (int i = 0; i < layer_count; i++) json_array_append_new(layers, layer_json(&layer[i]));
    return json_pack("{so so so}", "tensors", tensors, "layers", layers, "contradicted", contradicted);
}

static double milliseconds_since(const struct timespec *start) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)(now.tv_sec - start->tv_sec) * 1e3 + (double)(now.tv_nsec - start->tv_nsec) / 1e6;
}

static json_t *answer(char *line, cvs_arena *arena) {
    cvs_symbols *symbols = cvs_symbols_create(arena);
    cvs_model *model = NULL;
    cvs_error error = {0};
    question asked;
    size_t length = 0;
    struct timespec start;
    read_question(line, symbols, &asked);
    unsigned char *bytes = read_file(asked.path, &length);
    clock_gettime(CLOCK_MONOTONIC, &start);
    cvs_status status = cvs_model_read_onnx(arena, bytes, length, &model, &error);
    free(bytes);
    if (status == CVS_OK) status = cvs_model_infer(model, asked.inputs, asked.count, symbols, &error);
    if (status != CVS_OK)
        return json_pack("{ss ss ss}", "error", error.message, "code", error.code, "status", cvs_status_name(status));
    const double took = milliseconds_since(&start);
    json_t *made = model_json(model, symbols);
    json_object_set_new(made, "milliseconds", json_real(took));
    json_object_set_new(made, "bytes", json_integer((json_int_t)arena->used));
    json_object_set_new(made, "file_bytes", json_integer((json_int_t)length));
    return made;
}

int main(void) {
    char *line = NULL;
    size_t capacity = 0;
    while (getline(&line, &capacity, stdin) > 0) {
        cvs_arena arena = cvs_arena_make((size_t)1 << 28);
        json_t *made = answer(line, &arena);
        json_dumpf(made, stdout, JSON_COMPACT);
        puts("");
        fflush(stdout);
        json_decref(made);
        cvs_arena_free(&arena);
    }
    free(line);
    return 0;
}
