/* local_socket.h - the files of Unix sockets: they stay when a program dies, and have to be told from those in use. */
#ifndef CONVSCOPE_HTTP_LOCAL_SOCKET_H
#define CONVSCOPE_HTTP_LOCAL_SOCKET_H

#include "http/address.h"

#include <sys/types.h>

/* How many connections the kernel keeps ready before they are accepted; it cuts this to net.core.somaxconn. */
#define HTTP_BACKLOG 4096

/*
 * A listening socket with a file of permissions `mode`, known by *device and *inode; -1 with errno, which is EEXIST
 * where a file is that is no socket. A socket that nobody listens at is replaced. Changes the process's umask for a
 * moment: to be called before there are threads.
 */
int local_socket_listen(const http_address *address, mode_t mode, dev_t *device, ino_t *inode);

/* Remove the file if it is still that one. */
void local_socket_remove(const http_address *address, dev_t device, ino_t inode);

#endif
