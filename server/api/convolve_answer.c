#include "api/convolve.h"

#include "api/layer_json.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

int convolve_filter_axis(const cvs_tensor_shape *output) {
    int channels = output->shape.rank - 1;
    for (int i = 0; i < output->shape.rank; i++) {
        if (output->axes[i] == CVS_AXIS_FILTERS) return i;
        if (output->axes[i] == CVS_AXIS_CHANNELS) channels = i;
    }
    return channels;
}

static int64_t count_non_finite(const float *values, int64_t count) {
    int64_t found = 0;
    for (int64_t i = 0; i < count; i++) found += !isfinite(values[i]);
    return found;
}

static void write_output(const convolution *c, const layer_json *json) {
    json_key(json->writer, "output");
    json_begin_object(json->writer);
    layer_json_tensor(json, &c->inference.output);
    json_member_int(json->writer, "non_finite", count_non_finite(c->output, c->output_count));
    if (!c->filters) {
        json_key(json->writer, "data");
        tensor_write(json->writer, c->output, &c->inference.output.shape, c->encoding);
    }
    json_end_object(json->writer);
}

/* ---- feature maps ----------------------------------------------------------------- */

/* Where one filter's map lies in the output: `outer` runs of `inner` numbers, `step` apart. */
typedef struct map_layout {
    cvs_shape shape; /* of the map: the output's without the filters */
    int64_t outer, inner, step;
} map_layout;

static map_layout map_layout_of(const cvs_tensor_shape *output) {
    int axis = convolve_filter_axis(output);
    map_layout layout = {.outer = 1, .inner = 1};
    for (int i = 0; i < output->shape.rank; i++) {
        if (i < axis) layout.outer *= output->shape.dim[i];
        if (i > axis) layout.inner *= output->shape.dim[i];
        if (i != axis) layout.shape.dim[layout.shape.rank++] = output->shape.dim[i];
    }
    layout.step = layout.inner * output->shape.dim[axis];
    return layout;
}

static void gather_map(const float *output, const map_layout *layout, int64_t filter, float *map) {
    const float *from = output + filter * layout->inner;
    for (int64_t i = 0; i < layout->outer; i++) {
        memcpy(map + i * layout->inner, from + i * layout->step, (size_t)layout->inner * sizeof *map);
    }
}

/* Of the finite numbers; null where there is none. */
static void write_statistics(json_writer *writer, const float *map, int64_t count) {
    float least = INFINITY, most = -INFINITY;
    double sum = 0;
    int64_t finite = 0;
    for (int64_t i = 0; i < count; i++) {
        if (!isfinite(map[i])) continue;
        least = map[i] < least ? map[i] : least;
        most = map[i] > most ? map[i] : most;
        sum += map[i];
        finite++;
    }
    json_key(writer, "min");
    json_write_float(writer, least);
    json_key(writer, "max");
    json_write_float(writer, most);
    json_key(writer, "mean");
    json_write_double(writer, finite ? sum / (double)finite : NAN);
}

static void write_map(const convolution *c, json_writer *writer, const map_layout *layout, int64_t filter, float *map) {
    gather_map(c->output, layout, filter, map);
    json_begin_object(writer);
    json_member_int(writer, "filter", filter);
    json_key(writer, "shape");
    json_begin_array(writer);
    for (int i = 0; i < layout->shape.rank; i++) json_write_int(writer, layout->shape.dim[i]);
    json_end_array(writer);
    json_key(writer, "data");
    tensor_write(writer, map, &layout->shape, c->encoding);
    write_statistics(writer, map, layout->outer * layout->inner);
    json_end_object(writer);
}

static cvs_status write_maps(convolution *c, json_writer *writer) {
    if (!c->filters) return CVS_OK;
    map_layout layout = map_layout_of(&c->inference.output);
    float *map = malloc((size_t)(layout.outer * layout.inner) * sizeof *map);
    if (!map) return cvs_fail(&c->call.error, CVS_NO_MEMORY, "no-memory", "", "Memory is short; try again later.");
    json_key(writer, "feature_maps");
    json_begin_array(writer);
    for (size_t i = 0; i < c->filter_count; i++) write_map(c, writer, &layout, c->filters[i], map);
    json_end_array(writer);
    free(map);
    return CVS_OK;
}

static void write_execution(const convolution *c, json_writer *writer) {
    cvs_engine_info info;
    cvs_engine_describe(c->call.context->engine, &info);
    json_key(writer, "execution");
    json_begin_object(writer);
    json_member_string(writer, "algorithm", cvs_plan_algorithm(c->plan));
    json_member_string(writer, "isa", cvs_isa_name(info.isa));
    json_member_int(writer, "threads", info.threads);
    json_member_string(writer, "blas", info.blas);
    json_key(writer, "compute_us");
    json_write_float(writer, (float)c->compute_us);
    json_end_object(writer);
}

static cvs_status write_members(convolution *c, const layer_json *json) {
    json_writer *writer = json->writer;
    json_key(writer, "layer");
    cvs_status status = layer_json_layer(json, &c->inference, &c->call.error);
    if (status != CVS_OK) return status;
    json_key(writer, "input");
    json_begin_object(writer);
    layer_json_tensor(json, &c->inference.input);
    json_end_object(writer);
    write_output(c, json);
    status = write_maps(c, writer);
    if (status == CVS_OK && c->trace.wanted) {
        json_key(writer, "trace");
        status = convolve_write_trace(c, writer);
    }
    if (status == CVS_OK) write_execution(c, writer);
    return status;
}

cvs_status convolve_write(convolution *c, json_writer *writer) {
    cvs_text scratch = {0};
    const layer_json json = {.writer = writer, .scratch = &scratch};
    json_begin_object(writer);
    cvs_status status = write_members(c, &json);
    json_end_object(writer);
    cvs_text_free(&scratch);
    return status;
}
