#include "api/review/rules.h"

#include "api/members.h"
#include "api/problem.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *const review_judge_parameters[] = {"rules", "budget", "thresholds", "loss", NULL};

/* ---- rules ------------------------------------------------------------------------------ */

static cvs_status set_rules(cvs_review_options *judge, const char *words, cvs_error *err) {
    const cvs_status status = cvs_rule_set_read(words, &judge->rules, err);
    if (status != CVS_OK) cvs_error_prefix(err, "/rules");
    return status;
}

cvs_status review_judge_rules(cvs_review_options *judge, const json_t *json, cvs_error *err) {
    if (json_is_string(json)) return set_rules(judge, json_string_value(json), err);
    if (!json_is_array(json)) return members_wrong_type(json, "/rules", "a text or an array of rules", err);
    cvs_text words = {0};
    for (size_t i = 0; i < json_array_size(json); i++) {
        const json_t *word = json_array_get(json, i);
        char pointer[32];
        snprintf(pointer, sizeof pointer, "/rules/%zu", i);
        if (!json_is_string(word)) {
            cvs_text_free(&words);
            return members_wrong_type(word, pointer, "a rule's number or name", err);
        }
        cvs_text_addf(&words, "%s%s", i > 0 ? "," : "", json_string_value(word));
    }
    const cvs_status status =
        words.failed ? problem_no_memory(err) : set_rules(judge, words.data ? words.data : "none", err);
    cvs_text_free(&words);
    return status;
}

/* ---- limits -------------------------------------------------------------------------------- */

/* A number that a budget or a threshold sets. */
typedef struct limit {
    const char *name;
    size_t member; /* in cvs_review_options: an int64_t, or a double where it is a share */
    bool is_share;
} limit;

#define BUDGET(name)    offsetof(cvs_review_options, budget.name)
#define THRESHOLD(name) offsetof(cvs_review_options, thresholds.name)

static const limit budget_limits[] = {
    {"parameters", BUDGET(parameters), false},
    {"macs", BUDGET(macs), false},
    {"activation_bytes", BUDGET(activation_bytes), false},
    {"peak_bytes", BUDGET(peak_bytes), false},
    {"weights_bytes", BUDGET(weights_bytes), false},
    {"receptive_field", BUDGET(receptive_field), false},
    {NULL, 0, false},
};

static const limit threshold_limits[] = {
    {"dropout_rate", THRESHOLD(dropout_rate), true},  {"bottleneck", THRESHOLD(bottleneck), true},
    {"dense_share", THRESHOLD(dense_share), true},    {"mac_share", THRESHOLD(mac_share), true},
    {"memory_bytes", THRESHOLD(memory_bytes), false}, {NULL, 0, false},
};

static cvs_status set_limit(cvs_review_options *judge, const limit *one, double value, const char *pointer,
                            cvs_error *err) {
    const double most = one->is_share ? 1 : 9e18;
    void *member = (char *)judge + one->member;
    if (!(value >= 0 && value <= most)) {
        (void)cvs_fail(err, CVS_INVALID, "limit-out-of-range", pointer, "%s is a number from 0 to %.3g.", one->name,
                       most);
        cvs_fail_value(err, "%g", value);
        return CVS_INVALID;
    }
    if (one->is_share)
        *(double *)member = value;
    else
        *(int64_t *)member = (int64_t)value;
    return CVS_OK;
}

static cvs_status unknown_limit(const limit *limits, const char *name, const char *pointer, cvs_error *err) {
    const char *known[8] = {NULL};
    for (size_t i = 0; limits[i].name; i++) known[i] = limits[i].name;
    return members_unknown(name, pointer, known, err);
}

static const limit *find_limit(const limit *limits, const char *name) {
    while (limits->name && strcmp(limits->name, name) != 0) limits++;
    return limits;
}

static cvs_status read_limits(cvs_review_options *judge, const limit *limits, const json_t *json, const char *pointer,
                              cvs_error *err) {
    cvs_status status = CVS_OK;
    json_t *object = (json_t *)(uintptr_t)json; /* jansson's iterators want a json_t that is not const */
    if (!json_is_object(json)) return members_wrong_type(json, pointer, "an object of limits", err);
    for (void *i = json_object_iter(object); i && status == CVS_OK; i = json_object_iter_next(object, i)) {
        const json_t *value = json_object_iter_value(i);
        const limit *one = find_limit(limits, json_object_iter_key(i));
        char below[POINTER_SIZE];
        members_pointer(below, pointer, json_object_iter_key(i));
        if (json_is_null(value)) continue;
        if (!one->name) return unknown_limit(limits, json_object_iter_key(i), pointer, err);
        if (!json_is_number(value)) return members_wrong_type(value, below, "a number", err);
        status = set_limit(judge, one, json_number_value(value), below, err);
    }
    return status;
}

cvs_status review_judge_budget(cvs_review_options *judge, const json_t *json, cvs_error *err) {
    return read_limits(judge, budget_limits, json, "/budget", err);
}

cvs_status review_judge_thresholds(cvs_review_options *judge, const json_t *json, cvs_error *err) {
    return read_limits(judge, threshold_limits, json, "/thresholds", err);
}

/* ---- limits as words: "macs=3e8,parameters=5M,peak_bytes=20MiB" ------------------------------ */

/* "3e8", "5M" (millions), "20MiB" (powers of 1024). NAN: no number. */
static double read_number(const char *text) {
    static const char units[] = "kMG";
    char *end;
    double value = strtod(text, &end);
    if (end == text) return NAN;
    const char *unit = *end ? strchr(units, *end == 'K' ? 'k' : *end) : NULL;
    if (unit) {
        const double base = end[1] == 'i' ? 1024 : 1000;
        for (const char *u = units; u <= unit; u++) value *= base;
        end += end[1] == 'i' ? 2 : 1;
        if (*end == 'B') end++;
    }
    return *end ? NAN : value;
}

static cvs_status read_word(cvs_review_options *judge, const limit *limits, const char *word, const char *pointer,
                            cvs_error *err) {
    char name[32];
    const size_t length = strcspn(word, "=");
    snprintf(name, sizeof name, "%.*s", (int)(length < sizeof name ? length : sizeof name - 1), word);
    const limit *one = find_limit(limits, name);
    if (!one->name) return unknown_limit(limits, name, pointer, err);
    return set_limit(judge, one, word[length] ? read_number(word + length + 1) : NAN, pointer, err);
}

static cvs_status read_words(cvs_review_options *judge, const limit *limits, const char *words, const char *pointer,
                             cvs_error *err) {
    cvs_status status = CVS_OK;
    while (*words && status == CVS_OK) {
        char word[64];
        const size_t length = strcspn(words, ",");
        snprintf(word, sizeof word, "%.*s", (int)(length < sizeof word ? length : sizeof word - 1), words);
        status = read_word(judge, limits, word, pointer, err);
        words += length + (words[length] == ',');
    }
    return status;
}

/* ---- the rest ---------------------------------------------------------------------------------- */

static cvs_status set_loss(cvs_review_options *judge, const char *word, cvs_error *err) {
    static const char *const words[] = {"unknown", "probabilities", "logits", NULL};
    static const cvs_loss losses[] = {CVS_LOSS_UNKNOWN, CVS_LOSS_OF_PROBABILITIES, CVS_LOSS_OF_LOGITS};
    int choice;
    const cvs_status status = members_choice(word, "/loss", words, "unknown-loss", &choice, err);
    if (status == CVS_OK) judge->loss = losses[choice];
    return status;
}

cvs_status review_judge_loss(cvs_review_options *judge, const json_t *json, cvs_error *err) {
    if (!json_is_string(json)) return members_wrong_type(json, "/loss", "a string", err);
    return set_loss(judge, json_string_value(json), err);
}

cvs_status review_judge_move(cvs_review_options *judge, const json_t *json, cvs_error *err) {
    if (!json_is_boolean(json)) return members_wrong_type(json, "/weights_move", "a boolean", err);
    judge->weights_move = json_is_true(json);
    return CVS_OK;
}

cvs_status review_judge_words(cvs_review_options *judge, const char *name, const char *words, cvs_error *err) {
    if (strcmp(name, "rules") == 0) return set_rules(judge, words, err);
    if (strcmp(name, "budget") == 0) return read_words(judge, budget_limits, words, "/budget", err);
    if (strcmp(name, "thresholds") == 0) return read_words(judge, threshold_limits, words, "/thresholds", err);
    return set_loss(judge, words, err);
}
