/*
 * tool.h - the commands that answer at once, without a server: what each takes is one table, from which its options are
 * read and its help, its manual page and the completions of shells are written.
 */
#ifndef CONVSCOPE_CLI_TOOL_H
#define CONVSCOPE_CLI_TOOL_H

#include <convscope/base.h>
#include <stdio.h>

/* What a command has to say to whoever called it. */
enum { TOOL_OK = 0, TOOL_FINDINGS = 1, TOOL_USAGE = 2, TOOL_UNREADABLE = 3 };

typedef struct tool_option {
    const char *name;         /* "input" */
    char letter;              /* 'i', or 0 */
    const char *value;        /* what it takes, in capitals: "SHAPE"; NULL: nothing */
    bool is_file;             /* the value is the name of one */
    const char *const *words; /* the value is one of these, NULL at their end; else NULL */
    const char *help;         /* a sentence or two, without a full stop */
} tool_option;

enum { TOOL_MOST_OPTIONS = 24, TOOL_MOST_GIVEN = 64 };

struct tool_arguments;

typedef struct tool {
    const char *name, *operands; /* "review", "FILE..." */
    const char *summary;         /* half a line */
    const char *description;     /* paragraphs, with empty lines between them */
    const tool_option *options;  /* a NULL name at their end; --help is every tool's */
    const char *examples;        /* lines, those with commands indented */
    const char *statuses;        /* "0 ..., 1 ..." */
    int (*run)(const struct tool_arguments *arguments);
} tool;

/* All of them; NULL at the end. */
extern const tool *const tools[];
extern const tool tool_review, tool_diff, tool_shape, tool_convolve, tool_rules, tool_man, tool_completion;
/* The options that every tool has. */
extern const tool_option tool_help_option;

/* The one of that name, or NULL. */
const tool *tool_find(const char *name);

/* ---- what was given ----------------------------------------------------------------- */

typedef struct tool_given {
    const tool_option *option;
    const char *value; /* NULL where it takes none */
} tool_given;

typedef struct tool_arguments {
    const tool *tool;
    tool_given given[TOOL_MOST_GIVEN]; /* in their order */
    size_t given_count;
    char **operands;
    size_t operand_count;
} tool_arguments;

/*
 * Read argv, whose first is the command's name; operands may stand between options, and behind "--" all are.
 * CVS_INVALID with a message for the user. argv is put in another order. Not for several threads: getopt_long() is not.
 */
cvs_status tool_arguments_read(const tool *what, int argc, char **argv, tool_arguments *out,
                               cvs_error *err) CVS_NODISCARD;

/* The last value of an option, or NULL; of one that takes none "". */
const char *tool_value(const tool_arguments *arguments, const char *name);
static inline bool tool_has(const tool_arguments *arguments, const char *name) { return tool_value(arguments, name); }

/* Read the arguments, help or refuse, or run: the exit status. */
int tool_run(const tool *what, int argc, char **argv);

/* "convscope review: ..." and where help is, on standard error. TOOL_USAGE. */
int tool_misused(const tool *what, const char *format, ...) CVS_PRINTF(2, 3);

/* ---- what is written of the table ------------------------------------------------------ */

void tool_print_help(const tool *what, FILE *out);
void tool_print_man(const tool *what, FILE *out); /* man(7); NULL: of the program itself */
void tool_print_bash(FILE *out);
void tool_print_zsh(FILE *out);
void tool_print_fish(FILE *out);

#endif
