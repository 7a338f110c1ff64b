/* ask.h - what the tools share: files, questions to the API, answers that are problems. */
#ifndef CONVSCOPE_CLI_ASK_H
#define CONVSCOPE_CLI_ASK_H

#include "api/api.h"
#include "cli/tool/tool.h"

typedef void tool_endpoint(const api_context *context, const api_request *request, api_response *response);

/* A question: whose, to which endpoint, with what. */
typedef struct tool_question {
    const tool *what;
    const api_context *context;
    tool_endpoint *endpoint;
    const char *file;                       /* where it came from, for messages; NULL: the command line */
    const struct tool_arguments *arguments; /* whose options are parameters of the request; NULL: nobody's */
    api_request request;
} tool_question;

/* Set up what endpoints need, without an engine; with limits for files of 2 GiB. */
void tool_context(api_context *out);

/* All of a file, or of standard input ("-"), into `out`, which the caller frees. False: it was said on standard error
 * why not. */
bool tool_read_file(const tool *what, const char *name, size_t limit, cvs_text *out) CVS_NODISCARD;

/* What endpoints for models call an option: "input_shape" of "input". NULL: it is none of theirs. */
const char *tool_parameter_of(const char *option);

/* Ask. Not TOOL_OK when the answer is a problem, which was then said on standard error and freed: TOOL_USAGE where it
 * is about an option, else TOOL_UNREADABLE. */
int tool_ask(const tool_question *question, api_response *out) CVS_NODISCARD;

/* Ask what each line of the files that were named asks, of standard input where none was, and print the answers, a line
 * each, at once; blank lines are passed over. The exit status: TOOL_UNREADABLE when a file cannot be read, or some
 * answer is a problem; not for those with --fail-on never. */
int tool_ask_lines(const tool_question *question, const tool_arguments *arguments);
/* What --fail-on takes where only problems are told from answers. */
extern const char *const tool_problem_words[];

/* Has everything that was printed arrived? Then `status`, else TOOL_UNREADABLE. */
int tool_finish(const tool *what, int status);

/* Whether standard output takes colours: a terminal, and NO_COLOR is not set; --color says otherwise. */
bool tool_colours(const tool_arguments *arguments);
extern const char *const tool_colour_words[];
extern const char *const tool_language_words[];
extern const char *const tool_framework_words[];

#endif
