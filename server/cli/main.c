#include "api/api.h"
#include "cli/commands.h"
#include "cli/tool/tool.h"

#include <convscope/convscope.h>
#include <stdio.h>
#include <string.h>

static const char help[] = "usage: convscope COMMAND [options]\n"
                           "\n"
                           "Shows what a convolution layer does: its output shape, its weights, its feature maps.\n"
                           "\n"
                           "  review FILE...  judge whole models: every layer, the totals, and what is wrong\n"
                           "  diff A B        say what changed from one model to another\n"
                           "  shape LAYER     show what comes out of a layer, and why\n"
                           "  convolve FILE   compute a layer on its input\n"
                           "  rules           list the rules that findings name\n"
                           "  serve           answer HTTP requests\n"
                           "  health [URL]    ask a running server whether it is well\n"
                           "  keys new NAME   make a key for a client\n"
                           "  completion SHELL  print what a shell needs to complete all this\n"
                           "  man [COMMAND]   print a manual page\n"
                           "  version         print the version\n"
                           "  help [COMMAND]  explain a command\n"
                           "\n"
                           "`convscope help serve` lists the options of serve, and so it is with the others.\n";

static int print_help(int argc, char **argv);
static int print_version(int argc, char **argv);

static const struct {
    const char *name;
    int (*run)(int argc, char **argv);
    const char *help;
} commands[] = {
    {"serve", cli_serve, cli_serve_help},
    {"health", cli_health, cli_health_help},
    {"keys", cli_keys, cli_keys_help},
    {"version", print_version, help},
    {"--version", print_version, help},
    {"-V", print_version, help},
    {"help", print_help, help},
    {"--help", print_help, help},
    {"-h", print_help, help},
};

static int unknown(const char *name) {
    fprintf(stderr, "convscope: there is no command '%s'\nTry `convscope help`.\n", name);
    return CLI_USAGE;
}

/* The index in `commands`, or -1. */
static int find(const char *name) {
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
        if (strcmp(commands[i].name, name) == 0) return (int)i;
    }
    return -1;
}

static int print_help(int argc, char **argv) {
    const tool *what = argc > 1 ? tool_find(argv[1]) : NULL;
    if (what) {
        tool_print_help(what, stdout);
        return CLI_OK;
    }
    int command = argc > 1 ? find(argv[1]) : -1;
    if (argc > 1 && command < 0) return unknown(argv[1]);
    fputs(command < 0 ? help : commands[command].help, stdout);
    return CLI_OK;
}

static int print_version(int argc, char **argv) {
    (void)argc;
    (void)argv;
    printf("convscope %s\n", cvs_version());
    return CLI_OK;
}

int main(int argc, char **argv) {
    if (argc < 2) {
        fputs(help, stderr);
        return CLI_USAGE;
    }
    const tool *what = tool_find(argv[1]);
    if (what) {
        api_init();
        return tool_run(what, argc - 1, argv + 1);
    }
    const int command = find(argv[1]);
    return command < 0 ? unknown(argv[1]) : commands[command].run(argc - 1, argv + 1);
}
