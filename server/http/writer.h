/*
 * writer.h - lines on their way to a file that may be slow: a terminal, a full disk, a pipe that nobody reads.
 *
 * Whoever has a line leaves it here and goes on; a thread writes what has gathered. What finds no room is dropped and
 * counted: a log that stands still must not stop what it tells of.
 */
#ifndef CONVSCOPE_HTTP_WRITER_H
#define CONVSCOPE_HTTP_WRITER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What may gather while the thread writes as much again. */
#define HTTP_WRITER_ROOM ((size_t)256 * 1024)

typedef struct http_writer http_writer;

/* Start a thread that writes to `fd`. NULL when there is no memory, or no thread. */
http_writer *http_writer_start(int fd);

/* Take a line, with its end, whole; false when there is no room: it is dropped. Any thread. */
bool http_writer_add(http_writer *writer, const char *line, size_t length);

/* Lines dropped since the start, for want of room or because they could not be written. */
uint64_t http_writer_dropped(http_writer *writer);

/* Wait until all is written that was there before; at most `patience_ms`. */
void http_writer_flush(http_writer *writer, int64_t patience_ms);

/* The same, then end the thread and free the writer. Nobody may use it any more. NULL is fine. */
void http_writer_stop(http_writer *writer, int64_t patience_ms);

#endif
