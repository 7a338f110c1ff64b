/* rules.c - convscope rules: GET /v1/rules for people. */
#include "cli/tool/ask.h"

#include <string.h>

static const char *const format_words[] = {"text", "json", NULL};

static int print_json(const tool_arguments *arguments) {
    api_context context;
    api_response answer;
    tool_context(&context);
    const tool_question question = {.what = arguments->tool,
                                    .context = &context,
                                    .endpoint = api_rules,
                                    .request = {.accept_language = tool_value(arguments, "language")}};
    if (tool_ask(&question, &answer) != TOOL_OK) return TOOL_UNREADABLE;
    fwrite(answer.body, 1, answer.body_length, stdout);
    fputc('\n', stdout);
    api_response_free(&answer);
    return tool_finish(arguments->tool, TOOL_OK);
}

static int run_rules(const tool_arguments *arguments) {
    const char *format = tool_value(arguments, "format"), *tag = tool_value(arguments, "language");
    cvs_language language = CVS_ENGLISH;
    size_t count;
    const cvs_rule *rules = cvs_rules(&count);
    if (arguments->operand_count > 0) return tool_misused(arguments->tool, "unexpected argument");
    if (format && strcmp(format, "json") == 0) return print_json(arguments);
    if (tag) (void)cvs_language_from_tag(tag, &language);
    for (size_t i = 0; i < count; i++)
        printf("%s  %-7s  %-28s %s%s\n", rules[i].id, cvs_level_name(rules[i].level), rules[i].name,
               cvs_rule_title(&rules[i], language), rules[i].on_by_default ? "" : " (off)");
    return tool_finish(arguments->tool, TOOL_OK);
}

static const tool_option options[] = {
    {"format", 'f', "FORMAT", false, format_words, "text (default), a rule a line, or json as GET /v1/rules has it"},
    {"language", 'l', "LANGUAGE", false, tool_language_words, "en (default) or zh"},
    {NULL, 0, NULL, false, NULL, NULL},
};

const tool tool_rules = {
    .name = "rules",
    .operands = "",
    .summary = "list the rules that findings name",
    .description = "Print every rule with its level and what it says; those marked (off) are asked for with --rules.",
    .options = options,
    .examples = "",
    .statuses = "0, or 2 for wrong usage.",
    .run = run_rules,
};
