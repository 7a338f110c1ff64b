#include "http/memory.h"

#include <malloc.h>

enum { MIB = 1 << 20 };

/* Besides libmicrohttpd's buffers, what a request takes without asking: of its body, and of what is worked on. */
#define CONNECTION_BYTES (HTTP_CONNECTION_BUFFERS + 2 * API_ACCOUNT_FREE)

/* Of freed memory the heap keeps at most so much for each thread, and blocks of that size it does not keep at all. The
 * rest is for what threads need themselves. */
enum { HEAP_KEEPS = 4 * MIB, THREAD_BYTES = HEAP_KEEPS + MIB };

/* With less than that for requests a server refuses what anybody would ask of it. */
enum { LEAST = 16 * MIB };

size_t http_memory_connections(size_t most, size_t wanted) {
    const size_t enough = most / 4 / CONNECTION_BYTES;
    return enough < wanted ? enough : wanted;
}

cvs_status http_memory_divide(size_t most, size_t resident, size_t connections, unsigned threads, http_memory *out,
                              cvs_error *err) {
    const size_t taken = resident + connections * CONNECTION_BYTES + (size_t)threads * THREAD_BYTES;
    if (most < taken + LEAST) {
        return cvs_fail(err, CVS_INVALID, "too-little-memory", NULL,
                        "--max-memory %zu is too little: %zu connections and %u threads need %zu, and requests %d more",
                        most, connections, threads, taken, LEAST);
    }
    out->requests = (api_budget){.total = most - taken};
    out->bodies = (api_budget){.total = (most - taken) / 2, .whole = &out->requests};
    return CVS_OK;
}

void http_memory_tune_heap(void) {
    mallopt(M_MMAP_THRESHOLD, HEAP_KEEPS);
    mallopt(M_TRIM_THRESHOLD, HEAP_KEEPS);
}
