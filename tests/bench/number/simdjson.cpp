#include "peers.h"

#include <simdjson.h>

const bool simdjson_is_there = true;

size_t parse_by_simdjson(const char *text, size_t length, float *out) {
    static simdjson::ondemand::parser parser;
    size_t count = 0;
    auto document = parser.iterate(text, length, length + simdjson::SIMDJSON_PADDING);
    for (auto element : document.get_array()) out[count++] = static_cast<float>(element.get_double().value());
    return count;
}
