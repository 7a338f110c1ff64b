/* step_back.h - who computes steps back behind who talks to clients. */
#ifndef CONVSCOPE_HTTP_STEP_BACK_H
#define CONVSCOPE_HTTP_STEP_BACK_H

/*
 * Have this thread, and those that it starts, run behind the others of the process: threads that compute take a core
 * for seconds, threads that talk need one for microseconds and should have it at once, also where there are fewer cores
 * than threads. A step of 5 of niceness, or, with a real-time priority, of one of these.
 */
void http_step_back(void);

#endif
