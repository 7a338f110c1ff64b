/* schema.h - JSON Schema in words: as far as server/openapi.yaml uses it. */
#ifndef CONVSCOPE_DOCS_SCHEMA_H
#define CONVSCOPE_DOCS_SCHEMA_H

#include "docs/contract.h"

/* "an array of <a>Size</a>, at most 8": what a value has to be, in a line. */
void schema_type(const docs_page *page, json_t *schema);

/* All that there is to say of it: its description, its members, its alternatives, examples. */
void schema_write(const docs_page *page, json_t *schema);

#endif
