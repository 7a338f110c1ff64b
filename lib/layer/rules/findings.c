#include "layer/rules/findings.h"

#include <stdio.h>
#include <string.h>

/* ---- what a finding says ----------------------------------------------------- */

static void put_letters(cvs__value *value, const cvs__letters *at) {
    value[RULES_VALUE_I] = cvs__integer(at->i);
    value[RULES_VALUE_O] = cvs__integer(at->o);
    value[RULES_VALUE_K] = cvs__integer(at->k);
    value[RULES_VALUE_D] = cvs__integer(at->d);
    value[RULES_VALUE_KE] = cvs__integer(at->ke);
    value[RULES_VALUE_S] = cvs__integer(at->s);
    value[RULES_VALUE_PB] = cvs__integer(at->pb);
    value[RULES_VALUE_PE] = cvs__integer(at->pe);
}

static int text_of_axis(cvs_axis axis) {
    switch (axis) {
    case CVS_AXIS_LENGTH:
        return RULES_AXIS_LENGTH;
    case CVS_AXIS_DEPTH:
        return RULES_AXIS_DEPTH;
    case CVS_AXIS_HEIGHT:
        return RULES_AXIS_HEIGHT;
    default:
        return RULES_AXIS_WIDTH;
    }
}

/* "height and width", into the writer's empty text. */
static void name_axes(cvs__finding_writer *w, const cvs__found *found) {
    static const int lists[] = {RULES_AXES_ONE, RULES_AXES_TWO, RULES_AXES_THREE};
    static const int slots[] = {RULES_VALUE_FIRST, RULES_VALUE_SECOND, RULES_VALUE_THIRD};
    cvs__value names[RULES_VALUE_COUNT] = {0};
    int named = 0, rank = found->subject->rank;
    for (int axis = 0; axis < rank; axis++) {
        if (!(found->axes & (1u << axis))) continue;
        int text = text_of_axis(cvs__spatial_axis(rank, axis));
        names[slots[named++]] = cvs__string(cvs__catalogue_plain(&cvs__rules_catalogue, text, w->language));
    }
    cvs__render(&cvs__rules_catalogue, lists[named - 1], w->language, names, &w->text);
}

const char *cvs__finding_keep(cvs__finding_writer *w) {
    const char *kept = w->text.failed ? NULL : cvs_arena_copy(w->arena, w->text.data, w->text.length);
    cvs_text_clear(&w->text);
    if (!kept) w->failed = true;
    return kept ? kept : "";
}

const char *cvs__finding_text(cvs__finding_writer *w, int text, const cvs__value *value) {
    if (text < 0) return "";
    cvs__render(&cvs__rules_catalogue, text, w->language, value, &w->text);
    return cvs__finding_keep(w);
}

cvs_status cvs__findings_end(cvs__finding_writer *w, int count, cvs_error *err) {
    cvs_text_free(&w->text);
    if (!w->failed) return CVS_OK;
    w->out->count = count;
    return cvs_fail(err, CVS_NO_MEMORY, "no-memory", "", "There is no memory for the findings.");
}

/* "/stride" for several axes or the whole layer, "/stride/1" for a single axis; "" for the layer on its input. */
static const char *point_at(cvs__finding_writer *w, const cvs__layer_rule *rule, int axis) {
    if (!*rule->member) return "";
    cvs_text_addf(&w->text, "/%s", rule->member);
    if (axis >= 0 && strcmp(rule->member, "padding") != 0 && strcmp(rule->member, "ceil_mode") != 0)
        cvs_text_addf(&w->text, "/%d", axis);
    return cvs__finding_keep(w);
}

static bool write_finding(void *context, const cvs__found *found) {
    cvs__finding_writer *w = context;
    cvs__value value[RULES_VALUE_COUNT];
    size_t count = 0;
    bool one_axis = found->rule->per_axis && !(found->axes & (found->axes - 1));
    int axis = one_axis ? __builtin_ctz(found->axes) : -1;
    memcpy(value, found->value, sizeof value);
    put_letters(value, found->at);
    name_axes(w, found);
    value[RULES_VALUE_AXIS] = cvs__string(cvs__finding_keep(w));
    w->out->finding[w->out->count++] = (cvs_finding){
        .rule = &cvs_rules(&count)[found->rule->number - 1],
        .axis = axis,
        .message = cvs__finding_text(w, found->message, value),
        .fix = cvs__finding_text(w, found->fix, value),
        .pointer = point_at(w, found->rule, axis),
    };
    return !w->failed && w->out->count < CVS_MAX_FINDINGS;
}

cvs_status cvs_layer_findings_of(cvs_arena *arena, const cvs_inference *inference, cvs_rule_set rules,
                                 cvs_language language, cvs_findings *out, cvs_error *err) {
    cvs__finding_writer w = {.arena = arena, .language = language, .out = out};
    out->count = 0;
    cvs__review_layer(inference, rules, write_finding, &w);
    return cvs__findings_end(&w, 0, err);
}

cvs_status cvs_layer_findings(cvs_arena *arena, const cvs_inference *inference, cvs_language language,
                              cvs_findings *out, cvs_error *err) {
    return cvs_layer_findings_of(arena, inference, cvs_rule_set_default(), language, out, err);
}

/* ---- what a rule says ---------------------------------------------------------- */

static const char *text_of_rule(const cvs_rule *rule, const char *part, cvs_language language) {
    char key[32];
    snprintf(key, sizeof key, "%s.%s", rule->id, part);
    int text = cvs__catalogue_find(&cvs__rules_catalogue, key);
    return text < 0 ? "" : cvs__catalogue_plain(&cvs__rules_catalogue, text, language);
}

const char *cvs_rule_title(const cvs_rule *rule, cvs_language language) {
    return text_of_rule(rule, "title", language);
}

const char *cvs_rule_help(const cvs_rule *rule, cvs_language language) { return text_of_rule(rule, "help", language); }
