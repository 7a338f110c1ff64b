/* commands.h - the commands of the program. Each gets its own name as argv[0] and returns the exit status. */
#ifndef CONVSCOPE_CLI_COMMANDS_H
#define CONVSCOPE_CLI_COMMANDS_H

enum { CLI_OK = 0, CLI_FAILED = 1, CLI_USAGE = 2 };

int cli_serve(int argc, char **argv);
int cli_health(int argc, char **argv);
int cli_keys(int argc, char **argv);

/* Standard output: what `convscope help serve` and `convscope serve --help` say. */
extern const char cli_serve_help[];
extern const char cli_health_help[];
extern const char cli_keys_help[];

#endif
