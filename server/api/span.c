#include "api/span.h"

#include <string.h>
#include <strings.h>

static bool is_blank(char c) { return c == ' ' || c == '\t'; }

span span_trim(span text) {
    while (text.begin < text.end && is_blank(*text.begin)) text.begin++;
    while (text.begin < text.end && is_blank(text.end[-1])) text.end--;
    return text;
}

span span_cut(span *rest, char separator) {
    const char *at = rest->begin;
    for (bool quoted = false; at < rest->end && (quoted || *at != separator); at++) {
        if (*at == '"') quoted = !quoted;
        if (quoted && *at == '\\' && at + 1 < rest->end) at++;
    }
    const span first = {rest->begin, at};
    rest->begin = at < rest->end ? at + 1 : at;
    return span_trim(first);
}

bool span_is(span text, const char *word) {
    const size_t length = (size_t)(text.end - text.begin);
    return strlen(word) == length && strncasecmp(text.begin, word, length) == 0;
}

static span unquoted(span text) {
    if (text.end - text.begin < 2 || *text.begin != '"' || text.end[-1] != '"') return text;
    return (span){text.begin + 1, text.end - 1};
}

int span_parameter(span parameters, const char *name, span *value) {
    int found = 0;
    while (parameters.begin < parameters.end) {
        span rest = span_cut(&parameters, ';');
        if (!span_is(span_cut(&rest, '='), name)) continue;
        if (found++ == 0) *value = unquoted(span_trim(rest));
    }
    return found;
}
