/* rules.h - how a model is to be judged: rules, budgets and thresholds, as members of a request or words of a query. */
#ifndef CONVSCOPE_REVIEW_RULES_H
#define CONVSCOPE_REVIEW_RULES_H

#include <convscope/review.h>
#include <jansson.h>

/* The members "rules", "budget", "thresholds", "loss" and "weights_move" of a request. */
cvs_status review_judge_rules(cvs_review_options *judge, const json_t *json, cvs_error *err) CVS_NODISCARD;
cvs_status review_judge_budget(cvs_review_options *judge, const json_t *json, cvs_error *err) CVS_NODISCARD;
cvs_status review_judge_thresholds(cvs_review_options *judge, const json_t *json, cvs_error *err) CVS_NODISCARD;
cvs_status review_judge_loss(cvs_review_options *judge, const json_t *json, cvs_error *err) CVS_NODISCARD;
cvs_status review_judge_move(cvs_review_options *judge, const json_t *json, cvs_error *err) CVS_NODISCARD;
/* The same of a parameter of a query. */
cvs_status review_judge_words(cvs_review_options *judge, const char *name, const char *words,
                              cvs_error *err) CVS_NODISCARD;
/* Those parameters; NULL at the end. */
extern const char *const review_judge_parameters[];

#endif
