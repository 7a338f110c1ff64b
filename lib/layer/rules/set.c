/* set.c - a choice of rules, and how it is written. */
#include <convscope/rules.h>

#include <stdio.h>
#include <string.h>

static uint64_t bit_of(const cvs_rule *rule) {
    size_t count = 0;
    return UINT64_C(1) << (rule - cvs_rules(&count));
}

cvs_rule_set cvs_rule_set_default(void) {
    cvs_rule_set set = {0};
    size_t count = 0;
    const cvs_rule *rules = cvs_rules(&count);
    for (size_t i = 0; i < count; i++)
        if (rules[i].on_by_default) set.bits |= UINT64_C(1) << i;
    return set;
}

cvs_rule_set cvs_rule_set_all(void) {
    size_t count = 0;
    (void)cvs_rules(&count);
    return (cvs_rule_set){(UINT64_C(1) << count) - 1};
}

bool cvs_rule_set_has(cvs_rule_set set, const cvs_rule *rule) { return set.bits & bit_of(rule); }

/* ---- reading ---------------------------------------------------------------------- */

enum { LONGEST_WORD = 64, KNOWN_MAX = 2 * 64 + 4 };

static cvs_status fail_word(const char *word, cvs_error *err) {
    const char *known[KNOWN_MAX] = {"all", "default", "none"};
    size_t count = 0, listed = 3;
    const cvs_rule *rules = cvs_rules(&count);
    for (size_t i = 0; i < count; i++) {
        known[listed++] = rules[i].id;
        known[listed++] = rules[i].name;
    }
    const char *nearest = cvs_nearest_name(word, known);
    const cvs_status status = cvs_fail(err, CVS_INVALID, "rule-unknown", "", "There is no rule called %s.", word);
    cvs_fail_value(err, "%s", word);
    cvs_fail_expected(err, "%s", nearest ? nearest : "all, default, none, or a rule's id or name as \"CV032\"");
    return status;
}

static cvs_status bits_of(const char *word, uint64_t *bits, cvs_error *err) {
    const cvs_rule *rule = cvs_rule_find(word);
    if (rule)
        *bits = bit_of(rule);
    else if (strcmp(word, "all") == 0)
        *bits = cvs_rule_set_all().bits;
    else if (strcmp(word, "default") == 0)
        *bits = cvs_rule_set_default().bits;
    else if (strcmp(word, "none") == 0)
        *bits = 0;
    else
        return fail_word(word, err);
    return CVS_OK;
}

cvs_status cvs_rule_set_read(const char *words, cvs_rule_set *out, cvs_error *err) {
    static const char between[] = ", \t\r\n";
    const char *at = words + strspn(words, between);
    cvs_rule_set set = *at == '-' || *at == '+' ? cvs_rule_set_default() : (cvs_rule_set){0};
    while (*at) {
        char word[LONGEST_WORD];
        const bool away = *at == '-';
        if (away || *at == '+') at++;
        const size_t length = strcspn(at, between);
        uint64_t bits = 0;
        snprintf(word, sizeof word, "%.*s", length < sizeof word ? (int)length : LONGEST_WORD - 1, at);
        const cvs_status status = bits_of(word, &bits, err);
        if (status != CVS_OK) return status;
        set.bits = away ? set.bits & ~bits : set.bits | bits;
        at += length;
        at += strspn(at, between);
    }
    *out = set;
    return CVS_OK;
}
