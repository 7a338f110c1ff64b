#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "layer/layer_internal.h"

#include "dialect/writer.h"

const cvs__dialect *const cvs__dialects[] = {&cvs__keras, &cvs__keras1, &cvs__pytorch, &cvs__onnx, &cvs__own, NULL};

/* ---- values ---- */

static void write_number(cvs__writer *writer, int64_t number) {
    if (number == CVS_DIM_UNKNOWN)
        cvs_text_add(writer->out, writer->json ? "null" : "None");
    else
        cvs_text_add_int(writer->out, number);
}

void cvs__write_list(cvs__writer *writer, const int64_t *numbers, int count) {
    cvs_text_add(writer->out, writer->json ? "[" : "(");
    for (int i = 0; i < count; i++) {
        if (i) cvs_text_add(writer->out, ", ");
        write_number(writer, numbers[i]);
    }
    cvs_text_add(writer->out, writer->json ? "]" : ")");
}

bool cvs__writes_single(const cvs__writer *writer) {
    return !writer->json && (writer->layer->framework != CVS_KERAS1 || writer->layer->spatial_rank == 1);
}

void cvs__write_signed(cvs__writer *writer, const int64_t *numbers, int count) {
    for (int i = 0; i < count; i++)
        cvs_text_addf(writer->out, "%s%lld", i ? ", " : writer->json ? "[" : "(", (long long)numbers[i]);
    cvs_text_add(writer->out, writer->json ? "]" : ")");
}

void cvs__write_ints(cvs__writer *writer, const int64_t *numbers) {
    int rank = writer->layer->spatial_rank;
    bool equal = cvs__writes_single(writer);
    for (int axis = 1; axis < rank; axis++) equal &= numbers[axis] == numbers[0];
    if (equal)
        write_number(writer, numbers[0]);
    else
        cvs__write_list(writer, numbers, rank);
}

void cvs__write_word(cvs__writer *writer, const char *word) {
    const char *quote = writer->json ? "\"" : "'";
    cvs_text_add(writer->out, quote);
    cvs_text_add(writer->out, word);
    cvs_text_add(writer->out, quote);
}

const char *cvs__real_text(float value, char buffer[32]) {
    for (int digits = 1; digits <= 9; digits++) {
        snprintf(buffer, 32, "%.*g", digits, (double)value);
        if (strtof(buffer, NULL) == value) break;
    }
    if (!strpbrk(buffer, ".e")) strcat(buffer, ".0");
    return buffer;
}

const char *cvs__double_text(double value, char buffer[32]) {
    for (int digits = 1; digits <= 17; digits++) {
        snprintf(buffer, 32, "%.*g", digits, value);
        if (strtod(buffer, NULL) == value) break;
    }
    return buffer;
}

/* ---- which row ---- */

static cvs_layer start_of(const cvs__dialect *dialect, const cvs__class *row, const cvs_layer *layer) {
    cvs_layer start = cvs_layer_default(layer->op, layer->spatial_rank);
    start.framework = layer->framework;
    start.activation = row->activation;
    start.padding.fill = row->fill;
    start.whole_maps = row->whole_maps;
    if (dialect->defaults) dialect->defaults(&start);
    return start;
}

static bool has_slot(const cvs__argument *list, const char *slot) {
    size_t length = strlen(slot);
    for (; list && list->name; list++)
        if (list->slot && strncmp(list->slot, slot, length) == 0) return true;
    return false;
}

/* What a layer may not know, but a required argument must. */
static bool has_number(const char *slot) { return strcmp(slot, "in_channels") == 0; }

/*
 * What the layer has and the row cannot say, in the name of our own form; NULL: nothing. Input channels need not be
 * said; a row that requires them needs them known.
 */
static const char *missing_slot(const cvs__dialect *dialect, const cvs__class *row, const cvs_layer *layer) {
    const cvs_layer start = start_of(dialect, row, layer);
    const cvs__class *own = cvs__own.classes;
    while (own->name && own->op != layer->op) own++;
    for (const cvs__argument *field = own->arguments; field && field->name; field++) {
        if (field->type == &cvs__type_channels || field->type->same(field, layer, &start)) continue;
        if (!has_slot(row->arguments, field->slot) && !has_slot(row->beside, field->slot)) return field->slot;
    }
    for (const cvs__argument *argument = row->arguments; argument->name; argument++)
        if (argument->required && has_number(argument->slot) && argument->type->same(argument, layer, &start))
            return argument->slot;
    return NULL;
}

/* A class that is one activation, or one fill, is only that. */
static bool is_for(const cvs__dialect *dialect, const cvs__class *row, const cvs_layer *layer) {
    if (row->op != layer->op || row->only_read) return false;
    if (row->spatial_rank > 0 && row->spatial_rank != layer->spatial_rank) return false;
    if (row->activation.kind && row->activation.kind != layer->activation.kind) return false;
    bool says_fill = dialect == &cvs__own || has_slot(row->arguments, "padding/fill");
    return layer->op != CVS_OP_PAD || says_fill || row->fill == layer->padding.fill;
}

/* No row of this framework has everything that the layer needs; of `row`, if there is one, `lacking` is missing. */
static cvs_status fail_row(const cvs__plan *plan, const cvs__class *row, const char *lacking, cvs_error *err) {
    if (!row)
        return cvs__cannot(plan,
                           &(cvs__obstacle){.code = "layer-unavailable",
                                            .sentence = EXPLAIN_CANNOT_LAYER,
                                            .term = cvs_op_name(plan->layer.op)},
                           err);
    bool order = strcmp(lacking, "data_format") == 0 && plan->inference->input.shape.rank == 3;
    bool maps = strcmp(lacking, "whole_maps") == 0;
    char pointer[64];
    snprintf(pointer, sizeof pointer, "/%s", lacking);
    return cvs__cannot(plan,
                       &(cvs__obstacle){.code = "argument-unavailable",
                                        .pointer = pointer,
                                        .sentence = order  ? EXPLAIN_CANNOT_ORDER
                                                    : maps ? EXPLAIN_CANNOT_MAPS
                                                           : EXPLAIN_CANNOT_SETTING,
                                        .term = row->name,
                                        .setting = lacking},
                       err);
}

/* Of several rows that lack the same thing the first is named in the error: it is the plainest. */
static cvs_status find_row(const cvs__plan *plan, const cvs__class **out, cvs_error *err) {
    const cvs__dialect *dialect = cvs__dialect_of(plan->layer.framework);
    const cvs__class *named = NULL;
    const char *lacking = NULL;
    for (const cvs__class *row = dialect->classes; row->name; row++) {
        if (!is_for(dialect, row, &plan->layer)) continue;
        const char *missing = missing_slot(dialect, row, &plan->layer);
        *out = row;
        if (!missing) return CVS_OK;
        if (!lacking || strcmp(lacking, missing) != 0) named = row;
        lacking = missing;
    }
    return fail_row(plan, named, lacking, err);
}

/* ---- calls and objects ---- */

static bool is_written(const cvs__argument *argument, const cvs_layer *layer, const cvs_layer *start) {
    if (!argument->type->write) return false;
    return argument->required || argument->always || !argument->type->same(argument, layer, start);
}

/*
 * Those that are not the default, and those that always are written; `first` says whether none came before. The first
 * of a call need no names.
 */
static void write_arguments(cvs__writer *writer, const cvs__argument *list, const cvs_layer *start, bool first) {
    bool leading = true;
    for (; list && list->name; list++) {
        bool written = is_written(list, writer->layer, start);
        leading &= written && (list->required || list->always);
        if (!written) continue;
        if (!first) cvs_text_add(writer->out, ", ");
        first = false;
        if (writer->json)
            cvs_text_addf(writer->out, "\"%s\": ", list->name);
        else if (!leading)
            cvs_text_addf(writer->out, "%s=", list->name);
        list->type->write(writer, list);
    }
}

static void write_object(cvs__writer *writer, const cvs__dialect *dialect, const cvs__class *row,
                         const cvs_layer *start) {
    cvs_text_addf(writer->out, "{\"%s\": \"%s\"", dialect->class_key, row->name);
    if (dialect->config_key) cvs_text_addf(writer->out, ", \"%s\": {", dialect->config_key);
    write_arguments(writer, row->arguments, start, dialect->config_key != NULL);
    if (dialect->config_key) cvs_text_add(writer->out, "}");
    write_arguments(writer, row->beside, start, false);
    write_arguments(writer, dialect->beside, start, false);
    cvs_text_add(writer->out, "}");
}

static void write_call(cvs__writer *writer, const cvs__dialect *dialect, const cvs__class *row,
                       const cvs_layer *start) {
    cvs_text_addf(writer->out, "%s%s(", dialect->prefix, row->name);
    write_arguments(writer, row->arguments, start, true);
    cvs_text_add(writer->out, ")");
}

/* Lines of code; or objects, with commas between them. */
static void write_lines(const cvs__plan *plan, const cvs__dialect *dialect, const cvs__class *row, cvs_text *out) {
    bool json = !dialect->positional;
    cvs_layer start = start_of(dialect, row, &plan->layer);
    cvs__writer writer = {.out = out, .layer = &plan->layer, .json = json};
    const char *separator = json ? ", " : "\n";
    if (plan->before[0]) cvs_text_addf(out, "%s%s", plan->before, separator);
    if (json)
        write_object(&writer, dialect, row, &start);
    else
        write_call(&writer, dialect, row, &start);
    if (plan->after[0]) cvs_text_addf(out, "%s%s", separator, plan->after);
}

/* ---- the whole ---- */

/* What the framework's own rules refuse, it cannot express. */
static cvs_status check_rules(const cvs__plan *plan, cvs_error *err) {
    cvs_error refused = {0};
    if (cvs_layer_validate(&plan->layer, &refused) == CVS_OK) return CVS_OK;
    bool both = strcmp(refused.code, "keras-stride-and-dilation") == 0;
    return cvs__cannot(plan,
                       &(cvs__obstacle){.code = refused.code,
                                        .pointer = refused.pointer,
                                        .sentence = both ? EXPLAIN_CANNOT_STRIDE_DILATION : EXPLAIN_CANNOT_REFUSED,
                                        .term = refused.message},
                       err);
}

/* The plan's layer in its framework's form. Parts of a layer that was checked are not checked again. */
static cvs_status write_plan(cvs__plan *plan, bool check, cvs_text *out, cvs_error *err) {
    const cvs__dialect *dialect = cvs__dialect_of(plan->layer.framework);
    cvs_status status = dialect->adapt ? dialect->adapt(plan, err) : CVS_OK;
    if (status) return status;
    if (plan->apart) {
        cvs_text_addf(out, "%s", plan->after);
        return CVS_OK;
    }
    const cvs__class *row = NULL;
    status = find_row(plan, &row, err);
    if (!status && check) status = check_rules(plan, err);
    if (!status) write_lines(plan, dialect, row, out);
    return status;
}

cvs_status cvs__plan_add(cvs__plan *plan, const cvs_layer *part, bool after, cvs_error *err) {
    cvs_inference inference = {.layer = *part};
    inference.layer.framework = plan->layer.framework;
    inference.input.shape = plan->inference->input.shape;
    cvs__plan inner = {.layer = inference.layer, .inference = &inference, .language = plan->language};
    cvs_text text = {0};
    cvs_status status = write_plan(&inner, false, &text, err);
    plan->failed |= inner.failed;
    if (status)
        cvs_text_free(&text);
    else if (after)
        cvs__plan_after(plan, &text);
    else
        cvs__plan_before(plan, &text);
    return status;
}

cvs_status cvs_dialect_write(const cvs_inference *inference, cvs_framework framework, cvs_language language,
                             cvs_text *out, cvs_error *err) {
    if (framework == CVS_FRAMEWORK_AUTO) framework = cvs__framework_of(&inference->layer);
    const cvs__dialect *dialect = cvs__dialect_of(framework);
    if (!dialect)
        return cvs_fail(err, CVS_UNSUPPORTED, "framework-without-layers", NULL,
                        "TensorFlow is a weight layout only; its layers are those of Keras");
    cvs__plan plan = {.layer = inference->layer, .inference = inference, .language = language};
    plan.layer.framework = framework;
    if (plan.layer.op >= CVS_OP_DENSE) plan.layer.spatial_rank = 1; /* no spatial axes that it would speak of */
    if (plan.layer.op == CVS_OP_DROPOUT && !plan.layer.whole_maps) plan.layer.data_format = CVS_CHANNELS_LAST; /* any */
    cvs_text text = {0};
    cvs_status status = write_plan(&plan, true, &text, err);
    bool array = !dialect->positional && !plan.apart && (plan.before[0] || plan.after[0]);
    if (!status && text.data) cvs_text_addf(out, array ? "[%s]" : "%s", text.data);
    if (!status && (text.failed || out->failed || plan.failed))
        status = cvs_fail(err, CVS_NO_MEMORY, "no-memory", NULL, "not enough memory to write the layer");
    cvs_text_free(&text);
    return status;
}
