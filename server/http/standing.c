#include "http/standing.h"

#include <stddef.h>

/*
 * Answers are data: a browser that is brought to show one as a page must run and load nothing, and no page of another
 * origin may have it as a picture or a script. Most are somebody's own, and none but files say how long they are good.
 */
const struct http_standing http_standing[] = {
    {"X-Content-Type-Options", "nosniff"}, {"Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"},
    {"Referrer-Policy", "no-referrer"},    {"Cross-Origin-Resource-Policy", "same-origin"},
    {"Cache-Control", "no-store"},         {NULL, NULL},
};
