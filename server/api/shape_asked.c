#include "api/shape_asked.h"

static void write_booleans(json_writer *writer, const char *key, const bool *values, int count) {
    json_key(writer, key);
    json_begin_array(writer);
    for (int i = 0; i < count; i++) json_write_bool(writer, values[i]);
    json_end_array(writer);
}

static void write_given(const layer_json *json, const cvs_match *match) {
    json_key(json->writer, "weights");
    json_begin_array(json->writer);
    for (int i = 0; i < match->given.count; i++) {
        const cvs_tensor_shape *tensor = &match->given.weight[i].tensor;
        json_begin_object(json->writer);
        json_member_string(json->writer, "name", match->given.weight[i].name);
        layer_json_tensor(json, tensor);
        if (match->kind == CVS_MATCH_SIZE)
            write_booleans(json->writer, "differs", match->differs[i], tensor->shape.rank);
        json_end_object(json->writer);
    }
    json_end_array(json->writer);
    json_key(json->writer, "expected");
    json_begin_array(json->writer);
    for (int i = 0; i < match->expected.count; i++) layer_json_weight(json, &match->expected.weight[i]);
    json_end_array(json->writer);
}

cvs_status shape_write_match(const layer_json *json, cvs_arena *arena, const cvs_inference *inference,
                             const shape_wish *wish, cvs_error *err) {
    static const char *const kinds[] = {
        [CVS_MATCH_EXACT] = "exact",
        [CVS_MATCH_SIZE] = "size",
        [CVS_MATCH_PERMUTATION] = "permutation",
        [CVS_MATCH_NONE] = "none",
    };
    cvs_match match;
    cvs_explanation words;
    cvs_status status = cvs_layer_match(inference, wish->weights, wish->weights_count, &match, err);
    if (status == CVS_OK) status = cvs_explain_match(arena, inference, &match, wish->language, &words, err);
    if (status != CVS_OK) return status;
    json_key(json->writer, "weights_seen");
    json_begin_object(json->writer);
    json_member_bool(json->writer, "fits", match.kind == CVS_MATCH_EXACT);
    json_member_string(json->writer, "kind", kinds[match.kind]);
    json_member_string(json->writer, "message", words.paragraph[0].text);
    json_member_string(json->writer, "framework", cvs_framework_name(match.framework));
    json_member_string(json->writer, "data_format", cvs_data_format_name(match.data_format));
    write_given(json, &match);
    json_end_object(json->writer);
    return CVS_OK;
}

static void write_axis_window(json_writer *writer, const cvs_window *window) {
    json_begin_object(writer);
    json_member_string(writer, "axis", cvs_axis_name(window->axis));
    json_member_int(writer, "first", window->first);
    json_member_int(writer, "step", window->step);
    json_member_int(writer, "count", window->count);
    json_member_int(writer, "padding_before", window->before);
    json_member_int(writer, "padding_after", window->after);
    json_end_object(writer);
}

cvs_status shape_write_window(const layer_json *json, const cvs_inference *inference, const shape_wish *wish,
                              cvs_error *err) {
    int rank = inference->layer.spatial_rank;
    if (wish->cell_rank != rank) {
        (void)cvs_fail(err, CVS_INVALID, "wrong-rank", "/cell",
                       "\"cell\" has %d positions, the output has %d spatial axes.", wish->cell_rank, rank);
        cvs_fail_expected(err, "%d positions", rank);
        return CVS_INVALID;
    }
    cvs_window windows[CVS_MAX_SPATIAL];
    cvs_status status = cvs_layer_window(inference, wish->cell, windows, err);
    if (status != CVS_OK) return status;
    json_key(json->writer, "receptive_window");
    json_begin_array(json->writer);
    for (int axis = 0; axis < rank; axis++) write_axis_window(json->writer, &windows[axis]);
    json_end_array(json->writer);
    return CVS_OK;
}
