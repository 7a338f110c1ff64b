#include "cli/tool/model.h"

#include <string.h>

const char *const tool_level_words[] = {"error", "warning", "note", "never", NULL};
enum { NEVER = 3 };

bool tool_add_parameter(tool_parameters *parameters, const char *name, const char *value) {
    if (parameters->count == API_MOST_PARAMETERS) return false;
    parameters->list[parameters->count++] = (api_parameter){name, value};
    return true;
}

bool tool_take_parameters(const tool_arguments *arguments, tool_parameters *out) {
    bool fits = true;
    for (size_t i = 0; i < arguments->given_count; i++) {
        const tool_given *given = &arguments->given[i];
        const char *name = tool_parameter_of(given->option->name);
        if (name) fits &= tool_add_parameter(out, name, given->value);
    }
    return fits;
}

int tool_word(const char *word, const char *const *words) {
    int i = 0;
    while (words[i] && strcmp(words[i], word) != 0) i++;
    return i;
}

bool tool_fails(const tool_arguments *arguments, const api_response *answer) {
    const char *level = tool_value(arguments, "fail-on");
    const int lowest = level ? tool_word(level, tool_level_words) : 0;
    int counts[NEVER] = {0}, failed = 0;
    for (size_t i = 0; i < answer->header_count; i++) {
        if (strcmp(answer->headers[i].name, "Convscope-Findings") != 0) continue;
        if (sscanf(answer->headers[i].value, "errors=%d, warnings=%d, notes=%d, failed=%d", &counts[0], &counts[1],
                   &counts[2], &failed) != 4)
            return true;
    }
    if (lowest == NEVER) return false;
    for (int i = 0; i <= lowest; i++) failed += counts[i];
    return failed > 0;
}
