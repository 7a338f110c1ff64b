/* layers.h - the layers measured: those of well-known networks, once each. */
#ifndef CONVSCOPE_BENCH_LAYERS_H
#define CONVSCOPE_BENCH_LAYERS_H

#include <convscope/layer.h>

/* A convolution of batch 1 with bias and ReLU. Sizes, kernel and padding per spatial axis; stride and dilation, 0 for
   1, are those of every axis. */
typedef struct layer_case {
    const char *network;
    int count;     /* how often the network has it */
    bool headline; /* one of the layers that the headline's geometric mean is taken over */
    int rank;
    int64_t channels, filters;
    int64_t size[CVS_MAX_SPATIAL], kernel[CVS_MAX_SPATIAL], padding[CVS_MAX_SPATIAL];
    int64_t stride, dilation, groups;
    bool transposed;
    bool causal; /* padded before alone, with what the kernel's extent asks for */
} layer_case;

extern const layer_case layer_cases[];
extern const size_t layer_case_count;

enum { LAYER_NAME_BYTES = 96 };

/* "ResNet-50 3x3/2 128->128 56x56": network, kernel, stride, channels, filters, input; "dw", "g32", "d16", "up" where
   it is depthwise, grouped, dilated, transposed. */
void layer_name(const layer_case *layer, char name[LAYER_NAME_BYTES]);

/* The layer as the library describes it, weights as in ONNX, settled on its input. */
cvs_inference layer_infer(const layer_case *layer, cvs_data_format format);

#endif
