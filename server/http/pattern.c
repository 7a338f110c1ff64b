#include "http/pattern.h"

#include <string.h>

/* Where the pattern goes on behind the group whose bracket is at `pattern`, and how many names are in the group. */
static const char *pass_group(const char *pattern, int *names) {
    for (*names = 0; *pattern != ']'; pattern++) *names += *pattern == '{';
    return pattern + 1;
}

/* The next segment of the path becomes value number `nth`; NULL when there is none, or no room for it. */
static const char *take_value(const char *path, int nth, http_values *values) {
    const size_t length = strcspn(path, "/");
    if (length == 0 || length >= HTTP_VALUE_MAX) return NULL;
    memcpy(values->value[nth], path, length);
    values->value[nth][length] = '\0';
    return path + length;
}

/* The rest of both; `nth` is the number of the next value. A group is tried before it is left out. */
static bool fits(const char *pattern, const char *path, int nth, http_values *values) {
    int names;
    while (*pattern) {
        switch (*pattern) {
        case '{':
            path = take_value(path, nth++, values);
            if (!path) return false;
            pattern = strchr(pattern, '}') + 1;
            break;
        case '[':
            if (fits(pattern + 1, path, nth, values)) return true;
            pattern = pass_group(pattern, &names);
            while (names-- > 0) *values->value[nth++] = '\0';
            break;
        case ']':
            pattern++;
            break;
        default:
            if (*pattern++ != *path++) return false;
        }
    }
    return *path == '\0';
}

bool http_pattern_fits(const char *pattern, const char *path, http_values *values) {
    http_values found = {0};
    if (!fits(pattern, path, 0, &found)) return false;
    *values = found;
    return true;
}
