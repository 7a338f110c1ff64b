/*
 * inspect.h - questions about one layer that no other tool answers: which
 * inputs does this output cell read, are these the weights of this layer, and
 * which settings would give that output.
 */
#ifndef CONVSCOPE_INSPECT_H
#define CONVSCOPE_INSPECT_H

#include <convscope/layer.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ---- one cell's window ------------------------------------------------- */

/*
 * What output position `cell` of one spatial axis reads: input positions first, first + step, ... (count of
 * them), position number n by kernel tap first_tap + n*tap_step. Positions below 0 or at least the input's size
 * lie in the padding: the first `before` and the last `after` of them. A convolution or a pool has step = d
 * and reads every tap (count = k); a transposed convolution reads only the taps that meet an input, in
 * falling order of the taps.
 */
typedef struct cvs_window {
    cvs_axis axis;
    int64_t first, step, count;
    int64_t first_tap, tap_step;
    int64_t before, after;
} cvs_window;

/*
 * The window of output cell `cell` (one position a spatial axis, in the order of the layer's axes) into
 * windows[spatial_rank]. CVS_INVALID, pointer "/cell/0", for a position outside the output, CVS_UNSUPPORTED for
 * operators without windows or when the padding is not known.
 */
CVS_API cvs_status cvs_layer_window(const cvs_inference *inference, const int64_t *cell, cvs_window *windows,
                                    cvs_error *err) CVS_NODISCARD;

/*
 * Where the value at position `position` (any, padding included) of an axis of size `size` comes from: the index
 * inside the input, or -1 for a zero.
 */
CVS_API int64_t cvs_padding_source(cvs_fill fill, int64_t position, int64_t size);

/* ---- weights somebody saw ---------------------------------------------- */

typedef enum cvs_match_kind {
    CVS_MATCH_EXACT = 0,   /* the shapes of the layer in the layout of `framework` */
    CVS_MATCH_SIZE,        /* that layout, but some sizes are those of another layer: see differs */
    CVS_MATCH_PERMUTATION, /* no framework's layout, but an order of the same axes */
    CVS_MATCH_NONE         /* nothing fits: wrong number of tensors or axes */
} cvs_match_kind;

typedef struct cvs_match {
    cvs_match_kind kind;
    cvs_framework framework;     /* the layer's own first, then keras, keras1, pytorch, onnx, tensorflow */
    cvs_data_format data_format; /* Keras 1 moves the kernel's axes with it */
    cvs_weights expected;        /* what that framework would show */
    cvs_weights given;           /* the user's shapes, with the axes named as far as known */
    bool differs[CVS_MAX_WEIGHTS][CVS_MAX_RANK]; /* the sizes that are wrong (CVS_MATCH_SIZE) */
} cvs_match;

/*
 * Compare `shapes` (what get_weights() or state_dict() showed) with the layer. Always answers; CVS_INVALID only when
 * the layer's own weights cannot be listed.
 */
CVS_API cvs_status cvs_layer_match(const cvs_inference *inference, const cvs_shape *shapes, size_t count,
                                   cvs_match *out, cvs_error *err) CVS_NODISCARD;

/*
 * The multiplier that a separable layer's first weight tells: `kernel` has the shape of its depthwise kernel, in the
 * layout of the layer's framework, but for the size of the multiplier's axis, which is returned. 0 where it is no such
 * kernel. For layers whose serialised form leaves the multiplier out, as TensorFlow.js's does.
 */
CVS_API int64_t cvs_multiplier_of(const cvs_inference *inference, const cvs_shape *kernel);

/* ---- the way back ------------------------------------------------------ */

/*
 * The settings of `layer` named in `asked` (CVS_ASK_... of layer.h) for which `input` gives `output`, the most natural
 * first: no or `same` padding before numbers, equal on all axes before unequal, small odd kernels (of a pool: as wide
 * as the stride), small strides that step over nothing, no dilation. What is not asked stays as it is. `results` takes
 * up to `capacity` layers; *count says how many there are. Finding none is CVS_OK with 0. CVS_INVALID when the shapes
 * cannot belong to such a layer whatever the settings.
 */
CVS_API cvs_status cvs_layer_solve(const cvs_layer *layer, unsigned asked, const cvs_shape *input,
                                   const cvs_shape *output, cvs_layer *results, size_t capacity, size_t *count,
                                   cvs_error *err) CVS_NODISCARD;

typedef enum cvs_no_way_reason {
    CVS_NO_WAY_TOGETHER = 0, /* every axis can have its size, but no setting of the layer gives all at once */
    CVS_NO_WAY_SIZE,         /* nothing that was tried gives the size wanted on `axis` */
    CVS_NO_WAY_CHANNELS,     /* the output has `channels` channels whatever is asked, not `wanted_channels` */
    CVS_NO_WAY_LAYER         /* nothing that was tried is a layer for this input; `error` is the first refusal */
} cvs_no_way_reason;

/* Why cvs_layer_solve() found nothing: the first obstacle, axis after axis. */
typedef struct cvs_no_way {
    cvs_no_way_reason reason;
    int axis, spatial_rank; /* the spatial axis that stands in the way, of so many */
    int64_t wanted;         /* the size wanted there */
    int64_t below, above;   /* the nearest sizes that the settings tried do give; 0: none on that side */
    bool reached;           /* they give the size itself */
    int tried;              /* settings that are a layer for this input */
    int64_t channels, wanted_channels;
    cvs_error error; /* CVS_NO_WAY_LAYER */
} cvs_no_way;

/*
 * Why nothing is found: the arguments are those of a cvs_layer_solve() whose count was 0. Axes are looked at one by
 * one, so that an obstacle of the whole layer shows with the first of them.
 */
CVS_API cvs_status cvs_layer_unsolved(const cvs_layer *layer, unsigned asked, const cvs_shape *input,
                                      const cvs_shape *output, cvs_no_way *out, cvs_error *err) CVS_NODISCARD;

#ifdef __cplusplus
}
#endif

#endif
