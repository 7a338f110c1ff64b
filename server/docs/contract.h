/* contract.h - finding one's way in the contract, and the page that it is written to. */
#ifndef CONVSCOPE_DOCS_CONTRACT_H
#define CONVSCOPE_DOCS_CONTRACT_H

#include <jansson.h>
#include <stdio.h>

typedef struct docs_page {
    FILE *out;
    json_t *contract; /* the whole, for what is referred to */
} docs_page;

/* The text of a member, NULL where there is none. */
const char *contract_text(json_t *node, const char *key);

/* The node itself, or what its $ref, a JSON pointer without escapes, refers to. NULL when that is not there. */
json_t *contract_resolve(const docs_page *page, json_t *node);

#endif
