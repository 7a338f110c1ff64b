/* html.h - pieces of a page: text, Markdown, JSON. */
#ifndef CONVSCOPE_DOCS_HTML_H
#define CONVSCOPE_DOCS_HTML_H

#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>

/* Text as it is, in an element or in a quoted attribute. */
void html_text(FILE *out, const char *text);

/* CommonMark, by libcmark; HTML in it is left out. NULL is none. */
void html_markdown(FILE *out, const char *text);

/* The same of one paragraph, without the <p>. */
void html_phrase(FILE *out, const char *text);

/* "a", "1", "true" as JSON has it, in <code>. */
void html_code(FILE *out, json_t *value);

/*
 * JSON in colours: what fits into a line is on one. `in_shell` is for text between the apostrophes of a shell's
 * argument.
 */
void html_json(FILE *out, json_t *value, bool in_shell);

#endif
