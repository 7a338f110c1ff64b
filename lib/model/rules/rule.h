/*
 * rule.h - one rule on models at work: the model as rules look at it, and what they find.
 *
 * To add a rule: its row in lib/layer/rules/table.c with its title and help, its texts in en.txt and zh.txt here, a
 * check in the file of its theme, a line in the table of table.c.
 */
#ifndef CONVSCOPE_MODEL_RULES_RULE_H
#define CONVSCOPE_MODEL_RULES_RULE_H

#include <convscope/review.h>

#include "layer/explain/catalogue.h"
#include "layer/layer_internal.h"
#include "model/graph.h"
#include "model/rules/model_rules_catalogue.h"

/* What a layer is to the rules, whoever wrote it. */
typedef enum cvs__kind {
    CVS__KIND_OTHER = 0, /* anything may happen in it */
    CVS__KIND_CONV,      /* a convolution of any sort, transposed ones too */
    CVS__KIND_DENSE,
    CVS__KIND_POOL,
    CVS__KIND_GLOBAL, /* global and adaptive pools, reductions */
    CVS__KIND_BATCH_NORM,
    CVS__KIND_NORM, /* the other norms */
    CVS__KIND_ACTIVATION,
    CVS__KIND_DROPOUT,
    CVS__KIND_SAME,   /* passes everything on */
    CVS__KIND_RESIZE, /* pads, crops, enlarges: channels stay where they are */
    CVS__KIND_FLATTEN,
    CVS__KIND_REARRANGE, /* reshape, permute */
    CVS__KIND_MERGE,     /* cell by cell: sums, products, ... */
    CVS__KIND_CONCATENATE,
    CVS__KIND_ATTENTION /* looks at everything: attention, recurrence */
} cvs__kind;

#define CVS__KIND_BIT(name) (1u << CVS__KIND_##name)
/* Number by number, or nothing at all: neither channels mix nor windows slide. */
#define CVS__KINDS_PASSING                                                                                             \
    (CVS__KIND_BIT(BATCH_NORM) | CVS__KIND_BIT(ACTIVATION) | CVS__KIND_BIT(DROPOUT) | CVS__KIND_BIT(SAME))

/* The input that fields are measured in: that of the model, if it has a single one with known positions. */
typedef struct cvs__seen_input {
    int rank; /* 0: there is none */
    int64_t size[CVS_MAX_SPATIAL];
} cvs__seen_input;

/* A model as rules look at it. */
typedef struct cvs__scene {
    const cvs_model *model;
    const cvs_review_options *options;
    const cvs_model_layer *layers; /* as in the model */
    int count;
    cvs__kind *kinds; /* of each layer */
    int *uses;        /* how many layers have the weights of this one, itself counted; 0 for their second use */
    int *first;       /* of each tensor, its readers: readers[first[t]] ... readers[first[t + 1] - 1] */
    int *readers;
    bool *marks;    /* room for walks: one a layer, false between them */
    int *stack;     /* the same: one a layer */
    int64_t *steps; /* how many more layers walks may look at: of hostile models each layer could look at all others */
    cvs__seen_input input;
    bool *global; /* of each layer: some of what it reads has seen all positions at once, so that its field is no window
                   */
    int64_t stride[CVS_MAX_SPATIAL]; /* the largest product of strides along a path */
    cvs_model_totals totals;
    int stem; /* the first convolution, or -1 */
    cvs_arena *arena;
    bool failed; /* an allocation failed, for good */
} cvs__scene;

enum { CVS__NUMBERS_MAX = 6 };

/* What a rule found: which texts, and their values. Everything is empty when a check is called. */
typedef struct cvs__model_found {
    cvs_level level; /* the rule's own at first */
    int layer, other, axis;
    int message, fix;   /* texts of the catalogue; -1 for none */
    const char *member; /* of our own form, what of the layer it is about: "use_bias"; "" for all of it */
    cvs__value value[MODEL_RULES_VALUE_COUNT];
    cvs_model_number numbers[CVS__NUMBERS_MAX];
    int number_count;
} cvs__model_found;

/* What a check is called for. */
typedef enum cvs__subject_of { CVS__EACH_LAYER, CVS__THE_MODEL, CVS__EACH_LIMIT } cvs__subject_of;

/* Is it so? Then `found` says what. `at` is a layer, a limit of the budget, or 0 for the model. */
typedef bool (*cvs__model_check)(cvs__scene *scene, int at, cvs__model_found *found);

typedef struct cvs__model_rule {
    int number; /* 18 for CV018 */
    cvs__subject_of subject;
    unsigned kinds; /* of layers, bit 1 << kind; 0: any */
    cvs__model_check check;
} cvs__model_rule;

/* All of them, in the order of their numbers. */
extern const cvs__model_rule cvs__model_rules[];
extern const int cvs__model_rule_count;

/* ---- scene.c: looking around ---------------------------------------------------- */

bool cvs__scene_make(cvs__scene *scene, cvs_arena *arena, const cvs_model *model, const cvs_review_options *options);

static inline bool cvs__is_kind(const cvs__scene *scene, int layer, unsigned kinds) {
    return layer >= 0 && (1u << scene->kinds[layer]) & kinds;
}

/* What the layer is in our form; NULL where it is not. */
static inline const cvs_layer *cvs__layer_at(const cvs__scene *scene, int layer) {
    return scene->layers[layer].inference ? &scene->layers[layer].inference->layer : NULL;
}

/* Asked before a walk goes on to another layer. */
static inline bool cvs__walks_on(const cvs__scene *scene) { return --*scene->steps >= 0; }

/* The only layer that reads the layer's only output, which does not leave the model; -1: there is no such layer. */
int cvs__only_reader(const cvs__scene *scene, int layer);
/* The layer that makes the layer's only input, or -1. */
int cvs__only_maker(const cvs__scene *scene, int layer);
/* The first layer behind (before) it that is of none of these kinds, along only readers (makers); -1: there is none. */
int cvs__reader_past(const cvs__scene *scene, int layer, unsigned kinds);
int cvs__maker_past(const cvs__scene *scene, int layer, unsigned kinds);

/* The nearest layer before it of one of these kinds, through one input each; -1. */
int cvs__nearest_before(const cvs__scene *scene, int layer, unsigned kinds);

/* The tensor that it reads first, and that it makes first; NULL where there is none, or its axes are not known. */
const cvs_model_tensor *cvs__input_of(const cvs__scene *scene, int layer);
const cvs_model_tensor *cvs__output_of(const cvs__scene *scene, int layer);

/* Numbers of one sample; CVS_DIM_UNKNOWN. NULL is not known. */
int64_t cvs__sample_count(const cvs_model_tensor *tensor);

/* The layer as it was read, also one that could not be put on its input; NULL where it is not in our form. */
const cvs_layer *cvs__layer_as_read(const cvs_model *model, int layer);

/* Does it slide a kernel over a sample one channel at a time? NULL does not. */
bool cvs__is_depthwise(const cvs_layer *layer);
/* The kernel has a single position, as that of NULL. */
bool cvs__is_pointwise(const cvs_layer *layer);
/* Has it an activation of its own that does something? */
bool cvs__activates(const cvs__scene *scene, int layer);
/* The channels that come out, and that go in; CVS_DIM_UNKNOWN. Of a dense layer features. */
int64_t cvs__width_out(const cvs__scene *scene, int layer);
int64_t cvs__width_in(const cvs__scene *scene, int layer);

/* Back along what is computed from most layers: past skip connections, into the branch. -1 at the model's input. */
int cvs__main_maker(const cvs__scene *scene, int layer);

/* Is the layer one that could not be put on its input, with this code? */
bool cvs__failed_with(const cvs__scene *scene, int layer, const char *code);

/* ---- shrink.c ----------------------------------------------------------------------- */

/* Sums of a few sizes below this stay far from int64's end. */
#define CVS__LARGEST_SIZE (INT64_C(1) << 60)

/* An axis of a strided layer: what it reads, and what it makes of it. */
typedef struct cvs__shrinking {
    int64_t in, out, stride, kernel_extent, padding; /* the padding on both sides together */
    bool same;
} cvs__shrinking;

/* A convolution or pool on a spatial axis whose sizes are known. */
bool cvs__shrinks(const cvs__scene *scene, int layer, int axis, cvs__shrinking *out);
/* Is `size` made the same as what the layer reads now? */
bool cvs__becomes_the_same(const cvs__shrinking *by, int64_t size);
/* Are there other sizes that it makes the same of, and are they lost in steps of more than 1? */
bool cvs__rounds_down(const cvs__shrinking *by);
/* The input rounded up to a multiple of the product of strides that the model comes to, as the finding's fix. */
void cvs__say_fitting_input(const cvs__scene *scene, int axis, int fix, cvs__model_found *found);

/* ---- kind.c ----------------------------------------------------------------------- */

cvs__kind cvs__kind_of(const cvs_model *model, int layer);

/* ---- say.c: what a finding says ---------------------------------------------------- */

/* A value of the text; and one that is listed among the finding's numbers as well. */
static inline void cvs__say(cvs__model_found *found, int name, int64_t number) {
    found->value[name] = cvs__integer(number);
}
static inline void cvs__say_word(cvs__model_found *found, int name, const char *word) {
    found->value[name] = cvs__string(word);
}
void cvs__tell_number(cvs__model_found *found, const char *name, double value);
/* A text of the catalogue that is a word in the language that was asked for. */
void cvs__say_text(const cvs__scene *scene, cvs__model_found *found, int name, int text);
/* A layer's name. */
void cvs__say_layer(const cvs__scene *scene, cvs__model_found *found, int name, int layer);
/* "224 x 224"; "(None, 32, 64)"; "12.5 %"; in the arena. */
void cvs__say_sizes(cvs__scene *scene, cvs__model_found *found, int name, const int64_t *sizes, int rank);
void cvs__say_shape(cvs__scene *scene, cvs__model_found *found, int name, const cvs_shape *shape);
void cvs__say_share(cvs__scene *scene, cvs__model_found *found, int name, double share);
/* A spatial axis of `rank`; an axis of a tensor, "axis 2" where `meaning` is none of those with a name. */
void cvs__say_axis(const cvs__scene *scene, cvs__model_found *found, int rank, int axis);
void cvs__say_tensor_axis(cvs__scene *scene, cvs__model_found *found, cvs_axis meaning, int position);

/* ---- the rules, by theme -------------------------------------------------------------- */

/* fields.c: receptive fields */
void cvs__find_input(const cvs__scene *scene, cvs__seen_input *out);
/* Fill in which layers are global, as in cvs__scene. */
void cvs__find_global(const cvs_model *model, bool *global);
bool cvs__check_border_layer(cvs__scene *scene, int at, cvs__model_found *found);
bool cvs__check_critical_layer(cvs__scene *scene, int at, cvs__model_found *found);
bool cvs__check_one_axis(cvs__scene *scene, int at, cvs__model_found *found);
bool cvs__check_field_too_small(cvs__scene *scene, int at, cvs__model_found *found);
bool cvs__check_field_theoretical(cvs__scene *scene, int at, cvs__model_found *found);

/* sizes.c, branches.c: sizes that do not fit */
bool cvs__check_transposed_size(cvs__scene *scene, int at, cvs__model_found *found);
bool cvs__check_skip_size(cvs__scene *scene, int at, cvs__model_found *found);

bool cvs__check_declared_shape(cvs__scene *scene, int at, cvs__model_found *found);

/* rows.c: maps as rows */
bool cvs__check_flatten_size(cvs__scene *scene, int at, cvs__model_found *found);
bool cvs__check_reshape(cvs__scene *scene, int at, cvs__model_found *found);
bool cvs__check_flatten_order(cvs__scene *scene, int at, cvs__model_found *found);

/* pairs.c: a layer and its neighbour */
bool cvs__check_bias_before_norm(cvs__scene *scene, int at, cvs__model_found *found);
bool cvs__check_linear_pair(cvs__scene *scene, int at, cvs__model_found *found);
bool cvs__check_double_activation(cvs__scene *scene, int at, cvs__model_found *found);
bool cvs__check_dropout_before_norm(cvs__scene *scene, int at, cvs__model_found *found);
bool cvs__check_dropout_before_pool(cvs__scene *scene, int at, cvs__model_found *found);
bool cvs__check_dropout_rate(cvs__scene *scene, int at, cvs__model_found *found);
bool cvs__check_final_activation(cvs__scene *scene, int at, cvs__model_found *found);

/* style.c: matters of taste */
bool cvs__check_pool_after_every_conv(cvs__scene *scene, int at, cvs__model_found *found);
bool cvs__check_filters_shrink(cvs__scene *scene, int at, cvs__model_found *found);
bool cvs__check_window_shrinks(cvs__scene *scene, int at, cvs__model_found *found);
bool cvs__check_dense_grows(cvs__scene *scene, int at, cvs__model_found *found);

/* channels.c: where numbers go lost, or stay apart */
bool cvs__check_bottleneck(cvs__scene *scene, int at, cvs__model_found *found);
bool cvs__check_channels_mix(cvs__scene *scene, int at, cvs__model_found *found);

/* sums.c: what the model comes to */
bool cvs__check_dense_share(cvs__scene *scene, int at, cvs__model_found *found);
bool cvs__check_mac_share(cvs__scene *scene, int at, cvs__model_found *found);
bool cvs__check_memory(cvs__scene *scene, int at, cvs__model_found *found);
bool cvs__check_budget(cvs__scene *scene, int at, cvs__model_found *found);
bool cvs__check_unused(cvs__scene *scene, int at, cvs__model_found *found);
bool cvs__check_unused_input(cvs__scene *scene, int at, cvs__model_found *found);
bool cvs__check_incomplete(cvs__scene *scene, int at, cvs__model_found *found);

enum { CVS__LIMIT_COUNT = 6 }; /* of a budget */

#endif
