#include "api/convolve.h"

#include "api/layer_json.h"
#include "api/members.h"

#include <convscope/inspect.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* "(5, 1, 300, 111)", "(111,)" */
static void shape_text(const cvs_shape *shape, cvs_text *out) {
    cvs_text_add(out, "(");
    for (int i = 0; i < shape->rank; i++) {
        if (i > 0) cvs_text_add(out, ", ");
        cvs_text_add_int(out, shape->dim[i]);
    }
    cvs_text_add(out, shape->rank == 1 ? ",)" : ")");
}

/* "kernel (5, 1, 300, 111) = (kernel_length, unit, in_channels, filters)" */
static void weight_text(const cvs_weight *weight, cvs_text *out) {
    cvs_text_addf(out, "%s ", weight->name);
    shape_text(&weight->tensor.shape, out);
    cvs_text_add(out, " = (");
    for (int i = 0; i < weight->tensor.shape.rank; i++) {
        cvs_text_addf(out, "%s%s", i > 0 ? ", " : "", cvs_axis_name(weight->tensor.axes[i]));
    }
    cvs_text_add(out, ")");
}

static cvs_status fail_needed(convolution *c, const char *code, const char *pointer, const char *what) {
    cvs_text needed = {0};
    for (int i = 0; i < c->needed.count; i++) {
        if (i > 0) cvs_text_add(&needed, "; ");
        weight_text(&c->needed.weight[i], &needed);
    }
    const char *list = needed.data ? needed.data : "none";
    (void)cvs_fail(&c->call.error, CVS_INVALID, code, pointer,
                   "%s The layer needs %s. {\"random\": 7} stands for reproducible random ones.", what, list);
    cvs_fail_expected(&c->call.error, "%s", list);
    cvs_text_free(&needed);
    return CVS_INVALID;
}

static cvs_status wrong_shape(convolution *c, int index) {
    const cvs_weight *weight = &c->needed.weight[index];
    cvs_text needed = {0}, found = {0};
    weight_text(weight, &needed);
    shape_text(&c->weight_sources[index].shape, &found);
    const char *shape = found.failed ? "another shape" : found.data, *list = needed.failed ? weight->name : needed.data;
    (void)cvs_fail(&c->call.error, CVS_INVALID, "weights-shape-mismatch", "", "This has the shape %s, needed is %s.",
                   shape, list);
    cvs_fail_value(&c->call.error, "%s", shape);
    cvs_fail_expected(&c->call.error, "%s", list);
    cvs_text_free(&needed);
    cvs_text_free(&found);
    return CVS_INVALID;
}

static bool same_shape(const cvs_shape *a, const cvs_shape *b) {
    return a->rank == b->rank && memcmp(a->dim, b->dim, (size_t)a->rank * sizeof *a->dim) == 0;
}

/* ---- looking ------------------------------------------------------------------------ */

/* Weight number `index`, which stands at "/weights/" + `key`. */
static cvs_status open_weight(convolution *c, int index, const json_t *json, const char *key) {
    tensor_source *source = &c->weight_sources[index];
    const cvs_shape *needed = &c->needed.weight[index].tensor.shape;
    cvs_error *err = &c->call.error;
    cvs_status status = tensor_open(json, source, err);
    if (status == CVS_OK) status = tensor_set_shape(source, needed, err);
    if (status == CVS_OK && !same_shape(&source->shape, needed)) status = wrong_shape(c, index);
    if (status == CVS_OK) return CVS_OK;
    char pointer[80];
    snprintf(pointer, sizeof pointer, "/weights/%s", key);
    cvs_error_prefix(err, pointer);
    return status;
}

static cvs_status open_list(convolution *c, const json_t *list, bool *list_needed) {
    size_t count = json_array_size(list);
    if (count != (size_t)c->needed.count) {
        char what[64];
        snprintf(what, sizeof what, "These are %zu weights.", count);
        *list_needed = true;
        return fail_needed(c, "wrong-number-of-weights", "/weights", what);
    }
    cvs_status status = CVS_OK;
    for (int i = 0; i < c->needed.count && status == CVS_OK; i++) {
        char key[24];
        snprintf(key, sizeof key, "%d", i);
        status = open_weight(c, i, json_array_get(list, (size_t)i), key);
    }
    return status;
}

/* What weight number `index` may be called: by the framework's name, or kernel and bias in any framework. */
static const json_t *find_weight(const convolution *c, const json_t *object, int index, const char **key) {
    static const char *const common[] = {"kernel", "bias"};
    *key = c->needed.weight[index].name;
    const json_t *json = members_get(object, *key);
    if (json || c->needed.count > 2) return json;
    *key = common[index];
    return members_get(object, *key);
}

static cvs_status check_names(convolution *c, const json_t *object) {
    const char *known[CVS_MAX_WEIGHTS + 3] = {"random"};
    int count = 1;
    for (int i = 0; i < c->needed.count; i++) known[count++] = c->needed.weight[i].name;
    if (c->needed.count >= 1 && c->needed.count <= 2) known[count++] = "kernel";
    if (c->needed.count == 2) known[count++] = "bias";
    known[count] = NULL;
    return members_check(object, "/weights", known, &c->call.error);
}

static cvs_status open_named(convolution *c, const json_t *object, bool *list_needed) {
    cvs_status status = check_names(c, object);
    for (int i = 0; i < c->needed.count && status == CVS_OK; i++) {
        const char *key;
        const json_t *json = find_weight(c, object, i, &key);
        if (json) {
            status = open_weight(c, i, json, key);
        } else {
            char pointer[80];
            snprintf(pointer, sizeof pointer, "/weights/%s", c->needed.weight[i].name);
            *list_needed = true;
            status = fail_needed(c, "weights-missing", pointer, "A weight is missing.");
        }
    }
    return status;
}

/* {"random": seed}: weight number i from seed + i. */
static cvs_status open_random(convolution *c, const json_t *object) {
    tensor_source all;
    cvs_status status = tensor_open(object, &all, &c->call.error);
    if (status == CVS_OK && all.has_shape) {
        status = cvs_fail(&c->call.error, CVS_INVALID, "shape-not-wanted", "/shape",
                          "Random weights take their shapes from the layer.");
    }
    if (status != CVS_OK) cvs_error_prefix(&c->call.error, "/weights");
    for (int i = 0; i < c->needed.count && status == CVS_OK; i++) {
        c->weight_sources[i] = all;
        c->weight_sources[i].seed += (uint64_t)i;
        status = tensor_set_shape(&c->weight_sources[i], &c->needed.weight[i].tensor.shape, &c->call.error);
    }
    return status;
}

/* The first weight of a list, or the one called by its name; NULL where there is none with a shape of its own. */
static const json_t *first_weight(const convolution *c, const json_t *weights) {
    const char *key;
    if (json_is_array(weights)) return json_array_get(weights, 0);
    return json_is_object(weights) && c->needed.count > 0 ? find_weight(c, weights, 0, &key) : NULL;
}

/* A multiplier that the layer leaves out is that of the weights. */
static cvs_status settle_multiplier(convolution *c, const json_t *weights) {
    tensor_source source;
    cvs_error ignored = {0}; /* it is told when the weight is opened */
    bool open = c->inference.layer.op == CVS_OP_SEPARABLE_CONV && !cvs_reading_says(&c->reading, "multiplier");
    const json_t *first = open ? first_weight(c, weights) : NULL;
    if (!first || tensor_open(first, &source, &ignored) != CVS_OK || !source.has_shape) return CVS_OK;
    int64_t multiplier = cvs_multiplier_of(&c->inference, &source.shape);
    if (multiplier <= 1) return CVS_OK;
    c->reading.layer.multiplier = multiplier;
    cvs_status status = cvs_infer(&c->reading.layer, &c->input_source.shape, NULL, &c->inference, &c->call.error);
    if (status != CVS_OK) return status;
    return cvs_layer_weights(&c->inference, CVS_FRAMEWORK_AUTO, &c->needed, &c->call.error);
}

cvs_status convolve_open_weights(convolution *c, bool *list_needed) {
    cvs_error *err = &c->call.error;
    const json_t *weights = members_get(c->call.root, "weights");
    cvs_status status = cvs_layer_weights(&c->inference, CVS_FRAMEWORK_AUTO, &c->needed, err);
    if (status == CVS_OK) status = settle_multiplier(c, weights);
    if (status != CVS_OK) {
        layer_locate(err, &c->reading, &c->at);
        return status;
    }
    if (!weights) {
        if (c->needed.count == 0) return CVS_OK;
        *list_needed = true;
        return fail_needed(c, "weights-missing", "/weights", "The weights are missing.");
    }
    if (json_is_array(weights)) return open_list(c, weights, list_needed);
    if (!json_is_object(weights))
        return members_wrong_type(weights, "/weights", "an array of tensors, or an object", err);
    return members_get(weights, "random") ? open_random(c, weights) : open_named(c, weights, list_needed);
}

/* ---- reading ------------------------------------------------------------------------ */

/*
 * Random kernels keep the size of what they read: uniform in +-sqrt(3/n) has the variance 1/n, n the number of inputs
 * that one output sums (LeCun et al., "Efficient BackProp", 1998, section 4.6).
 */
static float random_scale(const cvs_tensor_shape *kernel) {
    double inputs = 1;
    for (int i = 0; i < kernel->shape.rank; i++) {
        cvs_axis axis = kernel->axes[i];
        bool counts_outputs = axis == CVS_AXIS_FILTERS || axis == CVS_AXIS_FILTERS_PER_GROUP ||
                              axis == CVS_AXIS_MULTIPLIER || axis == CVS_AXIS_UNITS;
        if (!counts_outputs) inputs *= (double)kernel->shape.dim[i];
    }
    return (float)sqrt(3 / inputs);
}

/* The statistics and factors of a norm are of size 1, and its variance, the last weight, is positive. */
static void draw_positive(const convolution *c, int index) {
    const cvs_layer *layer = &c->inference.layer;
    bool variance = layer->op == CVS_OP_BATCH_NORM && layer->running_stats && index == c->needed.count - 1;
    if (!variance || c->weight_sources[index].form != TENSOR_RANDOM) return;
    for (int64_t i = 0; i < c->weight_sources[index].count; i++) c->weights[index][i] = fabsf(c->weights[index][i]);
}

/* Errors already carry the pointer below the weight: put where the weight stands before it. */
static void prefix_weight(convolution *c, int index) {
    const json_t *weights = members_get(c->call.root, "weights");
    char pointer[80];
    if (json_is_array(weights)) {
        snprintf(pointer, sizeof pointer, "/weights/%d", index);
    } else {
        const char *key;
        (void)find_weight(c, weights, index, &key);
        snprintf(pointer, sizeof pointer, "/weights/%s", key);
    }
    cvs_error_prefix(&c->call.error, pointer);
}

cvs_status convolve_read_weights(convolution *c) {
    float scale = 1;
    for (int i = 0; i < c->needed.count; i++) {
        const cvs_tensor_shape *tensor = &c->needed.weight[i].tensor;
        if (tensor->shape.rank > 1) scale = random_scale(tensor); /* and of the bias that follows */
        const tensor_source *source = &c->weight_sources[i];
        c->weights[i] = malloc((size_t)source->count * sizeof *c->weights[i]);
        if (!c->weights[i]) {
            return cvs_fail(&c->call.error, CVS_NO_MEMORY, "no-memory", "", "Memory is short; try again later.");
        }
        cvs_status status = tensor_read(source, scale, c->weights[i], &c->call.error);
        if (status != CVS_OK) {
            prefix_weight(c, i);
            return status;
        }
        draw_positive(c, i);
    }
    return CVS_OK;
}

void convolve_write_needed(const convolution *c, json_writer *writer) {
    const layer_json json = {.writer = writer};
    json_begin_array(writer);
    for (int i = 0; i < c->needed.count; i++) layer_json_weight(&json, &c->needed.weight[i]);
    json_end_array(writer);
}
