/* peers.h - what lib/number is measured beside, behind C functions. */
#ifndef CONVSCOPE_BENCH_PEERS_H
#define CONVSCOPE_BENCH_PEERS_H

#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Numbers with a comma between, by std::to_chars; the bytes written. */
size_t print_by_to_chars(const float *values, size_t count, char *out);

/* The numbers of "[1,2,...]", by std::from_chars; how many. */
size_t parse_by_from_chars(const char *text, size_t length, float *out);

/* The same by simdjson's on-demand parser, whose numbers are double; `text` has 64 readable bytes behind it. */
extern const bool simdjson_is_there;
size_t parse_by_simdjson(const char *text, size_t length, float *out);

#ifdef __cplusplus
}
#endif

#endif
