/* clock.h - time that never goes back. */
#ifndef CONVSCOPE_HTTP_CLOCK_H
#define CONVSCOPE_HTTP_CLOCK_H

#include <stdint.h>

/* Milliseconds since some moment before the program started; never 0. */
int64_t http_now_ms(void);

/* Microseconds, the same. */
int64_t http_now_us(void);

#endif
