#include "api/convolve_call.h"

#include "api/layer_json.h"
#include "api/problem.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static void write_output(const convolve_call *call, const layer_json *json) {
    const convolution *c = &call->c;
    json_key(json->writer, "output");
    json_begin_object(json->writer);
    layer_json_tensor(json, &c->inference.output);
    json_member_int(json->writer, "non_finite", convolve_count_non_finite(c));
    if (!call->filters) {
        json_key(json->writer, "data");
        convolve_write_data(c, call->takes_flow, json->writer);
    }
    json_end_object(json->writer);
}

/* ---- feature maps ----------------------------------------------------------------- */

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

static void write_map(const convolve_call *call, json_writer *writer, const map_layout *layout, int64_t filter,
                      float *map) {
    const cvs_shape *shape = &layout->map.shape;
    const tensor_text text = tensor_text_of(map, shape, call->c.encoding);
    convolve_gather_map(call->c.output, layout, filter, map);
    json_begin_object(writer);
    json_member_int(writer, "filter", filter);
    layer_json_list(writer, "shape", shape->dim, shape->rank);
    json_key(writer, "data");
    tensor_write(writer, &text);
    write_statistics(writer, map, layout->count);
    json_end_object(writer);
}

static cvs_status write_maps(convolve_call *call, json_writer *writer) {
    if (!call->filters) return CVS_OK;
    const map_layout layout = convolve_map_layout(&call->c.inference.output);
    cvs_status status = api_account_ask(call->c.account, (size_t)layout.count * sizeof(float), &call->json.error);
    if (status != CVS_OK) return status;
    float *map = malloc((size_t)layout.count * sizeof *map);
    if (!map) return problem_no_memory(&call->json.error);
    json_key(writer, "feature_maps");
    json_begin_array(writer);
    for (size_t i = 0; i < call->filter_count; i++) write_map(call, writer, &layout, call->filters[i], map);
    json_end_array(writer);
    free(map);
    return CVS_OK;
}

static cvs_status write_members(convolve_call *call, const layer_json *json) {
    json_writer *writer = json->writer;
    json_key(writer, "layer");
    cvs_status status = layer_json_layer(json, &call->c.inference, &call->json.error);
    if (status != CVS_OK) return status;
    json_key(writer, "input");
    json_begin_object(writer);
    layer_json_tensor(json, &call->c.inference.input);
    json_end_object(writer);
    write_output(call, json);
    status = write_maps(call, writer);
    if (status == CVS_OK && call->trace.wanted) {
        json_key(writer, "trace");
        status = convolve_write_trace(call, writer);
    }
    if (status != CVS_OK) return status;
    json_key(writer, "execution");
    json_begin_object(writer);
    convolve_write_execution(&call->c, writer);
    json_key(writer, "compute_us");
    json_write_float(writer, (float)call->c.compute_us);
    json_end_object(writer);
    return CVS_OK;
}

cvs_status convolve_write(convolve_call *call, json_writer *writer) {
    cvs_text scratch = {0};
    const layer_json json = {.writer = writer, .scratch = &scratch};
    json_begin_object(writer);
    cvs_status status = write_members(call, &json);
    json_end_object(writer);
    cvs_text_free(&scratch);
    return status;
}
