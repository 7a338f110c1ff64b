#include "http/clock.h"

#include <time.h>

int64_t http_now_us(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000 + 1;
}

int64_t http_now_ms(void) { return http_now_us() / 1000 + 1; }
