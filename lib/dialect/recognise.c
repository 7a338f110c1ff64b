#include <stddef.h>
#include <string.h>

#include "dialect/match.h"

/* The member with the arguments must be an object, or be left out. */
static cvs_status check_config(cvs__reader *reader, const cvs__match *m, const cvs_node *node) {
    if (!m->dialect->config_key || node->kind != CVS_NODE_DICT) return CVS_OK;
    const cvs_node *config = cvs_node_get(node, m->dialect->config_key);
    return !config || config->kind == CVS_NODE_DICT ? CVS_OK : cvs__complain_config(reader, m, config);
}

/* Room for the bindings there are: most layers have few. */
static cvs__bindings *keep(cvs_arena *arena, const cvs__bindings *bindings) {
    size_t size = offsetof(cvs__bindings, binding) + (size_t)bindings->count * sizeof *bindings->binding;
    cvs__bindings *kept = cvs_arena_take(arena, size);
    return kept ? memcpy(kept, bindings, size) : NULL;
}

cvs_status cvs__recognise(cvs__reader *reader, const cvs_node *base, const cvs_node *node, cvs_framework framework) {
    cvs__match room[2];
    const cvs__match *best = cvs__match_best(base, node, framework, room);
    if (!best) return cvs__complain_class(reader, base, node, framework);
    cvs_status status = check_config(reader, best, node);
    if (!status && best->problem != CVS__FITS) status = cvs__complain_arguments(reader, best);
    if (status) return status;
    reader->dialect = best->dialect;
    reader->row = best->row;
    reader->bindings = keep(reader->arena, &best->bindings);
    return reader->bindings ? CVS_OK : cvs_fail(reader->err, CVS_NO_MEMORY, "no-memory", NULL, "not enough memory");
}
