/*
 * layer.h - what a layer is: its description, the shape that comes out, its
 * weights and their layouts, its cost, its receptive field.
 *
 * A description (cvs_layer) says what the user wrote. cvs_infer() puts it on
 * an input shape, checks everything and settles what was left open (padding
 * in numbers, input channels); all other functions read that cvs_inference.
 *
 * Per spatial axis the field's letters are used throughout:
 *   i input size, k kernel, d dilation (1 = none), s stride, p padding,
 *   ke = d*(k - 1) + 1 the kernel's extent,
 *   o  = floor((i + p_before + p_after - ke)/s) + 1 the output size
 * (Dumoulin & Visin, "A guide to convolution arithmetic for deep learning",
 * arXiv 1603.07285, relation 6; with dilation relation 15).
 */
#ifndef CONVSCOPE_LAYER_H
#define CONVSCOPE_LAYER_H

#include <convscope/base.h>

#ifdef __cplusplus
extern "C" {
#endif

#define CVS_MAX_SPATIAL 3 /* length | height, width | depth, height, width */
#define CVS_MAX_RANK    8 /* axes of any tensor, batch included */
#define CVS_MAX_WEIGHTS 5 /* weight tensors of one layer */

/* A limit on every single hyper-parameter: 2^31 - 1, as in the frameworks' own C code. */
#define CVS_MAX_PARAMETER INT64_C(2147483647)

/* ---- sizes ------------------------------------------------------------- */

/*
 * The size of one axis: zero or more when known, CVS_DIM_UNKNOWN when not
 * (the wire's null and -1), and below that a handle into a cvs_symbols table:
 * a name such as "H" or an expression over names.
 */
typedef int64_t cvs_dim;
#define CVS_DIM_UNKNOWN ((cvs_dim)-1)

static inline bool cvs_dim_is_known(cvs_dim dim) { return dim >= 0; }
static inline bool cvs_dim_is_symbolic(cvs_dim dim) { return dim < CVS_DIM_UNKNOWN; }

typedef struct cvs_shape {
    int rank; /* 0..CVS_MAX_RANK */
    cvs_dim dim[CVS_MAX_RANK];
} cvs_shape;

/* Number of elements. CVS_TOO_LARGE when the product overflows, CVS_INVALID when a size is not known. */
CVS_API cvs_status cvs_shape_count(const cvs_shape *shape, int64_t *count, cvs_error *err) CVS_NODISCARD;

/* Names and expressions of one request. Opaque; create one per request that uses names, else pass NULL. */
typedef struct cvs_symbols cvs_symbols;
CVS_API cvs_symbols *cvs_symbols_create(cvs_arena *arena) CVS_NODISCARD; /* lives in the arena; NULL: no memory */

/* The dim for a name ([A-Za-z_][A-Za-z0-9_]*, at most 31 bytes); the same name gives the same dim. */
CVS_API cvs_status cvs_symbols_name(cvs_symbols *symbols, const char *name, cvs_dim *dim, cvs_error *err) CVS_NODISCARD;

/* Append the dim as text: "224", "floor((H - 3)/2) + 1", or "?" when unknown. */
CVS_API void cvs_dim_format(const cvs_symbols *symbols, cvs_dim dim, cvs_text *out);

/* Put numbers for names: the dim's value, or CVS_DIM_UNKNOWN where a name has no binding, it overflows or comes out
   negative. Where a kernel does not fit its input, that is: 0 or CVS_DIM_UNKNOWN. */
typedef struct cvs_binding {
    const char *name;
    int64_t value;
} cvs_binding;
CVS_API cvs_dim cvs_dim_bind(const cvs_symbols *symbols, cvs_dim dim, const cvs_binding *bindings, size_t count);

/* ---- names ------------------------------------------------------------- */

typedef enum cvs_framework {
    CVS_FRAMEWORK_AUTO = 0, /* not said: to be recognised */
    CVS_KERAS,              /* Keras 2 and 3 */
    CVS_KERAS1,
    CVS_PYTORCH,
    CVS_ONNX,
    CVS_CONVSCOPE,  /* our own form; weights laid out as in Keras 2/3 */
    CVS_TENSORFLOW, /* tf.nn: only as a weight layout */
    CVS_FRAMEWORK_COUNT
} cvs_framework;

/* "keras", "keras1", "pytorch", "onnx", "convscope", "tensorflow"; "auto" for CVS_FRAMEWORK_AUTO. */
CVS_API const char *cvs_framework_name(cvs_framework framework);
/* The reverse; false when there is no such name. */
CVS_API bool cvs_framework_from_name(const char *name, cvs_framework *framework);

/* What an axis is. cvs_axis_name() gives the names that go on the wire: "batch", "kernel_height", ... */
typedef enum cvs_axis {
    CVS_AXIS_BATCH,
    CVS_AXIS_LENGTH,
    CVS_AXIS_DEPTH,
    CVS_AXIS_HEIGHT,
    CVS_AXIS_WIDTH,
    CVS_AXIS_CHANNELS,              /* of an input, and of an output that is no filter's */
    CVS_AXIS_FILTERS,               /* output channels: one per filter */
    CVS_AXIS_IN_CHANNELS,           /* of a kernel */
    CVS_AXIS_IN_CHANNELS_PER_GROUP, /* of a kernel when groups > 1: in_channels / groups */
    CVS_AXIS_FILTERS_PER_GROUP,     /* of a transposed kernel when groups > 1 */
    CVS_AXIS_MULTIPLIER,            /* depthwise: output channels per input channel */
    CVS_AXIS_KERNEL_LENGTH,
    CVS_AXIS_KERNEL_DEPTH,
    CVS_AXIS_KERNEL_HEIGHT,
    CVS_AXIS_KERNEL_WIDTH,
    CVS_AXIS_UNIT,     /* always 1: Keras 1 keeps a 1D kernel as a 2D one */
    CVS_AXIS_FEATURES, /* of dense and flattened tensors */
    CVS_AXIS_UNITS,    /* outputs of a dense layer */
    CVS_AXIS_OTHER,    /* no meaning of its own: "axis" */
    CVS_AXIS_COUNT
} cvs_axis;

CVS_API const char *cvs_axis_name(cvs_axis axis);

/* ---- the description --------------------------------------------------- */

/* What a layer does. The wire's `op` is the same word in lower case: "conv_transpose". */
typedef enum cvs_op {
    CVS_OP_CONV = 0,
    CVS_OP_CONV_TRANSPOSE,
    CVS_OP_DEPTHWISE_CONV, /* each channel by its own `multiplier` kernels: Keras DepthwiseConv */
    CVS_OP_SEPARABLE_CONV, /* depthwise, then 1x1 */
    CVS_OP_MAX_POOL,
    CVS_OP_AVERAGE_POOL,
    CVS_OP_GLOBAL_MAX_POOL,
    CVS_OP_GLOBAL_AVERAGE_POOL,
    CVS_OP_ADAPTIVE_MAX_POOL,
    CVS_OP_ADAPTIVE_AVERAGE_POOL,
    CVS_OP_PAD,  /* padding.before / after / fill */
    CVS_OP_CROP, /* padding.before / after are what is cut off */
    CVS_OP_UPSAMPLE,
    CVS_OP_DENSE,
    CVS_OP_FLATTEN,
    CVS_OP_RESHAPE,
    CVS_OP_PERMUTE,
    CVS_OP_REPEAT, /* Keras RepeatVector: (batch, features) -> (batch, n, features) */
    CVS_OP_BATCH_NORM,
    CVS_OP_LAYER_NORM,
    CVS_OP_GROUP_NORM,
    CVS_OP_ACTIVATION,
    CVS_OP_DROPOUT,
    CVS_OP_ADD, /* the merges take two inputs or more: cvs_infer_merge() */
    CVS_OP_MULTIPLY,
    CVS_OP_AVERAGE,
    CVS_OP_MAXIMUM,
    CVS_OP_CONCATENATE,
    CVS_OP_COUNT
} cvs_op;

CVS_API const char *cvs_op_name(cvs_op op);
CVS_API bool cvs_op_from_name(const char *name, cvs_op *op);

typedef enum cvs_data_format {
    CVS_CHANNELS_LAST = 0, /* (batch, spatial..., channels) */
    CVS_CHANNELS_FIRST     /* (batch, channels, spatial...) */
} cvs_data_format;

/* "channels_last", "channels_first". */
CVS_API const char *cvs_data_format_name(cvs_data_format format);

typedef enum cvs_padding_mode {
    CVS_PAD_VALID = 0,  /* none */
    CVS_PAD_SAME,       /* o = ceil(i/s); total = max((o - 1)*s + ke - i, 0), before = total/2, the odd one after
                           (TensorFlow; ONNX SAME_UPPER; PyTorch 'same', which only has s = 1) */
    CVS_PAD_SAME_LOWER, /* the odd one before (ONNX SAME_LOWER) */
    CVS_PAD_CAUSAL,     /* before = d*(k - 1), after = 0; 1D (Keras) */
    CVS_PAD_FULL,       /* before = after = ke - 1 (Keras 1, Theano) */
    CVS_PAD_EXPLICIT    /* before[], after[] as given; may differ */
} cvs_padding_mode;

/* "valid", "same", "same_lower", "causal", "full", "explicit". */
CVS_API const char *cvs_padding_mode_name(cvs_padding_mode mode);
CVS_API bool cvs_padding_mode_from_name(const char *name, cvs_padding_mode *mode);

/* What stands in the padded cells (PyTorch's padding_mode). */
typedef enum cvs_fill {
    CVS_FILL_ZEROS = 0,
    CVS_FILL_REFLECT,   /* mirrored without the edge: needs p < i */
    CVS_FILL_REPLICATE, /* the edge repeated */
    CVS_FILL_CIRCULAR   /* wrapped around: needs p <= i */
} cvs_fill;

/* "zeros", "reflect", "replicate", "circular". */
CVS_API const char *cvs_fill_name(cvs_fill fill);

typedef struct cvs_padding {
    cvs_padding_mode mode;
    cvs_fill fill;
    /* Per spatial axis. Read for CVS_PAD_EXPLICIT; filled in by cvs_infer() for every mode
       (CVS_DIM_UNKNOWN where `same` with a stride depends on a size that is not known). */
    int64_t before[CVS_MAX_SPATIAL], after[CVS_MAX_SPATIAL];
} cvs_padding;

typedef enum cvs_activation_kind {
    CVS_ACT_LINEAR = 0,
    CVS_ACT_RELU,
    CVS_ACT_RELU6,
    CVS_ACT_LEAKY_RELU, /* alpha: slope below zero */
    CVS_ACT_ELU,        /* alpha */
    CVS_ACT_SELU,
    CVS_ACT_SIGMOID,
    CVS_ACT_HARD_SIGMOID, /* clip(alpha*x + beta, 0, 1): Keras 1/2 0.2, 0.5; Keras 3 and PyTorch 1/6, 0.5 */
    CVS_ACT_TANH,
    CVS_ACT_SOFTPLUS,
    CVS_ACT_SOFTSIGN,
    CVS_ACT_EXPONENTIAL,
    CVS_ACT_SWISH,     /* x*sigmoid(x), also called silu */
    CVS_ACT_GELU,      /* x*Phi(x), by erf */
    CVS_ACT_GELU_TANH, /* the tanh approximation */
    CVS_ACT_SOFTMAX,   /* over the channel axis */
    CVS_ACT_HARD_SWISH,
    CVS_ACT_MISH,
    CVS_ACT_COUNT
} cvs_activation_kind;

/* "linear", "relu", "relu6", "leaky_relu", "elu", "selu", "sigmoid", "hard_sigmoid", "tanh", "softplus",
   "softsign", "exponential", "swish", "gelu", "gelu_tanh", "softmax", "hard_swish", "mish". */
CVS_API const char *cvs_activation_name(cvs_activation_kind kind);
CVS_API bool cvs_activation_from_name(const char *name, cvs_activation_kind *kind);

typedef enum cvs_interpolation {
    CVS_INTERPOLATION_NEAREST = 0,
    CVS_INTERPOLATION_LINEAR, /* bilinear in 2D, trilinear in 3D */
    CVS_INTERPOLATION_CUBIC,
    CVS_INTERPOLATION_COUNT
} cvs_interpolation;

/* "nearest", "linear", "cubic". */
CVS_API const char *cvs_interpolation_name(cvs_interpolation interpolation);

typedef struct cvs_activation {
    cvs_activation_kind kind;
    float alpha, beta; /* only where the kind names them */
} cvs_activation;

/*
 * One layer, as written. Start from cvs_layer_default(); arrays are per
 * spatial axis in the order length | height, width | depth, height, width.
 */
typedef struct cvs_layer {
    cvs_op op;
    cvs_framework framework; /* whose semantics and weight layout; AUTO means CVS_CONVSCOPE */
    /* 1..3; global pools and upsampling: 0 leaves it to the input. All operators from CVS_OP_DENSE on take
       tensors of any rank: there it may be 0 and is not read, except for PyTorch's batch norm. */
    int spatial_rank;
    cvs_data_format data_format;
    int64_t in_channels; /* 0: taken from the input (Keras; PyTorch's lazy modules) */
    int64_t filters;     /* output channels, at least 1; depthwise: 0, or in_channels*multiplier (filled in) */
    int64_t kernel[CVS_MAX_SPATIAL];
    int64_t stride[CVS_MAX_SPATIAL];   /* default 1 */
    int64_t dilation[CVS_MAX_SPATIAL]; /* default 1 = none (oneDNN counts from 0, we do not) */
    int64_t groups;                    /* default 1; group norm: CVS_DIM_UNKNOWN for as many as there are channels */
    cvs_padding padding;               /* default valid, zeros */
    bool use_bias;                     /* default true */
    cvs_activation activation;         /* default linear */

    int64_t multiplier; /* depthwise, separable: output channels per input channel; default 1 */

    /* Transposed convolution. has_output_padding false is Keras's None, which is not 0. */
    bool has_output_padding;
    int64_t output_padding[CVS_MAX_SPATIAL];
    /* Transposed (ONNX output_shape, Keras 1): the spatial sizes wanted. Adaptive pooling: the sizes,
       CVS_DIM_UNKNOWN to keep the input's (PyTorch's None). Upsampling to a given size. */
    bool has_output_size;
    int64_t output_size[CVS_MAX_SPATIAL];

    /* Pooling. */
    bool ceil_mode;         /* PyTorch: round up, but drop a last window that starts in the padding after */
    bool ceil_keeps_last;   /* with ceil_mode: keep that window, as ONNX's formula does */
    bool count_include_pad; /* average pool: padded cells count in the divisor */
    int64_t divisor;        /* average pool: PyTorch's divisor_override; 0: none */
    bool keep_spatial;      /* global pools: leave axes of size 1 (PyTorch, ONNX; Keras's keepdims) */

    /* Upsampling. */
    double scale[CVS_MAX_SPATIAL]; /* per axis; o = floor(i*scale) */
    cvs_interpolation interpolation;
    bool align_corners; /* linear, cubic: the corner cells of input and output coincide (PyTorch's align_corners) */

    /* Dense: filters = units. Flatten, reshape, permute, repeat, norms, merges: */
    int start_axis, end_axis; /* flatten: first and last axis merged, batch is 0; negative count from the end */
    int axis;                 /* norms and concatenate: the axis, negative from the end; batch is 0 */
    /* reshape: the new axes without batch; permute: the order, from 1 as in Keras; layer norm: PyTorch's
       normalized_shape, sizes of the axes from `axis` on, of the last ones where it is -1; 0 leaves them to `axis` */
    int target_rank;
    int64_t target[CVS_MAX_RANK];     /* reshape: sizes, -1 once for "what is left"; repeat: n in target[0] */
    bool scale_weight, center_weight; /* norms: gamma and beta are there; default true */
    bool running_stats;               /* batch norm keeps moving averages; default true */
    float epsilon;   /* norms: added to the variance; default 1e-3 (Keras), PyTorch's and ONNX's 1e-5 */
    double rate;     /* dropout */
    bool whole_maps; /* dropout: a channel's numbers go all together, as in PyTorch's Dropout2d */
} cvs_layer;

/* Settings of a layer that are asked for instead of given, or-ed together: "?" in what the user writes. */
enum {
    CVS_ASK_KERNEL = 1 << 0,
    CVS_ASK_STRIDE = 1 << 1,
    CVS_ASK_DILATION = 1 << 2,
    CVS_ASK_PADDING = 1 << 3,
    CVS_ASK_OUTPUT_PADDING = 1 << 4,
    CVS_ASK_FILTERS = 1 << 5,
    CVS_ASK_STRIDE_OF_KERNEL = 1 << 6 /* of a pool whose kernel is asked for and whose stride is left to be the same */
};

/* A layer with every default set; kernel and filters are 0 and must be given. */
CVS_API cvs_layer cvs_layer_default(cvs_op op, int spatial_rank);

/*
 * Everything about `layer` that needs no input: signs, ranges, divisibility, combinations a
 * framework refuses (Keras: stride with dilation; PyTorch: 'same' with a stride). CVS_INVALID with
 * a pointer such as "/stride/0" in the names of our own form.
 */
CVS_API cvs_status cvs_layer_validate(const cvs_layer *layer, cvs_error *err) CVS_NODISCARD;

/* ---- inference --------------------------------------------------------- */

typedef struct cvs_tensor_shape {
    cvs_shape shape;
    cvs_axis axes[CVS_MAX_RANK];
} cvs_tensor_shape;

/* A layer on an input: all settled. Plain data, copied freely; symbols stay the caller's. */
typedef struct cvs_inference {
    cvs_layer layer;            /* with in_channels and padding numbers filled in */
    const cvs_symbols *symbols; /* as given to cvs_infer(); may be NULL */
    cvs_tensor_shape input;     /* of a merge the first */
    cvs_tensor_shape output;
    int input_count;     /* 1; as many as a merge has */
    cvs_dim other_cells; /* the numbers that a sample has in a merge's inputs after the first; 0 elsewhere */
} cvs_inference;

/*
 * Put `layer` on `input` (batch axis included, order per layer->data_format).
 * The output is (batch, o..., filters) or (batch, filters, o...).
 * A pool gives (batch, o..., channels); rounded up (ceil_mode, not with `same`),
 *   o = ceil((i + p_before + p_after - ke)/s) + 1, but without ceil_keeps_last no window begins in the padding after:
 *   at most ceil((i + p_before)/s) (PyTorch's and ONNX's documents of MaxPool).
 * A global pool gives (batch, channels), with keep_spatial (batch, 1..., channels). An adaptive pool gives its
 *   output_size; cell j of o sees the inputs floor(j*i/o) to ceil((j + 1)*i/o) - 1 (PyTorch, AdaptiveAveragePooling).
 * A padding layer gives o = i + p_before + p_after, cropping o = i - before - after (nothing left: an error),
 *   upsampling o = floor(i*scale) in floating point (torch.nn.functional.interpolate) or its output_size; with a
 *   symbolic i an expression when the scale is a whole number of halves, quarters, ..., else CVS_DIM_UNKNOWN.
 * The operators of any rank name the axes of their tensors by the rank: (batch, features) with 2, data of
 *   data_format with 3 to 5 (batch, spatial..., channels), beyond that batch and axes without a name. inference->layer
 *   has the spatial rank that the input has, 0 where it has none or the operator does away with it (dense, flatten,
 *   reshape, permute, repeat): there are as many steps.
 *   Dense         (batch, ..., features) becomes (batch, ..., units); rank 2 alone in Keras 1 and ONNX (Gemm).
 *   Flatten       start_axis..end_axis merged; Keras all but the batch; ONNX (1..axis - 1, axis..) as a matrix.
 *   Reshape       (batch, target...); the numbers of a sample must come out even: "reshape-touches-batch" (CV055).
 *     In ONNX, and ours, a 0 keeps the input's size on that axis.
 *   Permute       axis j is the input's axis target[j - 1].     Repeat  (batch, features) becomes (batch, n, features).
 *   Norms, activations, dropout keep the shape. Batch and group norm work on `axis`; PyTorch and ONNX on axis 1, as
 *     does the default of -1 with channels_first. PyTorch's batch norm with a spatial rank takes that rank (1D: or 2
 *     axes). Layer norm works on `axis` and all after it, in Keras on `axis` alone; the sizes are left in target.
 * A transposed convolution gives (batch, o..., filters), o = (i - 1)*s + ke - p_before - p_after + p_out: the padding
 *   is what is cut off, p_out (output_padding) stays empty at the end. Settled so that this holds from
 *     Keras valid              o = (i - 1)*s + max(ke, s); with an output padding (i - 1)*s + ke + p_out
 *     Keras same               o = i*s; with an output padding (i - 1)*s + ke mod 2 + p_out (deconv_output_length)
 *     PyTorch; ONNX with pads  all given; an output padding that is not given is 0, ours too
 *     ONNX SAME_*; ours same   o = i*s
 *     output_size              the crop that leaves it, p_out grown when there is nothing to cut (ONNX ConvTranspose)
 *   An odd crop takes the larger half after (TensorFlow, SAME_UPPER), else before (ONNX). An output padding that is
 *   given stays as it is unless output_size makes it grow; one that is not stays not given, its number filled in.
 * Errors: those of cvs_layer_validate(); CVS_INVALID for a wrong rank, channels that do not match or do
 * not divide, a kernel larger than the padded input (checked before the division: otherwise the "+1"
 * would invent a cell); CVS_TOO_LARGE for sums and products past int64. Pointers start "/input_shape"
 * for mistakes of the input, else as in cvs_layer_validate(). `symbols` may be NULL when no size is symbolic.
 * `layer` and `input` may be those of `out`, which is written in its place: after an error nothing in it is to be used.
 */
CVS_API cvs_status cvs_infer(const cvs_layer *layer, const cvs_shape *input, cvs_symbols *symbols, cvs_inference *out,
                             cvs_error *err) CVS_NODISCARD;

/* The same for a layer that cvs_layer_validate() or cvs_dialect_read() accepted as it is: that is not done again. */
CVS_API cvs_status cvs_infer_valid(const cvs_layer *layer, const cvs_shape *input, cvs_symbols *symbols,
                                   cvs_inference *out, cvs_error *err) CVS_NODISCARD;

/*
 * The same for a merge (CVS_OP_ADD ... CVS_OP_CONCATENATE) of `count` inputs, 2 or more; out->input is the first.
 * Concatenation adds up the sizes of `axis`; the ranks and all other sizes must agree, as in all merges of Keras 1. The
 * other merges stretch: an axis of size 1 to the others' size, and an input with fewer axes is taken to have axes of
 * size 1, in PyTorch and ONNX before all it has (NumPy's broadcasting), else behind the batch axis (Keras's _Merge). A
 * known size wins over one that is open; two that are open and differ leave it unknown. cvs_infer() refuses a merge
 * ("merge-inputs"), and this function all other layers ("not-a-merge").
 * CVS_INVALID with code "skip-size-mismatch" and pointer "/input_shapes/1" names the input that does not fit.
 */
CVS_API cvs_status cvs_infer_merge(const cvs_layer *layer, const cvs_shape *inputs, size_t count, cvs_symbols *symbols,
                                   cvs_inference *out, cvs_error *err) CVS_NODISCARD;

/* One of a merge's inputs with its axes named, as out->input is. */
CVS_API cvs_tensor_shape cvs_merge_input(const cvs_layer *layer, const cvs_shape *input);

/* ---- weights ----------------------------------------------------------- */

typedef struct cvs_weight {
    const char *name; /* Keras "kernel", "bias"; PyTorch "weight", "bias"; ONNX "W", "B". Static. */
    cvs_tensor_shape tensor;
    int64_t count;
    bool trainable;
} cvs_weight;

typedef struct cvs_weights {
    int count;
    cvs_weight weight[CVS_MAX_WEIGHTS];
    int64_t elements;   /* sum of the counts */
    int64_t parameters; /* of what the framework calls so: to PyTorch statistics are buffers, Keras counts them */
} cvs_weights;

/*
 * The weights as `framework` stores them, in its order and layout (CVS_FRAMEWORK_AUTO: the layer's own).
 * For a convolution, g groups, kernel then bias (filters):
 *   Keras 2/3, TensorFlow, ours  (k..., in/g, filters)
 *   Keras 1, 1D                  (k, 1, in, filters)   its conv1d runs as a conv2d
 *   Keras 1, "tf" ordering       (k..., in, filters)
 *   Keras 1, "th" ordering       (filters, in, k...)
 *   PyTorch, ONNX                (filters, in/g, k...)
 * For a transposed one:
 *   Keras 2/3, TensorFlow, ours  (k..., filters/g, in)
 *   Keras 1                      as its convolution: Deconvolution2D turns the kernel around when it runs
 *   PyTorch, ONNX                (in, filters/g, k...)
 * For a depthwise one, filters = in*multiplier, those of a channel next to each other:
 *   Keras 2/3, TensorFlow, ours  (k..., in, multiplier)
 *   PyTorch, ONNX                (in*multiplier, 1, k...)   a convolution with in groups
 * For a separable one, depthwise kernel, pointwise kernel, bias; PyTorch and ONNX take two layers:
 *   Keras, TensorFlow, ours      (k..., in, multiplier), (1..., in*multiplier, filters)
 *   Keras 1, "th" ordering       (multiplier, in, k...), (filters, in*multiplier, 1...)
 * Dense:
 *   Keras, TensorFlow, ours      (features, units), bias (units)
 *   PyTorch, ONNX                (units, features)      Linear; Gemm with transB = 1
 * Batch norm, each (channels), the last two not trainable; gamma, beta as far as scale_weight, center_weight say:
 *   gamma, beta, moving_mean, moving_variance    PyTorch weight, bias, running_mean, running_var (its counter of
 *   batches is no parameter), ONNX scale, B, input_mean, input_var, Keras 1 gamma, beta, running_mean, running_std
 * Group norm gamma and beta (channels); layer norm the same over the normalised axes.
 * All others have none.
 * CVS_TOO_LARGE when a count overflows; CVS_UNSUPPORTED when that framework has no such layer;
 * CVS_INVALID when the input channels are not known.
 */
CVS_API cvs_status cvs_layer_weights(const cvs_inference *inference, cvs_framework framework, cvs_weights *out,
                                     cvs_error *err) CVS_NODISCARD;

/*
 * The one line of NumPy that turns weight number `index` from the layout of `from` into that of `to`:
 * "numpy.transpose(kernel[:, 0], (2, 1, 0))"; just the name when nothing changes. Merging a depthwise kernel's two
 * channel axes takes a reshape: "numpy.transpose(kernel, (2, 3, 0, 1)).reshape(6, 1, 3, 3)". The variable is
 * called by its name in `from`.
 */
CVS_API cvs_status cvs_layout_conversion(const cvs_inference *inference, cvs_framework from, cvs_framework to,
                                         int index, cvs_text *out, cvs_error *err) CVS_NODISCARD;

/* ---- cost -------------------------------------------------------------- */

/*
 * Per sample (batch size 1), float32. A size that is not known leaves the figures that need it at
 * CVS_DIM_UNKNOWN.
 *   macs      = filters * prod(o) * prod(k) * in/g      padded cells count: the hardware multiplies them
 *               in * prod(i) * prod(k) * filters/g      transposed: the work is done per input cell, cropped or not
 *               in*multiplier * prod(o) * prod(k)       depthwise
 *               that + filters * prod(o) * in*multiplier      separable
 *   bias_adds = filters * prod(o), or 0
 *   flops     = 2*macs + bias_adds
 *               units * features * prod(axes between batch and features)      dense
 * Only multiplications with kernels count. All other operators have none: comparisons, the additions of an average or
 * a merge, interpolations and the scaling of a norm are not counted. A merge's input_bytes are those of all its inputs.
 */
typedef struct cvs_cost {
    int64_t macs, bias_adds, flops;
    int64_t input_bytes, output_bytes, weights_bytes;
} cvs_cost;

/* CVS_TOO_LARGE when a product overflows. */
CVS_API cvs_status cvs_layer_cost(const cvs_inference *inference, cvs_cost *out, cvs_error *err) CVS_NODISCARD;

/* ---- receptive field --------------------------------------------------- */

/*
 * Of this layer alone, per spatial axis: one output cell sees `size` = ke inputs, neighbours are
 * `jump`/`jump_divisor` = s/1 apart, and the centre of cell 0's window lies at `start` = (ke - 1)/2 - p_before in input
 * coordinates (distill.pub, Araujo et al. 2019, relations 2-4). start is NaN where the padding is not known.
 * A transposed convolution turns it around: neighbours are 1/s apart, start = (p_before - (ke - 1)/2)/s on average
 * over the s kinds of cells, and the cells that see most reach over
 * size = (ceil(k/(s/g)) - 1)*(d/g) + 1 inputs, g = gcd(s, d); without dilation that is ceil(k/s).
 * An adaptive pool's cells are i/o apart on average, start = (i/o - 1)/2, and size is that of the largest window; a
 * global pool is the one with o = 1. Upsampled cells are 1/scale or i/o apart, start = (jump - 1)/2, and size is 1
 * (nearest), 2 (linear) or 4 (cubic), but 1 where an odd whole jump puts every cell on an input. Nearest takes input
 * floor(j*jump) for cell j: on average start = (1/jump_divisor - 1)/2. With align_corners cells are (i - 1)/(o - 1)
 * apart from start 0, and every whole jump puts them on inputs. A scale that is no fraction of small numbers is
 * rounded to 2^-20. Padding and cropping have size 1, jump 1, start -p_before or +before. Norms, activations, dropout
 * and merges see their own cell: size 1, jump 1, start 0. rank is 0, not applicable, where the layer ends up without
 * spatial axes. Where i is not known, size and jump are CVS_DIM_UNKNOWN.
 */
typedef struct cvs_receptive_field {
    int rank;
    int64_t size[CVS_MAX_SPATIAL], jump[CVS_MAX_SPATIAL], jump_divisor[CVS_MAX_SPATIAL];
    double start[CVS_MAX_SPATIAL];
} cvs_receptive_field;

CVS_API void cvs_layer_receptive_field(const cvs_inference *inference, cvs_receptive_field *out);

/* ---- the arithmetic, shown --------------------------------------------- */

/*
 * For spatial axis `axis`: the formula in letters, the same with the layer's numbers put in, and the result.
 *   "floor((n + p_before + p_after - d*(k - 1) - 1)/s) + 1"
 *   "floor((300 + 0 + 0 - 1*(5 - 1) - 1)/1) + 1"
 * An unknown size stays the letter n; a symbolic one is written as its expression.
 */
typedef struct cvs_step {
    cvs_axis axis;
    const char *formula; /* static */
    cvs_dim result;
} cvs_step;

/* The step, and its substitution appended to `substitution`. `axis` is 0..spatial_rank - 1. */
CVS_API void cvs_layer_step(const cvs_inference *inference, int axis, cvs_step *step, cvs_text *substitution);

#ifdef __cplusplus
}
#endif

#endif
