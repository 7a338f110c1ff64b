/*
 * layout.h - what libmicrohttpd 0.9.75 swallows without a word while it cuts a request's head into lines: a NUL hides
 * the rest of its line, or of the request's method or target, a lone LF ends a line, and a folded line ("Name:" CR LF
 * SP "value") melts into the *name* before it, so that the header vanishes. Each lets two servers in a row see two
 * different requests.
 *
 * That version cuts the head in place: a CR LF becomes two NULs and nothing moves. Every field must therefore begin
 * exactly where the one before it ended; where it does not, something was swallowed.
 */
#ifndef CONVSCOPE_HTTP_LAYOUT_H
#define CONVSCOPE_HTTP_LAYOUT_H

#include "http/headers.h"

/* Whether the running libmicrohttpd is that version: only then does http_layout_intact() mean anything. */
bool http_layout_known(const char *microhttpd_version);

/*
 * Whether the request line is method, target and version with one blank between each two, and nothing was swallowed in
 * it. `target` has `target_length` bytes when it came; it may have been decoded since.
 */
bool http_layout_line_intact(const char *method, const char *target, size_t target_length, const char *version);

/*
 * Whether nothing was swallowed between the request line, which ends with `version`, and the end of the head. All
 * pointers must be those that libmicrohttpd handed out, in the order received: bytes next to them are read.
 */
bool http_layout_intact(const char *version, const http_field *fields, size_t count);

#endif
