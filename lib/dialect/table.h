/*
 * table.h - the tables that a dialect is made of. Each class of layer that a
 * framework has is a row: its names, our operator, and its arguments in their
 * true order, each with its type and the field of cvs_layer that it fills.
 * Positional arguments, keywords, serialised configurations and the code that
 * is written all share that row.
 *
 * To add a layer: a row in the table of each framework that has it
 * (keras.c, keras1.c, pytorch.c, onnx.c, own.c). What an argument can hold is
 * a cvs__type (types.c, padding.c, activation.c); a new one is needed only
 * where a framework writes a value in a way of its own.
 */
#ifndef CONVSCOPE_DIALECT_TABLE_H
#define CONVSCOPE_DIALECT_TABLE_H

#include <convscope/dialect.h>

typedef struct cvs__reader cvs__reader;
typedef struct cvs__writer cvs__writer;
typedef struct cvs__argument cvs__argument;
typedef struct cvs__plan cvs__plan;

/* What an argument can hold. */
typedef struct cvs__type {
    unsigned kinds;       /* the kinds of node it takes: bits 1 << cvs_node_kind */
    const char *expected; /* in words, "%d" stands for the spatial rank: "an integer or a tuple of %d integers" */

    /* Read the node into the layer; NULL: the argument does not influence the result. */
    cvs_status (*read)(cvs__reader *reader, const cvs__argument *argument, const cvs_node *node);

    /* Does the argument say the same of both layers? NULL where it is always written, or never. */
    bool (*same)(const cvs__argument *argument, const cvs_layer *a, const cvs_layer *b);

    /* Append the value that the writer's layer has. NULL: the argument is only read. */
    void (*write)(cvs__writer *writer, const cvs__argument *argument);
} cvs__type;

#define CVS__KIND(name) (1u << CVS_NODE_##name)

/* A word and the value of an enumeration that it stands for. */
typedef struct cvs__choice {
    const char *word;
    int value;
} cvs__choice;

struct cvs__argument {
    const char *name, *alias; /* the alias may be NULL */
    const cvs__type *type;
    /* Which field it fills: CVS__FIELD(stride), or one axis of it: CVS__FIELD_AXIS(kernel, 1). */
    const char *slot; /* as in the pointers of cvs_layer_validate(): "stride", "kernel/1" */
    size_t offset;
    const cvs__choice *choices; /* of an enumeration; ends with a NULL word */
    bool required;
    bool always; /* written even where it is the default */
};

#define CVS__FIELD(member)          .slot = #member, .offset = offsetof(cvs_layer, member)
#define CVS__FIELD_OF(name, member) .slot = name, .offset = offsetof(cvs_layer, member)
#define CVS__FIELD_AXIS(member, axis)                                                                                  \
    .slot = #member "/" #axis, .offset = offsetof(cvs_layer, member) + (axis) * sizeof(int64_t)

/* An argument that does not influence shapes or values: initializers, regularizers, constraints ... */
#define CVS__PASSES(word)                                                                                              \
    { .name = word, .type = &cvs__type_passes }

/* A class or a rank() says this where a layer takes any number of spatial axes: cvs_layer.spatial_rank 0. */
#define CVS__RANK_OF_INPUT (-2)

/* One class of layer. Lists of arguments end with a NULL name. */
typedef struct cvs__class {
    const char *name, *alias; /* how it is written, and another name (or NULL) */
    cvs_op op;
    int spatial_rank;               /* 0: the arguments say it; CVS__RANK_OF_INPUT */
    const cvs__argument *arguments; /* in the order of positional arguments */
    const cvs__argument *beside;    /* members beside the arguments that only this class has; may be NULL */
    cvs_fill fill;                  /* of a padding's class */
    cvs_activation activation;      /* of an activation's class: what it is by default */
    bool bilinear;                  /* of an upsampling's class: linear, with align_corners */
    bool whole_maps;                /* of a dropout's class */
    bool each_channel;              /* a group norm with a group for each channel */
    bool only_read;                 /* the form that a framework prints, but nobody types */
} cvs__class;

#define CVS__ROW(called, also, operator, rank, list)                                                                   \
    .name = called, .alias = also, .op = operator, .spatial_rank = rank, .arguments = list

/* One framework's way of writing. */
typedef struct cvs__dialect {
    cvs_framework framework;
    const char *class_key;  /* the member that names the class: "class_name" */
    const char *config_key; /* the member that holds the arguments: "config"; NULL: the object itself */

    bool code;          /* can be written as a call */
    bool positional;    /* arguments may be given without a name */
    const char *prefix; /* of the calls that are written: "nn." */

    const cvs__class *classes;   /* ends with a NULL name */
    const cvs__argument *common; /* named arguments that every class takes; may be NULL */
    const cvs__argument *beside; /* members of a serialised layer beside the class and the arguments; may be NULL */

    /* Set the defaults in which the framework differs from cvs_layer_default(). May be NULL. */
    void (*defaults)(cvs_layer *layer);

    /* For classes whose spatial_rank is 0: the rank that the arguments tell, 0 when they do not. */
    int (*rank)(const cvs__reader *reader);

    /* Turn the plan's layer into one that this framework's rows can write. CVS_UNSUPPORTED when it cannot be. */
    cvs_status (*adapt)(cvs__plan *plan, cvs_error *err);
} cvs__dialect;

/* pytorch_write.c, onnx_write.c */
cvs_status cvs__pytorch_adapt(cvs__plan *plan, cvs_error *err) CVS_NODISCARD;
cvs_status cvs__onnx_adapt(cvs__plan *plan, cvs_error *err) CVS_NODISCARD;

extern const cvs__dialect cvs__keras, cvs__keras1, cvs__pytorch, cvs__onnx, cvs__own;

/* All of them, most likely first; ends with NULL. */
extern const cvs__dialect *const cvs__dialects[];

/* The one of a framework, or NULL. */
const cvs__dialect *cvs__dialect_of(cvs_framework framework);

/* The argument of a list (which may be NULL) with this name or alias, or NULL. */
const cvs__argument *cvs__argument_find(const cvs__argument *list, const char *name);

/* ---- types of argument ------------------------------------------------- */

extern const cvs__type cvs__type_passes;      /* anything; does not influence the result */
extern const cvs__type cvs__type_int;         /* int64_t */
extern const cvs__type cvs__type_ints;        /* int64_t[spatial_rank], an integer standing for all axes */
extern const cvs__type cvs__type_int_list;    /* the same, always a list */
extern const cvs__type cvs__type_real;        /* float */
extern const cvs__type cvs__type_bool;        /* bool */
extern const cvs__type cvs__type_choice;      /* an enumeration, by `choices`; None leaves the default */
extern const cvs__type cvs__type_channels;    /* in_channels: int64_t, None when it is not known */
extern const cvs__type cvs__type_rank;        /* spatial_rank */
extern const cvs__type cvs__type_name;        /* the layer's own name */
extern const cvs__type cvs__type_input_shape; /* without the batch axis */
extern const cvs__type cvs__type_batch_shape; /* with it */
extern const cvs__type cvs__type_input_dim;   /* the last axis of the input, input_length being the one before it */
extern const cvs__type cvs__type_activation;  /* layer.activation: a function's name, or a class with arguments */
extern const cvs__type cvs__type_own_activation;
extern const cvs__type cvs__type_relu_limit;    /* the activation by ReLU's max_value: none or 6 */
extern const cvs__type cvs__type_zero;          /* a number that may only be 0: other values are not done here */
extern const cvs__type cvs__type_torch_padding; /* layer.padding: numbers, or a word of `choices` */
extern const cvs__type cvs__type_own_padding;
extern const cvs__type cvs__type_onnx_auto_pad;
extern const cvs__type cvs__type_onnx_pads;
extern const cvs__type cvs__type_onnx_weights; /* weights_shape: filters, in_channels and kernel */

/* sizes.c: windows, sizes, scales */
extern const cvs__type cvs__type_window;         /* a pool's kernel: the stride is the same until it is given */
extern const cvs__type cvs__type_window_stride;  /* a pool's stride, None for its kernel; stands after the kernel */
extern const cvs__type cvs__type_output_padding; /* None is not 0 */
extern const cvs__type cvs__type_output_size;    /* sizes wanted, None keeping the input's */
extern const cvs__type cvs__type_scale;          /* double[spatial_rank], a number standing for all axes */
extern const cvs__type cvs__type_pads;           /* layer.padding by a number an axis, for both ends */
extern const cvs__type cvs__type_maybe_int;      /* int64_t, None for 0 */
extern const cvs__type cvs__type_axis;           /* an int: start_axis, axis */
extern const cvs__type cvs__type_rate;           /* a double: rate */
extern const cvs__type cvs__type_flag;           /* bool, written 0 or 1 as ONNX does */

/* target.c */
extern const cvs__type cvs__type_target; /* target, target_rank: a list, -1 for what is left */
extern const cvs__type cvs__type_told;   /* int64_t that follows from others: may be said, is never written */

/* keras_values.c: values in the ways of Keras alone */
extern const cvs__type cvs__type_keras_pads;    /* padding in numbers: one, one an axis, or pairs of them */
extern const cvs__type cvs__type_keras_axis;    /* an int, or a list of one */
extern const cvs__type cvs__type_softmax_axis;  /* data_format: the axis of the channels */
extern const cvs__type cvs__type_deconv_output; /* output_size, within the whole shape of the output */

/* What only one value is done of; others are CVS_UNSUPPORTED. */
extern const cvs__type cvs__type_one;
extern const cvs__type cvs__type_six;
extern const cvs__type cvs__type_false;

/* Words that several tables share. */
extern const cvs__choice cvs__data_formats[];

#endif
