#include "http/log.h"

#include "http/clock.h"
#include "http/writer.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* Longer messages are cut. */
enum { MESSAGE_MAX = 1024 };

/* For a reader that is slow, or has stopped reading, at the end. */
enum { PATIENCE_MS = 500 };

static http_writer *writer; /* NULL: lines are written by whoever has them */
static bool json;
static atomic_ullong dropped_told; /* lines dropped that the log itself has told of */

void http_log_as_json(void) { json = true; }
bool http_log_is_json(void) { return json; }

void http_log_begin(void) { writer = http_writer_start(STDERR_FILENO); }

void http_log_flush(void) {
    if (writer) http_writer_flush(writer, PATIENCE_MS);
}

void http_log_end(void) {
    http_writer_stop(writer, PATIENCE_MS);
    writer = NULL;
}

uint64_t http_log_dropped(void) { return writer ? http_writer_dropped(writer) : 0; }

static bool write_text(const char *text, size_t length) {
    if (writer) return http_writer_add(writer, text, length);
    (void)fwrite(text, 1, length, stderr);
    return true;
}

CVS_PRINTF(1, 0) static void write_message(const char *format, va_list arguments) {
    char text[MESSAGE_MAX];
    http_log_line line;
    struct timespec now;
    vsnprintf(text, sizeof text, format, arguments);
    text[strcspn(text, "\r\n")] = '\0';
    if (json) {
        clock_gettime(CLOCK_REALTIME, &now);
        http_log_line_begin(&line, true, now);
        http_log_line_text(&line, "message", text);
        http_log_line_end(&line);
    } else {
        line.length = (size_t)snprintf(line.text, sizeof line.text, "convscope: %s\n", text);
    }
    (void)write_text(line.text, line.length);
}

void http_log(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    write_message(format, arguments);
    va_end(arguments);
}

/* ---- lines about requests ---------------------------------------------------- */

/* There is room again after lines were dropped: how many, in the log itself. */
static void tell_of_dropped(void) {
    static http_log_limit limit;
    unsigned left_out;
    unsigned long long told = atomic_load_explicit(&dropped_told, memory_order_relaxed);
    const uint64_t dropped = http_log_dropped();
    if (dropped == told || !http_log_allowed(&limit, http_now_ms() / 1000, &left_out)) return;
    if (atomic_compare_exchange_strong(&dropped_told, &told, dropped))
        http_log("log: %llu lines left out, for they were not read fast enough", (unsigned long long)(dropped - told));
}

void http_log_write(const http_log_line *line) {
    if (write_text(line->text, line->length)) tell_of_dropped();
}

/* ---- limits -------------------------------------------------------------------- */

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
    char message[MESSAGE_MAX];
    unsigned left_out;
    if (!http_log_allowed(cls, http_now_ms() / 1000, &left_out)) return;
    if (left_out) http_log("http: %u messages left out", left_out);
    vsnprintf(message, sizeof message, format, arguments);
    http_log("http: %s", message);
}
