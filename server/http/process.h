/* process.h - what the system says of this process. */
#ifndef CONVSCOPE_HTTP_PROCESS_H
#define CONVSCOPE_HTTP_PROCESS_H

#include <stdint.h>

/* Each is 0 where the system does not say. */
typedef struct http_process {
    double cpu_seconds; /* of all threads, in the program and in the kernel for it */
    uint64_t resident_bytes, virtual_bytes;
    uint64_t open_files, most_files;
    uint64_t threads;
} http_process;

void http_process_read(http_process *out);

#endif
