/* list_body.h - lists of numbers, one number after the other: what the readers of all levels share. */
#ifndef CONVSCOPE_LIST_BODY_H
#define CONVSCOPE_LIST_BODY_H

#include "number/text_float.h"

/* How far a list is read. */
typedef struct list {
    const char *p, *end;
    float *out;
    size_t room;        /* numbers that may still be written */
    cvs_list_stop stop; /* CVS_LIST_FULL as long as only `room` ends it */
} list;

static inline const char *skip_space(const char *p, const char *end) {
    while (p < end && (*p == ' ' || *p == '\n' || *p == '\r' || *p == '\t')) p++;
    return p;
}

/* One number and the comma behind it, or why the list stops here. */
static inline void read_next(list *l) {
    const char *number = skip_space(l->p, l->end), *behind = read_number(number, l->end, l->out);
    l->p = number;
    if (!behind || __builtin_isinf(*l->out)) {
        l->stop = behind ? CVS_LIST_TOO_LARGE : CVS_LIST_NO_NUMBER;
        return;
    }
    l->out++, l->room--;
    l->p = skip_space(behind, l->end);
    if (l->p < l->end && *l->p == ',')
        l->p++;
    else
        l->stop = CVS_LIST_CLOSED;
}

#endif
