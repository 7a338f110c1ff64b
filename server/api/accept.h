/*
 * accept.h - lists of what a client likes, each with a weight: Accept, Accept-Language, Accept-Encoding (RFC
 * 9110, 12.4.2 and 12.5).
 */
#ifndef CONVSCOPE_ACCEPT_H
#define CONVSCOPE_ACCEPT_H

#include "api/span.h"

/* One element of such a list. */
typedef struct accept_element {
    span name;  /* "text/html", "zh-CN", "gzip", "*": what stands before its parameters; not empty */
    int weight; /* its q, in thousandths: 0 to 1000; 1000 where there is none */
} accept_element;

/*
 * The next element of the list, which is moved on; false when there is none. What is no element, or has a weight that
 * cannot be read, is passed over.
 */
bool accept_next(span *list, accept_element *out);

/*
 * Which of `types` ("application/json", ..., NULL at their end; those we like best first) an Accept header likes best:
 * the most specific range that fits a type says how much (RFC 9110, 12.5.1), parameters of a range aside. The first
 * without a header (NULL); -1 when none is acceptable.
 */
int accept_media_type(const char *accept, const char *const *types);

#endif
