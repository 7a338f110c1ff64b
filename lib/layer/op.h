/*
 * op.h - one row per operator: everything that is particular to it. The public
 * functions do what is common and call the row of the layer's op.
 *
 * To add an operator: a value in cvs_op and its name in names.c, a file with its
 * functions and its row, a line in the table of op.c. Operators that slide a window take the window
 * functions of window.h; what two operators share goes into a file of its own.
 */
#ifndef CONVSCOPE_LAYER_OP_H
#define CONVSCOPE_LAYER_OP_H

#include "layer/layer_internal.h"

/* What a weight is for, whatever a framework calls it. */
typedef enum cvs__role {
    CVS__KERNEL,
    CVS__DEPTHWISE_KERNEL, /* of a separable convolution */
    CVS__POINTWISE_KERNEL,
    CVS__BIAS,
    CVS__DENSE_KERNEL, /* ONNX calls it otherwise than a convolution's */
    CVS__DENSE_BIAS,
    CVS__BATCH_GAMMA, /* of batch, layer and group normalisation: ONNX has other names in each */
    CVS__BATCH_BETA,
    CVS__MEAN,
    CVS__VARIANCE,
    CVS__LAYER_GAMMA,
    CVS__LAYER_BETA,
    CVS__GROUP_GAMMA,
    CVS__GROUP_BETA,
    CVS__ROLE_COUNT
} cvs__role;

/* One weight as a framework stores it: its axes in order. The sizes follow from the axes (cvs__axis_size). */
typedef struct cvs__stored {
    cvs__role role;
    int rank;
    cvs_axis axes[CVS_MAX_RANK];
    /* The filters are input channels x multiplier, in this order: what other layouts keep as two axes. */
    bool filters_merged;
    bool frozen;          /* statistics, not learned */
    const int64_t *sizes; /* of its axes where they do not follow from the names, else NULL; lives with the inference */
} cvs__stored;

/* All weights of a layer, in the framework's order. */
typedef struct cvs__storage {
    int count;
    cvs__stored tensor[CVS_MAX_WEIGHTS];
} cvs__storage;

typedef struct cvs__op {
    bool any_rank; /* the input may have any number of axes: the layer's spatial rank is not read, and may be 0 */

    /* What needs no input. Enumerations and the spatial rank are in range already; it may be 0 with any_rank. */
    cvs_status (*validate)(const cvs_layer *layer, cvs_error *err);

    /*
     * `inference` has the validated layer and the sizes of the input (each at least 1 when known): check them
     * against each other, name the input's axes, settle the layer's open numbers, make the output.
     */
    cvs_status (*infer)(cvs_inference *inference, cvs_symbols *symbols, cvs_error *err);

    /* Which weights `framework` (never AUTO) stores. CVS_UNSUPPORTED when it has no such layer. */
    cvs_status (*storage)(const cvs_inference *inference, cvs_framework framework, cvs__storage *out, cvs_error *err);

    /* macs and bias_adds, by cvs__cost_product(); the rest of the cost is common. False: overflow. */
    bool (*work)(const cvs_inference *inference, int64_t *macs, int64_t *bias_adds);

    /* jump_divisor may be left at 0, meaning 1. */
    void (*receptive_field)(const cvs_inference *inference, cvs_receptive_field *out);
    void (*step)(const cvs_inference *inference, int axis, cvs_step *step, cvs_text *substitution);
} cvs__op;

extern const cvs__op cvs__op_conv, cvs__op_transposed, cvs__op_depthwise, cvs__op_separable, cvs__op_global_pool,
    cvs__op_adaptive_pool, cvs__op_pool, cvs__op_pad, cvs__op_crop, cvs__op_upsample, cvs__op_activation,
    cvs__op_dropout, cvs__op_dense, cvs__op_flatten, cvs__op_reshape, cvs__op_permute, cvs__op_repeat, cvs__op_norm,
    cvs__op_layer_norm, cvs__op_merge;

/* The operator's row, or NULL when it has none. */
const cvs__op *cvs__op_row(cvs_op op);

/* ---- names.c: is it a value of its enumeration? -------------------------- */

bool cvs__data_format_exists(cvs_data_format format);
bool cvs__padding_mode_exists(cvs_padding_mode mode);
bool cvs__fill_exists(cvs_fill fill);

/* ---- cost.c -------------------------------------------------------------- */

/*
 * The product of `factors`: CVS_DIM_UNKNOWN when one of them is not a known size. False when it
 * overflows.
 */
bool cvs__cost_product(const int64_t *factors, int count, int64_t *out);

/* One addition for each output cell of each filter when the layer has a bias. False: overflow. */
bool cvs__cost_bias(const cvs_inference *inference, int64_t *out);

/* ---- weights.c ----------------------------------------------------------- */

/* Append an axis; append all axes of the kernel's window. */
void cvs__push_axis(cvs__stored *stored, cvs_axis axis);
void cvs__push_kernel_axes(cvs__stored *stored, int spatial_rank);

/* Append the bias, (filters), when the layer has one. */
void cvs__add_bias(const cvs_layer *layer, cvs__storage *out);

/* For operators without weights and without multiplications. */
cvs_status cvs__no_weights(const cvs_inference *inference, cvs_framework framework, cvs__storage *out, cvs_error *err);
bool cvs__no_work(const cvs_inference *inference, int64_t *macs, int64_t *bias_adds);

/* The size of one axis of a weight; 0 when it depends on input channels that are not known. */
int64_t cvs__axis_size(const cvs_layer *layer, cvs__role role, cvs_axis axis);

/* The weights as stored by `framework`, AUTO meaning the layer's own. */
cvs_status cvs__storage_of(const cvs_inference *inference, cvs_framework framework, cvs__storage *out, cvs_error *err);

/* What `framework` calls a weight. */
const char *cvs__role_name(cvs_framework framework, cvs__role role);

#endif
