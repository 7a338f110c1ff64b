/* span.h - pieces of a header's value (RFC 9110, 5.6): lists, parameters, quoted strings. Nothing is copied. */
#ifndef CONVSCOPE_SPAN_H
#define CONVSCOPE_SPAN_H

#include <stdbool.h>
#include <stddef.h>

/* Text between two places; borrowed, not terminated. */
typedef struct span {
    const char *begin, *end;
} span;

/* Without the spaces and tabs at either end. */
span span_trim(span text);

/* What stands before the first `separator` outside of quotes, trimmed; *rest is moved behind it. */
span span_cut(span *rest, char separator);

/* Whether it is this word; letter case does not matter. */
bool span_is(span text, const char *word);

/*
 * The value of the parameter `name` in "a=b; name=value", without quotes if it has any (what is escaped in them stays
 * so). Returns how many there are of that name; *value is the first.
 */
int span_parameter(span parameters, const char *name, span *value);

#endif
