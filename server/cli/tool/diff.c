/* diff.c - convscope diff: POST /v1/diff for two files, without a server. */
#include "api/base64.h"
#include "api/json_writer.h"
#include "cli/tool/ask.h"
#include "cli/tool/model.h"

#include <stdlib.h>
#include <string.h>

static const char *const format_words[] = {"table", "json", "markdown", NULL};
static const char *const format_types[] = {"text/plain", "application/json", "text/markdown"};

/* As a string, or where it is no text as {"file_base64": ...}. */
static void write_model(const cvs_text *file, json_writer *writer) {
    const cvs_model_kind kind = cvs_model_recognise(file->data, file->length);
    if (kind == CVS_MODEL_KIND_TEXT || kind == CVS_MODEL_KIND_JSON) {
        json_write_text(writer, file->data ? file->data : "", file->length);
        return;
    }
    json_begin_object(writer);
    json_key(writer, "file_base64");
    const size_t size = base64_encoded_size(file->length);
    char *out = json_reserve_value(writer, size + 2); /* with the quotes */
    if (out) {
        out[0] = out[size + 1] = '"';
        base64_encode(file->data, file->length, out + 1);
        json_commit(writer, size + 2);
    }
    json_end_object(writer);
}

/* {"before": ..., "after": ...}; the caller frees it. NULL: it was said why not. */
static char *write_request(const tool_question *question, const tool_arguments *arguments, size_t *length) {
    static const char *const sides[] = {"before", "after"};
    json_writer writer = {0};
    bool read = true;
    json_begin_object(&writer);
    for (size_t i = 0; i < 2 && read; i++) {
        cvs_text text = {0};
        read = tool_read_file(question->what, arguments->operands[i], question->context->limits.body_bytes, &text);
        json_key(&writer, sides[i]);
        write_model(&text, &writer);
        cvs_text_free(&text);
    }
    json_end_object(&writer);
    char *body = json_writer_take(&writer, length);
    if (read) return body;
    free(body);
    return NULL;
}

static int run_diff(const tool_arguments *arguments) {
    const char *format = tool_value(arguments, "format");
    const int form = format ? tool_word(format, format_words) : 0;
    api_context context;
    api_response answer;
    tool_parameters parameters = {0};
    tool_context(&context);
    tool_question question = {
        .what = arguments->tool, .context = &context, .endpoint = api_diff, .arguments = arguments};
    if (arguments->operand_count != 2) return tool_misused(arguments->tool, "expected two models");
    if (!tool_take_parameters(arguments, &parameters)) return tool_misused(arguments->tool, "too many options");
    char *body = write_request(&question, arguments, &question.request.body_length);
    question.request.body = body;
    question.request.accept = format_types[form];
    question.request.parameters = parameters.list;
    question.request.parameter_count = parameters.count;
    int status = TOOL_UNREADABLE;
    if (body) status = tool_ask(&question, &answer);
    if (status == TOOL_OK) {
        fwrite(answer.body, 1, answer.body_length, stdout);
        if (form == 1) putchar('\n');
        status = tool_fails(arguments, &answer) ? TOOL_FINDINGS : TOOL_OK;
        api_response_free(&answer);
    }
    free(body);
    return tool_finish(arguments->tool, status);
}

static const tool_option options[] = {
    {"input", 'i', "SHAPE", false, NULL, "shape of both models' input, as for `convscope review`"},
    {"format", 'f', "FORMAT", false, format_words, "how to print it: table (default), json, or markdown for a comment"},
    {"fail-on", 0, "LEVEL", false, tool_level_words,
     "exit with status 1 when there is a new finding of this level or above: error (default), warning, note, or never"},
    {"rules", 'r', "RULES", false, NULL, "which rules are wanted, as for `convscope review`"},
    {"framework", 0, "NAME", false, tool_framework_words, "whose models they are, where that is not seen"},
    {"language", 'l', "LANGUAGE", false, tool_language_words, "of the findings: en (default) or zh"},
    {NULL, 0, NULL, false, NULL, NULL},
};

const tool tool_diff = {
    .name = "diff",
    .operands = "BEFORE AFTER",
    .summary = "say what changed from one model to another",
    .description = "Match the layers of two models by what they are and where they stand, and print what changed in "
                   "shapes, parameters, multiply-adds (MACs), receptive fields and memory, and which findings are new "
                   "or fixed. The files are of any kind that `convscope review` reads.",
    .options = options,
    .examples = "  convscope diff main.json branch.json --input 1,224,224,3 --format markdown\n",
    .statuses = "0 no new finding, 1 new findings as --fail-on says, 2 wrong usage, 3 a file that cannot be read.",
    .run = run_diff,
};
