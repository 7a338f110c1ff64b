/* wish.h - what a review is asked for beside the model: inputs, rules, a baseline, a language. */
#ifndef CONVSCOPE_REVIEW_WISH_H
#define CONVSCOPE_REVIEW_WISH_H

#include "api/call.h"
#include "api/shape_input.h"

#include <convscope/review.h>

enum { REVIEW_FINGERPRINT_SIZE = 24 };

/* Fingerprints of findings that are known already, sorted. In the arena. */
typedef struct review_baseline {
    bool given;
    const char **fingerprints;
    size_t count;
} review_baseline;

typedef struct review_wish {
    cvs_framework framework;
    cvs_review_options judge; /* language, rules, thresholds, budget, loss */
    cvs_model_input *inputs;  /* in the arena; names' values are put in */
    size_t input_count;
    shape_names names; /* in their shapes; its `symbols` are those of the model too, whose file may have names */
    review_baseline baseline;
    const char *file; /* what the model's file is called, for reports that point at it */
} review_wish;

/* Nothing is asked yet: every rule that is on by default, in `language`. CVS_NO_MEMORY. */
cvs_status review_wish_start(review_wish *wish, api_call *call, cvs_language language) CVS_NODISCARD;

/*
 * Read the members of `object` beside "model", each in one of these forms:
 *   "input_shape": [1, 3, 224, 224]             of the model's only input
 *   "input_shapes": {"x": [1, 3, 224, 224]}
 *   "framework": "keras", "language": "zh", "file": "models/net.json"
 *   "rules": "CV004,CV017" or ["CV004", ...]    as cvs_rule_set_read() has it
 *   "budget": {"macs": 3e8}, "thresholds": {"dropout_rate": 0.6}, "loss": "logits", "weights_move": true
 *   "baseline": an earlier answer, or its "findings", or their fingerprints
 * Errors have pointers below the request.
 */
cvs_status review_wish_read(review_wish *wish, api_call *call, const json_t *object) CVS_NODISCARD;

/*
 * The same from the parameters of a query: "input_shape=1,3,224,224", "input_shape=x:1,3,H=224,W" as often as there are
 * inputs; "budget=macs=3e8,parameters=5M", "thresholds=..." the same way; "baseline" is JSON. Errors have the pointer
 * of the member that a parameter stands for.
 */
cvs_status review_wish_add(review_wish *wish, api_call *call, const api_request *request) CVS_NODISCARD;

/* The names of the members of a request that review_wish_read() reads. */
enum { REVIEW_WISH_MEMBERS = 11 };
extern const char *const review_wish_members[REVIEW_WISH_MEMBERS];

#endif
