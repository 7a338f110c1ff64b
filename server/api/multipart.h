/*
 * multipart.h - multipart/form-data (RFC 7578, RFC 2046, 5.1), what `curl -F` and a browser's form send, cut where it
 * lies: a tensor in a part is never copied.
 *
 * libmicrohttpd has a MHD_PostProcessor for this. It wants a connection, hands out pieces that would have to be put
 * together again, and does not see a body that is cut off; this wants bytes.
 */
#ifndef CONVSCOPE_MULTIPART_H
#define CONVSCOPE_MULTIPART_H

#include <convscope/base.h>

enum { MULTIPART_MOST_PARTS = 16, MULTIPART_MOST_NAME = 64 };

typedef struct multipart_part {
    char name[MULTIPART_MOST_NAME + 1];
    const char *bytes; /* of the body, borrowed */
    size_t length;
} multipart_part;

typedef struct multipart {
    multipart_part part[MULTIPART_MOST_PARTS]; /* no two of the same name */
    size_t count;
} multipart;

/*
 * Cut a body by the boundary that its Content-Type names. CVS_SYNTAX for what is not exactly so: a boundary that RFC
 * 2046 does not allow, anything before the first and behind the last delimiter, a line that only begins as one, a part
 * without a name, two of one name; CVS_TOO_LARGE for too many parts, names and headers too long. The message says at
 * which byte of the body.
 */
cvs_status multipart_read(const char *content_type, const char *body, size_t length, multipart *out,
                          cvs_error *err) CVS_NODISCARD;

/* The part of that name, or NULL; also of no parts at all (NULL). */
const multipart_part *multipart_find(const multipart *parts, const char *name);

#endif
