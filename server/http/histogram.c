#include "http/histogram.h"

const struct http_bound http_bounds[HTTP_BOUNDS] = {
    {50, "5e-05"},   {100, "0.0001"},  {250, "0.00025"}, {500, "0.0005"},  {1000, "0.001"},    {2500, "0.0025"},
    {5000, "0.005"}, {10000, "0.01"},  {25000, "0.025"}, {50000, "0.05"},  {100000, "0.1"},    {250000, "0.25"},
    {500000, "0.5"}, {1000000, "1.0"}, {2500000, "2.5"}, {5000000, "5.0"}, {10000000, "10.0"}, {30000000, "30.0"},
};

void http_histogram_add(http_histogram *histogram, int64_t us) {
    int bucket = 0;
    if (us < 0) us = 0;
    while (bucket < HTTP_BOUNDS && us > http_bounds[bucket].us) bucket++;
    atomic_fetch_add_explicit(&histogram->bucket[bucket], 1, memory_order_relaxed);
    atomic_fetch_add_explicit(&histogram->sum_us, (unsigned long)us, memory_order_relaxed);
}

void http_histogram_read(const http_histogram *histogram, http_histogram_counts *counts) {
    for (int i = 0; i < HTTP_BUCKETS; i++) {
        const uint64_t held = atomic_load_explicit(&histogram->bucket[i], memory_order_relaxed);
        counts->bucket[i] += held;
        counts->count += held;
    }
    counts->sum_us += atomic_load_explicit(&histogram->sum_us, memory_order_relaxed);
}
