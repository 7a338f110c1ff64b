#include "plan.h"

#include <stdio.h>

/* "(5, 1, 300, 111)" */
static void add_shape(cvs_text *text, const cvs_shape *shape) {
    cvs_text_add(text, "(");
    for (int i = 0; i < shape->rank; i++) cvs_text_addf(text, "%s%lld", i ? ", " : "", (long long)shape->dim[i]);
    cvs_text_add(text, shape->rank == 1 ? ",)" : ")");
}

/* "(kernel_length, unit, in_channels, filters)" */
static void add_axes(cvs_text *text, const cvs_tensor_shape *tensor) {
    cvs_text_add(text, "(");
    for (int i = 0; i < tensor->shape.rank; i++)
        cvs_text_addf(text, "%s%s", i ? ", " : "", cvs_axis_name(tensor->axes[i]));
    cvs_text_add(text, tensor->shape.rank == 1 ? ",)" : ")");
}

static bool same_shape(const cvs_shape *a, const cvs_shape *b) {
    if (a->rank != b->rank) return false;
    for (int i = 0; i < a->rank; i++)
        if (a->dim[i] != b->dim[i]) return false;
    return true;
}

static const char *text_of(const cvs_text *text) { return text->data ? text->data : ""; }

static cvs_status wrong_count(const cvs_weights *expected, size_t count, cvs_error *err) {
    cvs_text list = {0};
    for (int i = 0; i < expected->count; i++) {
        cvs_text_addf(&list, "%s%s ", i ? ", " : "", expected->weight[i].name);
        add_shape(&list, &expected->weight[i].tensor.shape);
    }
    cvs_fail(err, CVS_INVALID, "weights-count", "/weights", "the layer takes %d weight tensor%s, %s; here %s %zu",
             expected->count, expected->count == 1 ? "" : "s", text_of(&list), count == 1 ? "is" : "are", count);
    cvs_fail_value(err, "%zu", count);
    cvs_fail_expected(err, "%s", text_of(&list));
    cvs_text_free(&list);
    return CVS_INVALID;
}

static cvs_status wrong_shape(const cvs_weight *expected, const cvs_tensor *given, const char *pointer,
                              cvs_error *err) {
    cvs_text shape = {0}, axes = {0}, found = {0};
    add_shape(&shape, &expected->tensor.shape);
    add_axes(&axes, &expected->tensor);
    add_shape(&found, &given->shape);
    cvs_fail(err, CVS_INVALID, "weight-shape", pointer, "the %s has shape %s, but this layer's is %s, axes %s",
             expected->name, text_of(&found), text_of(&shape), text_of(&axes));
    cvs_fail_value(err, "%s", text_of(&found));
    cvs_fail_expected(err, "%s", text_of(&shape));
    cvs_text_free(&shape);
    cvs_text_free(&axes);
    cvs_text_free(&found);
    return CVS_INVALID;
}

cvs_status cvs__check_weights(const cvs_weights *expected, const cvs_tensor *given, size_t count, cvs_error *err) {
    if (count != (size_t)expected->count) return wrong_count(expected, count, err);
    for (int i = 0; i < expected->count; i++) {
        char pointer[32];
        snprintf(pointer, sizeof pointer, "/weights/%d", i);
        if (!same_shape(&expected->weight[i].tensor.shape, &given[i].shape))
            return wrong_shape(&expected->weight[i], &given[i], pointer, err);
        if (!given[i].data && expected->weight[i].count > 0)
            return cvs_fail(err, CVS_INVALID, "weight-missing", pointer, "the %s has a shape but no numbers",
                            expected->weight[i].name);
    }
    return CVS_OK;
}
