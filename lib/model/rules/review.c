/* review.c - everything that the rules find in a model, written down. */
#include "model/rules/rule.h"

#include <stdio.h>
#include <stdlib.h>

typedef struct reviewing {
    cvs__scene scene;
    cvs_review *out;
    cvs_model_finding *list;
    int capacity;
    bool *failures; /* of each layer: why it failed is among the findings */
} reviewing;

cvs_review_options cvs_review_options_default(void) {
    return (cvs_review_options){
        .language = CVS_ENGLISH,
        .rules = cvs_rule_set_default(),
        .thresholds = {.dropout_rate = 0.5,
                       .bottleneck = 0.125,
                       .dense_share = 0.9,
                       .mac_share = 0.5,
                       .memory_bytes = CVS_DIM_UNKNOWN},
        .budget = {CVS_DIM_UNKNOWN, CVS_DIM_UNKNOWN, CVS_DIM_UNKNOWN, CVS_DIM_UNKNOWN, CVS_DIM_UNKNOWN,
                   CVS_DIM_UNKNOWN},
    };
}

/* ---- the list ----------------------------------------------------------------------- */

/* False: there is no memory, or no room by CVS_MODEL_MAX_FINDINGS. */
static bool make_room(reviewing *r) {
    enum { FIRST = 32 };
    if (r->out->count == CVS_MODEL_MAX_FINDINGS) r->out->cut = true;
    if (r->out->cut || r->scene.failed) return false;
    if (r->out->count < r->capacity) return true;
    const int capacity = r->capacity ? r->capacity * 2 : FIRST;
    cvs_model_finding *larger = cvs_arena_take(r->scene.arena, (size_t)capacity * sizeof *larger);
    if (!larger) {
        r->scene.failed = true;
        return false;
    }
    if (r->out->count > 0) memcpy(larger, r->list, (size_t)r->out->count * sizeof *larger);
    r->list = larger;
    r->capacity = capacity;
    return true;
}

static void add(reviewing *r, const cvs_model_finding *finding) {
    r->out->errors += finding->level == CVS_ERROR;
    r->out->warnings += finding->level == CVS_WARNING;
    r->out->notes += finding->level == CVS_NOTE;
    if (make_room(r)) r->list[r->out->count++] = *finding;
}

static const char *keep(reviewing *r, const char *text) {
    const char *kept = cvs_arena_copy(r->scene.arena, text, strlen(text));
    if (!kept) r->scene.failed = true;
    return kept ? kept : "";
}

/* ---- where it is --------------------------------------------------------------------- */

/* `member` of our own form, "/stride", becomes what stands there in the file; else it is the layer as a whole. */
static void locate(reviewing *r, cvs_model_finding *finding, const char *member) {
    if (finding->layer < 0) return;
    const cvs_model_layer *layer = &r->scene.layers[finding->layer];
    const cvs__model_part *part = &r->scene.model->parts[finding->layer];
    finding->pointer = layer->pointer;
    finding->place = layer->place;
    if (part->op != &cvs__layer_op || !*member) return;
    cvs_error at = {0};
    (void)cvs_fail(&at, CVS_INVALID, "", member, "%s", "");
    cvs_reading_locate(part->detail, &at);
    if (at.status == CVS_NO_MEMORY) {
        r->scene.failed = true;
    } else if (at.line > 0) {
        finding->place = (cvs_place){at.offset, at.line, at.column};
    } else if (strcmp(at.pointer, member) != 0) { /* else nothing of the file's stands for it */
        cvs_error_prefix(&at, layer->pointer);
        finding->pointer = keep(r, at.pointer);
    }
}

/* ---- layers ------------------------------------------------------------------------------ */

/* What made the layer impossible, where no check of ours puts it into words. */
static void add_failure(reviewing *r, int at) {
    const cvs_model_layer *layer = &r->scene.layers[at];
    if (layer->state != CVS_MODEL_FAILED || r->failures[at]) return;
    const cvs_rule *rule = cvs_rule_find(layer->error.code);
    if (!rule) rule = cvs_rule_find("layer-impossible");
    if (!cvs_rule_set_has(r->scene.options->rules, rule)) return;
    cvs_model_finding finding = {.rule = rule, .level = rule->level, .layer = at, .other = -1, .axis = -1};
    locate(r, &finding, "");
    if (layer->error.line > 0) finding.place = (cvs_place){layer->error.offset, layer->error.line, layer->error.column};
    finding.pointer = keep(r, layer->error.pointer);
    finding.message = keep(r, layer->error.message);
    finding.fix = "";
    add(r, &finding);
}

static cvs_status add_layer_findings(reviewing *r, int at, cvs_error *err) {
    const cvs_inference *inference = r->scene.layers[at].inference;
    cvs_findings found;
    if (!inference || r->scene.layers[at].state != CVS_MODEL_KNOWN) return CVS_OK;
    const cvs_review_options *options = r->scene.options;
    const cvs_status status =
        cvs_layer_findings_of(r->scene.arena, inference, options->rules, options->language, &found, err);
    for (int i = 0; status == CVS_OK && i < found.count; i++) {
        const cvs_finding *one = &found.finding[i];
        cvs_model_finding finding = {.rule = one->rule,
                                     .level = one->rule->level,
                                     .layer = at,
                                     .other = -1,
                                     .axis = one->axis,
                                     .message = one->message,
                                     .fix = one->fix};
        locate(r, &finding, one->pointer);
        add(r, &finding);
    }
    return status;
}

/* ---- models -------------------------------------------------------------------------------- */

static const char *write_text(reviewing *r, int text, const cvs__value *values) {
    cvs_text written = {0};
    if (text < 0) return "";
    cvs__render(&cvs__model_rules_catalogue, text, r->scene.options->language, values, &written);
    const char *kept = cvs__model_keep(r->scene.arena, &written);
    if (!kept) r->scene.failed = true;
    return kept ? kept : "";
}

static void add_found(reviewing *r, const cvs_rule *rule, cvs__model_found *found) {
    cvs_model_finding finding = {.rule = rule,
                                 .level = found->level,
                                 .layer = found->layer,
                                 .other = found->other,
                                 .axis = found->axis,
                                 .number_count = found->number_count,
                                 .pointer = ""};
    char member[64] = "";
    if (found->layer >= 0) cvs__say_layer(&r->scene, found, MODEL_RULES_VALUE_LAYER, found->layer);
    finding.message = write_text(r, found->message, found->value);
    finding.fix = write_text(r, found->fix, found->value);
    const size_t size = (size_t)found->number_count * sizeof *found->numbers;
    cvs_model_number *numbers = cvs_arena_take(r->scene.arena, size + 1);
    if (numbers)
        memcpy(numbers, found->numbers, size);
    else
        r->scene.failed = true;
    finding.numbers = numbers;
    if (*found->member) snprintf(member, sizeof member, "/%s", found->member);
    locate(r, &finding, member);
    if (found->layer >= 0 && found->level == CVS_ERROR) r->failures[found->layer] = true;
    add(r, &finding);
}

static void try_check(reviewing *r, const cvs__model_rule *row, const cvs_rule *rule, int at) {
    cvs__model_found found;
    memset(&found, 0, sizeof found);
    found.level = rule->level;
    found.layer = row->subject == CVS__EACH_LAYER ? at : -1;
    found.other = found.axis = found.message = found.fix = -1;
    found.member = "";
    if (row->check(&r->scene, at, &found)) add_found(r, rule, &found);
}

static void apply(reviewing *r, const cvs__model_rule *row, bool errors) {
    size_t count = 0;
    const cvs_rule *rule = &cvs_rules(&count)[row->number - 1];
    if ((rule->level == CVS_ERROR) != errors || !cvs_rule_set_has(r->scene.options->rules, rule)) return;
    const int times = row->subject == CVS__EACH_LAYER   ? r->scene.count
                      : row->subject == CVS__EACH_LIMIT ? CVS__LIMIT_COUNT
                                                        : 1;
    for (int at = 0; at < times; at++)
        if (row->subject != CVS__EACH_LAYER || row->kinds == 0 || cvs__is_kind(&r->scene, at, row->kinds))
            try_check(r, row, rule, at);
}

/* ---- all of it ---------------------------------------------------------------------------------- */

/* By layer, the model as a whole last; then by the rule's id. */
static int compare(const void *a, const void *b) {
    const cvs_model_finding *x = a, *y = b;
    const unsigned first = (unsigned)x->layer, second = (unsigned)y->layer;
    if (first != second) return first < second ? -1 : 1;
    if (x->rule != y->rule) return x->rule < y->rule ? -1 : 1;
    return x->axis - y->axis;
}

static bool is_complete(const cvs__scene *s) {
    const cvs_model_totals *t = &s->totals;
    const cvs_model_sum *const sums[] = {&t->parameters, &t->macs, &t->activation_bytes, &t->peak_bytes};
    for (int i = 0; i < s->count; i++)
        if (s->layers[i].state != CVS_MODEL_KNOWN) return false;
    for (size_t i = 0; i < sizeof sums / sizeof *sums; i++)
        if (sums[i]->completeness != CVS_MODEL_COMPLETE) return false;
    return true;
}

cvs_status cvs_model_findings(cvs_arena *arena, const cvs_model *model, const cvs_review_options *options,
                              cvs_review *out, cvs_error *err) {
    reviewing r = {.out = out};
    cvs_status status = CVS_OK;
    *out = (cvs_review){0};
    r.failures = cvs_arena_alloc(arena, (size_t)model->layer_count + 1);
    if (!r.failures || !cvs__scene_make(&r.scene, arena, model, options)) return cvs__model_no_memory(err);
    for (int i = 0; i < cvs__model_rule_count; i++) apply(&r, &cvs__model_rules[i], true);
    for (int i = 0; i < r.scene.count; i++) add_failure(&r, i); /* errors first: a long list may be cut */
    for (int i = 0; i < cvs__model_rule_count; i++) apply(&r, &cvs__model_rules[i], false);
    for (int i = 0; i < r.scene.count && status == CVS_OK; i++) status = add_layer_findings(&r, i, err);
    if (status == CVS_OK && r.scene.failed) status = cvs__model_no_memory(err);
    if (status != CVS_OK) return status;
    if (out->count > 1) qsort(r.list, (size_t)out->count, sizeof *r.list, compare);
    out->finding = r.list;
    out->complete = is_complete(&r.scene);
    return CVS_OK;
}
