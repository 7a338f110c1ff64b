/*
 * convolve_trace.c - one output cell, worked by hand: every product with the place of its input and of its weight.
 */
#include "api/convolve_call.h"

/* A longer list is no explanation any more. */
enum { MAX_PRODUCTS = 1 << 16 };

typedef struct trace {
    const convolve_call *call;
    json_writer *writer;
    cvs_window windows[CVS_MAX_SPATIAL];
    int64_t tap[CVS_MAX_SPATIAL]; /* which of the window's positions, per spatial axis */
    int64_t channel;              /* within the group */
    double sum;
} trace;

static int64_t channels_per_group(const cvs_layer *layer) { return layer->in_channels / layer->groups; }

/* The offset of `index` in a row-major tensor. */
static int64_t offset_of(const cvs_shape *shape, const int64_t *index) {
    int64_t offset = 0;
    for (int i = 0; i < shape->rank; i++) offset = offset * shape->dim[i] + index[i];
    return offset;
}

/* Where the current tap reads the input; false in the padding. */
static bool input_index(const trace *t, int64_t *index) {
    const cvs_inference *inference = &t->call->c.inference;
    const cvs_layer *layer = &inference->layer;
    int64_t group = t->call->trace.filter / (layer->filters / layer->groups);
    int spatial = 0;
    for (int i = 0; i < inference->input.shape.rank; i++) {
        if (inference->input.axes[i] == CVS_AXIS_BATCH) {
            index[i] = t->call->trace.sample;
        } else if (inference->input.axes[i] == CVS_AXIS_CHANNELS) {
            index[i] = group * channels_per_group(layer) + t->channel;
        } else {
            const cvs_window *window = &t->windows[spatial];
            int64_t position = window->first + t->tap[spatial] * window->step;
            index[i] = cvs_padding_source(layer->padding.fill, position, inference->input.shape.dim[i]);
            if (index[i] < 0) return false;
            spatial++;
        }
    }
    return true;
}

static void weight_index(const trace *t, int64_t *index) {
    const cvs_tensor_shape *kernel = &t->call->c.needed.weight[0].tensor;
    int spatial = 0;
    for (int i = 0; i < kernel->shape.rank; i++) {
        switch (kernel->axes[i]) {
        case CVS_AXIS_FILTERS:
            index[i] = t->call->trace.filter;
            break;
        case CVS_AXIS_IN_CHANNELS:
        case CVS_AXIS_IN_CHANNELS_PER_GROUP:
            index[i] = t->channel;
            break;
        case CVS_AXIS_UNIT:
            index[i] = 0;
            break;
        default:
            index[i] = t->windows[spatial].first_tap + t->tap[spatial] * t->windows[spatial].tap_step;
            spatial++;
        }
    }
}

static void write_index(json_writer *writer, const char *key, const int64_t *index, int rank) {
    json_key(writer, key);
    json_begin_array(writer);
    for (int i = 0; i < rank; i++) json_write_int(writer, index[i]);
    json_end_array(writer);
}

static void write_product(trace *t) {
    const convolution *c = &t->call->c;
    const cvs_shape *input = &c->inference.input.shape, *kernel = &c->needed.weight[0].tensor.shape;
    int64_t in[CVS_MAX_RANK], at[CVS_MAX_RANK];
    bool inside = input_index(t, in);
    weight_index(t, at);
    float x = inside ? c->input.values[offset_of(input, in)] : 0, w = c->weights[0].values[offset_of(kernel, at)];
    double product = (double)x * w;
    t->sum += product;
    json_begin_object(t->writer);
    if (inside) {
        write_index(t->writer, "input_index", in, input->rank);
    } else {
        json_member_null(t->writer, "input_index");
    }
    write_index(t->writer, "weight_index", at, kernel->rank);
    json_key(t->writer, "input");
    json_write_float(t->writer, x);
    json_key(t->writer, "weight");
    json_write_float(t->writer, w);
    json_key(t->writer, "product");
    json_write_double(t->writer, product);
    json_end_object(t->writer);
}

/* The next tap, the last axis first; false after the last one. */
static bool next_tap(trace *t) {
    for (int axis = t->call->c.inference.layer.spatial_rank - 1; axis >= 0; axis--) {
        if (++t->tap[axis] < t->windows[axis].count) return true;
        t->tap[axis] = 0;
    }
    return false;
}

static void write_products(trace *t) {
    int64_t channels = channels_per_group(&t->call->c.inference.layer);
    json_key(t->writer, "products");
    json_begin_array(t->writer);
    do {
        for (t->channel = 0; t->channel < channels; t->channel++) write_product(t);
    } while (next_tap(t));
    json_end_array(t->writer);
}

static float output_value(const convolve_call *call) {
    const cvs_tensor_shape *output = &call->c.inference.output;
    int64_t index[CVS_MAX_RANK];
    int spatial = 0;
    for (int i = 0; i < output->shape.rank; i++) {
        if (output->axes[i] == CVS_AXIS_BATCH) {
            index[i] = call->trace.sample;
        } else if (output->axes[i] == CVS_AXIS_FILTERS) {
            index[i] = call->trace.filter;
        } else {
            index[i] = call->trace.cell[spatial++];
        }
    }
    return call->c.output[offset_of(&output->shape, index)];
}

static void write_result(trace *t) {
    const convolution *c = &t->call->c;
    const cvs_layer *layer = &c->inference.layer;
    float bias = layer->use_bias ? c->weights[1].values[t->call->trace.filter] : 0;
    json_key(t->writer, "bias");
    json_write_float(t->writer, bias);
    json_key(t->writer, "sum");
    json_write_double(t->writer, t->sum + bias);
    json_member_string(t->writer, "activation", cvs_activation_name(layer->activation.kind));
    json_key(t->writer, "value");
    json_write_float(t->writer, output_value(t->call));
}

/* The windows, and whether their products can be listed. */
static cvs_status find_windows(trace *t, cvs_error *err) {
    const cvs_layer *layer = &t->call->c.inference.layer;
    if (layer->op != CVS_OP_CONV) {
        return cvs_fail(err, CVS_UNSUPPORTED, "trace-unsupported", "/trace", "A %s cannot be traced yet, a conv can.",
                        cvs_op_name(layer->op));
    }
    if (t->call->trace.cell_rank != layer->spatial_rank) {
        (void)cvs_fail(err, CVS_INVALID, "wrong-rank", "/trace/cell",
                       "\"cell\" has %d positions, the output has %d spatial axes.", t->call->trace.cell_rank,
                       layer->spatial_rank);
        cvs_fail_expected(err, "%d positions", layer->spatial_rank);
        return CVS_INVALID;
    }
    cvs_status status = cvs_layer_window(&t->call->c.inference, t->call->trace.cell, t->windows, err);
    if (status != CVS_OK) {
        cvs_error_prefix(err, "/trace");
        return status;
    }
    int64_t products = channels_per_group(layer);
    for (int axis = 0; axis < layer->spatial_rank && products <= MAX_PRODUCTS; axis++)
        products *= t->windows[axis].count;
    if (products <= MAX_PRODUCTS) return CVS_OK;
    return cvs_fail(err, CVS_TOO_LARGE, "trace-too-large", "/trace",
                    "One cell sums more than %d products here, too many to list.", MAX_PRODUCTS);
}

cvs_status convolve_check_trace(convolve_call *call) {
    trace t = {.call = call};
    return call->trace.wanted ? find_windows(&t, &call->json.error) : CVS_OK;
}

cvs_status convolve_write_trace(convolve_call *call, json_writer *writer) {
    trace t = {.call = call, .writer = writer};
    cvs_status status = find_windows(&t, &call->json.error);
    if (status != CVS_OK) return status;
    json_begin_object(writer);
    write_index(writer, "cell", call->trace.cell, call->trace.cell_rank);
    json_member_int(writer, "filter", call->trace.filter);
    json_member_int(writer, "sample", call->trace.sample);
    write_products(&t);
    write_result(&t);
    json_end_object(writer);
    return CVS_OK;
}
