/* writer.h - the state of writing one layer, and what the types of argument need of it. */
#ifndef CONVSCOPE_DIALECT_WRITER_H
#define CONVSCOPE_DIALECT_WRITER_H

#include "layer/explain/catalogue.h"
#include "layer/explain/explain_catalogue.h"

#include "dialect/table.h"

struct cvs__writer {
    cvs_text *out;
    const cvs_layer *layer;
    bool json; /* else Python code */
};

/* A layer on its way into a framework: cvs__dialect.adapt() makes it what the framework's rows can hold. */
struct cvs__plan {
    cvs_layer layer;
    const cvs_inference *inference; /* the layer as it was, on its input */
    cvs_language language;          /* of the reason why it cannot be written */
    char before[1024], after[512];  /* lines of code or ONNX nodes of their own, or "" */
    bool apart;                     /* the layer is all in those: there is no other line */
    bool failed;                    /* out of memory on the way */
};

/* Put `text` as a line before the layer, after those already there, or as the first one after it; free it. */
void cvs__plan_before(cvs__plan *plan, cvs_text *text);
void cvs__plan_after(cvs__plan *plan, cvs_text *text);

/*
 * The same with a layer of its own, which is brought into the framework's form like any other; its input has
 * the plan's spatial rank and channels first. Where `after` is true it comes after, else before.
 */
cvs_status cvs__plan_add(cvs__plan *plan, const cvs_layer *part, bool after, cvs_error *err) CVS_NODISCARD;

/* May a number of the language stand for all axes? Keras 1 takes tuples only. */
bool cvs__writes_single(const cvs__writer *writer);

/* Numbers, one per spatial axis. Code: "3" when all are equal, else "(3, 5)"; JSON: a list, null for unknown. */
void cvs__write_ints(cvs__writer *writer, const int64_t *numbers);
/* A list of `count` numbers in brackets of the language. */
void cvs__write_list(cvs__writer *writer, const int64_t *numbers, int count);
/* The same where -1 is a number like others. */
void cvs__write_signed(cvs__writer *writer, const int64_t *numbers, int count);
void cvs__write_word(cvs__writer *writer, const char *word);

/* The shortest decimal that reads back to the same float. Returns `buffer`. */
const char *cvs__real_text(float value, char buffer[32]);
/* The same of a double; whole numbers without a point, as sizes are written. */
const char *cvs__double_text(double value, char buffer[32]);

/* ---- why not (cannot.c) --------------------------------------------------- */

/* Why a framework cannot express a layer: a sentence of the catalogue, and what it names beside the framework. */
typedef struct cvs__obstacle {
    const char *code, *pointer; /* of the error; the pointer is in the names of our own form */
    int sentence;               /* EXPLAIN_CANNOT_... */
    int64_t amount, other;      /* {amount}, {other} */
    const char *term, *setting; /* {term}, {setting}: words of code, or what another function said; NULL: none */
} cvs__obstacle;

/* CVS_UNSUPPORTED with that sentence in the plan's language; CVS_NO_MEMORY. */
cvs_status cvs__cannot(const cvs__plan *plan, const cvs__obstacle *obstacle, cvs_error *err);

/* ---- padding in numbers (plan.c) ---------------------------------------- */

/* All known; all 0; equal before and after on every axis. */
bool cvs__pads_known(const cvs_layer *layer);
bool cvs__pads_zero(const cvs_layer *layer);
bool cvs__pads_even(const cvs_layer *layer);
bool cvs__strides_are_one(const cvs_layer *layer);

/*
 * A mode that any input gives these very pads for, or CVS_PAD_EXPLICIT: valid when they are 0, same when no
 * stride makes them depend on the size, causal in 1D, full.
 */
cvs_padding_mode cvs__pads_mode(const cvs_layer *layer);

/* CVS_UNSUPPORTED because the pads are not known. */
cvs_status cvs__pads_unknown(const cvs__plan *plan, cvs_error *err);
/* CVS_UNSUPPORTED because the framework pads with zeros only; CVS_OK when that is what the layer does. */
cvs_status cvs__only_zeros(const cvs__plan *plan, cvs_error *err) CVS_NODISCARD;

/* ---- layers as others (plan.c) ------------------------------------------- */

/* A depthwise convolution is one with a group for each channel. CVS_UNSUPPORTED when their number is not known. */
cvs_status cvs__depthwise_as_conv(cvs__plan *plan, cvs_error *err) CVS_NODISCARD;
/* A layer of its own that pads before the layer, or crops after it, by the plan's padding in numbers; then valid. */
cvs_status cvs__pads_apart(cvs__plan *plan, cvs_op op, cvs_error *err) CVS_NODISCARD;
/* Put a separable convolution's depthwise half before the layer, which becomes the pointwise one. */
cvs_status cvs__separable_as_convs(cvs__plan *plan, cvs_error *err) CVS_NODISCARD;

/*
 * Make layer.axis an axis of a framework that has channels first: what was last becomes 1. CVS_UNSUPPORTED for an axis
 * between them, whose place depends on how the input is turned.
 */
cvs_status cvs__axis_channels_first(cvs__plan *plan, cvs_error *err) CVS_NODISCARD;

/* The same of the axis that a concatenation adds up: the spatial axes keep their order behind the channels. */
void cvs__joint_channels_first(cvs__plan *plan);

/* A dropout of whole maps has a class for each number of spatial axes. */
void cvs__plan_dropout(cvs__plan *plan);

/* The axes that are flattened, counted as the frameworks' defaults are: from the start, but -1 for the last one. */
void cvs__plan_flatten(cvs__plan *plan);

/* Rounded up, does a pool never have a window that begins in the padding after? */
bool cvs__no_late_window(const cvs_layer *layer);
/*
 * Make a pool that rounds up treat such a window as the framework does: it keeps it, or not. CVS_UNSUPPORTED when
 * that makes a difference on this input, or its size is not known.
 */
cvs_status cvs__plan_ceil(cvs__plan *plan, bool keeps_last, cvs_error *err) CVS_NODISCARD;

/* ---- activations (activation.c, activation_line.c) ------------------------- */

/* The name of an activation argument, e.g. "relu", or NULL when the framework has no name for it. */
const char *cvs__activation_word(cvs_framework framework, const cvs_activation *activation);
/* Move the activation out of the layer into plan->after. CVS_UNSUPPORTED when the framework has no such layer. */
cvs_status cvs__activation_apart(cvs__plan *plan, cvs_error *err) CVS_NODISCARD;
/* The layer is an activation: all of it is that line or node. */
cvs_status cvs__activation_alone(cvs__plan *plan, cvs_error *err) CVS_NODISCARD;

#endif
