#include "http/joined.h"

#include <convscope/base.h>

#include <strings.h>

typedef struct joining {
    const char *name, *first;
    cvs_text all; /* from the second line on */
} joining;

static enum MHD_Result join(void *cls, enum MHD_ValueKind kind, const char *name, const char *value) {
    joining *lines = cls;
    (void)kind;
    if (strcasecmp(name, lines->name) != 0 || !value) return MHD_YES;
    if (!lines->first) {
        lines->first = value;
        return MHD_YES;
    }
    if (lines->all.length == 0) cvs_text_add(&lines->all, lines->first);
    cvs_text_addf(&lines->all, ",%s", value);
    return MHD_YES;
}

const char *http_joined_header(struct MHD_Connection *connection, const char *name, char **memory) {
    joining lines = {.name = name};
    size_t length;
    (void)MHD_get_connection_values(connection, MHD_HEADER_KIND, join, &lines);
    *memory = cvs_text_take(&lines.all, &length);
    return *memory ? *memory : lines.first;
}
