/*
 * review.h - what is wrong with a whole model, or wasteful, or surprising: all
 * findings on all of its layers, and on the model as one.
 *
 * The rules are those of rules.h: on layers (cvs_layer_findings()), on models,
 * and what made a layer impossible. What the model rules compute, and after whom:
 *   CV018, CV019, CV020 compare the receptive field along the shortest path with
 *     the input, axis by axis (Richter et al., "Should you go deeper?", arXiv
 *     2106.12307: layers behind a field as large as the image do not improve the
 *     solution), CV021 the one along the longest path.
 *   CV026 pairs each transposed convolution with the strided layer that it undoes:
 *     o = floor((i + p - ke)/s) + 1 loses (i + p - ke) mod s (Dumoulin & Visin,
 *     arXiv 1603.07285, relation 14).
 *   CV027 follows both inputs of a merge back to where they part, and names the
 *     layer that rounded a size down on the way.
 *   CV033 leaves alone what is a factorisation on purpose: depthwise and pointwise,
 *     a pair whose middle is narrower than both its ends, a k x 1 with a 1 x k.
 *   CV043 divides the numbers of a layer's output by those of its input (Szegedy et
 *     al., arXiv 1512.00567, first principle), for convolutions and pools.
 *   CV045 looks for the layer that mixes channels behind a depthwise or grouped one
 *     (Zhang et al., ShuffleNet, arXiv 1707.01083).
 * A finding never rests on a figure that is not known.
 */
#ifndef CONVSCOPE_REVIEW_H
#define CONVSCOPE_REVIEW_H

#include <convscope/model.h>
#include <convscope/rules.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A model's findings end with this many, errors first; `cut` says that there were more. */
#define CVS_MODEL_MAX_FINDINGS 10000

/* ---- what is asked for ----------------------------------------------------------- */

/* What the model's last layer is trained with: decides CV038. */
typedef enum cvs_loss {
    CVS_LOSS_UNKNOWN = 0,
    CVS_LOSS_OF_PROBABILITIES, /* Keras's categorical_crossentropy with from_logits=False, PyTorch's BCELoss */
    CVS_LOSS_OF_LOGITS         /* from_logits=True, CrossEntropyLoss */
} cvs_loss;

/* Where rules draw their lines. */
typedef struct cvs_thresholds {
    double dropout_rate;  /* CV037: more than this; default 0.5 */
    double bottleneck;    /* CV043: less than this of the input's numbers is left; default 1/8 */
    double dense_share;   /* CV046: one dense layer has more than this of the parameters; default 0.9 */
    double mac_share;     /* CV047: one layer does more than this of the MACs; default 0.5 */
    int64_t memory_bytes; /* CV048: what a device has for the activations of one sample; CVS_DIM_UNKNOWN: not said */
} cvs_thresholds;

/* The most that the model may have (CV049), per sample, in the units of cvs_model_totals. CVS_DIM_UNKNOWN: no limit. */
typedef struct cvs_budget {
    int64_t parameters, macs;
    int64_t activation_bytes, peak_bytes, weights_bytes;
    int64_t receptive_field; /* the least that the last convolutions must see, on every axis */
} cvs_budget;

/* Start from cvs_review_options_default(). */
typedef struct cvs_review_options {
    cvs_language language; /* default English */
    cvs_rule_set rules;    /* default cvs_rule_set_default() */
    cvs_thresholds thresholds;
    cvs_budget budget; /* default none */
    cvs_loss loss;     /* default unknown */
    bool weights_move; /* weights go from channels first to channels last, or back: CV029 then looks at every Flatten */
} cvs_review_options;

CVS_API cvs_review_options cvs_review_options_default(void);

/* ---- what is found ----------------------------------------------------------------- */

/* A number that went into a rule's condition: {"receptive_field", 427}. Names are static, and the same in every
   language. */
typedef struct cvs_model_number {
    const char *name;
    double value;
} cvs_model_number;

typedef struct cvs_model_finding {
    const cvs_rule *rule;
    cvs_level level;     /* the rule's, but lower where that is only likely */
    int layer;           /* its number in cvs_model_layers(); -1: the model as a whole */
    int other;           /* another layer that it takes two for (the normalisation behind a bias; what rounded a size
                            down), or -1 */
    int axis;            /* spatial axis it is about, or -1 */
    const char *message; /* what is so, with the numbers. In the arena, as is `fix`. */
    const char *fix;     /* the smallest change that clears it, or "" where only the rule's help applies */
    const char *pointer; /* where in the model's JSON: the very member if there is one, else the layer; "" in a text */
    cvs_place place;     /* where in the model's text; line 0 in JSON */
    const cvs_model_number *numbers; /* of findings of model rules; in the arena */
    int number_count;
} cvs_model_finding;

typedef struct cvs_review {
    const cvs_model_finding *finding; /* in the arena: in the order of layers, each layer's in the order of the ids,
                                         then those on the model as a whole */
    int count;
    int errors, warnings, notes; /* how many of each level, those that were cut counted too */
    bool cut;
    bool complete; /* every layer is known, and so are all totals: nothing was left unjudged */
} cvs_review;

/*
 * Judge a model that cvs_model_infer() was called on. A layer that failed gives one finding of level error: of the rule
 * that its error's code names ("kernel-larger-than-input"), or of CV058, in the error's own words where no rule on
 * models has better ones. Types that nobody knows are CV054. Where the order of the layers is only that in which they
 * are printed (cvs_model_order_known()), CV033 is silent. CVS_NO_MEMORY.
 */
CVS_API cvs_status cvs_model_findings(cvs_arena *arena, const cvs_model *model, const cvs_review_options *options,
                                      cvs_review *out, cvs_error *err) CVS_NODISCARD;

/* ---- which inputs suit the model ------------------------------------------------------ */

/*
 * Spatial sizes of the input that a model makes use of: below `least` some layer's receptive field, along its shortest
 * path, is larger than the input (CV019), above `most` no layer sees all of it. Global pools, and what only they lead
 * to, are left out; `most` is CVS_DIM_UNKNOWN where there is nothing else. For ResNet-50 75 to 427, as
 * input_resolution_range() of the receptive_field_analysis_toolbox says.
 */
typedef struct cvs_input_range {
    int rank; /* 0: the model has no positions */
    int64_t least[CVS_MAX_SPATIAL], most[CVS_MAX_SPATIAL];
} cvs_input_range;

CVS_API void cvs_model_input_range(const cvs_model *model, cvs_input_range *out);

#ifdef __cplusplus
}
#endif

#endif
