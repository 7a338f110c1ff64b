/*
 * log_line.h - one line of a log, member by member: as a JSON object, or as name=value, with a value in quotation marks
 * where it has to be. Whatever a value holds, it is one value of one line of printable ASCII.
 */
#ifndef CONVSCOPE_HTTP_LOG_LINE_H
#define CONVSCOPE_HTTP_LOG_LINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

/* Longer ones are cut, within a text. */
enum { HTTP_LOG_LINE_MAX = 2048 };

typedef struct http_log_line {
    char text[HTTP_LOG_LINE_MAX]; /* no NUL at its end */
    size_t length;
    bool json;
} http_log_line;

/* An empty line, which begins with a time: "time=2026-11-26T00:28:31.123456Z". */
void http_log_line_begin(http_log_line *line, bool json, struct timespec when);

/* NULL is null, or a hyphen. Behind texts there is room for some 400 bytes of names, numbers and words. */
void http_log_line_text(http_log_line *line, const char *name, const char *value);
void http_log_line_word(http_log_line *line, const char *name, const char *word); /* one of our own: of letters */
void http_log_line_number(http_log_line *line, const char *name, int64_t value);

/* The last byte is then a line end. */
void http_log_line_end(http_log_line *line);

#endif
