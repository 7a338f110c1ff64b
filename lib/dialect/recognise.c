#include <stdio.h>
#include <string.h>

#include "layer/layer_internal.h"

#include "dialect/reader.h"

/* How a node writes a layer in one dialect. */
typedef struct form {
    const char *name;          /* of the class, without what is dotted before it */
    const char *type;          /* as written */
    const cvs_node *arguments; /* CALL or DICT; NULL: none */
    const cvs_node *beside;    /* DICT of the members beside them, or NULL */
} form;

/* What does not fit between a row and a form; the first is kept. */
typedef enum problem_kind { NO_PROBLEM, UNKNOWN_ARGUMENT, REPEATED, TOO_MANY, MISSING } problem_kind;

typedef struct match {
    const cvs__dialect *dialect;
    const cvs__class *row;
    cvs__bindings bindings;
    int misfits;
    problem_kind problem;
    const cvs_node *node;
    const cvs__argument *argument;
} match;

/* ---- lists of arguments ---- */

const cvs__argument *cvs__argument_find(const cvs__argument *list, const char *name) {
    for (; list && list->name; list++)
        if (strcmp(list->name, name) == 0 || (list->alias && strcmp(list->alias, name) == 0)) return list;
    return NULL;
}

const cvs__dialect *cvs__dialect_of(cvs_framework framework) {
    const cvs__dialect *const *dialect = cvs__dialects;
    while (*dialect && (*dialect)->framework != framework) dialect++;
    return *dialect;
}

/* ---- binding ---- */

static void add_problem(match *m, problem_kind problem, const cvs_node *node, const cvs__argument *argument) {
    m->misfits++;
    if (m->problem != NO_PROBLEM) return;
    m->problem = problem;
    m->node = node;
    m->argument = argument;
}

static bool fits(const cvs__argument *argument, const cvs_node *node) {
    bool variable = node->kind == CVS_NODE_NAME || node->kind == CVS_NODE_CALL;
    return variable || (argument->type->kinds & (1U << node->kind));
}

static const cvs_node *bound(const match *m, const cvs__argument *argument) {
    for (int i = 0; i < m->bindings.count; i++)
        if (m->bindings.binding[i].argument == argument) return m->bindings.binding[i].node;
    return NULL;
}

static void bind(match *m, const cvs__argument *argument, const cvs_node *node) {
    if (bound(m, argument)) {
        add_problem(m, REPEATED, node, argument);
        return;
    }
    /* A wrong type is told when the value is read; here it only counts against the row. */
    if (!fits(argument, node)) m->misfits++;
    if (m->bindings.count < CVS__MAX_ARGUMENTS)
        m->bindings.binding[m->bindings.count++] = (cvs__binding){argument, node};
}

static const cvs__argument *find_keyword(const match *m, const char *name) {
    const cvs__argument *argument = cvs__argument_find(m->row->arguments, name);
    return argument ? argument : cvs__argument_find(m->dialect->common, name);
}

static void bind_arguments(match *m, const cvs_node *arguments) {
    const cvs__argument *next = m->row->arguments; /* the next positional one */
    for (const cvs_node *node = arguments ? arguments->child : NULL; node; node = node->next) {
        const cvs__argument *argument = NULL;
        /* Our own form has its class among its arguments. */
        if (arguments->kind == CVS_NODE_DICT && cvs__node_has_key(node, m->dialect->class_key)) continue;
        if (node->key)
            argument = find_keyword(m, node->key);
        else if (m->dialect->positional && next->name)
            argument = next++;
        if (argument)
            bind(m, argument, node);
        else
            add_problem(m, node->key ? UNKNOWN_ARGUMENT : TOO_MANY, node, NULL);
    }
}

static void bind_beside(match *m, const cvs_node *beside) {
    for (const cvs_node *node = beside ? beside->child : NULL; node; node = node->next) {
        if (cvs__node_has_key(node, m->dialect->class_key) || cvs__node_has_key(node, m->dialect->config_key)) continue;
        const cvs__argument *argument = cvs__argument_find(m->dialect->beside, node->key);
        if (argument)
            bind(m, argument, node);
        else
            add_problem(m, UNKNOWN_ARGUMENT, node, NULL);
    }
}

static void find_missing(match *m, const cvs__argument *list, const cvs_node *node) {
    for (; list && list->name; list++)
        if (list->required && !bound(m, list)) add_problem(m, MISSING, node, list);
}

static match match_row(const cvs__dialect *dialect, const cvs__class *row, const form *f, const cvs_node *base,
                       const cvs_node *node) {
    match m = {.dialect = dialect, .row = row, .bindings.base = base};
    bind_arguments(&m, f->arguments);
    bind_beside(&m, f->beside);
    find_missing(&m, row->arguments, f->arguments ? f->arguments : node);
    find_missing(&m, dialect->beside, node);
    return m;
}

/* ---- forms ---- */

/* False when the dialect does not write layers like this. */
static bool find_form(const cvs__dialect *dialect, const cvs_node *node, form *out) {
    if (node->kind == CVS_NODE_CALL) {
        *out = (form){cvs__last_component(node->text), node->text, node, NULL};
        return dialect->code;
    }
    const cvs_node *name = dialect->class_key ? cvs_node_get(node, dialect->class_key) : NULL;
    if (!name || name->kind != CVS_NODE_STRING) return false;
    const cvs_node *config = dialect->config_key ? cvs_node_get(node, dialect->config_key) : node;
    *out = (form){name->text, name->text, config, dialect->config_key ? node : NULL};
    return true;
}

static bool is_named(const cvs__class *row, const char *name, bool *alias) {
    *alias = row->alias && strcmp(row->alias, name) == 0;
    return *alias || strcmp(row->name, name) == 0;
}

/* Our own form may be read with any framework's semantics. */
static bool may_be(const cvs__dialect *dialect, cvs_framework framework) {
    return framework == CVS_FRAMEWORK_AUTO || framework == dialect->framework || dialect == &cvs__own;
}

/* A row called by its own name goes before one called by an alias where the arguments fit both alike. */
static bool find_best(const cvs_node *base, const cvs_node *node, cvs_framework framework, match *best) {
    int fewest = INT32_MAX;
    for (const cvs__dialect *const *dialect = cvs__dialects; *dialect; dialect++) {
        form f;
        if (!may_be(*dialect, framework) || !find_form(*dialect, node, &f)) continue;
        for (const cvs__class *row = (*dialect)->classes; row->name; row++) {
            bool alias;
            if (!is_named(row, f.name, &alias)) continue;
            match m = match_row(*dialect, row, &f, base, node);
            int score = 2 * m.misfits + alias;
            if (score >= fewest) continue;
            fewest = score;
            *best = m;
        }
    }
    return fewest != INT32_MAX;
}

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

static cvs_status fail_framework(cvs__reader *reader, const cvs_node *base, const cvs_node *node, const form *f,
                                 cvs_framework said, cvs_framework found) {
    cvs_fail(reader->err, CVS_INVALID, "framework-mismatch", NULL, "%.80s is written as in %s, but is said to be %s",
             f->type, cvs__framework_title(found), cvs__framework_title(said));
    cvs__error_at(reader->err, base, node);
    cvs_fail_value(reader->err, "%s", cvs_framework_name(said));
    cvs_fail_expected(reader->err, "framework \"%s\", or none", cvs_framework_name(found));
    return CVS_INVALID;
}

/* The class in any dialect that comes nearest in name; NULL when none does. */
static const char *nearest_class(const cvs_node *node, form *f) {
    const char *known[512];
    size_t count = 0;
    for (const cvs__dialect *const *dialect = cvs__dialects; *dialect; dialect++) {
        form candidate;
        if (!find_form(*dialect, node, &candidate)) continue;
        *f = candidate;
        for (const cvs__class *row = (*dialect)->classes; row->name && count < 511; row++) known[count++] = row->name;
    }
    known[count] = NULL;
    return count ? cvs_nearest_name(f->name, known) : NULL;
}

static cvs_status fail_class(cvs__reader *reader, const cvs_node *base, const cvs_node *node, cvs_framework said) {
    form f = {0};
    const char *nearest = nearest_class(node, &f);
    if (!f.name) return fail_form(reader, base, node);
    match other;
    if (said != CVS_FRAMEWORK_AUTO && find_best(base, node, CVS_FRAMEWORK_AUTO, &other))
        return fail_framework(reader, base, node, &f, said, other.dialect->framework);
    cvs_fail(reader->err, CVS_INVALID, "unknown-layer", NULL, "there is no layer '%.80s'%s%s%s", f.type,
             nearest ? "; did you mean " : "", nearest ? nearest : "", nearest ? "?" : "");
    fail_at(reader, base, node->kind == CVS_NODE_DICT ? node->child : node);
    cvs_fail_value(reader->err, "%.100s", f.type);
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
static const char *renamed(const match *m, const char *name, cvs_framework *framework) {
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

static void fail_unknown(cvs__reader *reader, const match *m) {
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
        snprintf(hint, sizeof hint, "; what %s calls %.40s is %s here", cvs__framework_title(framework), key, name);
    else if (nearest)
        snprintf(hint, sizeof hint, "; did you mean %s?", nearest);
    cvs_fail(reader->err, CVS_INVALID, "unknown-argument", NULL, "%s has no argument '%.80s'%s", m->row->name, key,
             hint);
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

static void fail_too_many(cvs__reader *reader, const match *m) {
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

static void fail_missing(cvs__reader *reader, const match *m) {
    cvs_fail(reader->err, CVS_INVALID, "missing-argument", NULL, "%s needs %s", m->row->name, m->argument->name);
    cvs__error_at(reader->err, m->bindings.base, m->node);
    cvs_fail_expected(reader->err, "%s: %s", m->argument->name, m->argument->type->expected);
}

static cvs_status fail_arguments(cvs__reader *reader, const match *m) {
    if (m->problem == MISSING) {
        fail_missing(reader, m);
        return CVS_INVALID;
    }
    if (m->problem == UNKNOWN_ARGUMENT)
        fail_unknown(reader, m);
    else if (m->problem == TOO_MANY)
        fail_too_many(reader, m);
    else
        cvs_fail(reader->err, CVS_INVALID, "argument-repeated", NULL, "%s of %s is given twice", m->argument->name,
                 m->row->name);
    fail_at(reader, m->bindings.base, m->node);
    if (m->node->key) cvs__error_at_key(reader->err, m->bindings.base, m->node);
    return CVS_INVALID;
}

/* ---- the whole ---- */

/* The member with the arguments must be an object, or be left out. */
static cvs_status check_config(cvs__reader *reader, const match *m, const cvs_node *node) {
    const cvs_node *config =
        m->dialect->config_key && node->kind == CVS_NODE_DICT ? cvs_node_get(node, m->dialect->config_key) : NULL;
    if (!config || config->kind == CVS_NODE_DICT) return CVS_OK;
    cvs_fail(reader->err, CVS_INVALID, "wrong-type", NULL, "%s must be an object, not %s", m->dialect->config_key,
             cvs__node_kind_name(config));
    fail_at(reader, m->bindings.base, config);
    cvs_fail_expected(reader->err, "an object with the arguments of %s", m->row->name);
    return CVS_INVALID;
}

cvs_status cvs__recognise(cvs__reader *reader, const cvs_node *base, const cvs_node *node, cvs_framework framework) {
    match best;
    if (!find_best(base, node, framework, &best)) return fail_class(reader, base, node, framework);
    cvs_status status = check_config(reader, &best, node);
    if (!status && best.problem != NO_PROBLEM) status = fail_arguments(reader, &best);
    if (status) return status;
    reader->dialect = best.dialect;
    reader->row = best.row;
    reader->bindings = cvs_arena_alloc(reader->arena, sizeof *reader->bindings);
    if (!reader->bindings) return cvs_fail(reader->err, CVS_NO_MEMORY, "no-memory", NULL, "not enough memory");
    *reader->bindings = best.bindings;
    return CVS_OK;
}
