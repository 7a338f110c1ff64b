#include "http/step_back.h"

#include <pthread.h>
#include <sched.h>
#include <sys/resource.h>

/* On a core that is contended for, a third of what the others have: enough to go on with. */
enum { NICER = 5 };

/* On Linux niceness is a thread's own, and 0 is the one that asks. Both calls only ever take something away, which
 * everybody may. */
void http_step_back(void) {
    int policy = SCHED_OTHER;
    struct sched_param how = {.sched_priority = 0};
    (void)pthread_getschedparam(pthread_self(), &policy, &how);
    if ((policy == SCHED_FIFO || policy == SCHED_RR) && how.sched_priority > sched_get_priority_min(policy))
        (void)pthread_setschedprio(pthread_self(), how.sched_priority - 1);
    else
        (void)setpriority(PRIO_PROCESS, 0, getpriority(PRIO_PROCESS, 0) + NICER);
}
