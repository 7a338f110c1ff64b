/*
 * onnx.h - what the parts of reading an ONNX model share.
 *
 * A graph becomes a cvs_model: nodes are layers, what they make are tensors. Initializers, and what Constant nodes
 * hold, are neither: they are the constants that nodes read beside tensors. A graph within a node's attribute (If,
 * Loop) is a cvs_model of its own; what it reads from around it goes in as one of its inputs.
 *
 * Beside its shape a tensor may have a value: small tensors of integers are computed along, as sizes are computed from
 * sizes in such models. Their numbers may be symbolic sizes.
 */
#ifndef CONVSCOPE_MODEL_ONNX_ONNX_H
#define CONVSCOPE_MODEL_ONNX_ONNX_H

#include "model/graph.h"
#include "model/onnx/onnx.pb-c.h"

enum {
    CVS__ONNX_OLDEST_OPSET = 7,
    CVS__ONNX_MAX_VALUE = 1024,      /* numbers of a tensor that are computed along */
    CVS__ONNX_MAX_NUMBERS = 1 << 20, /* of all of a model's together */
    CVS__ONNX_MAX_LOOPS = 4,         /* loops in loops: each body is looked at up to three times */
    CVS__ONNX_MAX_WORK = 1 << 19,    /* nodes that are looked at, with those of loops; so many numbers count as one: */
    CVS__ONNX_NUMBERS_A_NODE = 64
};

/* ---- numbers ------------------------------------------------------------------- */

typedef enum cvs__onnx_kind {
    CVS__ONNX_OPEN = 0, /* not known */
    CVS__ONNX_INTEGER,
    CVS__ONNX_SIZE, /* `integer` is a symbolic cvs_dim */
    CVS__ONNX_REAL
} cvs__onnx_kind;

typedef struct cvs__onnx_number {
    cvs__onnx_kind kind;
    union {
        int64_t integer;
        double real;
    };
} cvs__onnx_number;

/* What is known of a tensor besides its shape. */
typedef struct cvs__onnx_value {
    int type;                 /* TensorProto.DataType; 0: not known */
    int count;                /* numbers, row-major; -1: none are known */
    cvs__onnx_number *number; /* `capacity` of them */
    int capacity;
} cvs__onnx_value;

typedef struct cvs__onnx_constant {
    const char *name;
    bool ranked; /* more axes than CVS_MAX_RANK: not */
    cvs_shape shape;
    int64_t count; /* of elements */
    cvs__onnx_value value;
    bool counted; /* as a weight, by a layer */
} cvs__onnx_constant;

/* ---- graphs --------------------------------------------------------------------- */

typedef struct cvs__onnx_rule cvs__onnx_rule;
typedef struct cvs__onnx_graph cvs__onnx_graph;

/* Of the file, whichever graph. */
typedef struct cvs__onnx_file {
    cvs_arena *arena;
    int64_t opset;
    int work;                             /* how much of CVS__ONNX_MAX_WORK is done */
    int numbers;                          /* how many of CVS__ONNX_MAX_NUMBERS are in use */
    cvs__names size_names, written_names; /* "batch-size" is number n of size_name, "batch_size" is taken */
    const char **size_name;               /* as a cvs_symbols can have it */
    int size_name_count, size_name_capacity;
} cvs__onnx_file;

/* What a node reads: a tensor, a constant, or, where an input is left out, nothing. */
typedef struct cvs__onnx_operand {
    int tensor; /* -1: none */
    cvs__onnx_constant *constant;
} cvs__onnx_operand;

/* A tensor of the graph around, which goes into this one. */
typedef struct cvs__onnx_capture {
    int inner, outer;
} cvs__onnx_capture;

struct cvs__onnx_graph {
    cvs__onnx_file *file;
    const Onnx__GraphProto *proto;
    cvs__onnx_graph *outer;
    int depth, loops; /* how many graphs, and how many loops, it is in */
    cvs_model *model;
    cvs__names constant_names;
    cvs__onnx_constant *constants;
    int constant_count;
    cvs__onnx_capture *captures;
    int capture_count, capture_capacity;
    /* By tensors' numbers. */
    cvs__onnx_value *values;
    const Onnx__TypeProto **declared;
    cvs__onnx_constant **origins; /* the constant that a tensor is another form of, or NULL */
    enum { CVS__ONNX_NOT_ASKED, CVS__ONNX_AS_DECLARED, CVS__ONNX_OTHER_INPUTS } inputs; /* what it was put on */
};

/* A node: the `detail` of its layer. */
typedef struct cvs__onnx_node {
    cvs__onnx_graph *graph;
    const Onnx__NodeProto *proto;
    const cvs__onnx_rule *rule; /* NULL: nobody knows the operator */
    cvs__onnx_operand *operands;
    int *outputs; /* tensors' numbers, -1 where one is left out */
    int operand_count, output_count;
    cvs__onnx_graph **bodies;
    int body_count;
    unsigned counts;      /* which operands are weights that are counted here: a bit each */
    cvs_reading *reading; /* of layer.h's operator, while its description stays the same */
    uint64_t reading_of;  /* a sum over that description */
    bool sees_layer;      /* the layer's inference tells what a cell sees */
} cvs__onnx_node;

/* ---- operators ------------------------------------------------------------------- */

/* A node that is put on its inputs. */
typedef struct cvs__onnx_call {
    cvs_model *model;
    int layer;
    cvs__onnx_node *node;
    const cvs__onnx_rule *rule;
    const char *without; /* an attribute that the operator of layer.h has not; NULL: none */
    bool counts_work;    /* the rule has set macs and bias_adds in the layer's cost */
    cvs_error *err;
} cvs__onnx_call;

/* What a cell of an operator's output sees. */
typedef enum cvs__onnx_sight {
    CVS__ONNX_SEES_ITSELF = 0,
    CVS__ONNX_SEES_NOTHING, /* it has no position any more */
    CVS__ONNX_SEES_LAYER    /* what the operator of layer.h sees; nothing where there is none */
} cvs__onnx_sight;

struct cvs__onnx_rule {
    const char *op;
    /* Give every output its shape: cvs__onnx_give(). */
    cvs_status (*infer)(cvs__onnx_call *call);
    int variant;      /* the family's own */
    int least_inputs; /* that may not be left out */
    unsigned weights; /* which operands are weights when they are constants: a bit each */
    bool kernel;      /* they are so whatever their type; else only real numbers, and more than one of them */
    bool reshapes;    /* the output is the first operand in another form: weights pass through */
    cvs__onnx_sight sight;
    /* The node as an operator of layer.h, read by the dialect from the `weights_at`th input and, where it is there, the
       `bias_at`th; 0: from none. NULL: it is no such operator. */
    const char *layer;
    int weights_at, bias_at;
};

/* The rule of an operator of the default domain, or NULL. */
const cvs__onnx_rule *cvs__onnx_rule_of(const char *op);

extern const cvs__model_op cvs__onnx_op;

/* ---- graph.c: nodes and names -------------------------------------------------------- */

/* What stands under `name`, here or around; CVS_INVALID when nothing does. */
cvs_status cvs__onnx_resolve(cvs__onnx_graph *graph, const char *name, cvs__onnx_operand *out,
                             cvs_error *err) CVS_NODISCARD;
cvs_status cvs__onnx_add_nodes(cvs__onnx_graph *graph, cvs_error *err) CVS_NODISCARD;
/* A layer that gives the constant called `name` as a tensor. */
cvs_status cvs__onnx_add_copy(cvs__onnx_graph *graph, const char *name, cvs_error *err) CVS_NODISCARD;

/* Text that may be missing. */
static inline const char *cvs__onnx_text(const char *text) { return text ? text : ""; }

/* ---- scope.c: what goes in and out ---------------------------------------------------- */

/* Make graph->model of graph->proto. */
cvs_status cvs__onnx_read_graph(cvs__onnx_graph *graph, cvs_error *err) CVS_NODISCARD;
/* Before its shapes are found: names for sizes, and no values. */
cvs_status cvs__onnx_begin(cvs_model *model, cvs_error *err) CVS_NODISCARD;

/* ---- constant_nodes.c ------------------------------------------------------------------ */

cvs_status cvs__onnx_add_constants(cvs__onnx_graph *graph, cvs_error *err) CVS_NODISCARD;
/* Is the node one whose output is among the constants? */
bool cvs__onnx_is_constant(const cvs__onnx_graph *graph, const Onnx__NodeProto *node);

/* Is input i a constant, or one in another form? */
cvs__onnx_constant *cvs__onnx_constant_read(const cvs__onnx_graph *graph, const cvs__onnx_operand *operand);

/* ---- weights.c --------------------------------------------------------------------------- */

/* Which operands are weights, and where each is counted: once, at the first layer that reads it. */
void cvs__onnx_find_weights(cvs__onnx_graph *graph);
/* List the layer's weights, and count them. */
cvs_status cvs__onnx_list_weights(cvs__onnx_call *call) CVS_NODISCARD;

/* ---- view.c -------------------------------------------------------------------------- */

/* Show the node as an operator of layer.h, if it is one: for its axes, its cost and its receptive field. */
cvs_status cvs__onnx_view(cvs__onnx_call *call) CVS_NODISCARD;
/* The same for operators that take their shape from it: what does not fit is an error. */
cvs_status cvs__onnx_through_layer(cvs__onnx_call *call) CVS_NODISCARD;

/* ---- constants.c -------------------------------------------------------------------- */

/* CVS_INVALID for sizes that are negative or overflow, or data outside the folder of the file. */
cvs_status cvs__onnx_constant_of(cvs__onnx_file *file, const Onnx__TensorProto *proto, cvs__onnx_constant *out,
                                 cvs_error *err) CVS_NODISCARD;

/* Bytes of an element, 0 when it is not known or not whole; and whether elements are integers. */
int cvs__onnx_element_bytes(int type);
bool cvs__onnx_is_integer(int type);

/* ---- declared.c --------------------------------------------------------------------- */

/* The shape that the file gives a tensor, with names for sizes where there is a table for them. */
cvs_status cvs__onnx_declared_shape(cvs__onnx_graph *graph, int tensor, cvs_shape *out, bool *declared,
                                    cvs_error *err) CVS_NODISCARD;
/* The element type that a TypeProto, or NULL, declares, or 0. */
int cvs__onnx_declared_type(const Onnx__TypeProto *type);
/* Fill in what the file declares of the layer's outputs and nobody found; note what contradicts. */
cvs_status cvs__onnx_use_declared(const cvs__onnx_call *call, cvs_error *err) CVS_NODISCARD;

/* ---- attributes.c ------------------------------------------------------------------- */

const Onnx__AttributeProto *cvs__onnx_attribute(const cvs__onnx_node *node, const char *name);
/* One that is 0 may have no value: those who write by protobuf's third syntax leave it out. */
bool cvs__onnx_is_integer_attribute(const Onnx__AttributeProto *attribute);
int64_t cvs__onnx_integer(const cvs__onnx_call *call, const char *name, int64_t otherwise);
bool cvs__onnx_word_is(const cvs__onnx_call *call, const char *name, const char *word);
/* A list of integers: how many, or -1 when there is none. More than `most`: CVS_INVALID. */
cvs_status cvs__onnx_integers(const cvs__onnx_call *call, const char *name, int most, int64_t *out, int *count);

/* ---- call.c ------------------------------------------------------------------------- */

int64_t cvs__onnx_opset(const cvs__onnx_call *call);
/* Is input number i there? */
bool cvs__onnx_has(const cvs__onnx_call *call, int i);
/* Its shape; NULL: left out. */
const cvs_shape *cvs__onnx_shape(const cvs__onnx_call *call, int i);
/* Its numbers; NULL: not known. */
const cvs__onnx_value *cvs__onnx_value_of(const cvs__onnx_call *call, int i);
int cvs__onnx_type(const cvs__onnx_call *call, int i);

/* Give output number `o`, if the node has it, its shape and type. */
cvs_status cvs__onnx_give(cvs__onnx_call *call, int o, const cvs_shape *shape, int type) CVS_NODISCARD;
/* The first output, of the first input's type. */
cvs_status cvs__onnx_give_shape(cvs__onnx_call *call, const cvs_shape *shape) CVS_NODISCARD;
/* Room for output number o's numbers, open ones, as many as its shape has; NULL: too many, or not wanted, or no memory.
 */
cvs__onnx_value *cvs__onnx_room(cvs__onnx_call *call, int o);

cvs_status cvs__onnx_fail(const cvs__onnx_call *call, const char *code, const char *format, ...) CVS_PRINTF(3, 4);
/* How many axes come out depends on numbers that are not known before it runs. */
cvs_status cvs__onnx_rank_unknown(const cvs__onnx_call *call);
/* CVS_UNSUPPORTED: more than CVS_MAX_RANK. */
cvs_status cvs__onnx_too_many_axes(const cvs__onnx_call *call, int axes);

/* An axis from -rank to rank - 1 as 0 to rank - 1. */
cvs_status cvs__onnx_axis(const cvs__onnx_call *call, int64_t axis, int rank, int *out) CVS_NODISCARD;

/*
 * The integers that are an attribute in older opsets and input number `input` in newer ones; the one that is there
 * counts. *count is -1 when there are none, CVS__ONNX_UNKNOWN_SETTING when there are, but nobody knows them.
 */
enum { CVS__ONNX_UNKNOWN_SETTING = -2 };
cvs_status cvs__onnx_setting(const cvs__onnx_call *call, const char *name, int input, int64_t out[CVS_MAX_RANK],
                             int *count) CVS_NODISCARD;

/* ---- dims.c: sizes; what cannot be expressed is unknown, only memory is an error ------ */

cvs_status cvs__onnx_add(const cvs__onnx_call *call, cvs_dim a, cvs_dim b, cvs_dim *out) CVS_NODISCARD;
cvs_status cvs__onnx_multiply(const cvs__onnx_call *call, cvs_dim a, cvs_dim b, cvs_dim *out) CVS_NODISCARD;
/* floor((a*scale + offset)/divisor) */
cvs_status cvs__onnx_scaled(const cvs__onnx_call *call, cvs_dim a, const int64_t by[3], cvs_dim *out) CVS_NODISCARD;
/* The product of the sizes from axis `first` to before `end`. */
cvs_status cvs__onnx_product(const cvs__onnx_call *call, const cvs_shape *shape, const int range[2],
                             cvs_dim *out) CVS_NODISCARD;
/* NumPy's broadcasting of two shapes; `out` may be one of them. CVS_INVALID where they do not fit. */
cvs_status cvs__onnx_broadcast(const cvs__onnx_call *call, const cvs_shape *a, const cvs_shape *b,
                               cvs_shape *out) CVS_NODISCARD;
/* The size that a number stands for; CVS_DIM_UNKNOWN. */
cvs_dim cvs__onnx_dim_of(const cvs__onnx_number *number);
cvs__onnx_number cvs__onnx_number_of(cvs_dim dim);

#endif
