/* match.h - laying a row over the way a layer is written: which argument each node is, and what does not fit. */
#ifndef CONVSCOPE_DIALECT_MATCH_H
#define CONVSCOPE_DIALECT_MATCH_H

#include "dialect/reader.h"

/* How a node writes a layer in one dialect. */
typedef struct cvs__form {
    const char *name;          /* of the class, without what is dotted before it */
    const char *type;          /* as written */
    const cvs_node *arguments; /* CALL or DICT; NULL: none */
    const cvs_node *beside;    /* DICT of the members beside them, or NULL */
} cvs__form;

/* What does not fit between a row and a form; the first is kept. */
typedef enum cvs__problem { CVS__FITS, CVS__UNKNOWN_ARGUMENT, CVS__REPEATED, CVS__TOO_MANY, CVS__MISSING } cvs__problem;

typedef struct cvs__match {
    const cvs__dialect *dialect;
    const cvs__class *row;
    cvs__bindings bindings;
    int misfits;
    cvs__problem problem;
    const cvs_node *node;
    const cvs__argument *argument;
} cvs__match;

/* How `node` would be read in a dialect; false when that dialect does not write layers like this. */
bool cvs__form_find(const cvs__dialect *dialect, const cvs_node *node, cvs__form *out);

/*
 * The row of any dialect that may be meant that fits best; NULL when none has this name. Pointers of errors start at
 * `base`. `room` is for the best so far and the one being tried; what is returned is one of them.
 */
const cvs__match *cvs__match_best(const cvs_node *base, const cvs_node *node, cvs_framework framework,
                                  cvs__match room[2]);

/* ---- known.c: layers that a framework has and no row describes ---- */

/* Their names; ends with NULL. */
const char *const *cvs__known_layers(cvs_framework framework);
bool cvs__is_known_layer(cvs_framework framework, const char *name);

/* ---- complaints.c: errors when there is no row, or it does not fit. CVS_INVALID. ---- */

cvs_status cvs__complain_class(cvs__reader *reader, const cvs_node *base, const cvs_node *node, cvs_framework said);
cvs_status cvs__complain_arguments(cvs__reader *reader, const cvs__match *match);
cvs_status cvs__complain_config(cvs__reader *reader, const cvs__match *match, const cvs_node *config);

#endif
