/*
 * model.h - whole models: a graph of layers read from a file or from pasted
 * code, put on input shapes, with what every layer gives and costs.
 *
 * A reader (cvs_model_read_...()) makes a cvs_model: layers in an order in which
 * each comes after all that it reads, and the tensors between them.
 * cvs_model_infer() then finds every tensor's shape. What cannot be known stops
 * only what depends on it, and says why.
 *
 * Everything lives in the arena that the reader was given, and is freed with it.
 */
#ifndef CONVSCOPE_MODEL_H
#define CONVSCOPE_MODEL_H

#include <convscope/dialect.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A model with more is refused (CVS_TOO_LARGE). */
#define CVS_MODEL_MAX_LAYERS  65536
#define CVS_MODEL_MAX_TENSORS 262144
/* Models in models, deeper than this, are refused. */
#define CVS_MODEL_MAX_DEPTH 16
/* Bytes of a model as text; ResNet-152 prints 60 KiB. */
#define CVS_MODEL_MAX_TEXT (1024 * 1024)

typedef struct cvs_model cvs_model;

/* ---- what it is made of ---------------------------------------------------- */

typedef struct cvs_model_tensor {
    const char *name;  /* unique in the model */
    int producer;      /* the number of the layer that makes it; -1: an input of the model */
    int readers;       /* how many times layers read it; an output of the model counts once */
    bool is_output;    /* of the model */
    bool ranked;       /* `shape` says how many axes there are, and of each the size as far as it is known */
    cvs_shape shape;   /* batch axis included */
    int element_bytes; /* 4: float32 */
    const cvs_shape *contradicted; /* what the file declares it to be (ONNX's value_info), where `shape`, which follows
                                      from its layer, cannot be that; NULL: no contradiction */
} cvs_model_tensor;

typedef struct cvs_model_weight {
    const char *name; /* "kernel"; in ONNX the initializer's own */
    cvs_tensor_shape tensor;
    int64_t count;
    bool trainable;
} cvs_model_weight;

typedef enum cvs_model_state {
    CVS_MODEL_OPEN = 0, /* cvs_model_infer() was not called */
    CVS_MODEL_KNOWN,    /* its outputs have shapes */
    CVS_MODEL_WAITING,  /* not looked at: an input has no shape, because of another layer */
    CVS_MODEL_UNKNOWN,  /* nobody here knows this type */
    CVS_MODEL_FAILED    /* it cannot be put on its inputs, or its file stores other weights: `error` says why */
} cvs_model_state;

/*
 * What one output cell sees of the model's input, along the path that sees least and the one that sees most, which
 * differ where branches join. Of several inputs: of the one that it sees most of. `least` and `most` have the same
 * rank, 0 where a layer has no positions.
 */
typedef struct cvs_model_field {
    cvs_receptive_field least, most;
} cvs_model_field;

typedef struct cvs_model_layer {
    const char *name;            /* unique: "block_1_expand", "encoder/conv1", "encoder/conv1#2" for its second use */
    const char *type;            /* as written: "Conv2D" */
    const char *pointer;         /* where it stands in the JSON, or "" */
    cvs_place place;             /* where it stands in the text; line 0: it was no text */
    const int *inputs, *outputs; /* numbers of tensors */
    int input_count, output_count;

    cvs_model_state state;
    cvs_error error;                /* of CVS_MODEL_FAILED and CVS_MODEL_UNKNOWN */
    const cvs_inference *inference; /* NULL for what is no operator of layer.h */

    const cvs_model_weight *weights; /* in the framework's own order and layout; none when shared */
    int weight_count;
    bool shared;                   /* its weights are those of an earlier use of the same layer, and counted there */
    int64_t parameters, trainable; /* CVS_DIM_UNKNOWN: not known */
    cvs_cost cost;                 /* of one sample; figures that are not known are CVS_DIM_UNKNOWN */
    cvs_model_field field;
    int64_t output_bytes; /* of all outputs, one sample; CVS_DIM_UNKNOWN */
    int64_t live_bytes;   /* of all tensors that are alive while it runs, one sample: made and not yet read for the last
                             time, its outputs among them. CVS_DIM_UNKNOWN where one of them is not known */
} cvs_model_layer;

/* How far a sum can be trusted. */
typedef enum cvs_model_completeness {
    CVS_MODEL_COMPLETE = 0,
    CVS_MODEL_PARTIAL,    /* a lower bound: some layer's figure is not known */
    CVS_MODEL_UNAVAILABLE /* no layer's is */
} cvs_model_completeness;

/* "complete", "partial", "unavailable". */
CVS_API const char *cvs_model_completeness_name(cvs_model_completeness completeness);

typedef struct cvs_model_sum {
    int64_t value;
    cvs_model_completeness completeness;
} cvs_model_sum;

/* Per sample; weights are float32, in ONNX of their own types. CVS_TOO_LARGE figures are left at what was counted, and
 * partial. */
typedef struct cvs_model_totals {
    cvs_model_sum parameters, trainable, macs, flops;
    cvs_model_sum activation_bytes; /* of all outputs together */
    cvs_model_sum peak_bytes;       /* the most of live_bytes */
    cvs_model_sum weights_bytes;
    int peak_layer; /* the layer where that is; -1: none */
} cvs_model_totals;

/* ---- reading ----------------------------------------------------------------- */

/*
 * A model as Keras writes it: `json` is a jansson `json_t *` as in cvs_node_from_jansson(), of to_json() or
 * model.get_config() of Keras 1, 2 and 3, Sequential or functional, models within models and layers used more than once
 * among them; or TensorFlow.js's "modelTopology", also within its model.json.
 * `framework` is CVS_FRAMEWORK_AUTO, CVS_KERAS or CVS_KERAS1. Errors have a pointer below `json`.
 */
CVS_API cvs_status cvs_model_read_keras(cvs_arena *arena, const void *json, cvs_framework framework, cvs_model **out,
                                        cvs_error *err) CVS_NODISCARD;

/*
 * A model as ONNX writes it: the `length` bytes of a .onnx file, a protobuf ModelProto, which may go when this returns.
 * Opsets from 7 on; what is newer than 21 is read by the rules of 21.
 *
 * A node is a layer: named as the node, or "Conv_12" for the 12th of the graph (from 0) when it has no name.
 * Initializers and Constant nodes are neither layers nor tensors, but what layers read. Graphs in nodes (If, Loop) are
 * looked at: the node's layer has their weights and their work.
 *
 * Weights are what an operator reads as such: kernels, biases, the scale, bias and statistics of norms, embeddings, and
 * real numbers, more than one, that a tensor is multiplied with or that are added to it. They are listed under the
 * initializer's own name, in its own layout, and counted once, at the first layer that reads them. Statistics and
 * integers are not trainable. Settings, such as the scales of a Resize, are no weights.
 *
 * Small tensors of integers are computed along, symbolic sizes in them too: a Reshape to what Shape, Gather and Concat
 * make has a shape. Sizes that the file names (dim_param) are names in `symbols`, of letters, digits and _ only. What
 * the file declares of a tensor is filled in where no rule says it, as of an operator that nobody here knows, and held
 * against the rules elsewhere: see cvs_model_tensor.contradicted. On inputs of other sizes than the file's own it says
 * nothing. Data in other files is never opened: shapes do not need it.
 *
 * CVS_SYNTAX, with the offset, for what is no such file; CVS_INVALID for what contradicts itself, and for external data
 * outside the model's folder; CVS_UNSUPPORTED for an older opset; CVS_TOO_LARGE past the limits above. Takes from the
 * arena a few times what is in the file besides numbers: those of weights are not copied.
 */
CVS_API cvs_status cvs_model_read_onnx(cvs_arena *arena, const void *bytes, size_t length, cvs_model **out,
                                       cvs_error *err) CVS_NODISCARD;

/* A model in memory. Nothing of it is kept: all that the model needs is copied. */
typedef struct cvs_model_source {
    const char *bytes;
    size_t length;
    cvs_framework framework; /* the user's word for it, or CVS_FRAMEWORK_AUTO to recognise it */
} cvs_model_source;

/*
 * A model as text, UTF-8 of at most CVS_MODEL_MAX_TEXT bytes:
 *   nn.Sequential(nn.Conv2d(3, 8, 3), ...)       PyTorch's code, with OrderedDict and modules bound to names
 *   ResNet( (conv1): Conv2d(3, 64, ...) ...)      what print(model) shows of a PyTorch model
 *   Sequential([Conv2D(8, 3), ...]), model.add(Conv2D(8, 3)), x = Conv2D(8, 3)(x) ... Model(inputs, outputs)   Keras
 * Only lines that make layers, bind and apply them are read: nothing is run, no function is called. Names of numbers
 * and of short lists stand for them. What trains the model, loads data or prints is passed over; what else is done with
 * layers and tensors is an error with its line and column. The last model of the text is the one that is read.
 *
 * What a printed module that is no Sequential does with its parts is not printed: cvs_model_order_known() tells how far
 * the order of the layers can be relied on. An order that cannot be right (the channels do not fit) is an error.
 * PyTorch's models do not say what goes in: their input has the channels of the first layer and no known sizes.
 */
CVS_API cvs_status cvs_model_read_text(cvs_arena *arena, const cvs_model_source *source, cvs_model **out,
                                       cvs_error *err) CVS_NODISCARD;

/* What a model's bytes are, by what they begin with. */
typedef enum cvs_model_kind {
    CVS_MODEL_KIND_TEXT = 0, /* UTF-8, and none of the others */
    CVS_MODEL_KIND_JSON,     /* of Keras or TensorFlow.js */
    CVS_MODEL_KIND_KERAS,    /* a ZIP archive: .keras of Keras 3 */
    CVS_MODEL_KIND_HDF5,     /* .h5 of Keras 1 and 2 */
    CVS_MODEL_KIND_ONNX,     /* protobuf */
    CVS_MODEL_KIND_COUNT
} cvs_model_kind;

CVS_API cvs_model_kind cvs_model_recognise(const void *bytes, size_t length);
/* "text", "json", "keras", "hdf5", "onnx". */
CVS_API const char *cvs_model_kind_name(cvs_model_kind kind);

/*
 * A model of any kind, as cvs_model_recognise() finds it. Text is read by cvs_model_read_text(), JSON and what files of
 * Keras hold of it as by cvs_model_read_keras(). Where a file has weights as well, their shapes are read, never their
 * values: a layer whose weights are others than its file stores is CVS_MODEL_FAILED once its shapes are found, with
 * both shapes in its error.
 *
 * Nothing but the bytes is opened: links and data sets of HDF5 that lead to other files are not followed. Of HDF5 what
 * Keras writes is read, by code of our own; what h5py writes with libver='latest' may be CVS_UNSUPPORTED.
 * CVS_INVALID, CVS_SYNTAX: damaged, or no model. CVS_TOO_LARGE: an archive that unfolds to more than models do.
 */
CVS_API cvs_status cvs_model_read_file(cvs_arena *arena, const cvs_model_source *source, cvs_model **out,
                                       cvs_error *err) CVS_NODISCARD;

/* ---- shapes -------------------------------------------------------------------- */

/* The shape of an input, batch axis included; `name` NULL for the only one. */
typedef struct cvs_model_input {
    const char *name;
    cvs_shape shape;
} cvs_model_input;

/*
 * Find every shape, and what follows from it. `inputs` replace what the model itself says of its inputs; those not
 * listed keep theirs. May be called again with other inputs. `symbols`, which must outlive the model, is for sizes that
 * are names; NULL when none is. CVS_INVALID with a pointer "/input_shapes/x" for an input that the model has not, or
 * one of a rank that it cannot have; a layer that cannot be put on its inputs is no error of this function but that
 * layer's.
 */
CVS_API cvs_status cvs_model_infer(cvs_model *model, const cvs_model_input *inputs, size_t count, cvs_symbols *symbols,
                                   cvs_error *err) CVS_NODISCARD;

/* ---- what was taken for granted ---------------------------------------------------- */

/* How it is known what each layer reads. */
typedef enum cvs_model_order {
    CVS_MODEL_ORDER_STATED = 0, /* the model says it */
    CVS_MODEL_ORDER_BY_NAME,    /* of some parts the class's name tells it, as torchvision's "BasicBlock" */
    CVS_MODEL_ORDER_PRINTED     /* of some parts it is the order in which they are printed */
} cvs_model_order;

/* "stated", "by-name", "printed". */
CVS_API const char *cvs_model_order_name(cvs_model_order order);
CVS_API cvs_model_order cvs_model_order_known(const cvs_model *model);
/* What the reader took for granted, a sentence each, for whoever looks at the model. */
CVS_API const char *const *cvs_model_notes(const cvs_model *model, int *count);

/* ---- asking ---------------------------------------------------------------------- */

CVS_API cvs_framework cvs_model_framework(const cvs_model *model);
/* The model's own name, or "". */
CVS_API const char *cvs_model_name(const cvs_model *model);
/* All layers, each behind those that it reads from. */
CVS_API const cvs_model_layer *cvs_model_layers(const cvs_model *model, int *count);
CVS_API const cvs_model_tensor *cvs_model_tensors(const cvs_model *model, int *count);
/* What one sample of it takes, its first axis being the batch. CVS_DIM_UNKNOWN where a size is not known, or too many.
 */
CVS_API int64_t cvs_model_tensor_bytes(const cvs_model_tensor *tensor);
/* Numbers of the tensors that go in, and of those that come out. */
CVS_API const int *cvs_model_inputs(const cvs_model *model, int *count);
CVS_API const int *cvs_model_outputs(const cvs_model *model, int *count);
CVS_API void cvs_model_sum_up(const cvs_model *model, cvs_model_totals *out);

#ifdef __cplusplus
}
#endif

#endif
