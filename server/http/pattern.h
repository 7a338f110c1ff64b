/* pattern.h - paths with parts that are left open: "/v2/models/{model}[/versions/{version}]/infer". */
#ifndef CONVSCOPE_HTTP_PATTERN_H
#define CONVSCOPE_HTTP_PATTERN_H

#include "api/api.h"

/* Room for one value and its NUL; a path with a longer one fits no pattern. */
#define HTTP_VALUE_MAX 64

/* What stands in a path where its pattern has a name in braces, in their order, as received; "" where the path leaves
 * it out. */
typedef struct http_values {
    char value[API_PATH_VALUES][HTTP_VALUE_MAX];
} http_values;

/*
 * Whether `path` fits `pattern`: {name} is one segment or the rest of one, not empty; [text] may be left out, groups
 * are not nested; all else is itself. At most API_PATH_VALUES names. `values` are only set when it fits.
 */
bool http_pattern_fits(const char *pattern, const char *path, http_values *values);

#endif
