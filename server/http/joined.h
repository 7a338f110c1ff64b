/* joined.h - a header that is a list, however many lines it came in (RFC 9110, 5.3). */
#ifndef CONVSCOPE_HTTP_JOINED_H
#define CONVSCOPE_HTTP_JOINED_H

#include <microhttpd.h>

/*
 * The value of the header `name`, NULL without one. Several lines are put together in *memory, with commas between
 * them: the caller's to free() in any case. When there is no memory for that, the value is the first line's.
 */
const char *http_joined_header(struct MHD_Connection *connection, const char *name, char **memory);

#endif
