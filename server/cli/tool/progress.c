#include "cli/tool/progress.h"

#include <unistd.h>

/* What deletes the rest of the line, and the way back to its beginning. */
#define REST "\033[K\r"

void tool_progress_begin(tool_progress *progress, const tool *what, const char *unit, size_t of) {
    *progress = (tool_progress){.what = what, .unit = unit, .of = of};
    progress->wanted = isatty(STDERR_FILENO) && !isatty(STDOUT_FILENO);
    clock_gettime(CLOCK_MONOTONIC, &progress->last);
}

static bool is_due(tool_progress *progress) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    const int64_t seconds = now.tv_sec - progress->last.tv_sec, nanoseconds = now.tv_nsec - progress->last.tv_nsec;
    if (seconds * 1000000000 + nanoseconds < 1000000000) return false;
    progress->last = now;
    return true;
}

void tool_progress_step(tool_progress *progress, size_t done) {
    if (!progress->wanted || !is_due(progress)) return;
    progress->shown = true;
    if (progress->of > 0)
        fprintf(stderr, "convscope %s: %zu of %zu %s" REST, progress->what->name, done, progress->of, progress->unit);
    else
        fprintf(stderr, "convscope %s: %zu %s" REST, progress->what->name, done, progress->unit);
}

void tool_progress_end(tool_progress *progress) {
    if (progress->shown) fputs(REST, stderr);
}
