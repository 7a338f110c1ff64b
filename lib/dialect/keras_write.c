/* keras_write.c - what Keras, of either generation, needs before a layer can be written. */
#include "dialect/keras_arguments.h"
#include "dialect/writer.h"

static bool has_mode(const cvs_layer *layer, cvs_padding_mode mode) {
    bool keras1 = layer->framework == CVS_KERAS1;
    return mode == CVS_PAD_VALID || mode == CVS_PAD_SAME || (mode == CVS_PAD_FULL && keras1) ||
           (mode == CVS_PAD_CAUSAL && !keras1 && layer->spatial_rank == 1);
}

/* "1, 2" of numbers given singly or in pairs; Keras 1 lists pairs flat. */
static void write_pads(const cvs_layer *layer, cvs_text *text) {
    bool even = cvs__pads_even(layer), pairs = !even && layer->framework == CVS_KERAS && layer->spatial_rank > 1;
    for (int axis = 0; axis < layer->spatial_rank; axis++) {
        long long before = layer->padding.before[axis], after = layer->padding.after[axis];
        if (axis) cvs_text_add(text, ", ");
        if (even)
            cvs_text_addf(text, "%lld", before);
        else
            cvs_text_addf(text, "%s%lld, %lld%s", pairs ? "(" : "", before, after, pairs ? ")" : "");
    }
}

static void write_pad_layer(cvs__plan *plan) {
    const cvs_layer *layer = &plan->layer;
    bool single = layer->spatial_rank == 1 && cvs__pads_even(layer);
    cvs_text text = {0};
    cvs_text_addf(&text, "ZeroPadding%dD(%s", layer->spatial_rank, single ? "" : "(");
    write_pads(layer, &text);
    if (!single) cvs_text_add(&text, ")");
    if (layer->data_format == CVS_CHANNELS_FIRST)
        cvs_text_add(&text, layer->framework == CVS_KERAS1 ? ", dim_ordering='th'" : ", data_format='channels_first'");
    cvs_text_add(&text, ")");
    cvs__plan_before(plan, &text);
}

static cvs_status adapt_padding(cvs__plan *plan, cvs_error *err) {
    cvs_layer *layer = &plan->layer;
    cvs_status status = cvs__only_zeros(plan, err);
    if (status) return status;
    layer->padding.fill = CVS_FILL_ZEROS;
    if (has_mode(layer, layer->padding.mode)) return CVS_OK;
    if (!cvs__pads_known(layer)) return cvs__pads_unknown(plan, err);
    cvs_padding_mode mode = cvs__pads_mode(layer);
    if (!has_mode(layer, mode)) {
        mode = CVS_PAD_VALID;
        if (layer->framework == CVS_KERAS1 && layer->spatial_rank == 3 && !cvs__pads_even(layer))
            return cvs_fail(err, CVS_UNSUPPORTED, "padding-uneven", "/padding",
                            "Keras 1's ZeroPadding3D pads both ends of an axis alike, and these differ");
        write_pad_layer(plan);
    }
    layer->padding = (cvs_padding){.mode = mode};
    return CVS_OK;
}

cvs_status cvs__keras_adapt(cvs__plan *plan, cvs_error *err) {
    cvs_status status = adapt_padding(plan, err);
    bool argument = cvs__activation_word(plan->layer.framework, &plan->layer.activation) != NULL;
    return status || argument ? status : cvs__activation_apart(plan, err);
}
