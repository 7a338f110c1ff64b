/* choices.h - what the way back tries: the usual numbers of every setting, and those that the two sizes suggest. */
#ifndef CONVSCOPE_LAYER_CHOICES_H
#define CONVSCOPE_LAYER_CHOICES_H

#include <convscope/inspect.h>

enum { CVS__KERNELS = 16, CVS__STRIDES = 10, CVS__DILATIONS = 4, CVS__PADDINGS = 48, CVS__OUTPUT_PADDINGS = 3 };

/* One way to fill in what was asked, the same on every axis. `cost` grows with how unusual it is. */
typedef struct cvs__padding_choice {
    cvs_padding_mode mode;
    int64_t before, after;
    int cost;
} cvs__padding_choice;

typedef struct cvs__choices {
    int64_t kernel[CVS__KERNELS], stride[CVS__STRIDES], dilation[CVS__DILATIONS], output_padding[CVS__OUTPUT_PADDINGS];
    cvs__padding_choice padding[CVS__PADDINGS];
    int kernels, strides, dilations, output_paddings, paddings;
} cvs__choices;

/* What to try; what was not asked keeps the layer's own number, and has no choices here. */
void cvs__list_choices(const cvs_layer *layer, unsigned asked, int64_t input, int64_t output, cvs__choices *all);

#endif
