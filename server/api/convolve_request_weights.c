/* convolve_request_weights.c - "weights" of POST /v1/convolve: a list, an object by name, or {"random": seed}. */
#include "api/convolve_call.h"

#include "api/members.h"

#include <stdio.h>

/* Weight number `index`, which stands at "/weights/" + `key`. */
static cvs_status open_weight(convolve_call *call, int index, const json_t *json, const char *key) {
    convolve_tensor *weight = &call->c.weights[index];
    cvs_error *err = &call->json.error;
    snprintf(weight->pointer, sizeof weight->pointer, "/weights/%s", key);
    if (!json) return CVS_OK;
    weight->given = true;
    cvs_status status = tensor_open(json, &call->json.lifted, &weight->source, err);
    if (status != CVS_OK) cvs_error_prefix(err, weight->pointer);
    return status;
}

static cvs_status open_list(convolve_call *call, const json_t *list) {
    size_t count = json_array_size(list);
    if (count != (size_t)call->c.needed.count) {
        char what[64];
        snprintf(what, sizeof what, "These are %zu weights.", count);
        return convolve_fail_needed(&call->c, "wrong-number-of-weights", "/weights", what, &call->json.error);
    }
    cvs_status status = CVS_OK;
    for (int i = 0; i < call->c.needed.count && status == CVS_OK; i++) {
        char key[24];
        snprintf(key, sizeof key, "%d", i);
        status = open_weight(call, i, json_array_get(list, (size_t)i), key);
    }
    return status;
}

static cvs_status check_names(convolve_call *call, const json_t *object) {
    const char *known[CONVOLVE_MOST_NAMES + 2] = {"random"};
    const int count = convolve_weight_names(&call->c, known + 1);
    known[1 + count] = NULL;
    return members_check(object, "/weights", known, &call->json.error);
}

/* The member by the framework's name, else by the one that it has in any framework; NULL where there is neither. */
static const json_t *find_member(const convolve_call *call, const json_t *object, int index, const char **key) {
    static const char *const common[] = {"kernel", "bias"};
    const char *name = call->c.needed.weight[index].name;
    for (size_t i = 0; i < 2 && !members_get(object, name); i++) {
        if (convolve_find_weight(&call->c, common[i]) == index && members_get(object, common[i])) name = common[i];
    }
    *key = name;
    return members_get(object, name);
}

static cvs_status open_named(convolve_call *call, const json_t *object) {
    cvs_status status = check_names(call, object);
    for (int i = 0; i < call->c.needed.count && status == CVS_OK; i++) {
        const char *key;
        const json_t *json = find_member(call, object, i, &key);
        status = open_weight(call, i, json, key);
    }
    return status;
}

/* {"random": seed}: weight number i from seed + i. */
static cvs_status open_random(convolve_call *call, const json_t *object) {
    tensor_source all;
    cvs_error *err = &call->json.error;
    cvs_status status = tensor_open(object, &call->json.lifted, &all, err);
    if (status == CVS_OK && all.has_shape) {
        status = cvs_fail(err, CVS_INVALID, "shape-not-wanted", "/shape",
                          "Random weights take their shapes from the layer.");
    }
    if (status != CVS_OK) cvs_error_prefix(err, "/weights");
    for (int i = 0; i < call->c.needed.count && status == CVS_OK; i++) {
        call->c.weights[i] = (convolve_tensor){.pointer = "/weights", .given = true, .source = all};
        call->c.weights[i].source.seed += (uint64_t)i;
    }
    return status;
}

static cvs_status open_any(convolve_call *call, const json_t *weights) {
    if (json_is_array(weights)) return open_list(call, weights);
    if (!json_is_object(weights)) {
        return members_wrong_type(weights, "/weights", "an array of tensors, or an object", &call->json.error);
    }
    return members_get(weights, "random") ? open_random(call, weights) : open_named(call, weights);
}

cvs_status convolve_open_weights(convolve_call *call) {
    cvs_error *err = &call->json.error;
    const json_t *weights = members_get(call->json.root, "weights");
    bool in_parts;
    cvs_status status = convolve_open_weight_parts(call, &in_parts);
    if (status != CVS_OK) return status;
    if (in_parts) return convolve_check_weights(&call->c, err);
    if (!weights && call->c.needed.count > 0) {
        return convolve_fail_needed(&call->c, "weights-missing", "/weights", "The weights are missing.", err);
    }
    if (weights) status = open_any(call, weights);
    return status == CVS_OK ? convolve_check_weights(&call->c, err) : status;
}
