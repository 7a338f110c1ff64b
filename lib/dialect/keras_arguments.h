/* keras_arguments.h - what both generations of Keras share. */
#ifndef CONVSCOPE_DIALECT_KERAS_ARGUMENTS_H
#define CONVSCOPE_DIALECT_KERAS_ARGUMENTS_H

#include "dialect/table.h"

extern const cvs__argument cvs__keras_common[]; /* **kwargs of every layer */
extern const cvs__argument cvs__keras_beside[]; /* members of a serialised layer beside its config */

/* Decide how the plan's padding is written: a mode, or a padding layer of its own. */
cvs_status cvs__keras_adapt(cvs__plan *plan, cvs_error *err) CVS_NODISCARD;

#endif
