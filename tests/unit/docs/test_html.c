#include "docs/html.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

Suite *html_suite(void);

/* ---- text ------------------------------------------------------------------ */

static const struct {
    void (*write)(FILE *out, const char *text);
    const char *text, *html;
} texts[] = {
    {html_text, "", ""},
    {html_text, "a < b && \"c\" > 'd'", "a &lt; b &amp;&amp; &quot;c&quot; > 'd'"},
    {html_phrase, "one `x < y` *two*", "one <code>x &lt; y</code> <em>two</em>"},
    {html_phrase, "two\n\nparagraphs", "<p>two</p>\n<p>paragraphs</p>\n"},
    {html_phrase, "- a list", "<ul>\n<li>a list</li>\n</ul>\n"},
    {html_phrase, "", ""},
    {html_phrase, NULL, ""},
    {html_markdown, "one\n\n**two**", "<p>one</p>\n<p><strong>two</strong></p>\n"},
    {html_markdown, "<script>alert(1)</script>", "<!-- raw HTML omitted -->\n"},
    {html_markdown, NULL, ""},
};

START_TEST(text) {
    char *html = NULL;
    size_t length;
    FILE *out = open_memstream(&html, &length);
    texts[_i].write(out, texts[_i].text);
    fclose(out);
    ck_assert_str_eq(html, texts[_i].html);
    free(html);
}
END_TEST

/* ---- JSON -------------------------------------------------------------------- */

/* Without the colours. */
static char *plain(const char *json, bool in_shell) {
    char *html = NULL;
    size_t length;
    json_t *value = json_loads(json, JSON_DECODE_ANY, NULL);
    FILE *out = open_memstream(&html, &length);
    ck_assert_ptr_nonnull(value);
    html_json(out, value, in_shell);
    fclose(out);
    json_decref(value);
    for (char *tag = strchr(html, '<'); tag; tag = strchr(tag, '<')) {
        char *end = strchr(tag, '>') + 1;
        memmove(tag, end, strlen(end) + 1);
    }
    return html;
}

#define TEN   "1234567890"
#define LONG  TEN TEN TEN TEN TEN TEN TEN
#define Q(it) "&quot;" it "&quot;"

static const struct {
    const char *json, *written;
    bool in_shell;
} jsons[] = {
    {"null", "null", false},
    {"[]", "[]", false},
    {"{\"b\":[1,2.5,true],\"a\":\"<\"}", "{" Q("b") ": [1, 2.5, true], " Q("a") ": " Q("&lt;") "}", false},
    {"{\"a\":\"it's\"}", "{" Q("a") ": " Q("it's") "}", false},
    {"{\"a'\":\"'it's'\"}", "{" Q("a'\\''") ": " Q("'\\''it'\\''s'\\''") "}", true},
    {"[\"" LONG "8\",\"" TEN "\"]", "[\n  " Q(LONG "8") ",\n  " Q(TEN) "\n]", false},
    {"{\"a\":[[\"" LONG "\",{\"b\":1}],2]}", "{\n  " Q("a") ": [\n    [" Q(LONG) ", {" Q("b") ": 1}],\n    2\n  ]\n}",
     false},
};

START_TEST(json) {
    char *written = plain(jsons[_i].json, jsons[_i].in_shell);
    ck_assert_str_eq(written, jsons[_i].written);
    free(written);
}
END_TEST

Suite *html_suite(void) {
    Suite *suite = suite_create("html");
    TCase *tcase = tcase_create("core");
    tcase_add_loop_test(tcase, text, 0, sizeof texts / sizeof *texts);
    tcase_add_loop_test(tcase, json, 0, sizeof jsons / sizeof *jsons);
    suite_add_tcase(suite, tcase);
    return suite;
}
