/* standing.h - the headers that stand in every answer. */
#ifndef CONVSCOPE_HTTP_STANDING_H
#define CONVSCOPE_HTTP_STANDING_H

/* Of every answer that does not bring its own of that name; NULL ends them. */
extern const struct http_standing { const char *name, *value; } http_standing[];

#endif
