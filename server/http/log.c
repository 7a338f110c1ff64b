#include "http/log.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

/* Longer lines are cut. */
#define LINE_MAX_BYTES 1024

static void write_line(const char *format, va_list arguments) {
    char line[LINE_MAX_BYTES];
    vsnprintf(line, sizeof line, format, arguments);
    line[strcspn(line, "\r\n")] = '\0';
    fprintf(stderr, "convscope: %s\n", line);
}

void http_log(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    write_line(format, arguments);
    va_end(arguments);
}

bool http_log_allowed(http_log_limit *limit, int64_t seconds, unsigned *left_out) {
    long long window = seconds / HTTP_LOG_SECONDS + 1, before = atomic_load(&limit->window);
    *left_out = 0;
    if (window != before && atomic_compare_exchange_strong(&limit->window, &before, window)) {
        unsigned lines = atomic_exchange(&limit->lines, 0);
        if (lines > HTTP_LOG_LINES) *left_out = lines - HTTP_LOG_LINES;
    }
    return atomic_fetch_add(&limit->lines, 1) < HTTP_LOG_LINES;
}

void http_log_microhttpd(void *cls, const char *format, va_list arguments) {
    struct timespec now;
    unsigned left_out;
    clock_gettime(CLOCK_MONOTONIC, &now);
    if (!http_log_allowed(cls, now.tv_sec, &left_out)) return;
    if (left_out) http_log("http: %u messages left out", left_out);
    char message[LINE_MAX_BYTES];
    vsnprintf(message, sizeof message, format, arguments);
    http_log("http: %s", message);
}
