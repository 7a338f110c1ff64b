#include <convscope/rules.h>

#include <string.h>

#define E     CVS_ERROR
#define W     CVS_WARNING
#define N     CVS_NOTE
#define VH    CVS_VERY_HIGH
#define H     CVS_HIGH
#define M     CVS_MEDIUM
#define L     CVS_LOW
#define LAYER CVS_SCOPE_LAYER
#define MODEL CVS_SCOPE_MODEL

/* Letters as in layer.h; besides: g groups, Ci and Co channels in and out, pb and pe the padding before and after,
   rem = (i + pb + pe - ke) mod s. A rule of low precision is a matter of taste and off. */
static const cvs_rule rules[] = {
    {"CV001", "kernel-larger-than-input", E, VH, LAYER, true, "i + pb + pe < ke",
     "Keras's own check of the operation's size; NeuraLint, \"sufficient-sized feature space\""},
    {"CV002", "bad-hyperparameter", E, VH, LAYER, true, "any of k, s, d, g, Co < 1, or a padding < 0",
     "Keras base_conv"},
    {"CV003", "group-divides", E, VH, LAYER, true, "Ci mod g != 0 or Co mod g != 0", "Keras base_conv; PyTorch Conv"},
    {"CV004", "stride-skips-input", W, VH, LAYER, true,
     "s > ke, or some input index between the first and the last window hit by no tap",
     "He et al. 2018, Bag of Tricks (ResNet-D), arXiv 1812.01187"},
    {"CV005", "channel-mismatch", E, VH, LAYER, true, "the layer's Ci, or its weights', is not the incoming Ci",
     "PyTea; pytorch issue 11762"},
    {"CV006", "channel-axis-suspect", W, M, LAYER, true,
     "Ci > 16 while the axis where the other data format has its channels is 1, 3 or 4, and the axes between are "
     "above 4 and at least Ci/8",
     "pytorch issue 11762; keras issue 2782; UMLAUT, input shape check"},
    {"CV007", "length-channel-swap-1d", W, M, LAYER, true, "a 1D convolution on i = 1 with Ci >= 50",
     "Stack Overflow question 43849687"},
    {"CV008", "keras-stride-and-dilation", E, VH, LAYER, true, "Keras, max(s) > 1 and max(d) > 1", "Keras base_conv"},
    {"CV009", "torch-same-with-stride", E, VH, LAYER, true, "PyTorch, padding 'same' and s > 1",
     "pytorch issues 3867 and 67551"},
    {"CV010", "same-pads-differ", W, VH, LAYER, true,
     "padding same, s > 1, and (pb, pe) is not PyTorch's usual ((ke - 1)/2, (ke - 1)/2)",
     "discussion of pytorch pull request 45667"},
    {"CV011", "even-kernel-same", N, H, LAYER, true, "padding same, ke even, pb != pe",
     "Wu et al. 2019, Convolution with even-sized kernels and symmetric padding"},
    {"CV012", "floor-drops-pixels", W, VH, LAYER, true, "max(0, rem - pe) > 0, and not counted by CV004 (s > ke)",
     "CS231n, \"does not fit neatly\"; Dumoulin & Visin, relation 6"},
    {"CV013", "uneven-padding-use", N, VH, LAYER, true, "rem > 0 and pe > 0 and pb = pe",
     "Alsallakh et al., Mind the Pad, arXiv 2010.02178"},
    {"CV014", "window-all-padding", W, VH, LAYER, true, "pb >= ke, or the last window starts at pb + i or later",
     "arithmetic; PyTorch limits a pool's padding to k/2"},
    {"CV015", "padding-dominates", N, H, LAYER, true, "more than half of the output cells touch the padding",
     "Mind the Pad, arXiv 2010.02178; Padding Aware Neurons, arXiv 2309.08048"},
    {"CV016", "dead-kernel-taps", W, VH, LAYER, true,
     "a tap t with t*d - pb + s*m outside [0, i) for every m in [0, o)",
     "Chen et al. 2017, DeepLabv3: 3x3 degenerates to 1x1 at large rates"},
    {"CV017", "dilation-gridding", W, H, LAYER, true,
     "over the dilated layers of a stack (one layer: a stack of one): gcd of all d > 1, or M2 > k with M_n = d_n, "
     "M_x = max(M_(x+1) - 2*d_x, 2*d_x - M_(x+1), d_x)",
     "Wang et al. 2018, hybrid dilated convolution, arXiv 1702.08502"},
    {"CV018", "border-layer", W, H, MODEL, true,
     "k > 1, every predecessor's smallest receptive field >= the input, the own one > the input, not dense-like",
     "Richter et al., arXiv 2106.12307"},
    {"CV019", "critical-layer", N, M, MODEL, true, "smallest receptive field > the input, but no border layer",
     "receptive_field_analysis_toolbox"},
    {"CV020", "one-axis-overreach", N, M, MODEL, true, "receptive field > the input on some axes only",
     "receptive_field_analysis_toolbox"},
    {"CV021", "rf-too-small", N, M, MODEL, true,
     "largest receptive field of the last convolution < the input, and no global pooling, attention or dense after it",
     "receptive_field_analysis_toolbox, input_resolution_range"},
    {"CV022", "rf-is-theoretical", N, VH, MODEL, true, "always, with a receptive field that is reported",
     "Luo et al. 2016, Understanding the effective receptive field"},
    {"CV023", "transposed-checkerboard", W, H, LAYER, true, "transposed, i > 1 and k mod s != 0",
     "Odena et al., Deconvolution and checkerboard artifacts, distill 2016"},
    {"CV024", "transposed-holes", W, VH, LAYER, true,
     "transposed, and an output cell that no input reaches: ke < s, "
     "d > 1, or output padding past the last window",
     "arithmetic"},
    {"CV025", "output-padding-range", E, VH, LAYER, true, "output_padding >= s (Keras), >= max(s, d) (PyTorch)",
     "keras pull request 22439"},
    {"CV026", "transposed-size-ambiguous", W, VH, MODEL, true,
     "the encoder's i mod s != 0 and its decoder has neither output_padding nor output_shape",
     "keras issue 9883; Dumoulin & Visin, relation 14"},
    {"CV027", "skip-size-mismatch", E, VH, MODEL, true,
     "inputs of an addition or concatenation differ on a spatial axis", "CS231n, sizes \"divisible by 2 many times\""},
    {"CV028", "flatten-size-mismatch", E, VH, MODEL, true,
     "a dense layer's in_features is not the product of what comes in", "PyTea; pytorch issue 79848"},
    {"CV029", "flatten-order", W, VH, MODEL, true,
     "weights moved between channels first and last with Flatten, then Dense, in between", "keras issue 5659"},
    {"CV030", "weight-layout", E, H, LAYER, true, "a supplied weight's shape is a permutation of the expected one",
     "keras issue 8144; Keras 2.2.4 saving"},
    {"CV031", "theano-flip", W, H, LAYER, true, "Keras 1 weights of the Theano backend used as a correlation",
     "keras issue 3015, convert_kernel"},
    {"CV032", "bias-before-batchnorm", N, VH, MODEL, true,
     "a bias whose only reader is a batch normalisation, with nothing between",
     "NeuraLint; PyTorch performance tuning guide; mmcv issue 1267"},
    {"CV033", "linear-pair", W, H, MODEL, true,
     "two learned linear layers with no non-linearity between; not depthwise then pointwise, nor a low-rank pair",
     "NeuraLint; UMLAUT, missing activation"},
    {"CV034", "double-activation", N, H, MODEL, true, "an activation directly after an activation", "NeuraLint"},
    {"CV035", "dropout-before-batchnorm", W, M, MODEL, true, "a dropout feeds a batch normalisation", "NeuraLint"},
    {"CV036", "dropout-before-pooling", N, M, MODEL, true, "a dropout feeds a max pooling", "NeuraLint"},
    {"CV037", "dropout-high", N, M, MODEL, true, "dropout rate > 0.5", "UMLAUT"},
    {"CV038", "missing-final-activation", N, M, MODEL, true,
     "a classifier ends without softmax or sigmoid, and its loss is known not to take logits", "NeuraLint; UMLAUT"},
    {"CV039", "pool-after-every-conv", N, L, MODEL, false, "a deep net with a pooling after each convolution",
     "NeuraLint; CS231n, two convolutions a pool"},
    {"CV040", "filters-shrink", N, L, MODEL, false, "Co falls while the map shrinks; no decoder, no bottleneck",
     "NeuraLint"},
    {"CV041", "window-shrinks", N, L, MODEL, false, "k decreases with depth after the stem", "NeuraLint"},
    {"CV042", "dense-grows", N, L, MODEL, false, "dense widths increase towards the output", "NeuraLint"},
    {"CV043", "representational-bottleneck", N, M, MODEL, true, "output volume / input volume < 1/8 in one layer",
     "Szegedy et al. 2015 (Inception-v3), arXiv 1512.00567, principle 1"},
    {"CV044", "big-kernel", N, L, LAYER, false, "k >= 7 on every axis, s = 1, g = 1, and not the first layer (Ci > 4)",
     "CS231n, three stacked 3x3"},
    {"CV045", "channels-never-mix", W, M, MODEL, true,
     "depthwise not followed by a pointwise layer, or equal g > 1 stacked without a shuffle",
     "Zhang et al. 2017, ShuffleNet, arXiv 1707.01083"},
    {"CV046", "dense-dominates", N, H, MODEL, true, "one dense layer holds > 90 % of the parameters",
     "CS231n, table of VGG; Lin et al. 2013, arXiv 1312.4400"},
    {"CV047", "mac-hotspot", N, VH, MODEL, true, "one layer does > 50 % of the MACs",
     "percent columns of ptflops and torchinfo"},
    {"CV048", "memory-peak", W, VH, MODEL, true, "activation bytes > the budget", "CS231n, memory of the first layers"},
    {"CV049", "budget", E, VH, MODEL, true, "parameters, MACs, bytes or receptive field outside the user's limits",
     "torch-scan"},
    {"CV050", "ceil-mode-export", W, VH, LAYER, true, "ceil_mode, and (ceil_o - 1)*s >= i + pb",
     "pytorch issues 116420 and 131272"},
    {"CV051", "auto-pad-transposed", W, H, LAYER, true, "ONNX ConvTranspose with auto_pad SAME_UPPER or SAME_LOWER",
     "onnx issue 2788; onnxruntime issue 11927"},
    {"CV052", "channel-alignment", N, L, LAYER, false, "Ci or Co is no multiple of 8",
     "NVIDIA, Convolutional Layers User's Guide"},
    {"CV053", "unused-output", W, VH, MODEL, true, "a node's output is neither read nor an output of the graph",
     "the graph itself"},
    {"CV054", "incomplete-metric", N, VH, MODEL, true, "an operator without a formula, or a size that is not known",
     "torch-scan"},
    {"CV055", "reshape-touches-batch", E, VH, MODEL, true, "a reshape changes the count of elements or the batch axis",
     "NeuraLint"},
    {"CV056", "asymmetric-rank", E, VH, LAYER, true, "the layer's rank is not the input's",
     "keras issue 10360; NeuraLint, missing reshape or flatten"},
    {"CV057", "declared-shape-differs", E, VH, MODEL, true,
     "a shape that the file declares (ONNX's value_info) is not the one that follows from its layers",
     "ONNX IR specification; onnx.checker with full_check"},
    {"CV058", "layer-impossible", E, VH, MODEL, true,
     "a layer cannot be put on what it reads, for a reason that no other rule names", "the layer's own definition"},
};

enum { RULE_COUNT = sizeof rules / sizeof *rules };

const cvs_rule *cvs_rules(size_t *count) {
    *count = RULE_COUNT;
    return rules;
}

const cvs_rule *cvs_rule_find(const char *id_or_name) {
    for (size_t i = 0; i < RULE_COUNT; i++)
        if (!strcmp(rules[i].id, id_or_name) || !strcmp(rules[i].name, id_or_name)) return &rules[i];
    return NULL;
}

const char *cvs_level_name(cvs_level level) {
    static const char *const names[] = {"note", "warning", "error"};
    return names[level];
}

const char *cvs_precision_name(cvs_precision precision) {
    static const char *const names[] = {"very-high", "high", "medium", "low"};
    return names[precision];
}

const char *cvs_scope_name(cvs_scope scope) {
    static const char *const names[] = {"layer", "model"};
    return names[scope];
}
