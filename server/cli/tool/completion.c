/* completion.c - what shells need to complete the options of the tools; convscope completion. */
#include "cli/tool/tool.h"

#include <string.h>

static void print_names(const tool *what, FILE *out) {
    for (const tool_option *option = what->options; option->name; option++) fprintf(out, "--%s ", option->name);
    fputs("--help", out);
}

static void print_words(const char *const *words, FILE *out) {
    for (size_t i = 0; words[i]; i++) fprintf(out, "%s%s", i ? " " : "", words[i]);
}

static void print_tools(FILE *out) {
    for (size_t i = 0; tools[i]; i++) fprintf(out, "%s ", tools[i]->name);
    fputs("serve health keys version help", out);
}

/* In single quotes. */
static void print_quoted(const char *text, FILE *out) {
    fputc('\'', out);
    for (; *text; text++) {
        if (*text == '\'')
            fputs("'\\''", out);
        else
            fputc(*text, out);
    }
    fputc('\'', out);
}

void tool_print_bash(FILE *out) {
    fputs("# bash completion of convscope: source <(convscope completion bash)\n"
          "_convscope() {\n"
          "  local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]} names=\n"
          "  if ((COMP_CWORD == 1)); then\n"
          "    COMPREPLY=($(compgen -W \"",
          out);
    print_tools(out);
    fputs("\" -- \"$word\"))\n    return\n  fi\n  case ${COMP_WORDS[1]}:$before in\n", out);
    for (size_t i = 0; tools[i]; i++) {
        for (const tool_option *option = tools[i]->options; option->name; option++) {
            if (!option->words) continue;
            fprintf(out, "    %s:--%s) COMPREPLY=($(compgen -W \"", tools[i]->name, option->name);
            print_words(option->words, out);
            fputs("\" -- \"$word\")); return ;;\n", out);
        }
    }
    fputs("  esac\n  case ${COMP_WORDS[1]} in\n", out);
    for (size_t i = 0; tools[i]; i++) {
        fprintf(out, "    %s) names=\"", tools[i]->name);
        print_names(tools[i], out);
        fputs("\" ;;\n", out);
    }
    fputs("  esac\n"
          "  if [[ $word == -* ]]; then\n"
          "    COMPREPLY=($(compgen -W \"$names\" -- \"$word\"))\n"
          "  else\n"
          "    COMPREPLY=($(compgen -f -- \"$word\"))\n"
          "  fi\n"
          "}\n"
          "complete -o filenames -F _convscope convscope\n",
          out);
}

/* What zsh's _arguments takes: '--input[help]:SHAPE:_files'. A bracket or a colon in the help would end it. */
static void print_zsh_option(const tool_option *option, FILE *out) {
    fprintf(out, "        '*--%s[", option->name);
    for (const char *c = option->help; *c; c++) {
        if (strchr("[]:\\", *c)) fputc('\\', out);
        if (*c == '\'')
            fputs("'\\''", out);
        else
            fputc(*c, out);
    }
    fputc(']', out);
    if (option->value) fprintf(out, ":%s:", option->value);
    if (option->words) {
        fputc('(', out);
        print_words(option->words, out);
        fputc(')', out);
    } else if (option->is_file) {
        fputs("_files", out);
    }
    fputs("' \\\n", out);
}

void tool_print_zsh(FILE *out) {
    fputs("#compdef convscope\n"
          "_convscope() {\n"
          "  if ((CURRENT == 2)); then\n"
          "    compadd ",
          out);
    print_tools(out);
    fputs("\n    return\n  fi\n  case $words[2] in\n", out);
    for (size_t i = 0; tools[i]; i++) {
        fprintf(out, "    %s)\n      _arguments \\\n", tools[i]->name);
        for (const tool_option *option = tools[i]->options; option->name; option++) print_zsh_option(option, out);
        print_zsh_option(&tool_help_option, out);
        fputs("        '*:file:_files' ;;\n", out);
    }
    fputs("  esac\n}\n_convscope \"$@\"\n", out);
}

static void print_fish_option(const tool *what, const tool_option *option, FILE *out) {
    fprintf(out, "complete -c convscope -n '__fish_seen_subcommand_from %s' -l %s", what->name, option->name);
    if (option->letter) fprintf(out, " -s %c", option->letter);
    if (option->value) fputs(option->is_file ? " -r" : " -x", out);
    if (option->words) {
        fputs(" -a '", out);
        print_words(option->words, out);
        fputc('\'', out);
    }
    fputs(" -d ", out);
    print_quoted(option->help, out);
    fputc('\n', out);
}

void tool_print_fish(FILE *out) {
    for (size_t i = 0; tools[i]; i++) {
        fprintf(out, "complete -c convscope -n __fish_use_subcommand -f -a %s -d ", tools[i]->name);
        print_quoted(tools[i]->summary, out);
        fputc('\n', out);
        for (const tool_option *option = tools[i]->options; option->name; option++)
            print_fish_option(tools[i], option, out);
        print_fish_option(tools[i], &tool_help_option, out);
    }
    fputs("complete -c convscope -n __fish_use_subcommand -f -a 'serve health keys version help'\n", out);
}

/* ---- convscope completion ---------------------------------------------------------------- */

static int run_completion(const tool_arguments *arguments) {
    static const struct {
        const char *name;
        void (*print)(FILE *out);
    } shells[] = {{"bash", tool_print_bash}, {"zsh", tool_print_zsh}, {"fish", tool_print_fish}};
    const char *asked = arguments->operand_count == 1 ? arguments->operands[0] : "";
    for (size_t i = 0; i < sizeof shells / sizeof *shells; i++) {
        if (strcmp(shells[i].name, asked) != 0) continue;
        shells[i].print(stdout);
        return TOOL_OK;
    }
    return tool_misused(&tool_completion, "expected bash, zsh or fish");
}

static const tool_option no_options[] = {{NULL, 0, NULL, false, NULL, NULL}};

const tool tool_completion = {
    .name = "completion",
    .operands = "bash|zsh|fish",
    .summary = "print what a shell needs to complete commands and options",
    .description = "Print a script for a shell, after which the tabulator key completes commands, options and files.",
    .options = no_options,
    .examples = "  source <(convscope completion bash)\n"
                "  convscope completion zsh >~/.zfunc/_convscope\n"
                "  convscope completion fish >~/.config/fish/completions/convscope.fish\n",
    .statuses = "0, or 2 for wrong usage.",
    .run = run_completion,
};
