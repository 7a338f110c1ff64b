#include "layer/any_rank.h"

#include "layer/dim.h"
#include "layer/infer.h"

#include <stdio.h>

int cvs__spatial_rank_of(const cvs_tensor_shape *tensor) {
    int rank = tensor->shape.rank - 2;
    return rank >= 1 && rank <= CVS_MAX_SPATIAL ? rank : 0;
}

void cvs__label_any(cvs_tensor_shape *tensor, cvs_data_format format) {
    int spatial_rank = cvs__spatial_rank_of(tensor);
    for (int i = 0; i < tensor->shape.rank; i++) tensor->axes[i] = i ? CVS_AXIS_OTHER : CVS_AXIS_BATCH;
    if (tensor->shape.rank == 2) tensor->axes[1] = CVS_AXIS_FEATURES;
    if (spatial_rank) cvs__label_data(tensor, format, spatial_rank, CVS_AXIS_CHANNELS);
}

int cvs__resolve_axis(int axis, int rank) {
    int position = axis < 0 ? axis + rank : axis;
    return position >= 0 && position < rank ? position : -1;
}

cvs_status cvs__infer_any_input(cvs_inference *inference, int least, int most, cvs_error *err) {
    const cvs_layer *layer = &inference->layer;
    const cvs_shape *given = &inference->input.shape;
    if (given->rank >= least && given->rank <= most) {
        cvs__label_any(&inference->input, layer->data_format);
        return CVS_OK;
    }
    char shape[96], wanted[48];
    cvs__shape_text(inference->symbols, given, shape, sizeof shape);
    if (least == most)
        snprintf(wanted, sizeof wanted, "%d axes", least);
    else
        snprintf(wanted, sizeof wanted, "%d to %d axes", least, most);
    const char *advice = given->rank < least ? " The batch axis counts: it stands first, as null when the number of "
                                               "samples does not matter."
                                             : "";
    cvs_status status = cvs_fail(err, CVS_INVALID, "asymmetric-rank", "/input_shape",
                                 "A %s layer of %s reads %s, but the input %s has %d.%s", cvs_op_name(layer->op),
                                 cvs__framework_title(layer->framework), wanted, shape, given->rank, advice);
    cvs_fail_value(err, "%s", shape);
    cvs_fail_expected(err, "%s", wanted);
    return status;
}

void cvs__infer_same_shape(cvs_inference *inference) {
    inference->layer.spatial_rank = cvs__spatial_rank_of(&inference->input);
    inference->output = inference->input;
}

void cvs__same_receptive_field(const cvs_inference *inference, cvs_receptive_field *out) {
    *out = (cvs_receptive_field){.rank = inference->layer.spatial_rank};
    for (int axis = 0; axis < out->rank; axis++) out->size[axis] = out->jump[axis] = 1;
}

/* By its name: a norm's axis decides where the channels are, whatever the layer's data format says. */
static int position_of(const cvs_tensor_shape *tensor, cvs_axis axis) {
    int position = 0;
    while (position < tensor->shape.rank - 1 && tensor->axes[position] != axis) position++;
    return position;
}

void cvs__same_step(const cvs_inference *inference, int axis, cvs_step *step, cvs_text *substitution) {
    cvs_axis name = cvs__spatial_axis(inference->layer.spatial_rank, axis);
    cvs_dim size = inference->output.shape.dim[position_of(&inference->output, name)];
    *step = (cvs_step){.axis = name, .formula = "n", .result = size};
    cvs__dim_format_term(inference->symbols, size, "n", substitution);
}

void cvs__no_receptive_field(const cvs_inference *inference, cvs_receptive_field *out) {
    (void)inference;
    *out = (cvs_receptive_field){.rank = 0};
}
