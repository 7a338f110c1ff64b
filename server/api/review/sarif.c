/*
 * sarif.c - a review as SARIF 2.1.0, as GitHub's code scanning takes it: every result has a place in a file, or the
 * whole file is refused; https://docs.github.com/en/code-security/code-scanning (SARIF support).
 */
#include "api/json_writer.h"
#include "api/review/words.h"

#include <string.h>

_Static_assert(CVS_MODEL_MAX_FINDINGS <= 25000, "GitHub takes no more results");

static void write_text(json_writer *writer, const char *key, const char *text) {
    json_key(writer, key);
    json_begin_object(writer);
    json_member_string(writer, "text", text);
    json_end_object(writer);
}

/* "stride-skips-input" as "StrideSkipsInput". */
static void write_camel(json_writer *writer, const char *name) {
    char camel[64];
    size_t length = 0;
    bool upper = true;
    for (; *name && length + 1 < sizeof camel; name++) {
        if (*name != '-') camel[length++] = upper && *name >= 'a' && *name <= 'z' ? (char)(*name - 'a' + 'A') : *name;
        upper = *name == '-';
    }
    json_key(writer, "name");
    json_write_text(writer, camel, length);
}

static void write_rule(json_writer *writer, const cvs_rule *rule, cvs_language language) {
    static const char *const severities[] = {"recommendation", "warning", "error"};
    json_begin_object(writer);
    json_member_string(writer, "id", rule->id);
    write_camel(writer, rule->name);
    write_text(writer, "shortDescription", cvs_rule_title(rule, language));
    write_text(writer, "fullDescription", cvs_rule_title(rule, language));
    write_text(writer, "help", cvs_rule_help(rule, language));
    json_key(writer, "defaultConfiguration");
    json_begin_object(writer);
    json_member_string(writer, "level", cvs_level_name(rule->level));
    json_end_object(writer);
    json_key(writer, "properties");
    json_begin_object(writer);
    json_key(writer, "tags");
    json_begin_array(writer);
    json_write_string(writer, "convolution");
    json_end_array(writer);
    json_member_string(writer, "precision", cvs_precision_name(rule->precision));
    json_member_string(writer, "problem.severity", severities[rule->level]);
    json_end_object(writer);
    json_end_object(writer);
}

/* Rules that found something, by their place in cvs_rules(): their place in the list, from 1. */
typedef struct listed {
    int place[64]; /* as many as a cvs_rule_set has room for */
    int count;
} listed;

static size_t number_of(const cvs_rule *rule) {
    size_t count;
    return (size_t)(rule - cvs_rules(&count));
}

static void write_driver(const review *r, json_writer *writer, listed *list) {
    json_key(writer, "tool");
    json_begin_object(writer);
    json_key(writer, "driver");
    json_begin_object(writer);
    json_member_string(writer, "name", "Convscope");
    json_member_string(writer, "semanticVersion", cvs_version());
    json_key(writer, "rules");
    json_begin_array(writer);
    for (int i = 0; i < r->found.count; i++) {
        const cvs_rule *rule = r->found.finding[i].rule;
        int *place = &list->place[number_of(rule)];
        if (*place) continue;
        *place = ++list->count;
        write_rule(writer, rule, r->wish->judge.language);
    }
    json_end_array(writer);
    json_end_object(writer);
    json_end_object(writer);
}

/* A file's name as a reference: what RFC 3986 keeps for itself is escaped. */
static void write_uri(const char *file, json_writer *writer) {
    static const char plain[] = "-._~/";
    cvs_text uri = {.allowance = writer->text.allowance};
    for (; *file; file++) {
        const unsigned char c = (unsigned char)*file;
        const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        cvs_text_addf(&uri, letter || strchr(plain, c) ? "%c" : "%%%02X", c);
    }
    json_member_string(writer, "uri", uri.data ? uri.data : "");
    if (uri.failed) writer->text.failed = true;
    cvs_text_free(&uri);
}

/* Of what has no place in the file, as a finding about the whole model: its first line. */
static void write_location(const review *r, int number, json_writer *writer) {
    const source_region first = {1, 1, 1, 2, 0, 0};
    const source_region *found = &r->beside[number].region, *region = found->line > 0 ? found : &first;
    const bool wide = region->end_line > region->line || region->end_column > region->column;
    json_begin_object(writer);
    json_key(writer, "physicalLocation");
    json_begin_object(writer);
    json_key(writer, "artifactLocation");
    json_begin_object(writer);
    write_uri(r->wish->file ? r->wish->file : "model.json", writer);
    json_end_object(writer);
    json_key(writer, "region");
    json_begin_object(writer);
    json_member_int(writer, "startLine", region->line);
    json_member_int(writer, "startColumn", region->column);
    json_member_int(writer, "endLine", wide ? region->end_line : region->line);
    json_member_int(writer, "endColumn", wide ? region->end_column : region->column + 1);
    json_end_object(writer);
    json_end_object(writer);
    if (r->found.finding[number].layer >= 0) {
        json_key(writer, "logicalLocations");
        json_begin_array(writer);
        json_begin_object(writer);
        json_member_string(writer, "fullyQualifiedName", review_layer_name(r, r->found.finding[number].layer));
        json_member_string(writer, "kind", "member");
        json_end_object(writer);
        json_end_array(writer);
    }
    json_end_object(writer);
}

static void write_message(const review *r, const cvs_model_finding *finding, json_writer *writer) {
    cvs_text text = {.allowance = writer->text.allowance};
    if (finding->layer >= 0) cvs_text_addf(&text, "%s: ", review_layer_name(r, finding->layer));
    cvs_text_addf(&text, "%s%s%s", finding->message, *finding->fix ? " " : "", finding->fix);
    write_text(writer, "message", text.data ? text.data : "");
    if (text.failed) writer->text.failed = true;
    cvs_text_free(&text);
}

static void write_result(const review *r, int number, const listed *list, json_writer *writer) {
    const cvs_model_finding *finding = &r->found.finding[number];
    const review_finding *beside = &r->beside[number];
    json_begin_object(writer);
    json_member_string(writer, "ruleId", finding->rule->id);
    json_member_int(writer, "ruleIndex", list->place[number_of(finding->rule)] - 1);
    json_member_string(writer, "level", cvs_level_name(finding->level));
    write_message(r, finding, writer);
    json_key(writer, "locations");
    json_begin_array(writer);
    write_location(r, number, writer);
    json_end_array(writer);
    json_key(writer, "partialFingerprints");
    json_begin_object(writer);
    json_member_string(writer, "primaryLocationLineHash", beside->fingerprint);
    json_end_object(writer);
    if (beside->ignored) {
        json_key(writer, "suppressions");
        json_begin_array(writer);
        json_begin_object(writer);
        json_member_string(writer, "kind", "inSource");
        json_end_object(writer);
        json_end_array(writer);
    }
    if (r->wish->baseline.given) json_member_string(writer, "baselineState", beside->known ? "unchanged" : "new");
    json_end_object(writer);
}

/* Of each file one: two runs of the same category would take each other's place. */
static void write_category(const review *r, json_writer *writer) {
    cvs_text id = {.allowance = writer->text.allowance};
    cvs_text_addf(&id, "convscope/%s%s", r->wish->file ? r->wish->file : "", r->wish->file ? "/" : "");
    json_member_string(writer, "id", id.data ? id.data : "");
    if (id.failed) writer->text.failed = true;
    cvs_text_free(&id);
}

static void write_run(const review *r, json_writer *writer) {
    listed list = {.count = 0};
    json_begin_object(writer);
    write_driver(r, writer, &list);
    json_key(writer, "automationDetails");
    json_begin_object(writer);
    write_category(r, writer);
    json_end_object(writer);
    json_member_string(writer, "columnKind", "unicodeCodePoints");
    json_key(writer, "results");
    json_begin_array(writer);
    for (int i = 0; i < r->found.count; i++) write_result(r, i, &list, writer);
    json_end_array(writer);
    json_end_object(writer);
}

void review_write_sarif(const review *r, json_writer *writer) {
    json_begin_object(writer);
    json_member_string(writer, "$schema", "https://json.schemastore.org/sarif-2.1.0.json");
    json_member_string(writer, "version", "2.1.0");
    json_key(writer, "runs");
    json_begin_array(writer);
    write_run(r, writer);
    json_end_array(writer);
    json_end_object(writer);
}
