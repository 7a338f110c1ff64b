/* complaints.c - what is said when a layer is none, or its arguments do not fit. */
#include <stdio.h>
#include <string.h>

#include "layer/layer_internal.h"

#include "dialect/match.h"

/* ---- errors: the class ---- */

static void fail_at(cvs__reader *reader, const cvs_node *base, const cvs_node *node) {
    cvs__error_at(reader->err, base, node);
    cvs__error_value(reader->err, node);
}

static cvs_status fail_form(cvs__reader *reader, const cvs_node *base, const cvs_node *node) {
    cvs_fail(reader->err, CVS_INVALID, "unrecognised-layer", NULL,
             "this object has none of the members that say what layer it is: class_name, op_type, op");
    cvs__error_at(reader->err, base, node);
    cvs_fail_expected(reader->err, "{\"class_name\", \"config\"} for Keras, {\"op_type\", \"attributes\"} for ONNX, "
                                   "{\"op\", ...} for our own form, or code as text");
    return CVS_INVALID;
}

static cvs_status fail_framework(cvs__reader *reader, const cvs_node *base, const cvs_node *node, const cvs__form *f,
                                 cvs_framework said, cvs_framework found) {
    cvs_fail(reader->err, CVS_INVALID, "framework-mismatch", NULL, "%.*s is written as in %s, but is said to be %s",
             cvs__utf8_shown(f->type), f->type, cvs__framework_title(found), cvs__framework_title(said));
    cvs__error_at(reader->err, base, node);
    cvs_fail_value(reader->err, "%s", cvs_framework_name(said));
    cvs_fail_expected(reader->err, "framework \"%s\", or none", cvs_framework_name(found));
    return CVS_INVALID;
}

/* The class in any dialect, described or not, that comes nearest in name; NULL when none does. */
static const char *nearest_class(const cvs_node *node, cvs__form *f) {
    const char *known[512];
    size_t count = 0;
    for (const cvs__dialect *const *dialect = cvs__dialects; *dialect; dialect++) {
        cvs__form candidate;
        if (!cvs__form_find(*dialect, node, &candidate)) continue;
        *f = candidate;
        for (const cvs__class *row = (*dialect)->classes; row->name && count < 511; row++) known[count++] = row->name;
        const char *const *other = cvs__known_layers((*dialect)->framework);
        while (*other && count < 511) known[count++] = *other++;
    }
    known[count] = NULL;
    return count ? cvs_nearest_name(f->name, known) : NULL;
}

/* Sequential(...) and others that hold layers. */
static bool is_container(const cvs_node *node, const cvs__form *f) {
    static const char *const names[] = {"Sequential", "ModuleList", "ModuleDict", "Model", "extend", NULL};
    const char *const *name = names;
    while (*name && strcmp(*name, f->name) != 0) name++;
    return *name && node->kind == CVS_NODE_CALL;
}

static cvs_status fail_container(cvs__reader *reader, const cvs_node *base, const cvs_node *node, const cvs__form *f) {
    cvs_fail(reader->err, CVS_INVALID, "several-layers", NULL, "%.*s holds other layers; one layer is read at a time",
             cvs__utf8_shown(f->type), f->type);
    fail_at(reader, base, node);
    cvs_fail_value(reader->err, "%s", f->type);
    cvs_fail_expected(reader->err, "the layers one by one, as \"layers\": [...]");
    return CVS_INVALID;
}

/* The frameworks that have a layer of this name which no row describes: "Keras, PyTorch"; "" when none has. */
static void list_owners(const cvs_node *node, char *owners, size_t size) {
    size_t length = 0;
    owners[0] = '\0';
    for (const cvs__dialect *const *dialect = cvs__dialects; *dialect; dialect++) {
        cvs__form f;
        if (!cvs__form_find(*dialect, node, &f) || !cvs__is_known_layer((*dialect)->framework, f.name)) continue;
        int written = snprintf(owners + length, size - length, "%s%s", length ? ", " : "",
                               cvs__framework_title((*dialect)->framework));
        if (written > 0) length += (size_t)written;
    }
}

static cvs_status fail_known(cvs__reader *reader, const cvs_node *base, const cvs_node *node, const cvs__form *f,
                             const char *owners) {
    cvs_fail(reader->err, CVS_UNSUPPORTED, "layer-not-described", NULL,
             "'%.*s' is a layer (%s), but one that is not described here", cvs__utf8_shown(f->type), f->type, owners);
    fail_at(reader, base, node->kind == CVS_NODE_DICT ? node->child : node);
    cvs_fail_value(reader->err, "%s", f->type);
    cvs_fail_expected(reader->err, "a convolution, pool, padding, cropping, upsampling, dense layer, reshaping, norm, "
                                   "activation, dropout or merge");
    return CVS_UNSUPPORTED;
}

cvs_status cvs__complain_class(cvs__reader *reader, const cvs_node *base, const cvs_node *node, cvs_framework said) {
    cvs__form f = {0};
    const char *nearest = nearest_class(node, &f);
    if (!f.name) return fail_form(reader, base, node);
    if (is_container(node, &f)) return fail_container(reader, base, node, &f);
    cvs__match room[2];
    const cvs__match *other = said != CVS_FRAMEWORK_AUTO ? cvs__match_best(base, node, CVS_FRAMEWORK_AUTO, room) : NULL;
    if (other) return fail_framework(reader, base, node, &f, said, other->dialect->framework);
    char owners[64]; /* the titles of all frameworks */
    list_owners(node, owners, sizeof owners);
    if (owners[0]) return fail_known(reader, base, node, &f, owners);
    cvs_fail(reader->err, CVS_INVALID, "unknown-layer", NULL, "there is no layer '%.*s'%s%s%s", cvs__utf8_shown(f.type),
             f.type, nearest ? "; did you mean " : "", nearest ? nearest : "", nearest ? "?" : "");
    fail_at(reader, base, node->kind == CVS_NODE_DICT ? node->child : node);
    cvs_fail_value(reader->err, "%s", f.type);
    cvs_fail_expected(reader->err, "%s", nearest ? nearest : "a layer of Keras, PyTorch or ONNX");
    return CVS_INVALID;
}

/* ---- errors: the arguments ---- */

static size_t add_names(const cvs__argument *list, const char **known, size_t count) {
    for (; list && list->name; list++) {
        known[count++] = list->name;
        if (list->alias) known[count++] = list->alias;
    }
    return count;
}

/* What the row calls the thing that another framework calls `name`; NULL when there is no such thing. */
static const char *renamed(const cvs__match *m, const char *name, cvs_framework *framework) {
    for (const cvs__dialect *const *dialect = cvs__dialects; *dialect; dialect++)
        for (const cvs__class *row = (*dialect)->classes; row->name; row++) {
            const cvs__argument *other = row->op == m->row->op ? cvs__argument_find(row->arguments, name) : NULL;
            if (!other || !other->slot) continue;
            size_t length = strcspn(other->slot, "/");
            for (const cvs__argument *mine = m->row->arguments; mine->name; mine++) {
                if (!mine->slot || strncmp(mine->slot, other->slot, length) != 0) continue;
                *framework = (*dialect)->framework;
                return mine->name;
            }
        }
    return NULL;
}

static void expect_names(cvs_error *err, const char *const *known) {
    char list[sizeof err->expected] = "";
    size_t used = 0;
    for (; *known && used < sizeof list; known++)
        used += (size_t)snprintf(list + used, sizeof list - used, "%s%s", used ? ", " : "one of: ", *known);
    cvs_fail_expected(err, "%s", list);
}

static void fail_unknown(cvs__reader *reader, const cvs__match *m) {
    const char *known[4 * CVS__MAX_ARGUMENTS + 1];
    bool beside = m->node->parent && m->dialect->config_key && cvs_node_get(m->node->parent, m->dialect->class_key);
    size_t count = beside ? 0 : add_names(m->row->arguments, known, 0);
    if (beside) {
        known[count++] = m->dialect->class_key;
        known[count++] = m->dialect->config_key;
    }
    size_t shown = count;
    count = add_names(beside ? m->dialect->beside : m->dialect->common, known, count);
    known[count] = NULL;
    cvs_framework framework = CVS_FRAMEWORK_AUTO;
    const char *key = m->node->key, *name = beside ? NULL : renamed(m, key, &framework);
    const char *nearest = name ? name : cvs_nearest_name(key, known);
    char hint[128] = "";
    if (name)
        snprintf(hint, sizeof hint, "; what %s calls %s is %s here", cvs__framework_title(framework), key, name);
    else if (nearest)
        snprintf(hint, sizeof hint, "; did you mean %s?", nearest);
    cvs_fail(reader->err, CVS_INVALID, "unknown-argument", NULL, "%s has no argument '%.*s'%s", m->row->name,
             cvs__utf8_shown(key), key, hint);
    known[shown] = NULL;
    if (nearest)
        cvs_fail_expected(reader->err, "%s", nearest);
    else
        expect_names(reader->err, known);
}

static int count_positional(const cvs__class *row) {
    int count = 0;
    while (row->arguments[count].name) count++;
    return count;
}

static void fail_too_many(cvs__reader *reader, const cvs__match *m) {
    if (m->dialect->positional) {
        int count = count_positional(m->row);
        cvs_fail(reader->err, CVS_INVALID, "too-many-arguments", NULL, "%s takes at most %d arguments without a name",
                 m->row->name, count);
        cvs_fail_expected(reader->err, "at most %d arguments", count);
    } else {
        cvs_fail(reader->err, CVS_INVALID, "argument-without-name", NULL, "the arguments of %s all have names",
                 m->row->name);
        cvs_fail_expected(reader->err, "name=value");
    }
}

static void fail_missing(cvs__reader *reader, const cvs__match *m) {
    cvs_fail(reader->err, CVS_INVALID, "missing-argument", NULL, "%s needs %s", m->row->name, m->argument->name);
    cvs__error_at(reader->err, m->bindings.base, m->node);
    cvs_fail_expected(reader->err, "%s: %s", m->argument->name, m->argument->type->expected);
}

cvs_status cvs__complain_arguments(cvs__reader *reader, const cvs__match *m) {
    if (m->problem == CVS__MISSING) {
        fail_missing(reader, m);
        return CVS_INVALID;
    }
    if (m->problem == CVS__UNKNOWN_ARGUMENT)
        fail_unknown(reader, m);
    else if (m->problem == CVS__TOO_MANY)
        fail_too_many(reader, m);
    else
        cvs_fail(reader->err, CVS_INVALID, "argument-repeated", NULL, "%s of %s is given twice", m->argument->name,
                 m->row->name);
    fail_at(reader, m->bindings.base, m->node);
    if (m->node->key) cvs__error_at_key(reader->err, m->bindings.base, m->node);
    return CVS_INVALID;
}

cvs_status cvs__complain_config(cvs__reader *reader, const cvs__match *m, const cvs_node *config) {
    cvs_fail(reader->err, CVS_INVALID, "wrong-type", NULL, "%s must be an object, not %s", m->dialect->config_key,
             cvs__node_kind_name(config));
    fail_at(reader, m->bindings.base, config);
    cvs_fail_expected(reader->err, "an object with the arguments of %s", m->row->name);
    return CVS_INVALID;
}
