/* histogram.h - how long things took: counts of those that took no longer than each of some times. */
#ifndef CONVSCOPE_HTTP_HISTOGRAM_H
#define CONVSCOPE_HTTP_HISTOGRAM_H

#include <stdatomic.h>
#include <stdint.h>

/* From 50 microseconds, which a shape takes, to 30 seconds, where most clients and proxies give up. */
enum { HTTP_BOUNDS = 18, HTTP_BUCKETS = HTTP_BOUNDS + 1 };

/* The upper bound of each bucket but the last, which has none. */
extern const struct http_bound {
    int64_t us;
    const char *seconds; /* as OpenMetrics writes a number */
} http_bounds[HTTP_BOUNDS];

/* A zeroed one is empty. Any thread may add; one that reads meanwhile sees some of what is being added. */
typedef struct http_histogram {
    atomic_ulong bucket[HTTP_BUCKETS]; /* those within this bound and not within the one before */
    atomic_ulong sum_us;
} http_histogram;

/* Less than 0 counts as 0. */
void http_histogram_add(http_histogram *histogram, int64_t us);

typedef struct http_histogram_counts {
    uint64_t bucket[HTTP_BUCKETS];
    uint64_t count, sum_us;
} http_histogram_counts;

/* Add what the histogram holds to `counts`. */
void http_histogram_read(const http_histogram *histogram, http_histogram_counts *counts);

#endif
