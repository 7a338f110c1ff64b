/* secret_file.h - reading a file that strangers must not have access to. */
#ifndef CONVSCOPE_HTTP_SECRET_FILE_H
#define CONVSCOPE_HTTP_SECRET_FILE_H

#include <convscope/base.h>

#include <sys/types.h>

/* Larger files are refused. */
#define HTTP_SECRET_FILE_MAX ((size_t)1 << 20)

/*
 * The whole file, for http_secret_text_free(). `forbidden` are permissions that it must not have, such as 0007.
 * CVS_INVALID with code "cannot-read", "file-permissions" or "file-too-large", or CVS_NO_MEMORY.
 */
cvs_status http_secret_file_read(const char *path, mode_t forbidden, cvs_text *out, cvs_error *err) CVS_NODISCARD;

/* Nothing of it stays in memory. */
void http_secret_text_free(cvs_text *text);

#endif
