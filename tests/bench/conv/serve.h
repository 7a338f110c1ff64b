/* serve.h - our side of a comparison that another program leads. */
#ifndef CONVSCOPE_BENCH_SERVE_H
#define CONVSCOPE_BENCH_SERVE_H

#include "run.h"

/*
 * For each line "REPETITIONS LAYER NAME" of standard input run the planned layer that often, after one run that is not
 * counted, and answer with a line: the microseconds of each run, or "unsupported". A layer stays planned until another
 * is asked for.
 */
void serve(const setup *s);

#endif
