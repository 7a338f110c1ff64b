/* convolve.c - convscope convolve: POST /v1/convolve for a file, without a server. */
#include "cli/options.h"
#include "cli/tool/ask.h"

#include <stdlib.h>

static int ask_once(tool_question *question, const char *name) {
    cvs_text body = {0};
    api_response answer;
    int status = TOOL_UNREADABLE;
    question->file = name;
    if (tool_read_file(question->what, name, question->context->limits.body_bytes, &body)) {
        question->request.body = body.data ? body.data : "";
        question->request.body_length = body.length;
        if (tool_ask(question, &answer) == TOOL_OK) {
            fwrite(answer.body, 1, answer.body_length, stdout);
            if (answer.tail) fwrite(answer.tail, 1, answer.tail_length, stdout);
            if (!question->request.accept) fputc('\n', stdout);
            api_response_free(&answer);
            status = TOOL_OK;
        }
    }
    cvs_text_free(&body);
    return tool_finish(question->what, status);
}

static int run_convolve(const tool_arguments *arguments) {
    const char *file = arguments->operand_count > 0 ? arguments->operands[0] : "-";
    cvs_engine_options how = {0};
    cvs_engine *engine = NULL;
    cvs_error err = {0};
    api_context context;
    if (arguments->operand_count > 1) return tool_misused(arguments->tool, "expected one file");
    if (tool_has(arguments, "npy") && tool_has(arguments, "ndjson"))
        return tool_misused(arguments->tool, "--npy prints one file, --ndjson many lines: give one of them");
    if (cli_isa_parse(getenv("CONVSCOPE_ISA"), &how, &err) != CVS_OK)
        return tool_misused(arguments->tool, "%s", err.message);
    if (cvs_engine_create(&how, &engine, &err) != CVS_OK) {
        fprintf(stderr, "convscope convolve: %s\n", err.message);
        return TOOL_UNREADABLE;
    }
    api_context_defaults(&context, engine);
    tool_question question = {.what = arguments->tool, .context = &context, .endpoint = api_convolve};
    if (tool_has(arguments, "npy")) question.request.accept = "application/x-npy";
    const int status = tool_has(arguments, "ndjson") ? tool_ask_lines(&question, arguments) : ask_once(&question, file);
    cvs_engine_free(engine);
    return status;
}

static const tool_option options[] = {
    {"npy", 0, NULL, false, NULL, "print the output as a file that numpy.load() opens, instead of JSON"},
    {"ndjson", 0, NULL, false, NULL, "read requests, a line each, and print an answer a line"},
    {"fail-on", 0, "WHEN", false, tool_problem_words,
     "with --ndjson: error (default) for exit status 3 when an answer is a problem, or never: then only what "
     "cannot be read fails, for pipes that take a status other than 0 as a failure of all"},
    {NULL, 0, NULL, false, NULL, NULL},
};

const tool tool_convolve = {
    .name = "convolve",
    .operands = "[REQUEST]",
    .summary = "compute a layer on its input",
    .description = "Compute what a request of POST /v1/convolve asks for: a layer, its input and its weights, as JSON. "
                   "REQUEST is a file, - or no file standard input.",
    .options = options,
    .examples = "  echo '{\"layer\": \"Conv1D(1, 3)\", \"input\": [[[1], [2], [3], [4]]], \"weights\": {\"random\": "
                "7}}' | convscope convolve\n",
    .statuses = "0, 2 wrong usage, 3 a request that cannot be read or computed.",
    .run = run_convolve,
};
