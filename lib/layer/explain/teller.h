/*
 * teller.h - how an explanation is put together: topics, sentences from the
 * catalogue, and the values they name.
 *
 * The functions of a topic put what its sentences name into `values` and say
 * the ones that are true. A topic that says nothing makes no paragraph. After
 * an allocation failure everything goes on and cvs_explain() looks once, at
 * the end.
 */
#ifndef CONVSCOPE_LAYER_TELLER_H
#define CONVSCOPE_LAYER_TELLER_H

#include <convscope/inspect.h>

#include "layer/explain/explain_catalogue.h"
#include "layer/explain/quick_text.h"
#include "layer/layer_internal.h"

typedef struct cvs__teller {
    cvs_arena *arena;
    cvs_language language;
    const cvs_inference *inference;
    const cvs_layer *layer;
    cvs_weights weights; /* count 0: none, or not known */
    /* Where sizes are not known: the output's as formulas over the names of the input's axes; NULL: none. */
    const cvs_symbols *names;
    cvs_shape named_output;

    const cvs_match *match; /* of somebody's weights; NULL: the layer is told of */

    cvs_text body;  /* the paragraphs, each ended by a NUL */
    cvs_text piece; /* a value being written */
    char *room;     /* for the values' texts, `left` bytes of it; beyond that they go to the arena */
    size_t left;
    bool failed; /* the arena is exhausted */
    const char *topic;
    bool speaking; /* the topic has said something */
    int count;
    const char *topics[CVS_MAX_PARAGRAPHS];
    size_t starts[CVS_MAX_PARAGRAPHS]; /* in body */
    cvs__value values[EXPLAIN_VALUE_COUNT];
} cvs__teller;

/* `count` positions along an axis: first, first + step, ... */
typedef struct cvs__positions {
    int64_t first, step, count;
} cvs__positions;

/* ---- sentences ---------------------------------------------------------- */

/* What is said from here on is about `topic` (static). */
void cvs__tell(cvs__teller *teller, const char *topic);

/* Say sentence EXPLAIN_... with the values as they stand. */
void cvs__say(cvs__teller *teller, int sentence);

/* ---- values ------------------------------------------------------------- */

void cvs__put(cvs__teller *teller, int value, int64_t number);
void cvs__put_amount(cvs__teller *teller, int value, int64_t number);
void cvs__put_string(cvs__teller *teller, int value, const char *text); /* not copied */
void cvs__put_phrase(cvs__teller *teller, int value, int phrase);       /* a text without placeholders */

/* What was appended to the piece since it was `from` bytes long becomes the value and leaves the piece. */
void cvs__put_piece(cvs__teller *teller, int value, size_t from);

/* Append a text, its values put in, to the piece; or make it a value. */
void cvs__write(cvs__teller *teller, int text);
void cvs__put_written(cvs__teller *teller, int value, int text);

/* ---- sizes and shapes (sizes.c) ------------------------------------------ */

static inline cvs_dim cvs__size_in(const cvs__teller *teller, int axis) {
    return teller->inference->input.shape.dim[cvs__spatial_position(teller->layer->data_format, axis)];
}

static inline cvs_dim cvs__size_out(const cvs__teller *teller, int axis) {
    return teller->inference->output.shape.dim[cvs__spatial_position(teller->layer->data_format, axis)];
}

/* Is the output ceil(i/s), whichever end the odd zero goes to? */
static inline bool cvs__is_same(cvs_padding_mode mode) { return mode == CVS_PAD_SAME || mode == CVS_PAD_SAME_LOWER; }

/* Call every size that is not known after its axis, and put down what the output's sizes come to then. */
void cvs__name_open_sizes(cvs__teller *teller);

/* Are all spatial axes alike: sizes, kernel, stride, dilation, padding? */
bool cvs__axes_alike(const cvs__teller *teller);

/* Append to the piece a size: a number, an expression over names, or for an unknown one its axis's name. */
void cvs__add_size(cvs__teller *teller, const cvs_tensor_shape *tensor, int position);

void cvs__put_size(cvs__teller *teller, int value, const cvs_tensor_shape *tensor, int position);

/* "(batch, 400, 300)" */
void cvs__put_shape(cvs__teller *teller, int value, const cvs_tensor_shape *tensor);
/* The same with axis number `position` left out. */
void cvs__put_shape_without(cvs__teller *teller, int value, const cvs_tensor_shape *tensor, int position);
/* "400 steps × 300 channels": all axes but batch, channels last. */
void cvs__put_volume(cvs__teller *teller, int value, const cvs_tensor_shape *tensor);
/* "5 steps", "3 rows × 3 columns" */
void cvs__put_span(cvs__teller *teller, int value, const int64_t *sizes);
/* "396", "124 × 124": the output's spatial sizes; the input's */
void cvs__put_places(cvs__teller *teller, int value);
void cvs__put_in_places(cvs__teller *teller, int value);
/* In place of an axis: all of them, being alike. */
enum { CVS__EVERY_AXIS = -1 };

/* `axis`, or every one where all are alike and there are several. */
int cvs__counted(const cvs__teller *teller, int axis);

/* "the length", "every axis"; "the height and the width": from axis `first` on */
void cvs__put_axis(cvs__teller *teller, int value, int axis);
void cvs__put_axes(cvs__teller *teller, int value, int first);
/* "1 row", "2 rows", "2 cells": an amount of cells of a spatial axis, or of every one */
void cvs__put_cells(cvs__teller *teller, int value, int axis, int64_t count);
/* "steps 0, 1, 2, ..., 395" */
void cvs__put_positions(cvs__teller *teller, int value, int axis, cvs__positions positions);
/* The same, written "rows 0 to 2" when there are no gaps. */
void cvs__put_range(cvs__teller *teller, int value, int axis, cvs__positions positions);

/* 0.5, 2, 1.333333: at most six decimals */
void cvs__put_decimal(cvs__teller *teller, int value, double number);

/* ---- parts that several operators share ------------------------------------ */

/* What was said of axis 0 goes for all others: say so where there are some. False, and nothing said: it does not. */
bool cvs__say_alike(cvs__teller *teller);

/* What the activation does to the numbers; nothing when there is none (arithmetic.c) */
void cvs__say_activation(cvs__teller *teller);

/* "axis 0 is kernel_length = 5, axis 1 is ..." into {axes} (weights.c) */
void cvs__put_axis_list(cvs__teller *teller, const cvs_tensor_shape *tensor);

/* "2 before and 3 after along every axis" into {pads} (border.c) */
void cvs__put_pads(cvs__teller *teller);
bool cvs__padding_adds(const cvs_padding *padding, int spatial_rank);
bool cvs__padding_settled(const cvs_padding *padding, int spatial_rank);

/* With ceil_mode, how many windows fewer than rounding up gives: PyTorch drops one that starts in the padding. */
int64_t cvs__windows_dropped(const cvs__teller *teller, int axis);

/* ---- topics: each a paragraph or more --------------------------------------- */

void cvs__tell_volume(cvs__teller *teller);
/* Is it a flatten that merges the batch axis with others, as ONNX's can? */
bool cvs__merges_batch(const cvs_inference *inference);
void cvs__tell_slide(cvs__teller *teller);
void cvs__tell_border(cvs__teller *teller); /* of a convolution: padding, then stride */
void cvs__tell_stride(cvs__teller *teller);
void cvs__tell_axes(cvs__teller *teller);                   /* of the first weight, its kernel */
void cvs__tell_filter(cvs__teller *teller);                 /* one filter's kernel and map */
void cvs__tell_map(cvs__teller *teller, int64_t filters);   /* one output channel's map alone */
void cvs__say_mixing(cvs__teller *teller, int64_t filters); /* of a separable one: one filter's second kernel */
void cvs__tell_parameters(cvs__teller *teller);             /* of a convolution */
void cvs__tell_weights(cvs__teller *teller);                /* of a convolution: all about them */
void cvs__tell_arithmetic(cvs__teller *teller);             /* of a convolution */
void cvs__tell_pool_arithmetic(cvs__teller *teller);
void cvs__tell_reach(cvs__teller *teller); /* the receptive field of a sliding window */
void cvs__tell_cost(cvs__teller *teller);  /* of a convolution of any kind */
void cvs__tell_transposed_arithmetic(cvs__teller *teller);

/* Whose weights these are, or what is wrong with them (seen.c) */
void cvs__tell_match(cvs__teller *teller);

/* ---- operators: everything after the volumes --------------------------------- */

void cvs__tell_conv(cvs__teller *teller);
void cvs__tell_conv_transpose(cvs__teller *teller);
void cvs__tell_depthwise(cvs__teller *teller);
void cvs__tell_separable(cvs__teller *teller);
void cvs__tell_pool(cvs__teller *teller);
void cvs__tell_global_pool(cvs__teller *teller);
void cvs__tell_adaptive_pool(cvs__teller *teller);
void cvs__tell_pad(cvs__teller *teller);
void cvs__tell_crop(cvs__teller *teller);
void cvs__tell_upsample(cvs__teller *teller);
void cvs__tell_dense(cvs__teller *teller);
void cvs__tell_flatten(cvs__teller *teller);
void cvs__tell_reshape(cvs__teller *teller);
void cvs__tell_permute(cvs__teller *teller);
void cvs__tell_repeat(cvs__teller *teller);
void cvs__tell_norm(cvs__teller *teller);
void cvs__tell_activation(cvs__teller *teller);
void cvs__tell_dropout(cvs__teller *teller);
void cvs__tell_merge(cvs__teller *teller);
void cvs__tell_concatenate(cvs__teller *teller);

#endif
