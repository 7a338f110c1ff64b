#include <string.h>

#include "dialect/match.h"

/* ---- lists of arguments ---- */

const cvs__argument *cvs__argument_find(const cvs__argument *list, const char *name) {
    for (; list && list->name; list++)
        if (cvs__same_word(list->name, name) || (list->alias && cvs__same_word(list->alias, name))) return list;
    return NULL;
}

const cvs__dialect *cvs__dialect_of(cvs_framework framework) {
    const cvs__dialect *const *dialect = cvs__dialects;
    while (*dialect && (*dialect)->framework != framework) dialect++;
    return *dialect;
}

/* ---- forms ---- */

static bool is_word(const char *text, size_t length, const char *word) {
    return text[0] == word[0] && strlen(word) == length && memcmp(text, word, length) == 0;
}

/* nn.Conv2D is no layer of PyTorch, and is not to be read as Keras's Conv2D: what stands before the last dot decides.
 */
static bool is_from(const cvs__dialect *dialect, const char *dotted) {
    bool tensorflow = false, keras = false, torch = false;
    for (const char *end; (end = strchr(dotted, '.')); dotted = end + 1) {
        size_t length = (size_t)(end - dotted);
        tensorflow |= is_word(dotted, length, "tf") || is_word(dotted, length, "tensorflow"); /* never had Keras 1 */
        keras |= is_word(dotted, length, "keras");
        torch |= is_word(dotted, length, "torch") || is_word(dotted, length, "nn");
    }
    if (tensorflow) return dialect->framework == CVS_KERAS;
    if (keras) return dialect->framework == CVS_KERAS || dialect->framework == CVS_KERAS1;
    return !torch || dialect->framework == CVS_PYTORCH;
}

bool cvs__form_find(const cvs__dialect *dialect, const cvs_node *node, cvs__form *out) {
    if (node->kind == CVS_NODE_CALL) {
        *out = (cvs__form){cvs__last_component(node->text), node->text, node, NULL};
        return dialect->code && is_from(dialect, node->text);
    }
    const cvs_node *name = dialect->class_key ? cvs_node_get(node, dialect->class_key) : NULL;
    if (!name || name->kind != CVS_NODE_STRING) return false;
    const cvs_node *config = dialect->config_key ? cvs_node_get(node, dialect->config_key) : node;
    *out = (cvs__form){name->text, name->text, config, dialect->config_key ? node : NULL};
    return true;
}

/* ---- binding ---- */

static void add_problem(cvs__match *m, cvs__problem problem, const cvs_node *node, const cvs__argument *argument) {
    m->misfits++;
    if (m->problem != CVS__FITS) return;
    m->problem = problem;
    m->node = node;
    m->argument = argument;
}

static bool fits(const cvs__argument *argument, const cvs_node *node) {
    bool variable = node->kind == CVS_NODE_NAME || node->kind == CVS_NODE_CALL;
    return variable || (argument->type->kinds & (1U << node->kind));
}

static const cvs_node *bound(const cvs__match *m, const cvs__argument *argument) {
    for (int i = 0; i < m->bindings.count; i++)
        if (m->bindings.binding[i].argument == argument) return m->bindings.binding[i].node;
    return NULL;
}

static void bind(cvs__match *m, const cvs__argument *argument, const cvs_node *node) {
    if (bound(m, argument)) {
        add_problem(m, CVS__REPEATED, node, argument);
        return;
    }
    /* A wrong type is told when the value is read; here it only counts against the row. */
    if (!fits(argument, node)) m->misfits++;
    if (m->bindings.count < CVS__MAX_ARGUMENTS)
        m->bindings.binding[m->bindings.count++] = (cvs__binding){argument, node};
}

static const cvs__argument *find_keyword(const cvs__match *m, const char *name) {
    const cvs__argument *argument = cvs__argument_find(m->row->arguments, name);
    return argument ? argument : cvs__argument_find(m->dialect->common, name);
}

static void bind_arguments(cvs__match *m, const cvs_node *arguments) {
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
            add_problem(m, node->key ? CVS__UNKNOWN_ARGUMENT : CVS__TOO_MANY, node, NULL);
    }
}

static void bind_beside(cvs__match *m, const cvs_node *beside) {
    for (const cvs_node *node = beside ? beside->child : NULL; node; node = node->next) {
        if (cvs__node_has_key(node, m->dialect->class_key) || cvs__node_has_key(node, m->dialect->config_key)) continue;
        const cvs__argument *argument = cvs__argument_find(m->row->beside, node->key);
        if (!argument) argument = cvs__argument_find(m->dialect->beside, node->key);
        if (argument)
            bind(m, argument, node);
        else
            add_problem(m, CVS__UNKNOWN_ARGUMENT, node, NULL);
    }
}

static void find_missing(cvs__match *m, const cvs__argument *list, const cvs_node *node) {
    for (; list && list->name; list++)
        if (list->required && !bound(m, list)) add_problem(m, CVS__MISSING, node, list);
}

/* The bindings themselves are written as they are found: there is room for many more than most layers have. */
static void start(cvs__match *m, const cvs__dialect *dialect, const cvs__class *row, const cvs_node *base) {
    m->dialect = dialect;
    m->row = row;
    m->bindings.base = base;
    m->bindings.spatial_rank = 0;
    m->bindings.count = 0;
    m->misfits = 0;
    m->problem = CVS__FITS;
    m->node = NULL;
    m->argument = NULL;
}

/* Lay the row over a form. */
static void lay(cvs__match *m, const cvs__form *f, const cvs_node *node) {
    bind_arguments(m, f->arguments);
    bind_beside(m, f->beside);
    find_missing(m, m->row->arguments, f->arguments ? f->arguments : node);
    find_missing(m, m->row->beside, node);
}

/* ---- the best row ---- */

/* The first row from `row` on that has this name or alias; NULL when none has. */
static const cvs__class *next_named(const cvs__class *row, const char *name) {
    for (; row->name; row++)
        if (cvs__same_word(row->name, name) || (row->alias && cvs__same_word(row->alias, name))) return row;
    return NULL;
}

/* Our own form may be read with any framework's semantics. */
static bool may_be(const cvs__dialect *dialect, cvs_framework framework) {
    return framework == CVS_FRAMEWORK_AUTO || framework == dialect->framework || dialect == &cvs__own;
}

/*
 * A row called by its own name goes before one called by an alias where the arguments fit both alike. Nothing goes
 * before the first that is called by its own name and fits: no further row is looked at.
 */
const cvs__match *cvs__match_best(const cvs_node *base, const cvs_node *node, cvs_framework framework,
                                  cvs__match room[2]) {
    int fewest = INT32_MAX;
    cvs__match *best = NULL;
    for (const cvs__dialect *const *dialect = cvs__dialects; *dialect && fewest > 0; dialect++) {
        cvs__form f;
        if (!may_be(*dialect, framework) || !cvs__form_find(*dialect, node, &f)) continue;
        const cvs__class *row = next_named((*dialect)->classes, f.name);
        for (; row; row = fewest > 0 ? next_named(row + 1, f.name) : NULL) {
            cvs__match *m = best == &room[0] ? &room[1] : &room[0];
            start(m, *dialect, row, base);
            lay(m, &f, node);
            int score = 2 * m->misfits + !cvs__same_word(row->name, f.name);
            if (score >= fewest) continue;
            fewest = score;
            best = m;
        }
    }
    return best;
}
