#include "api/api.h"

#include <stdlib.h>
#include <string.h>

/* The weight after ";q=" in one element of an Accept-Language, 1 where there is none. */
static double weight_of(const char *element, size_t length) {
    const char *q = memchr(element, ';', length);
    if (!q) return 1;
    q += 1 + strspn(q + 1, " \t");
    return strncmp(q, "q=", 2) == 0 ? strtod(q + 2, NULL) : 1;
}

static size_t tag_length(const char *element, size_t length) {
    size_t end = 0;
    while (end < length && element[end] != ';' && element[end] != ' ' && element[end] != '\t') end++;
    return end;
}

cvs_language api_language(const api_request *request) {
    cvs_language best = CVS_ENGLISH;
    double best_weight = 0;
    for (const char *at = request->accept_language; at && *at;) {
        at += strspn(at, ", \t");
        const size_t length = strcspn(at, ",");
        char tag[32] = "";
        const size_t used = tag_length(at, length);
        if (used < sizeof tag) memcpy(tag, at, used);
        cvs_language language;
        const double weight = weight_of(at, length);
        if (weight > best_weight && cvs_language_from_tag(tag, &language)) {
            best = language;
            best_weight = weight;
        }
        at += length;
    }
    return best;
}
