#include "dialect/reader.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

/* ---- errors ---- */

static void set_place(cvs_error *err, cvs_place place) {
    err->offset = place.offset;
    err->line = place.line;
    err->column = place.column;
}

/* The error cannot be told as a whole: it becomes one of memory, which says to ask again. */
static void lack_memory(cvs_error *err) {
    *err = (cvs_error){0};
    (void)cvs_fail(err, CVS_NO_MEMORY, "no-memory", NULL, "there is no memory to say what is wrong");
}

static void set_pointer(cvs_error *err, const cvs_node *base, const cvs_node *node) {
    cvs_text pointer = {0};
    cvs__node_pointer_below(node, base, &pointer);
    if (pointer.failed) {
        lack_memory(err);
    } else {
        size_t length = cvs__utf8_cut(pointer.data, pointer.length, sizeof err->pointer - 1);
        snprintf(err->pointer, sizeof err->pointer, "%.*s", (int)length, length ? pointer.data : "");
    }
    cvs_text_free(&pointer);
}

void cvs__error_at(cvs_error *err, const cvs_node *base, const cvs_node *node) {
    if (cvs__node_is_text(node)) {
        set_place(err, node->place);
        err->pointer[0] = '\0';
    } else {
        set_pointer(err, base, node);
    }
}

void cvs__error_at_key(cvs_error *err, const cvs_node *base, const cvs_node *node) {
    cvs__error_at(err, base, node);
    if (node->key_place.offset >= 0) set_place(err, node->key_place);
}

void cvs__error_value(cvs_error *err, const cvs_node *node) {
    cvs_text shown = {0};
    cvs__node_show(node, &shown);
    if (shown.failed) lack_memory(err);
    if (shown.data && !shown.failed) cvs_fail_value(err, "%s", shown.data);
    cvs_text_free(&shown);
}

cvs_status cvs__reader_fail(const cvs__reader *reader, const cvs_node *node, const char *code, const char *format,
                            ...) {
    char message[sizeof reader->err->message];
    va_list args;
    va_start(args, format);
    vsnprintf(message, sizeof message, format, args);
    va_end(args);
    cvs_fail(reader->err, CVS_INVALID, code, NULL, "%s", message);
    cvs__error_at(reader->err, reader->bindings->base, node);
    cvs__error_value(reader->err, node);
    return CVS_INVALID;
}

cvs_status cvs__reader_wrong_kind(const cvs__reader *reader, const cvs__argument *argument, const cvs_node *node,
                                  const char *expected) {
    if (node->kind == CVS_NODE_NAME || node->kind == CVS_NODE_CALL)
        cvs__reader_fail(reader, node, "not-a-literal", "%s is given by '%.*s%s', whose value the text does not say",
                         argument->name, cvs__utf8_shown(node->text), node->text,
                         node->kind == CVS_NODE_CALL ? "(...)" : "");
    else if (node->kind == CVS_NODE_REAL && node->real == trunc(node->real) && fabs(node->real) < 1e15)
        cvs__reader_fail(reader, node, "wrong-type", "%s must be %s, not a real number: write %.0f without a point",
                         argument->name, expected, node->real);
    else
        cvs__reader_fail(reader, node, "wrong-type", "%s must be %s, not %s", argument->name, expected,
                         cvs__node_kind_name(node));
    cvs_fail_expected(reader->err, "%s", expected);
    return CVS_INVALID;
}

/* ---- what was given ---- */

const cvs_node *cvs__reader_given(const cvs__reader *reader, const char *name) {
    for (int i = 0; i < reader->bindings->count; i++)
        if (cvs__same_word(reader->bindings->binding[i].argument->name, name)) return reader->bindings->binding[i].node;
    return NULL;
}

/* ---- values that several types share ---- */

static cvs_status fail_element(cvs__reader *reader, const cvs__argument *argument, const cvs_node *element) {
    char name[64];
    snprintf(name, sizeof name, "a value of %s", argument->name);
    const cvs__argument value = {.name = name};
    return cvs__reader_wrong_kind(reader, &value, element, "an integer");
}

static cvs_status fail_ints(cvs__reader *reader, const cvs__argument *argument, const cvs_node *node, int count,
                            bool broadcast) {
    char expected[64];
    int rank = reader->layer->spatial_rank;
    snprintf(expected, sizeof expected, "%sa list of %d integer%s", broadcast ? "an integer or " : "", count,
             count == 1 ? "" : "s");
    if (node->kind != CVS_NODE_LIST) return cvs__reader_wrong_kind(reader, argument, node, expected);
    cvs__reader_fail(reader, node, "wrong-length", "%s has %d value%s, but a layer with %d spatial ax%s needs %d",
                     argument->name, node->count, node->count == 1 ? "" : "s", rank, rank == 1 ? "is" : "es", count);
    cvs_fail_expected(reader->err, "%s", expected);
    return CVS_INVALID;
}

cvs_status cvs__read_ints(cvs__reader *reader, const cvs__argument *argument, const cvs_node *node, int count,
                          bool broadcast, int64_t *out) {
    if (node->kind == CVS_NODE_INT && broadcast) {
        for (int i = 0; i < count; i++) out[i] = node->integer;
        return CVS_OK;
    }
    if (node->kind != CVS_NODE_LIST || node->count != count) return fail_ints(reader, argument, node, count, broadcast);
    for (const cvs_node *element = node->child; element; element = element->next) {
        if (element->kind != CVS_NODE_INT) return fail_element(reader, argument, element);
        *out++ = element->integer;
    }
    return CVS_OK;
}

/* The word is none of the choices: those are expected. */
static cvs_status fail_choice(cvs__reader *reader, const cvs__argument *argument, const cvs_node *node,
                              const cvs__choice *choices) {
    char expected[sizeof reader->err->expected] = "";
    size_t used = 0;
    for (const cvs__choice *choice = choices; choice->word && used < sizeof expected; choice++)
        used += (size_t)snprintf(expected + used, sizeof expected - used, "%s%s", used ? ", " : "", choice->word);
    if (node->kind == CVS_NODE_NAME)
        (void)cvs__reader_wrong_kind(reader, argument, node, "");
    else
        cvs__reader_fail(reader, node, "unknown-word", "%s cannot be '%.*s'", argument->name,
                         cvs__utf8_shown(node->text), node->text);
    cvs_fail_expected(reader->err, "%s", expected);
    return CVS_INVALID;
}

cvs_status cvs__read_choice(cvs__reader *reader, const cvs__argument *argument, const cvs_node *node,
                            const cvs__choice *choices, int *value) {
    const char *word = cvs__last_component(node->text);
    for (const cvs__choice *choice = choices; choice->word; choice++) {
        if (strcasecmp(choice->word, word) != 0) continue;
        *value = choice->value;
        return CVS_OK;
    }
    return fail_choice(reader, argument, node, choices);
}
