/* rules.c - GET /v1/rules: every rule that findings can name. */
#include "api/call.h"

#include <convscope/rules.h>

static void write_rule(json_writer *writer, const cvs_rule *rule, cvs_language language) {
    json_begin_object(writer);
    json_member_string(writer, "id", rule->id);
    json_member_string(writer, "name", rule->name);
    json_member_string(writer, "level", cvs_level_name(rule->level));
    json_member_string(writer, "precision", cvs_precision_name(rule->precision));
    json_member_string(writer, "scope", cvs_scope_name(rule->scope));
    json_member_bool(writer, "on_by_default", rule->on_by_default);
    json_member_string(writer, "title", cvs_rule_title(rule, language));
    json_member_string(writer, "help", cvs_rule_help(rule, language));
    json_member_string(writer, "condition", rule->condition);
    json_member_string(writer, "source", rule->source);
    json_end_object(writer);
}

void api_rules(const api_context *context, const api_request *request, api_response *response) {
    size_t count;
    const cvs_rule *rules = cvs_rules(&count);
    const cvs_language language = api_language(request);
    json_writer writer = {0};
    json_begin_object(&writer);
    json_member_string(&writer, "language", cvs_language_tag(language));
    json_key(&writer, "rules");
    json_begin_array(&writer);
    for (size_t i = 0; i < count; i++) write_rule(&writer, &rules[i], language);
    json_end_array(&writer);
    json_end_object(&writer);
    call_respond(&writer, response);
    response->varies = "Accept-Language";
}
