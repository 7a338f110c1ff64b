/* problem.h - what is wrong with a request, as an RFC 9457 problem. */
#ifndef CONVSCOPE_PROBLEM_H
#define CONVSCOPE_PROBLEM_H

#include "api/api.h"

/* "Memory is short; try again later.": CVS_NO_MEMORY about the whole document. */
cvs_status problem_no_memory(cvs_error *err);

/* The HTTP status that a library's status comes to: 422, 413 or 503. */
int problem_status(cvs_status status);

/*
 * Answer with `error` as a problem of HTTP status `status`. `member` and `json` add one member to it, already JSON;
 * NULL for none. When memory is short the body is a fixed text's copy, or NULL with length 0.
 */
void problem_respond(api_response *response, int status, const cvs_error *error, const char *member, const char *json);

#endif
