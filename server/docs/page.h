/* page.h - the contract as a page: plain HTML, which needs no script and asks nobody for anything but its style. */
#ifndef CONVSCOPE_DOCS_PAGE_H
#define CONVSCOPE_DOCS_PAGE_H

#include <jansson.h>
#include <stdio.h>

void page_write(FILE *out, json_t *contract);

#endif
