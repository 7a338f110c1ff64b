/* files.h - a file that is part of the program as an answer. */
#ifndef CONVSCOPE_HTTP_FILES_H
#define CONVSCOPE_HTTP_FILES_H

#include "http/respond.h"

/*
 * Queue the file of that name (embed/files.h; there must be one), in the coding that the client likes best; or 304
 * where If-None-Match says that the client has it. No copy is made.
 */
enum MHD_Result http_respond_file(struct MHD_Connection *connection, const char *name, const http_reply *reply);

#endif
