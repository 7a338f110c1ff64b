/* json_text.h - JSON in C strings without backslashes: ' stands for ". */
#ifndef CONVSCOPE_TESTS_API_JSON_TEXT_H
#define CONVSCOPE_TESTS_API_JSON_TEXT_H

#include <jansson.h>

/* Parse; fails the test when `text` is not JSON. The caller's to json_decref(). */
json_t *json_text(const char *text);

#endif
