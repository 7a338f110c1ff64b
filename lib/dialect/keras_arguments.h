/* keras_arguments.h - what both generations of Keras share, and the signatures of their layers. */
#ifndef CONVSCOPE_DIALECT_KERAS_ARGUMENTS_H
#define CONVSCOPE_DIALECT_KERAS_ARGUMENTS_H

#include "dialect/table.h"

extern const cvs__argument cvs__keras_common[]; /* **kwargs of every layer */
extern const cvs__argument cvs__keras_beside[]; /* members of a serialised layer beside its config */

/* Signatures: keras_windows.c has those of layers that slide a window or change the spatial axes. */
extern const cvs__argument cvs__keras_conv[], cvs__keras_conv_transpose[], cvs__keras_depthwise[],
    cvs__keras_separable[], cvs__keras_pool[], cvs__keras_global_pool[], cvs__keras_zero_padding[],
    cvs__keras_cropping[], cvs__keras_up_sampling1d[], cvs__keras_up_sampling2d[], cvs__keras_up_sampling3d[];

/* The same of Keras 1, in keras1_windows.c. */
extern const cvs__argument cvs__keras1_convolution1d[], cvs__keras1_atrous1d[], cvs__keras1_convolution2d[],
    cvs__keras1_atrous2d[], cvs__keras1_convolution3d[], cvs__keras1_deconvolution2d[], cvs__keras1_separable2d[],
    cvs__keras1_pooling1d[], cvs__keras1_pooling[], cvs__keras1_global_pool[], cvs__keras1_zero_padding1d[],
    cvs__keras1_zero_padding[], cvs__keras1_cropping1d[], cvs__keras1_cropping[], cvs__keras1_up_sampling1d[],
    cvs__keras1_up_sampling[];

/* "tf", "th" */
extern const cvs__choice cvs__dim_orderings[];

/* The same in both: activations, shapes, merges that say nothing. */
extern const cvs__argument cvs__keras_activation[], cvs__keras_leaky_relu[], cvs__keras_elu[], cvs__keras_reshape[],
    cvs__keras_permute[], cvs__keras_repeat[], cvs__keras_nothing[];

/* Defaults in which both differ from cvs_layer_default(). */
void cvs__keras_defaults(cvs_layer *layer);

/* The number of spatial axes of a class that does the same to any of them. */
int cvs__keras_rank(const cvs__reader *reader);

/* Make the plan's layer one that Keras has: padding by a mode or a layer of its own, an output size in numbers ... */
cvs_status cvs__keras_adapt(cvs__plan *plan, cvs_error *err) CVS_NODISCARD;

/* ---- keras_sizes.c: parts of it ---- */

cvs_status cvs__keras_adapt_pool(cvs__plan *plan, cvs_error *err) CVS_NODISCARD;
cvs_status cvs__keras_adapt_transposed(cvs__plan *plan, cvs_error *err) CVS_NODISCARD;
cvs_status cvs__keras_adapt_upsample(cvs__plan *plan, cvs_error *err) CVS_NODISCARD;

#endif
