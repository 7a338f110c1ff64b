/* watch.h - a thread that looks several times a second after what no event tells of. */
#ifndef CONVSCOPE_HTTP_WATCH_H
#define CONVSCOPE_HTTP_WATCH_H

#include "http/peers.h"
#include "http/pool.h"

typedef struct http_watch http_watch;

/* Watch over the jobs that wait in `pool`, and over `peers`. CVS_NO_MEMORY, also when the system has no thread for it.
 */
cvs_status http_watch_start(http_pool *pool, http_peers *peers, http_watch **out, cvs_error *err) CVS_NODISCARD;

/* NULL is fine. */
void http_watch_stop(http_watch *watch);

#endif
