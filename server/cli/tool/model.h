/* model.h - what the tools for models share: options that are parameters of the endpoint, and the exit status. */
#ifndef CONVSCOPE_CLI_MODEL_H
#define CONVSCOPE_CLI_MODEL_H

#include "cli/tool/ask.h"

extern const char *const tool_level_words[]; /* of --fail-on */

typedef struct tool_parameters {
    api_parameter list[API_MOST_PARAMETERS];
    size_t count;
} tool_parameters;

/* One more; false when there are too many. */
bool tool_add_parameter(tool_parameters *parameters, const char *name, const char *value);
/* Those among the options. */
bool tool_take_parameters(const tool_arguments *arguments, tool_parameters *out);

/* The place of a word in a list that has it. */
int tool_word(const char *word, const char *const *words);

/* Whether the answer's header has a finding at or above the level that --fail-on names. */
bool tool_fails(const tool_arguments *arguments, const api_response *answer);

#endif
