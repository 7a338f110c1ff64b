/* progress.h - how far long work has come, for who waits at a terminal while the answers go elsewhere. */
#ifndef CONVSCOPE_CLI_PROGRESS_H
#define CONVSCOPE_CLI_PROGRESS_H

#include "cli/tool/tool.h"

#include <time.h>

typedef struct tool_progress {
    const tool *what;
    const char *unit;     /* "files" */
    size_t of;            /* how many there are; 0: not known */
    bool wanted, shown;   /* standard error is a terminal and standard output is none; some was printed */
    struct timespec last; /* when some was printed, before that when it began */
} tool_progress;

void tool_progress_begin(tool_progress *progress, const tool *what, const char *unit, size_t of);
/* So many are done: "convscope review: 3 of 120 files", once a second. What is printed next goes over it. */
void tool_progress_step(tool_progress *progress, size_t done);
/* Leave nothing of it behind. */
void tool_progress_end(tool_progress *progress);

#endif
