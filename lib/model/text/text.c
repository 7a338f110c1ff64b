/* text.c - the statements of a text, one after the other. */
#include "model/text/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "dialect/table.h"

/* ---- what every file needs ---------------------------------------------------- */

cvs_status cvs__text_fail(cvs__text_reader *reader, const cvs_node *node, const char *code, const char *format, ...) {
    char message[sizeof reader->err->message];
    cvs_text shown = {0};
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    cvs_fail(reader->err, CVS_INVALID, code, "", "%s", message);
    reader->err->offset = node->place.offset;
    reader->err->line = node->place.line;
    reader->err->column = node->place.column;
    cvs__node_show(node, &shown);
    if (shown.data && !shown.failed) cvs_fail_value(reader->err, "%s", shown.data);
    cvs_text_free(&shown);
    return CVS_INVALID;
}

const char *cvs__text_join(cvs__text_reader *reader, const char *a, const char *between, const char *b) {
    cvs_text text = {0};
    cvs_text_add(&text, a);
    if (*a) cvs_text_add(&text, between);
    cvs_text_add(&text, b);
    return cvs__model_keep(reader->arena, &text);
}

void *cvs__text_push(cvs_arena *arena, void **items, int *count, int *capacity, size_t size) {
    enum { FIRST = 16 };
    if (*count == *capacity) {
        const int larger = *capacity ? *capacity * 2 : FIRST;
        void *room = cvs_arena_alloc(arena, (size_t)larger * size);
        if (!room) return NULL;
        if (*count > 0) memcpy(room, *items, (size_t)*count * size);
        *items = room;
        *capacity = larger;
    }
    return (char *)*items + (size_t)(*count)++ * size;
}

cvs_status cvs__text_work(cvs__text_reader *reader, int amount) {
    enum { MOST = 8 * CVS_MODEL_MAX_LAYERS };
    if (amount <= MOST - reader->work) {
        reader->work += amount;
        return CVS_OK;
    }
    return cvs_fail(reader->err, CVS_TOO_LARGE, "too-many-layers", "",
                    "The text makes models of models until they have more than %d layers.", CVS_MODEL_MAX_LAYERS);
}

cvs_status cvs__text_enter(cvs__text_reader *reader, const cvs_node *node) {
    enum { MOST_DEPTH = 4 * CVS_NODE_MAX_DEPTH };
    if (reader->depth >= MOST_DEPTH)
        return cvs__text_fail(reader, node, "too-deep", "Models, calls or lists stand in each other, deeper than %d.",
                              MOST_DEPTH);
    const cvs_status status = cvs__text_work(reader, 1);
    if (status == CVS_OK) reader->depth++;
    return status;
}

void cvs__text_leave(cvs__text_reader *reader) { reader->depth--; }

/* ---- whose layers they are ----------------------------------------------------- */

static bool has_class(cvs_framework framework, const char *name, size_t length) {
    for (const cvs__class *row = cvs__dialect_of(framework)->classes; row->name; row++)
        if (strlen(row->name) == length && memcmp(row->name, name, length) == 0) return true;
    return false;
}

static bool is_word(const char *name, size_t length, const char *word) {
    return strlen(word) == length && memcmp(name, word, length) == 0;
}

/* More than 0 speaks for PyTorch, less for Keras. */
static int vote(const char *name, size_t length, char after) {
    if (after == '.') return is_word(name, length, "nn") - is_word(name, length, "keras");
    if (after != '(') return 0;
    const bool keras = has_class(CVS_KERAS, name, length) || has_class(CVS_KERAS1, name, length);
    return has_class(CVS_PYTORCH, name, length) - keras;
}

static bool is_name_byte(char c) { return cvs__is_letter(c) || cvs__is_digit(c) || c == '_'; }

/* Many classes are called the same in both: the others of the text tell. Without any it is taken for Keras. */
static cvs_framework recognise(const char *text, size_t length) {
    int votes = 0;
    for (size_t at = 0; at < length;) {
        const size_t start = at;
        while (at < length && is_name_byte(text[at])) at++;
        if (at > start && at < length) votes += vote(text + start, at - start, text[at]);
        at += at == start || at < length;
    }
    return votes > 0 ? CVS_PYTORCH : CVS_KERAS;
}

/* ---- names ------------------------------------------------------------------------ */

const cvs__binding_of_name *cvs__text_bound(const cvs__text_reader *reader, const char *name) {
    const int number = cvs__names_find(&reader->binding_names, name);
    return number < 0 ? NULL : &reader->bindings[number];
}

/* A name may have come to stand for something else since it was written. */
static bool has_names(const cvs_node *list) {
    for (const cvs_node *element = list->child; element; element = element->next)
        if (element->kind == CVS_NODE_NAME) return true;
    return list->kind == CVS_NODE_NAME;
}

/* For the parser: what stands for a name in values. */
static const cvs_node *find_constant(void *names, const char *name) {
    const cvs__binding_of_name *binding = cvs__text_bound(names, name);
    return binding && binding->value.kind == CVS__NOTHING && !has_names(binding->node) ? binding->node : NULL;
}

static cvs_status bind(cvs__text_reader *reader, const cvs__statement *statement, const cvs__value *value) {
    int number = cvs__names_find(&reader->binding_names, statement->target);
    void *bindings = reader->bindings;
    if (number < 0) {
        number = reader->binding_count;
        if (!cvs__text_push(reader->arena, &bindings, &reader->binding_count, &reader->binding_capacity,
                            sizeof *reader->bindings) ||
            !cvs__names_add(&reader->binding_names, statement->target, number))
            return cvs__model_no_memory(reader->err);
        reader->bindings = bindings;
    }
    reader->bindings[number] = (cvs__binding_of_name){statement->target, statement->value, *value};
    return CVS_OK;
}

/* ---- the whole ----------------------------------------------------------------------- */

static cvs_status read_statement(cvs__text_reader *reader, const cvs__statement *statement) {
    cvs__value value = {.kind = CVS__NOTHING};
    cvs_status status = CVS_OK;
    if (!statement->unpacked) status = cvs__text_evaluate(reader, statement->value, &value);
    if (status != CVS_OK) return status;
    const bool model = value.kind == CVS__MODULE && (value.module->kind != CVS__LEAF || !reader->found);
    if (model) reader->found = value.module;
    return statement->target ? bind(reader, statement, &value) : CVS_OK;
}

static cvs_status fail_empty(cvs__text_reader *reader) {
    cvs_fail(reader->err, CVS_INVALID, "no-model", "", "The text makes no model.");
    cvs_fail_expected(reader->err,
                      "Sequential([...]), Model(inputs, outputs), nn.Sequential(...), or what print(model) "
                      "shows of a PyTorch model");
    return CVS_INVALID;
}

static cvs_status read_text(cvs__text_reader *reader) {
    cvs__statement statement;
    cvs_status status;
    while ((status = cvs__code_next(&reader->code, &statement)) == CVS_OK && statement.value)
        if ((status = read_statement(reader, &statement)) != CVS_OK) break;
    if (status != CVS_OK) return status;
    if (!reader->found && reader->step_count == 0) return fail_empty(reader);
    return cvs__text_build(reader);
}

cvs_status cvs_model_read_text(cvs_arena *arena, const cvs_model_source *source, cvs_model **out, cvs_error *err) {
    cvs_error spare;
    cvs__text_reader reader = {.arena = arena, .framework = source->framework, .err = cvs__error_usable(err, &spare)};
    if (reader.framework == CVS_FRAMEWORK_AUTO) reader.framework = recognise(source->bytes, source->length);
    if (reader.framework != CVS_PYTORCH && reader.framework != CVS_KERAS && reader.framework != CVS_KERAS1)
        return cvs_fail(reader.err, CVS_UNSUPPORTED, "framework-without-code", "",
                        "Models are read as code of Keras and of PyTorch, not of %s.",
                        cvs_framework_name(reader.framework));
    reader.model = cvs__model_create(arena, reader.framework);
    if (!reader.model) return cvs__model_no_memory(reader.err);
    reader.binding_names.arena = reader.counts.arena = reader.taken.arena = reader.noted.arena = arena;
    cvs_status status =
        cvs__code_start(&reader.code, arena, source->bytes, source->length, CVS_MODEL_MAX_TEXT, reader.err);
    if (status != CVS_OK) return status;
    cvs__code_let(&reader.code, find_constant, &reader);
    status = read_text(&reader);
    if (status == CVS_OK) *out = reader.model;
    return status;
}
