#include "api/accept.h"

#include <string.h>
#include <strings.h>

/* ---- lists ---------------------------------------------------------------------------- */

/* qvalue ("1", "0.8", "0.125") in thousandths; -1 when it is none. */
static int read_weight(span text) {
    int weight = 0, place = 1000;
    const size_t length = (size_t)(text.end - text.begin);
    if (length == 0 || length > strlen("0.000")) return -1;
    for (size_t i = 0; i < length; i++) {
        const char c = text.begin[i];
        if (i == 1 && c == '.') continue;
        if (i == 1 || c < '0' || c > '9') return -1;
        weight += (c - '0') * place;
        place /= 10;
    }
    return weight <= 1000 ? weight : -1;
}

bool accept_next(span *list, accept_element *out) {
    while (list->begin < list->end) {
        span parameters = span_cut(list, ','), weight;
        out->name = span_cut(&parameters, ';');
        out->weight = span_parameter(parameters, "q", &weight) > 0 ? read_weight(weight) : 1000;
        if (out->name.begin < out->name.end && out->weight >= 0) return true;
    }
    return false;
}

/* ---- media types ------------------------------------------------------------------------ */

/* How exactly a range speaks of `type`: 3 by its name, 2 by "application", 1 by everything, 0 not at all. */
static int fit(span range, const char *type) {
    const size_t group = strcspn(type, "/") + 1, length = (size_t)(range.end - range.begin);
    if (span_is(range, type)) return 3;
    if (length == group + 1 && range.begin[group] == '*' && strncasecmp(range.begin, type, group) == 0) return 2;
    return span_is(range, "*/*") ? 1 : 0;
}

static int weight_of(const char *accept, const char *type) {
    span list = {accept, accept + strlen(accept)};
    accept_element range;
    int weight = 0, best = 0;
    while (accept_next(&list, &range)) {
        const int fits = fit(range.name, type);
        if (fits <= best) continue;
        best = fits;
        weight = range.weight;
    }
    return weight;
}

int accept_media_type(const char *accept, const char *const *types) {
    int best = -1, most = 0;
    if (!accept) return 0;
    for (int i = 0; types[i]; i++) {
        const int weight = weight_of(accept, types[i]);
        if (weight <= most) continue;
        best = i;
        most = weight;
    }
    return best;
}
