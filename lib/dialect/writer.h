/* writer.h - the state of writing one layer, and what the types of argument need of it. */
#ifndef CONVSCOPE_DIALECT_WRITER_H
#define CONVSCOPE_DIALECT_WRITER_H

#include "dialect/table.h"

struct cvs__writer {
    cvs_text *out;
    const cvs_layer *layer;
    bool json; /* else Python code */
};

/* A layer on its way into a framework: cvs__dialect.adapt() makes it what the framework's rows can hold. */
struct cvs__plan {
    cvs_layer layer;
    char before[256], after[128]; /* a line of code or an ONNX node of its own, or "" */
    bool failed;                  /* out of memory on the way */
};

/* Make `text` the line before the layer, and free it. */
void cvs__plan_before(cvs__plan *plan, cvs_text *text);

/* Numbers, one per spatial axis. Code: "3" when all are equal, else "(3, 5)"; JSON: a list, null for unknown. */
void cvs__write_ints(cvs__writer *writer, const int64_t *numbers);
/* A list of `count` numbers in brackets of the language. */
void cvs__write_list(cvs__writer *writer, const int64_t *numbers, int count);
void cvs__write_word(cvs__writer *writer, const char *word);

/* The shortest decimal that reads back to the same float. Returns `buffer`. */
const char *cvs__real_text(float value, char buffer[32]);

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

/* ---- activations (activation.c) ------------------------------------------- */

/* The name of an activation argument, e.g. "relu", or NULL when the framework has no name for it. */
const char *cvs__activation_word(cvs_framework framework, const cvs_activation *activation);
/* Move the activation out of the layer into plan->after. CVS_UNSUPPORTED when the framework has no such layer. */
cvs_status cvs__activation_apart(cvs__plan *plan, cvs_error *err) CVS_NODISCARD;

#endif
