#include "layer/validate.h"

#include <stdio.h>

cvs_status cvs__refuse_number(int64_t value, int64_t lowest, const char *pointer, const char *what, cvs_error *err) {
    cvs_status status =
        cvs_fail(err, CVS_INVALID, "bad-hyperparameter", pointer, "%s is %lld; it must be %s.", what, (long long)value,
                 value < lowest ? (lowest ? "at least 1" : "0 or more") : "below 2^31");
    cvs_fail_value(err, "%lld", (long long)value);
    cvs_fail_expected(err, "an integer from %lld to %lld", (long long)lowest, (long long)CVS_MAX_PARAMETER);
    return status;
}

cvs_status cvs__refuse_in_list(const cvs_layer *layer, const cvs__list *list, int axis, cvs_error *err) {
    char pointer[48], what[64];
    snprintf(pointer, sizeof pointer, "%s/%d", list->pointer, axis);
    snprintf(what, sizeof what, "The %s along %s", list->called,
             cvs_axis_name(cvs__spatial_axis(layer->spatial_rank, axis)));
    return cvs__refuse_number(list->number[axis], list->lowest, pointer, what, err);
}

cvs_status cvs__check_channels(const cvs_layer *layer, cvs_error *err) {
    cvs_status status = cvs__check_range(layer->filters, 1, "/filters", "The number of filters", err);
    if (status == CVS_OK)
        status = cvs__check_range(layer->in_channels, 0, "/in_channels", "The number of input channels", err);
    if (status == CVS_OK) status = cvs__check_range(layer->groups, 1, "/groups", "The number of groups", err);
    return status;
}

static cvs_status unknown_value(const char *pointer, const char *what, int value, cvs_error *err) {
    return cvs_fail(err, CVS_INVALID, "unknown-value", pointer, "%d is no %s.", value, what);
}

/* The enumerations come from a caller's struct: nothing below may index a table with them unchecked. */
static cvs_status check_enumerations(const cvs_layer *layer, cvs_error *err) {
    if ((unsigned)layer->op >= CVS_OP_COUNT) return unknown_value("/op", "operator", (int)layer->op, err);
    if ((unsigned)layer->framework >= CVS_FRAMEWORK_COUNT)
        return unknown_value("/framework", "framework", (int)layer->framework, err);
    if (!cvs__data_format_exists(layer->data_format))
        return unknown_value("/data_format", "data format", (int)layer->data_format, err);
    if (!cvs__padding_mode_exists(layer->padding.mode))
        return unknown_value("/padding/mode", "padding mode", (int)layer->padding.mode, err);
    if (!cvs__fill_exists(layer->padding.fill))
        return unknown_value("/padding/fill", "padding fill", (int)layer->padding.fill, err);
    if ((unsigned)layer->activation.kind >= CVS_ACT_COUNT)
        return unknown_value("/activation", "activation", (int)layer->activation.kind, err);
    return CVS_OK;
}

bool cvs__rank_follows_input(cvs_op op) {
    return op == CVS_OP_GLOBAL_MAX_POOL || op == CVS_OP_GLOBAL_AVERAGE_POOL || op == CVS_OP_UPSAMPLE;
}

cvs_status cvs_layer_validate(const cvs_layer *layer, cvs_error *err) {
    const cvs__op *row = cvs__op_row(layer->op);
    cvs_status status = check_enumerations(layer, err);
    if (status != CVS_OK) return status;
    if (!row)
        return cvs_fail(err, CVS_UNSUPPORTED, "op-unsupported", "/op", "This version does not compute %s layers.",
                        cvs_op_name(layer->op));
    if (layer->framework == CVS_TENSORFLOW)
        return cvs_fail(err, CVS_INVALID, "framework-without-layers", "/framework",
                        "TensorFlow is a weight layout only; its layers are those of Keras.");
    bool open = layer->spatial_rank == 0 && (row->any_rank || cvs__rank_follows_input(layer->op));
    if (!open && (layer->spatial_rank < 1 || layer->spatial_rank > CVS_MAX_SPATIAL)) {
        status = cvs_fail(err, CVS_INVALID, "bad-spatial-rank", "/spatial_rank",
                          "A layer has 1, 2 or 3 spatial axes, not %d.", layer->spatial_rank);
        cvs_fail_value(err, "%d", layer->spatial_rank);
        cvs_fail_expected(err, "1, 2 or 3");
        return status;
    }
    return row->validate(layer, err);
}
