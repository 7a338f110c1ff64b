#include "docs/schema.h"

#include "docs/html.h"

#include <string.h>

/* The last part of a "$ref": "Size" of "#/components/schemas/Size". NULL for what is none. */
static const char *referred_name(json_t *node) {
    const char *reference = contract_text(node, "$ref"), *slash = reference ? strrchr(reference, '/') : NULL;
    return slash ? slash + 1 : NULL;
}

/* ---- a line ------------------------------------------------------------------ */

static void write_codes(const docs_page *page, json_t *values) {
    for (size_t i = 0; i < json_array_size(values); i++) {
        if (i > 0) fputs(", ", page->out);
        html_code(page->out, json_array_get(values, i));
    }
}

static void write_alternatives(const docs_page *page, json_t *schemas) {
    for (size_t i = 0; i < json_array_size(schemas); i++) {
        if (i > 0) fputs(" or ", page->out);
        schema_type(page, json_array_get(schemas, i));
    }
}

static const struct {
    const char *key, *before, *after;
} limits[] = {
    {"minimum", ", at least ", ""},
    {"exclusiveMinimum", ", above ", ""},
    {"maximum", ", at most ", ""},
    {"minItems", ", at least ", ""},
    {"maxItems", ", at most ", ""},
    {"minProperties", ", at least ", " members"},
    {"maxLength", ", at most ", " characters"},
    {"maxProperties", ", at most ", " members"},
};

static void write_limits(const docs_page *page, json_t *schema) {
    for (size_t i = 0; i < sizeof limits / sizeof *limits; i++) {
        json_t *limit = json_object_get(schema, limits[i].key);
        if (limit) fprintf(page->out, "%s%g%s", limits[i].before, json_number_value(limit), limits[i].after);
    }
    json_t *pattern = json_object_get(schema, "pattern");
    if (!pattern) return;
    fputs(" like ", page->out);
    html_code(page->out, pattern);
}

/* The names of JSON's types as people say them. */
static const char *type_name(const char *type, json_t *schema) {
    if (strcmp(type, "string") == 0) return json_object_get(schema, "format") ? "bytes" : "text";
    if (strcmp(type, "boolean") == 0) return "true or false";
    return type;
}

static void write_type_names(const docs_page *page, json_t *schema) {
    json_t *type = json_object_get(schema, "type");
    if (json_is_string(type)) fputs(type_name(json_string_value(type), schema), page->out);
    for (size_t i = 0; i < json_array_size(type); i++)
        fprintf(page->out, "%s%s", i ? " or " : "", type_name(json_string_value(json_array_get(type, i)), schema));
    if (!json_object_get(schema, "items")) return;
    fputs(" of ", page->out);
    schema_type(page, json_object_get(schema, "items"));
}

void schema_type(const docs_page *page, json_t *schema) {
    const char *name = referred_name(schema);
    json_t *words = json_object_get(schema, "enum"), *constant = json_object_get(schema, "const");
    json_t *any = json_object_get(schema, "anyOf");
    if (name) {
        fprintf(page->out, "<a href=\"#schema-%s\">%s</a>", name, name);
    } else if (words) {
        fputs("one of ", page->out);
        write_codes(page, words);
    } else if (constant) {
        html_code(page->out, constant);
    } else if (any && !json_object_get(schema, "type")) {
        write_alternatives(page, any);
    } else if (json_object_get(schema, "type")) {
        write_type_names(page, schema);
        write_limits(page, schema);
    } else {
        fputs(json_object_get(schema, "allOf") ? "object" : "anything", page->out);
    }
}

/* ---- members ------------------------------------------------------------------ */

static bool is_among(json_t *names, const char *name) {
    for (size_t i = 0; i < json_array_size(names); i++)
        if (strcmp(json_string_value(json_array_get(names, i)), name) == 0) return true;
    return false;
}

static void write_examples(const docs_page *page, json_t *schema) {
    json_t *examples = json_object_get(schema, "examples");
    for (size_t i = 0; i < json_array_size(examples); i++) {
        fputs("<pre>", page->out);
        html_json(page->out, json_array_get(examples, i), false);
        fputs("</pre>\n", page->out);
    }
}

/* What a member says beside its type, or what its schema does; inline objects show their own members. */
static void write_rest(const docs_page *page, json_t *schema) {
    json_t *standard = json_object_get(schema, "default"), *items = json_object_get(schema, "items");
    const char *own = contract_text(schema, "description");
    html_markdown(page->out, own ? own : contract_text(contract_resolve(page, schema), "description"));
    if (standard) {
        fputs("<p>Default ", page->out);
        html_code(page->out, standard);
        fputs(".</p>\n", page->out);
    }
    if (json_object_get(schema, "properties")) schema_write(page, schema);
    if (json_object_get(items, "properties")) schema_write(page, items);
}

static void write_members(const docs_page *page, json_t *schema) {
    const char *name;
    json_t *member, *required = json_object_get(schema, "required");
    json_t *properties = json_object_get(schema, "properties"),
           *others = json_object_get(schema, "additionalProperties");
    if (!properties) return;
    fputs("<dl>\n", page->out);
    json_object_foreach(properties, name, member) {
        fprintf(page->out, "<dt><code>%s</code> ", name);
        schema_type(page, member);
        fprintf(page->out, "%s</dt>\n<dd>", is_among(required, name) ? " <b>required</b>" : "");
        write_rest(page, member);
        fputs("</dd>\n", page->out);
    }
    if (json_is_object(others)) {
        fputs("<dt>others ", page->out);
        schema_type(page, others);
        fputs("</dt><dd></dd>\n", page->out);
    }
    fputs("</dl>\n", page->out);
}

/* ---- alternatives and conditions ------------------------------------------------ */

/* {if: {properties: {op: ...}}, then: {required: ...}}: a row of a table. */
static void write_condition(const docs_page *page, json_t *rule) {
    const char *name;
    json_t *value, *then = json_object_get(rule, "then"), *names = json_object_get(then, "propertyNames");
    json_object_foreach(json_object_get(json_object_get(rule, "if"), "properties"), name, value) {
        fprintf(page->out, "<tr><th><code>%s</code> ", name);
        schema_type(page, value);
        fputs("</th><td>", page->out);
        write_codes(page, names ? json_object_get(names, "enum") : json_object_get(then, "required"));
        fputs("</td></tr>\n", page->out);
    }
}

static void write_all_of(const docs_page *page, json_t *schemas) {
    const bool conditions = json_object_get(json_array_get(schemas, 0), "if");
    fputs(conditions ? "<table>\n" : "<p>With all of ", page->out);
    for (size_t i = 0; i < json_array_size(schemas); i++) {
        if (!conditions && i > 0) fputs(", ", page->out);
        (conditions ? write_condition : schema_type)(page, json_array_get(schemas, i));
    }
    fputs(conditions ? "</table>\n" : ".</p>\n", page->out);
}

static void write_any_of(const docs_page *page, json_t *schemas) {
    fputs("<ul>\n", page->out);
    for (size_t i = 0; i < json_array_size(schemas); i++) {
        json_t *schema = json_array_get(schemas, i);
        fputs("<li>", page->out);
        schema_type(page, schema);
        write_rest(page, schema);
        fputs("</li>\n", page->out);
    }
    fputs("</ul>\n", page->out);
}

/* {required: [a]} or {required: [b]}: which members go together. */
static void write_choice(const docs_page *page, json_t *choices) {
    fputs("<p>With ", page->out);
    for (size_t i = 0; i < json_array_size(choices); i++) {
        if (i > 0) fputs(" or ", page->out);
        write_codes(page, json_object_get(json_array_get(choices, i), "required"));
    }
    fputs(".</p>\n", page->out);
}

void schema_write(const docs_page *page, json_t *schema) {
    json_t *any = json_object_get(schema, "anyOf"), *one = json_object_get(schema, "oneOf");
    json_t *choices = json_object_get(schema, "type") ? (one ? one : any) : NULL;
    if (json_object_get(schema, "allOf")) write_all_of(page, json_object_get(schema, "allOf"));
    if (any && !choices) write_any_of(page, any);
    if (choices) write_choice(page, choices);
    write_members(page, schema);
    write_examples(page, schema);
}
