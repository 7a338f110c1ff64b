#include "api/layer_json.h"

#include "api/problem.h"

#include <string.h>

void layer_json_dim(const layer_json *json, cvs_dim dim) {
    if (cvs_dim_is_known(dim)) {
        json_write_int(json->writer, dim);
    } else if (cvs_dim_is_symbolic(dim)) {
        cvs_text_clear(json->scratch);
        cvs_dim_format(json->symbols, dim, json->scratch);
        if (json->scratch->failed) json->writer->text.failed = true;
        json_write_text(json->writer, json->scratch->data ? json->scratch->data : "", json->scratch->length);
    } else {
        json_write_null(json->writer);
    }
}

void layer_json_tensor(const layer_json *json, const cvs_tensor_shape *tensor) {
    json_key(json->writer, "shape");
    json_begin_array(json->writer);
    for (int i = 0; i < tensor->shape.rank; i++) layer_json_dim(json, tensor->shape.dim[i]);
    json_end_array(json->writer);
    json_key(json->writer, "axes");
    json_begin_array(json->writer);
    for (int i = 0; i < tensor->shape.rank; i++) json_write_name(json->writer, cvs_axis_name(tensor->axes[i]));
    json_end_array(json->writer);
}

void layer_json_weight(const layer_json *json, const cvs_weight *weight) {
    json_begin_object(json->writer);
    json_member_string(json->writer, "name", weight->name);
    layer_json_tensor(json, &weight->tensor);
    json_member_int(json->writer, "count", weight->count);
    json_end_object(json->writer);
}

void layer_json_count(json_writer *writer, const char *key, int64_t count) {
    json_key(writer, key);
    if (count >= 0) {
        json_write_int(writer, count);
    } else {
        json_write_null(writer);
    }
}

void layer_json_list(json_writer *writer, const char *key, const int64_t *values, int count) {
    json_key(writer, key);
    json_begin_array(writer);
    for (int i = 0; i < count; i++) {
        if (values[i] >= 0) {
            json_write_int(writer, values[i]);
        } else {
            json_write_null(writer);
        }
    }
    json_end_array(writer);
}

void layer_json_cost(json_writer *writer, const cvs_cost *cost) {
    json_begin_object(writer);
    layer_json_count(writer, "macs", cost->macs);
    layer_json_count(writer, "bias_adds", cost->bias_adds);
    layer_json_count(writer, "flops", cost->flops);
    layer_json_count(writer, "input_bytes", cost->input_bytes);
    layer_json_count(writer, "output_bytes", cost->output_bytes);
    layer_json_count(writer, "weights_bytes", cost->weights_bytes);
    json_end_object(writer);
}

/* A whole number where it is one: after a transposed convolution cells may be half an input apart. */
static void write_jump(json_writer *writer, int64_t jump, int64_t divisor) {
    if (jump == CVS_DIM_UNKNOWN)
        json_write_null(writer);
    else if (jump % divisor == 0)
        json_write_int(writer, jump / divisor);
    else
        json_write_double(writer, (double)jump / (double)divisor);
}

void layer_json_receptive_field(json_writer *writer, const cvs_receptive_field *field) {
    json_begin_object(writer);
    layer_json_list(writer, "size", field->size, field->rank);
    json_key(writer, "jump");
    json_begin_array(writer);
    for (int i = 0; i < field->rank; i++) write_jump(writer, field->jump[i], field->jump_divisor[i]);
    json_end_array(writer);
    json_key(writer, "start");
    json_begin_array(writer);
    for (int i = 0; i < field->rank; i++) json_write_double(writer, field->start[i]);
    json_end_array(writer);
    json_end_object(writer);
}

cvs_status layer_json_layer(const layer_json *json, const cvs_inference *inference, cvs_error *err) {
    cvs_text_clear(json->scratch);
    cvs_status status = cvs_dialect_write(inference, CVS_CONVSCOPE, CVS_ENGLISH, json->scratch, err);
    if (status == CVS_OK && json->scratch->failed) {
        status = problem_no_memory(err);
    }
    if (status == CVS_OK) json_write_raw(json->writer, json->scratch->data, json->scratch->length);
    return status;
}
