#include "cli/tool/tool.h"

#include <getopt.h>
#include <stdarg.h>
#include <string.h>

const tool *const tools[] = {&tool_review, &tool_diff,       &tool_shape, &tool_convolve,
                             &tool_rules,  &tool_completion, &tool_man,   NULL};

const tool_option tool_help_option = {"help", 'h', NULL, false, NULL, "show this text"};

const tool *tool_find(const char *name) {
    size_t i = 0;
    while (tools[i] && strcmp(tools[i]->name, name) != 0) i++;
    return tools[i];
}

/* ---- arguments ------------------------------------------------------------------------- */

/* For getopt_long(), which returns FIRST + n for option number n. */
enum { FIRST = 256 };

typedef struct long_options {
    struct option list[TOOL_MOST_OPTIONS + 2];
    char letters[3 * TOOL_MOST_OPTIONS];
    int count; /* --help is the last */
} long_options;

static const tool_option *option_at(const tool *what, const long_options *all, int number) {
    return number + 1 == all->count ? &tool_help_option : &what->options[number];
}

static void list_option(const tool_option *option, long_options *out) {
    const int has = option->value ? required_argument : no_argument;
    size_t length = strlen(out->letters);
    out->list[out->count] = (struct option){option->name, has, NULL, FIRST + out->count};
    out->count++;
    if (!option->letter) return;
    out->letters[length++] = option->letter;
    if (option->value) out->letters[length++] = ':';
    out->letters[length] = '\0';
}

static void list_options(const tool *what, long_options *out) {
    *out = (long_options){.letters = ":"};
    for (const tool_option *option = what->options; option->name; option++) list_option(option, out);
    list_option(&tool_help_option, out);
}

static int number_of(const tool *what, const long_options *all, int found) {
    int number = 0;
    if (found >= FIRST) return found - FIRST;
    while (option_at(what, all, number)->letter != found) number++;
    return number;
}

static cvs_status check_word(const tool_option *option, const char *value, cvs_error *err) {
    char words[160] = "";
    if (!option->words) return CVS_OK;
    for (size_t i = 0; option->words[i]; i++) {
        if (strcmp(option->words[i], value) == 0) return CVS_OK;
        const char *between = !i ? "" : option->words[i + 1] ? ", " : " or ";
        strncat(words, between, sizeof words - strlen(words) - 1);
        strncat(words, option->words[i], sizeof words - strlen(words) - 1);
    }
    return cvs_fail(err, CVS_INVALID, "bad-option", NULL, "--%s %.100s: expected %s", option->name, value, words);
}

static cvs_status take(const tool_option *option, const char *value, tool_arguments *out, cvs_error *err) {
    if (out->given_count == TOOL_MOST_GIVEN)
        return cvs_fail(err, CVS_INVALID, "bad-option", NULL, "more than %d options are too many", TOOL_MOST_GIVEN);
    out->given[out->given_count++] = (tool_given){option, value};
    return check_word(option, value, err);
}

cvs_status tool_arguments_read(const tool *what, int argc, char **argv, tool_arguments *out, cvs_error *err) {
    long_options all;
    int found;
    list_options(what, &all);
    *out = (tool_arguments){.tool = what};
    optind = 0; /* glibc: begin anew */
    opterr = 0;
    while ((found = getopt_long(argc, argv, all.letters, all.list, NULL)) != -1) {
        const char *shown = argv[optind - 1];
        if (found == ':') return cvs_fail(err, CVS_INVALID, "bad-option", NULL, "%.100s needs a value", shown);
        if (found == '?') return cvs_fail(err, CVS_INVALID, "bad-option", NULL, "there is no option %.100s", shown);
        const cvs_status status = take(option_at(what, &all, number_of(what, &all, found)), optarg, out, err);
        if (status != CVS_OK) return status;
    }
    out->operands = argv + optind;
    out->operand_count = (size_t)(argc - optind);
    return CVS_OK;
}

const char *tool_value(const tool_arguments *arguments, const char *name) {
    const char *value = NULL;
    for (size_t i = 0; i < arguments->given_count; i++) {
        const tool_given *given = &arguments->given[i];
        if (strcmp(given->option->name, name) == 0) value = given->value ? given->value : "";
    }
    return value;
}

/* ---- running ----------------------------------------------------------------------------- */

int tool_misused(const tool *what, const char *format, ...) {
    va_list list;
    va_start(list, format);
    fprintf(stderr, "convscope %s: ", what->name);
    vfprintf(stderr, format, list);
    fprintf(stderr, "\nTry `convscope %s --help`.\n", what->name);
    va_end(list);
    return TOOL_USAGE;
}

int tool_run(const tool *what, int argc, char **argv) {
    tool_arguments arguments;
    cvs_error err = {0};
    if (tool_arguments_read(what, argc, argv, &arguments, &err) != CVS_OK) return tool_misused(what, "%s", err.message);
    if (tool_has(&arguments, "help")) {
        tool_print_help(what, stdout);
        return TOOL_OK;
    }
    return what->run(&arguments);
}
