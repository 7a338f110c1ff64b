#include "docs/operation.h"

#include "docs/html.h"
#include "docs/schema.h"

#include <string.h>

/* Where the program listens when nobody says otherwise. */
#define ADDRESS "http://127.0.0.1:8080"

const char *operation_id(const docs_operation *what) { return contract_text(what->operation, "operationId"); }

void operation_title(const docs_page *page, const docs_operation *what) {
    fprintf(page->out, "<b class=%s>%s</b> <code>%s</code>", what->method, what->method, what->path);
}

/* ---- the request ---------------------------------------------------------- */

static void write_parameters_of(const docs_page *page, const docs_operation *what, json_t *owner) {
    json_t *list = json_object_get(owner, "parameters");
    for (size_t i = 0; i < json_array_size(list); i++) {
        json_t *parameter = contract_resolve(page, json_array_get(list, i));
        fprintf(page->out, "<dt><code>%s</code> in the %s, ", contract_text(parameter, "name"),
                contract_text(parameter, "in"));
        schema_type(page, json_object_get(parameter, "schema"));
        fprintf(page->out, "%s</dt>\n<dd>",
                json_is_true(json_object_get(parameter, "required")) ? " <b>required</b>" : "");
        html_markdown(page->out, contract_text(parameter, "description"));
        fputs("</dd>\n", page->out);
    }
}

static void write_parameters(const docs_page *page, const docs_operation *what) {
    if (!json_object_get(what->item, "parameters") && !json_object_get(what->operation, "parameters")) return;
    fputs("<h4>Parameters</h4>\n<dl>\n", page->out);
    write_parameters_of(page, what, what->item);
    write_parameters_of(page, what, what->operation);
    fputs("</dl>\n", page->out);
}

/* The media types of a body, each with what is in it; lines of what one line is. */
static void write_content(const docs_page *page, json_t *content) {
    const char *type;
    json_t *media;
    if (!content) return;
    fputs("<ul class=media>\n", page->out);
    json_object_foreach(content, type, media) {
        json_t *schema = json_object_get(media, "schema"), *head = json_object_get(media, "x-json-head");
        fprintf(page->out, "<li><code>%s</code>: ", type);
        if (strcmp(type, "application/x-ndjson") == 0) fputs("each line ", page->out);
        if (head)
            html_phrase(page->out, contract_text(schema, "description"));
        else
            schema_type(page, schema);
        fputs("</li>\n", page->out);
    }
    fputs("</ul>\n", page->out);
}

/* With the members of the JSON at hand. */
static void write_body(const docs_page *page, const docs_operation *what) {
    json_t *content = json_object_get(json_object_get(what->operation, "requestBody"), "content");
    json_t *schema = json_object_get(json_object_get(content, "application/json"), "schema");
    if (!content) return;
    fputs("<h4>Body</h4>\n", page->out);
    write_content(page, content);
    schema_write(page, contract_resolve(page, schema));
}

/* ---- the answers ------------------------------------------------------------ */

void operation_headers(const docs_page *page, json_t *headers) {
    const char *name;
    json_t *header;
    if (!headers) return;
    fputs("<ul class=media>\n", page->out);
    json_object_foreach(headers, name, header) {
        fprintf(page->out, "<li><code>%s</code>: ", name);
        html_phrase(page->out, contract_text(contract_resolve(page, header), "description"));
        fputs("</li>\n", page->out);
    }
    fputs("</ul>\n", page->out);
}

static void write_answer(const docs_page *page, const char *status, json_t *answer) {
    fprintf(page->out, "<dt>%s</dt>\n<dd>", status);
    html_markdown(page->out, contract_text(answer, "description"));
    write_content(page, json_object_get(answer, "content"));
    operation_headers(page, json_object_get(answer, "headers"));
    fputs("</dd>\n", page->out);
}

void operation_answers(const docs_page *page, json_t *responses, bool shared) {
    const char *status;
    json_t *answer;
    fputs("<dl class=answers>\n", page->out);
    json_object_foreach(responses, status, answer) {
        const bool is_shared = json_object_get(answer, "$ref");
        if (is_shared == shared) write_answer(page, status, contract_resolve(page, answer));
    }
    fputs("</dl>\n", page->out);
}

static void write_answers(const docs_page *page, const docs_operation *what) {
    json_t *responses = json_object_get(what->operation, "responses");
    fputs("<h4>Answers</h4>\n", page->out);
    operation_answers(page, responses, false);
    fputs("<details><summary>What may be refused of any request</summary>\n", page->out);
    operation_answers(page, responses, true);
    fputs("</details>\n", page->out);
}

/* ---- examples ---------------------------------------------------------------- */

static json_t *examples_of(const docs_operation *what) {
    json_t *content = json_object_get(json_object_get(what->operation, "requestBody"), "content");
    return json_object_get(json_object_get(content, "application/json"), "examples");
}

/* The example of that name among the answers, and the status that it has. */
static json_t *find_answer(const docs_page *page, const docs_operation *what, const char *name, const char **status) {
    json_t *answer, *media;
    const char *type;
    json_object_foreach(json_object_get(what->operation, "responses"), *status, answer) {
        json_object_foreach(json_object_get(contract_resolve(page, answer), "content"), type, media) {
            json_t *example = json_object_get(json_object_get(media, "examples"), name);
            if (example) return json_object_get(example, "value");
        }
    }
    return NULL;
}

/* What may stand for the {name} of `length` bytes in a path. */
static const char *find_value(const docs_page *page, const docs_operation *what, const char *name, size_t length) {
    json_t *list = json_object_get(what->item, "parameters");
    for (size_t i = 0; i < json_array_size(list); i++) {
        json_t *parameter = contract_resolve(page, json_array_get(list, i));
        const char *called = contract_text(parameter, "name");
        if (strlen(called) == length && memcmp(called, name, length) == 0) return contract_text(parameter, "example");
    }
    return "";
}

/* "/v2/models/convolve/infer": with values where the path is open. */
static void write_path(const docs_page *page, const docs_operation *what) {
    for (const char *at = what->path; *at;) {
        const size_t plain = strcspn(at, "{"), open = strcspn(at + plain, "}");
        fprintf(page->out, "%.*s", (int)plain, at);
        at += plain;
        if (!*at) return;
        fputs(find_value(page, what, at + 1, open - 1), page->out);
        at += open + 1;
    }
}

static void write_example(const docs_page *page, const docs_operation *what, const char *name, bool first) {
    json_t *example = json_object_get(examples_of(what), name);
    const char *status;
    json_t *answer = find_answer(page, what, name, &status);
    fprintf(page->out, "<details%s><summary>", first ? " open" : "");
    html_phrase(page->out, contract_text(example, "summary"));
    fputs("</summary>\n<pre>curl " ADDRESS, page->out);
    write_path(page, what);
    fputs(" -d '", page->out);
    html_json(page->out, json_object_get(example, "value"), true);
    fputs("'</pre>\n", page->out);
    if (answer) {
        fprintf(page->out, "<p>%s</p>\n<pre>", status);
        html_json(page->out, answer, false);
        fputs("</pre>\n", page->out);
    }
    fputs("</details>\n", page->out);
}

static void write_examples(const docs_page *page, const docs_operation *what) {
    const char *name;
    json_t *example;
    bool first = true;
    if (!examples_of(what)) return;
    fputs("<h4>Examples</h4>\n", page->out);
    json_object_foreach(examples_of(what), name, example) {
        write_example(page, what, name, first);
        first = false;
    }
}

void operation_write(const docs_page *page, const docs_operation *what) {
    fprintf(page->out, "<article id=\"%s\">\n<h3>", operation_id(what));
    operation_title(page, what);
    fputs("</h3>\n<p class=lead>", page->out);
    html_phrase(page->out, contract_text(what->operation, "summary"));
    fputs("</p>\n", page->out);
    html_markdown(page->out, contract_text(what->operation, "description"));
    write_parameters(page, what);
    write_examples(page, what);
    write_body(page, what);
    write_answers(page, what);
    fputs("</article>\n", page->out);
}
