#include "cli/tool/ask.h"

#include "cli/tool/progress.h"

#include <errno.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

const char *const tool_colour_words[] = {"auto", "always", "never", NULL};
const char *const tool_language_words[] = {"en", "zh", NULL};
const char *const tool_problem_words[] = {"error", "never", NULL};
const char *const tool_framework_words[] = {"auto", "keras", "keras1", "pytorch", "onnx", "convscope", NULL};

/* Files that protobuf and people make, and memory for what is read of them: nobody else pays for it here. */
static const size_t most_bytes = (size_t)2 << 30, most_memory = (size_t)1 << 30;

void tool_context(api_context *out) {
    api_context_defaults(out, NULL);
    out->limits.body_bytes = most_bytes;
    out->limits.json_bytes = most_memory;
}

/* ---- files --------------------------------------------------------------------------- */

static FILE *open_file(const tool *what, const char *name) {
    FILE *file = strcmp(name, "-") == 0 ? stdin : fopen(name, "rb");
    if (!file) fprintf(stderr, "convscope %s: %s: %s\n", what->name, name, strerror(errno));
    return file;
}

static void close_file(FILE *file) {
    if (file != stdin) fclose(file);
}

bool tool_read_file(const tool *what, const char *name, size_t limit, cvs_text *out) {
    enum { PIECE = 1 << 16 };
    FILE *file = open_file(what, name);
    if (!file) return false;
    for (size_t got = 1; got > 0 && out->length <= limit;) {
        char *room = cvs_text_reserve(out, PIECE);
        got = room ? fread(room, 1, PIECE, file) : 0;
        if (room) cvs_text_commit(out, got);
    }
    const bool broken = ferror(file);
    const char *why = broken                ? strerror(errno)
                      : out->failed         ? "there is no memory for it"
                      : out->length > limit ? "it is larger than can be read"
                                            : NULL;
    if (why) fprintf(stderr, "convscope %s: %s: %s\n", what->name, name, why);
    close_file(file);
    return !why;
}

/* ---- answers ------------------------------------------------------------------------------ */

/* "net.json:12:5: ", as far as that is known. */
static void print_place(const tool_question *question, const json_t *error) {
    const json_int_t line = json_integer_value(json_object_get(error, "line"));
    const json_int_t column = json_integer_value(json_object_get(error, "column"));
    if (question->file) fprintf(stderr, "%s:", question->file);
    if (line > 0) fprintf(stderr, "%s%lld:%lld:", question->file ? "" : "line ", (long long)line, (long long)column);
    if (question->file || line > 0) fputc(' ', stderr);
}

/* Most are called as the endpoint calls them. */
const char *tool_parameter_of(const char *option) {
    static const char *const same[] = {"rules", "budget", "thresholds", "loss", "framework", "language"};
    for (size_t i = 0; i < sizeof same / sizeof *same; i++)
        if (strcmp(same[i], option) == 0) return same[i];
    return strcmp(option, "input") == 0 ? "input_shape" : NULL;
}

/* The option that a pointer is about: "budget" of "/budget/mac". NULL: none that was given. */
static const char *blamed_option(const tool_question *question, const char *pointer) {
    const tool_arguments *arguments = question->arguments;
    for (size_t i = 0; arguments && pointer && i < arguments->given_count; i++) {
        const char *name = arguments->given[i].option->name, *member = tool_parameter_of(name);
        const size_t length = member ? strlen(member) : 0;
        if (length > 0 && *pointer == '/' && strncmp(pointer + 1, member, length) == 0 &&
            (pointer[1 + length] == '/' || pointer[1 + length] == '\0'))
            return name;
    }
    return NULL;
}

static int print_problem(const tool_question *question, const api_response *response) {
    json_t *problem = json_loadb(response->body ? response->body : "", response->body_length, 0, NULL);
    const json_t *error = json_array_get(json_object_get(problem, "errors"), 0);
    const char *detail = json_string_value(json_object_get(problem, "detail"));
    const char *pointer = json_string_value(json_object_get(error, "pointer"));
    const char *expected = json_string_value(json_object_get(error, "expected"));
    const char *option = blamed_option(question, pointer);
    fprintf(stderr, "convscope %s: ", question->what->name);
    if (option)
        fprintf(stderr, "--%s: ", option);
    else
        print_place(question, error);
    fprintf(stderr, "%s", detail ? detail : "memory is short");
    if (!option && pointer && *pointer) fprintf(stderr, " (at %s)", pointer);
    fputc('\n', stderr);
    if (expected && *expected) fprintf(stderr, "  expected: %s\n", expected);
    json_decref(problem);
    return option ? TOOL_USAGE : TOOL_UNREADABLE;
}

int tool_ask(const tool_question *question, api_response *out) {
    *out = (api_response){0};
    question->endpoint(question->context, &question->request, out);
    if (out->status < 400 && (out->body || out->flow)) return TOOL_OK;
    const int status = print_problem(question, out);
    api_response_free(out);
    return status;
}

int tool_finish(const tool *what, int status) {
    if (fflush(stdout) == 0 && !ferror(stdout)) return status;
    fprintf(stderr, "convscope %s: standard output: %s\n", what->name, strerror(errno));
    return TOOL_UNREADABLE;
}

/* ---- lines ---------------------------------------------------------------------------------- */

/* Print the answer to a line at once: whoever sent it may wait for it before sending another. False: it is a problem.
 */
static bool ask_line(const tool_question *question, const char *line, size_t length) {
    api_request request = question->request;
    api_response answer = {0};
    request.body = line;
    request.body_length = length;
    question->endpoint(question->context, &request, &answer);
    const bool is_problem = answer.status >= 400;
    if (answer.body) fwrite(answer.body, 1, answer.body_length, stdout);
    fputc('\n', stdout);
    fflush(stdout);
    api_response_free(&answer);
    return !is_problem;
}

/* Lines, wherever they come from. */
typedef struct lines_run {
    const tool_question *question;
    bool problems_fail;
    size_t done;
    tool_progress progress;
} lines_run;

static int ask_lines_of(lines_run *run, const char *name) {
    const tool_question *question = run->question;
    FILE *file = open_file(question->what, name);
    char *line = NULL;
    size_t capacity = 0;
    int status = TOOL_OK;
    if (!file) return TOOL_UNREADABLE;
    for (ssize_t length; !ferror(stdout) && (errno = 0, length = getline(&line, &capacity, file)) > 0;) {
        if (strspn(line, " \t\r\n") == (size_t)length) continue;
        if (!ask_line(question, line, (size_t)length) && run->problems_fail) status = TOOL_UNREADABLE;
        tool_progress_step(&run->progress, ++run->done);
    }
    if (!feof(file) && !ferror(stdout)) {
        fprintf(stderr, "convscope %s: %s: %s\n", question->what->name, name, strerror(errno));
        status = TOOL_UNREADABLE;
    }
    free(line);
    close_file(file);
    return status;
}

int tool_ask_lines(const tool_question *question, const tool_arguments *arguments) {
    const char *fail_on = tool_value(arguments, "fail-on");
    lines_run run = {.question = question, .problems_fail = !fail_on || strcmp(fail_on, "never") != 0};
    int status = TOOL_OK;
    tool_progress_begin(&run.progress, question->what, "lines", 0);
    if (arguments->operand_count == 0) status = ask_lines_of(&run, "-");
    for (size_t i = 0; i < arguments->operand_count; i++)
        if (ask_lines_of(&run, arguments->operands[i]) != TOOL_OK) status = TOOL_UNREADABLE;
    tool_progress_end(&run.progress);
    return tool_finish(question->what, status);
}

/* ---- colours --------------------------------------------------------------------------------- */

bool tool_colours(const tool_arguments *arguments) {
    const char *when = tool_value(arguments, "color"), *none = getenv("NO_COLOR"), *term = getenv("TERM");
    if (when && strcmp(when, "auto") != 0) return strcmp(when, "always") == 0;
    return isatty(STDOUT_FILENO) && !(none && *none) && !(term && strcmp(term, "dumb") == 0);
}
