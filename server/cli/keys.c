#include "http/keys.h"
#include "cli/commands.h"

#include <stdio.h>
#include <string.h>

const char cli_keys_help[] =
    "usage: convscope keys new NAME\n"
    "\n"
    "Make a key for a client of `convscope serve --api-keys FILE`. The key goes to standard error, for the client,\n"
    "and is kept nowhere; its line for FILE goes to standard output:\n"
    "\n"
    "  convscope keys new alice >>FILE && kill -HUP PID\n"
    "\n"
    "NAME is for people: letters, digits, '.', '_' and '-'. The line is NAME:sha256:HASH. A key is 256 random bits,\n"
    "which nobody can try out, so its plain SHA-256 does not give it away. A key of your own making, as random:\n"
    "\n"
    "  printf %s \"$KEY\" | sha256sum\n"
    "\n"
    "A client sends `Authorization: Bearer KEY` or `X-API-Key: KEY`.\n";

static int make(const char *name) {
    char key[HTTP_KEY_SIZE], line[HTTP_KEY_LINE_SIZE];
    cvs_error err = {0};
    cvs_status status = http_keys_make(name, key, line, &err);
    if (status != CVS_OK) {
        fprintf(stderr, "convscope keys: %s\n", err.message);
        return status == CVS_INVALID ? CLI_USAGE : CLI_FAILED;
    }
    if (puts(line) < 0 || fflush(stdout) != 0) {
        perror("convscope keys");
        return CLI_FAILED;
    }
    fprintf(stderr, "%s\n", key);
    return CLI_OK;
}

int cli_keys(int argc, char **argv) {
    if (argc == 2 && (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0)) {
        fputs(cli_keys_help, stdout);
        return CLI_OK;
    }
    if (argc == 3 && strcmp(argv[1], "new") == 0) return make(argv[2]);
    fputs("convscope keys: expected `new` and a name\nTry `convscope keys --help`.\n", stderr);
    return CLI_USAGE;
}
