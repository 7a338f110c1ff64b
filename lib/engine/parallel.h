/*
 * parallel.h - the parts of one computation on all cores that have nothing else to do.
 *
 * A pool has one helper thread fewer than the process may use cores. Whoever computes works on its own parts and
 * offers them to helpers; a helper joins only while fewer threads compute than there are cores. So one request alone
 * uses all of them, and many requests at once one each. What a part computes must not depend on who computes it.
 */
#ifndef CONVSCOPE_ENGINE_PARALLEL_H
#define CONVSCOPE_ENGINE_PARALLEL_H

#include <convscope/engine.h>

typedef struct cvs__pool cvs__pool;

/* `threads`, 1 or more, counts the caller's own. Starts them: after a fork they are not there. CVS_NO_MEMORY also when
   the system has no more threads to give. */
cvs_status cvs__pool_create(int threads, cvs__pool **out, cvs_error *err) CVS_NODISCARD;
void cvs__pool_free(cvs__pool *pool); /* NULL is fine; no computation may be running */

int cvs__pool_threads(const cvs__pool *pool);

/* Compute part number `part`; `worker`, 0..threads - 1, tells whose scratch memory to use. */
typedef void (*cvs__part_fn)(const void *context, int64_t part, int worker);

/*
 * Whom this thread listens to while it computes; NULL, as at its start, is nobody. It belongs to the thread, as a mask
 * of signals does, so that none of the many functions between a plan and its innermost loops has to hand it on.
 */
void cvs__interrupt_by(const cvs_interrupt *interrupt);

/* Whether that one wants this thread's computation to end: to be asked by loops that take milliseconds. */
bool cvs__interrupted(void);

/*
 * Compute parts 0..parts - 1, each once, in any order and from several threads; returns when all are done, or those
 * that were begun when the caller was interrupted. What they wrote is visible to the caller. Several threads may call
 * it at once.
 */
void cvs__parallel(cvs__pool *pool, int64_t parts, cvs__part_fn run, const void *context);

#endif
