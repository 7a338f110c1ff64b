#include "peers.h"

const bool simdjson_is_there = false;

size_t parse_by_simdjson(const char *text, size_t length, float *out) {
    (void)text, (void)length, (void)out;
    return 0;
}
