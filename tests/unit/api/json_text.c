#include "json_text.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

json_t *json_text(const char *text) {
    char *copy = strdup(text);
    for (char *p = copy; *p; p++) {
        if (*p == '\'') *p = '"';
    }
    json_error_t error;
    json_t *json = json_loads(copy, JSON_DECODE_ANY, &error);
    ck_assert_msg(json != NULL, "%s: %s", copy, error.text);
    free(copy);
    return json;
}
