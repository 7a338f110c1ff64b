/* memory.h - what jansson takes, counted. */
#ifndef CONVSCOPE_BENCH_REVIEW_MEMORY_H
#define CONVSCOPE_BENCH_REVIEW_MEMORY_H

#include <stddef.h>

/* Let jansson take its memory here. */
void memory_count_jansson(void);

/* Bytes that it holds by now, as malloc() rounds them. */
size_t memory_of_jansson(void);

#endif
