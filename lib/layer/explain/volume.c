/* volume.c - what goes in and what comes out. */
#include "teller.h"

/* The spatial axes whose size is not known, as their names: "`length`", "`height` and `width`". */
static int put_open_axes(cvs__teller *teller, int value) {
    const cvs_tensor_shape *input = &teller->inference->input;
    int count = 0;
    for (int i = 1; i < input->shape.rank; i++) {
        bool channels = input->axes[i] == CVS_AXIS_CHANNELS;
        if (channels || input->shape.dim[i] != CVS_DIM_UNKNOWN) continue;
        if (count++ == 0) {
            cvs__put_string(teller, value, cvs_axis_name(input->axes[i]));
            continue;
        }
        teller->values[EXPLAIN_VALUE_LEFT] = teller->values[value];
        cvs__put_string(teller, EXPLAIN_VALUE_RIGHT, cvs_axis_name(input->axes[i]));
        cvs__put_written(teller, value, EXPLAIN_AND_NAMES);
    }
    return count;
}

/* Keras's own argument leaves out the batch, which is a common reason for one axis too many. */
static void say_keras_argument(cvs__teller *teller) {
    const cvs_tensor_shape *input = &teller->inference->input;
    cvs_framework framework = teller->layer->framework;
    if (framework != CVS_KERAS && framework != CVS_KERAS1) return;
    for (int i = 1; i < input->shape.rank; i++)
        if (!cvs_dim_is_known(input->shape.dim[i])) return;
    cvs__put_shape_without(teller, EXPLAIN_VALUE_SHAPE, input, 0);
    cvs__say(teller, EXPLAIN_VOLUME_KERAS_ARGUMENT);
}

bool cvs__merges_batch(const cvs_inference *inference) {
    const cvs_tensor_shape *input = &inference->input, *output = &inference->output;
    bool batch = input->shape.rank && input->axes[0] == CVS_AXIS_BATCH;
    return inference->layer.op == CVS_OP_FLATTEN && batch && output->axes[0] != CVS_AXIS_BATCH;
}

void cvs__tell_volume(cvs__teller *teller) {
    const cvs_inference *inference = teller->inference;
    cvs_dim batch = inference->input.shape.rank ? inference->input.shape.dim[0] : 1;
    cvs__put_volume(teller, EXPLAIN_VALUE_IN_VOLUME, &inference->input);
    cvs__put_volume(teller, EXPLAIN_VALUE_OUT_VOLUME, &inference->output);
    cvs__put_shape(teller, EXPLAIN_VALUE_IN_SHAPE, &inference->input);
    cvs__put_shape(teller, EXPLAIN_VALUE_OUT_SHAPE, &inference->output);
    cvs__tell(teller, "volume");
    if (cvs__merges_batch(inference)) {
        cvs__say(teller, EXPLAIN_VOLUME_BATCH_MERGED);
        return;
    }
    cvs__say(teller, teller->layer->op >= CVS_OP_ADD ? EXPLAIN_VOLUME_MERGE : EXPLAIN_VOLUME_SHAPES);
    int open = put_open_axes(teller, EXPLAIN_VALUE_OPEN_AXES);
    cvs__put(teller, EXPLAIN_VALUE_OPEN, open);
    if (open) cvs__say(teller, EXPLAIN_VOLUME_OPEN);
    if (batch == CVS_DIM_UNKNOWN) cvs__say(teller, EXPLAIN_VOLUME_ANY_BATCH);
    say_keras_argument(teller);
}
