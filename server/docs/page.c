#include "docs/page.h"

#include "docs/html.h"
#include "docs/operation.h"
#include "docs/schema.h"

#include <string.h>

typedef void (*operation_visitor)(const docs_page *page, const docs_operation *what);

/* The operations of one path that have the tag. */
static void visit_item(const docs_page *page, docs_operation *what, const char *tag, operation_visitor visit) {
    json_object_foreach(what->item, what->method, what->operation) {
        json_t *tags = json_object_get(what->operation, "tags");
        const char *first = json_string_value(json_array_get(tags, 0));
        if (first && strcmp(first, tag) == 0) visit(page, what);
    }
}

static void visit_tag(const docs_page *page, const char *tag, operation_visitor visit) {
    docs_operation what = {.path = NULL};
    json_object_foreach(json_object_get(page->contract, "paths"), what.path, what.item)
        visit_item(page, &what, tag, visit);
}

static json_t *schemas_of(json_t *contract) {
    return json_object_get(json_object_get(contract, "components"), "schemas");
}

/* ---- the way around -------------------------------------------------------- */

static void link_operation(const docs_page *page, const docs_operation *what) {
    fprintf(page->out, "<li><a href=\"#%s\">", operation_id(what));
    operation_title(page, what);
    fputs("</a></li>\n", page->out);
}

static void write_way_around(const docs_page *page) {
    const char *name;
    json_t *tags = json_object_get(page->contract, "tags"), *schema;
    fputs("<nav>\n<p><a href=\"#top\">Convscope</a></p>\n", page->out);
    for (size_t i = 0; i < json_array_size(tags); i++) {
        const char *tag = contract_text(json_array_get(tags, i), "name");
        fprintf(page->out, "<h2><a href=\"#tag-%s\">%s</a></h2>\n<ul>\n", tag, tag);
        visit_tag(page, tag, link_operation);
        fputs("</ul>\n", page->out);
    }
    fputs("<h2><a href=\"#elsewhere\">Anything else</a></h2>\n", page->out);
    fputs("<h2><a href=\"#schemas\">Schemas</a></h2>\n<ul>\n", page->out);
    json_object_foreach(schemas_of(page->contract), name, schema)
        fprintf(page->out, "<li><a href=\"#schema-%s\">%s</a></li>\n", name, name);
    fputs("</ul>\n</nav>\n", page->out);
}

/* ---- the text --------------------------------------------------------------- */

static void write_introduction(const docs_page *page, json_t *info) {
    fprintf(page->out, "<h1 id=top>%s <small>%s</small></h1>\n<p class=lead>", contract_text(info, "title"),
            contract_text(info, "version"));
    html_phrase(page->out, contract_text(info, "summary"));
    fputs("</p>\n", page->out);
    html_markdown(page->out, contract_text(info, "description"));
    fputs("<p>The same for programs: <a href=\"openapi.json\">openapi.json</a>, <a "
          "href=\"openapi.yaml\">openapi.yaml</a> (OpenAPI 3.1).</p>\n",
          page->out);
}

static void write_tags(const docs_page *page) {
    json_t *tags = json_object_get(page->contract, "tags");
    for (size_t i = 0; i < json_array_size(tags); i++) {
        json_t *tag = json_array_get(tags, i);
        const char *name = contract_text(tag, "name");
        fprintf(page->out, "<section>\n<h2 id=\"tag-%s\">%s</h2>\n", name, name);
        html_markdown(page->out, contract_text(tag, "description"));
        visit_tag(page, name, operation_write);
        fputs("</section>\n", page->out);
    }
}

/* What no operation says: answers to requests that there are not, and the headers of all answers. */
static void write_the_rest(const docs_page *page) {
    json_t *elsewhere = json_object_get(json_object_get(page->contract, "x-elsewhere"), "/");
    fputs("<section>\n<h2 id=elsewhere>Anything else</h2>\n<p>Other paths, and other methods:</p>\n", page->out);
    operation_answers(page, elsewhere, false);
    operation_answers(page, elsewhere, true);
    fputs("<p>Headers that any answer may have:</p>\n", page->out);
    operation_headers(page, json_object_get(json_object_get(page->contract, "x-always"), "headers"));
    fputs("</section>\n", page->out);
}

static void write_schemas(const docs_page *page) {
    const char *name;
    json_t *schema;
    fputs("<section>\n<h2 id=schemas>Schemas</h2>\n", page->out);
    json_object_foreach(schemas_of(page->contract), name, schema) {
        fprintf(page->out, "<article id=\"schema-%s\">\n<h3>%s</h3>\n<p class=type>", name, name);
        schema_type(page, schema);
        fputs("</p>\n", page->out);
        html_markdown(page->out, contract_text(schema, "description"));
        schema_write(page, schema);
        fputs("</article>\n", page->out);
    }
    fputs("</section>\n", page->out);
}

void page_write(FILE *out, json_t *contract) {
    const docs_page page = {out, contract};
    json_t *info = json_object_get(contract, "info");
    fprintf(out,
            "<!doctype html>\n<html lang=en>\n<head>\n<meta charset=utf-8>\n"
            "<meta name=viewport content=\"width=device-width, initial-scale=1\">\n<title>%s over HTTP</title>\n"
            "<link rel=icon href=\"data:,\">\n<link rel=stylesheet href=\"docs.css\">\n</head>\n<body>\n",
            contract_text(info, "title"));
    write_way_around(&page);
    fputs("<main>\n", out);
    write_introduction(&page, info);
    write_tags(&page);
    write_the_rest(&page);
    write_schemas(&page);
    fputs("</main>\n</body>\n</html>\n", out);
}
