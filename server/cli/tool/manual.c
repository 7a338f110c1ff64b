/* manual.c - a tool's help and its manual page, written from its table; and the commands that print them. */
#include "cli/tool/tool.h"

#include <string.h>

enum { WIDTH = 100, MARGIN = 22 };

/* ---- help --------------------------------------------------------------------------- */

/* Words from `column` on, lines of WIDTH, those behind the first indented by `margin`. */
static void print_wrapped(const char *text, size_t column, size_t margin, FILE *out) {
    bool begun = false;
    while (*text) {
        const size_t length = strcspn(text, " ");
        if (begun && column + 1 + length > WIDTH) {
            fprintf(out, "\n%*s", (int)margin, "");
            column = margin;
        } else if (begun) {
            fputc(' ', out);
            column++;
        }
        fwrite(text, 1, length, out);
        column += length;
        begun = true;
        text += length + strspn(text + length, " ");
    }
    fputc('\n', out);
}

/* "  -i, --input SHAPE" */
static size_t print_name(const tool_option *option, FILE *out) {
    const char letter[] = {'-', option->letter, ',', ' ', '\0'};
    return (size_t)fprintf(out, "  %s--%s%s%s", option->letter ? letter : "", option->name, option->value ? " " : "",
                           option->value ? option->value : "");
}

static void print_option(const tool_option *option, FILE *out) {
    const size_t column = print_name(option, out);
    if (column + 1 < MARGIN)
        fprintf(out, "%*s", (int)(MARGIN - column), "");
    else
        fprintf(out, "\n%*s", MARGIN, "");
    print_wrapped(option->help, MARGIN, MARGIN, out);
}

/* Paragraphs, each wrapped. */
static void print_paragraphs(const char *text, FILE *out) {
    while (*text) {
        const char *end = strstr(text, "\n\n");
        char paragraph[2048];
        snprintf(paragraph, sizeof paragraph, "%.*s", (int)(end ? end - text : (ptrdiff_t)strlen(text)), text);
        print_wrapped(paragraph, 0, 0, out);
        fputc('\n', out);
        text = end ? end + 2 : text + strlen(text);
    }
}

void tool_print_help(const tool *what, FILE *out) {
    fprintf(out, "usage: convscope %s [options]%s%s\n\n", what->name, *what->operands ? " " : "", what->operands);
    print_paragraphs(what->description, out);
    for (const tool_option *option = what->options; option->name; option++) print_option(option, out);
    print_option(&tool_help_option, out);
    if (*what->examples) fprintf(out, "\n%s", what->examples);
    fprintf(out, "\nExit status: ");
    print_wrapped(what->statuses, strlen("Exit status: "), 0, out);
}

/* ---- the manual page ------------------------------------------------------------------- */

/* Text in which no character is a command of man(7). */
static void print_escaped(const char *text, FILE *out) {
    bool fresh = true;
    for (; *text; text++) {
        if (fresh && (*text == '.' || *text == '\'')) fputs("\\&", out);
        if (*text == '\\')
            fputs("\\e", out);
        else if (*text == '-')
            fputs("\\-", out);
        else
            fputc(*text, out);
        fresh = *text == '\n';
    }
}

static void print_man_option(const tool_option *option, FILE *out) {
    fputs(".TP\n", out);
    if (option->letter) fprintf(out, "\\fB\\-%c\\fR, ", option->letter);
    fprintf(out, "\\fB\\-\\-");
    print_escaped(option->name, out);
    fputs("\\fR", out);
    if (option->value) fprintf(out, " \\fI%s\\fR", option->value);
    fputc('\n', out);
    print_escaped(option->help, out);
    fputs(".\n", out);
}

static void print_man_paragraphs(const char *text, FILE *out) {
    for (const char *end; (end = strstr(text, "\n\n")); text = end + 2) {
        char paragraph[2048];
        snprintf(paragraph, sizeof paragraph, "%.*s", (int)(end - text), text);
        print_escaped(paragraph, out);
        fputs("\n.PP\n", out);
    }
    print_escaped(text, out);
    fputc('\n', out);
}

static void print_program_page(FILE *out) {
    fprintf(out, ".TH CONVSCOPE 1 \"\" \"convscope %s\"\n.SH NAME\nconvscope \\- see what a convolution layer does\n",
            cvs_version());
    fputs(".SH SYNOPSIS\n\\fBconvscope\\fR \\fICOMMAND\\fR [\\fIoptions\\fR]\n.SH DESCRIPTION\n", out);
    fputs("Output shapes, weights, feature maps, and what is wrong with a model.\n.SH COMMANDS\n", out);
    for (size_t i = 0; tools[i]; i++) {
        fprintf(out, ".TP\n\\fB%s\\fR\n", tools[i]->name);
        print_escaped(tools[i]->summary, out);
        fputs(".\n", out);
    }
    fputs(".PP\nFurther ones, of a server: \\fBserve\\fR, \\fBhealth\\fR, \\fBkeys\\fR; `convscope help` lists all.\n",
          out);
}

void tool_print_man(const tool *what, FILE *out) {
    if (!what) {
        print_program_page(out);
        return;
    }
    fprintf(out, ".TH CONVSCOPE\\-%s 1 \"\" \"convscope %s\"\n.SH NAME\nconvscope\\-%s \\- ", what->name, cvs_version(),
            what->name);
    print_escaped(what->summary, out);
    fprintf(out, "\n.SH SYNOPSIS\n\\fBconvscope %s\\fR [\\fIoptions\\fR] ", what->name);
    print_escaped(what->operands, out);
    fputs("\n.SH DESCRIPTION\n", out);
    print_man_paragraphs(what->description, out);
    fputs(".SH OPTIONS\n", out);
    for (const tool_option *option = what->options; option->name; option++) print_man_option(option, out);
    print_man_option(&tool_help_option, out);
    if (*what->examples) {
        fputs(".SH EXAMPLES\n.nf\n", out);
        print_escaped(what->examples, out);
        fputs(".fi\n", out);
    }
    fputs(".SH EXIT STATUS\n", out);
    print_escaped(what->statuses, out);
    fputc('\n', out);
}

/* ---- convscope man --------------------------------------------------------------------- */

static int run_man(const tool_arguments *arguments) {
    const tool *what = NULL;
    if (arguments->operand_count > 1) return tool_misused(&tool_man, "expected one command at most");
    if (arguments->operand_count == 1) {
        what = tool_find(arguments->operands[0]);
        if (!what) return tool_misused(&tool_man, "there is no page of '%s'", arguments->operands[0]);
    }
    tool_print_man(what, stdout);
    return TOOL_OK;
}

static const tool_option no_options[] = {{NULL, 0, NULL, false, NULL, NULL}};

const tool tool_man = {
    .name = "man",
    .operands = "[COMMAND]",
    .summary = "print a manual page",
    .description = "Print the manual page of a command, or of the program, as man(7) source.",
    .options = no_options,
    .examples = "  convscope man review | man -l -\n",
    .statuses = "0, or 2 for wrong usage.",
    .run = run_man,
};
