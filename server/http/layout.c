#include "http/layout.h"

#include <string.h>

bool http_layout_known(const char *microhttpd_version) { return strncmp(microhttpd_version, "0.9.75", 6) == 0; }

bool http_layout_line_intact(const char *method, const char *target, size_t target_length, const char *version) {
    return method + strlen(method) + 1 == target && target + target_length + 1 == version;
}

/* Whether the line that ends with these bytes ended in CR LF: both have become NULs. */
static bool line_ends(const char *text, size_t length) { return text[length] == '\0' && text[length + 1] == '\0'; }

/* Between name and value stand the colon (now a NUL) and blanks, nothing else. */
static bool value_follows_name(const http_field *field) {
    const char *blank = field->name + field->name_length + 1;
    while (*blank == ' ' || *blank == '\t') blank++;
    return blank == field->value;
}

bool http_layout_intact(const char *version, const http_field *fields, size_t count) {
    const char *text = version;
    size_t length = strlen(version);
    for (size_t i = 0; i < count; i++) {
        if (!line_ends(text, length) || fields[i].name != text + length + 2) return false;
        if (!value_follows_name(&fields[i])) return false;
        text = fields[i].value;
        length = fields[i].value_length;
    }
    return line_ends(text, length) && line_ends(text, length + 2);
}
