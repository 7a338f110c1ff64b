/*
 * rules.h - what can be wrong with a layer, or wasteful, or surprising: the
 * rules CV001..CV058 and the findings they give.
 *
 * A rule that makes a layer impossible (level error, scope layer) is also the
 * code of the cvs_error that cvs_infer() returns; the others are findings on an
 * inference that exists.
 */
#ifndef CONVSCOPE_RULES_H
#define CONVSCOPE_RULES_H

#include <convscope/explain.h>
#include <convscope/inspect.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum cvs_level { CVS_NOTE = 0, CVS_WARNING, CVS_ERROR } cvs_level;
typedef enum cvs_precision { CVS_VERY_HIGH = 0, CVS_HIGH, CVS_MEDIUM, CVS_LOW } cvs_precision;
typedef enum cvs_scope { CVS_SCOPE_LAYER = 0, CVS_SCOPE_MODEL } cvs_scope;

/* "note", "warning", "error" / "very-high", "high", "medium", "low" / "layer", "model". */
CVS_API const char *cvs_level_name(cvs_level level);
CVS_API const char *cvs_precision_name(cvs_precision precision);
CVS_API const char *cvs_scope_name(cvs_scope scope);

typedef struct cvs_rule {
    const char *id;   /* "CV004" */
    const char *name; /* "stride-skips-input" */
    cvs_level level;
    cvs_precision precision;
    cvs_scope scope;
    bool on_by_default;    /* rules of low precision are matters of taste, and off */
    const char *condition; /* in the letters of layer.h: "s > ke, or some input index hit by no tap" */
    const char *source;    /* where the rule comes from */
} cvs_rule;

/* All rules in the order of their ids; static storage. */
CVS_API const cvs_rule *cvs_rules(size_t *count);
/* By id or by name; NULL when there is none. */
CVS_API const cvs_rule *cvs_rule_find(const char *id_or_name);
/* One sentence on what the rule says, and one on what to do. Static. */
CVS_API const char *cvs_rule_title(const cvs_rule *rule, cvs_language language);
CVS_API const char *cvs_rule_help(const cvs_rule *rule, cvs_language language);

/* ---- a choice of rules ------------------------------------------------------- */

typedef struct cvs_rule_set {
    uint64_t bits; /* 1 << (number - 1) for each rule that is in it */
} cvs_rule_set;

CVS_API cvs_rule_set cvs_rule_set_default(void); /* those that are on by default */
CVS_API cvs_rule_set cvs_rule_set_all(void);
CVS_API bool cvs_rule_set_has(cvs_rule_set set, const cvs_rule *rule);

/*
 * From words separated by commas or spaces: "all", "default", "none", or a rule's id or name. A word adds to the set,
 * and with "-" before it takes away: "all -CV052", "default,filters-shrink". The set starts empty, but as the default
 * where the first word has a sign ("-CV022", "+CV039"). CVS_INVALID "rule-unknown" names the nearest known one.
 */
CVS_API cvs_status cvs_rule_set_read(const char *words, cvs_rule_set *out, cvs_error *err) CVS_NODISCARD;

/* ---- findings on one layer ----------------------------------------------------- */

#define CVS_MAX_FINDINGS 32

typedef struct cvs_finding {
    const cvs_rule *rule;
    int axis;            /* spatial axis it is about, or -1 */
    const char *message; /* what is so, with the numbers. In the arena, as is `fix`. */
    const char *fix;     /* the smallest change that clears it, or "" */
    const char *pointer; /* the member of our own form it is about: "/stride", "/padding", "/kernel/0", "". Static or in
                            the arena. */
} cvs_finding;

typedef struct cvs_findings {
    int count;
    cvs_finding finding[CVS_MAX_FINDINGS];
} cvs_findings;

/* The findings on one layer and its input, in the order of their ids, rules that are off by default left out.
 * CVS_NO_MEMORY. */
CVS_API cvs_status cvs_layer_findings(cvs_arena *arena, const cvs_inference *inference, cvs_language language,
                                      cvs_findings *out, cvs_error *err) CVS_NODISCARD;
/* The same with a choice of rules, of which those on layers are looked at. */
CVS_API cvs_status cvs_layer_findings_of(cvs_arena *arena, const cvs_inference *inference, cvs_rule_set rules,
                                         cvs_language language, cvs_findings *out, cvs_error *err) CVS_NODISCARD;

/*
 * The findings on weights that somebody saw, as cvs_layer_match() judged them: CV005 when they are made for another
 * number of input channels, CV030 when their axes stand in another order (the fix has the line of NumPy that mends it),
 * CV031 when they are in the order of Keras 1 on Theano. Added behind what `out` holds already; the pointers are
 * "/weights_shapes/0" and the like. CVS_NO_MEMORY leaves `out` as it was.
 */
CVS_API cvs_status cvs_weights_findings(cvs_arena *arena, const cvs_inference *inference, const cvs_match *match,
                                        cvs_language language, cvs_findings *out, cvs_error *err) CVS_NODISCARD;

#ifdef __cplusplus
}
#endif

#endif
