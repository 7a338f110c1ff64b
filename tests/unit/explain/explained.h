/* explained.h - an explanation to look at, in tests. Everything stays allocated until the arena is freed. */
#ifndef CONVSCOPE_TESTS_EXPLAINED_H
#define CONVSCOPE_TESTS_EXPLAINED_H

#include "layer/layers.h"

#include <convscope/explain.h>

static inline cvs_explanation explain(cvs_arena *arena, const cvs_inference *inference, cvs_language language) {
    cvs_explanation explanation;
    cvs_error err = {0};
    ck_assert_int_eq(cvs_explain(arena, inference, language, &explanation, &err), CVS_OK);
    ck_assert_int_eq(err.status, CVS_OK);
    return explanation;
}

/* The paragraph on `topic`, or NULL. */
static inline const char *about(const cvs_explanation *explanation, const char *topic) {
    for (int i = 0; i < explanation->count; i++)
        if (strcmp(explanation->paragraph[i].topic, topic) == 0) return explanation->paragraph[i].text;
    return NULL;
}

/* The paragraph on `topic` of the layer in English (Chinese) must contain the text; none when it is NULL. */
static inline void says_in(cvs_language language, const cvs_inference *inference, const char *topic,
                           const char *expected) {
    cvs_arena arena = cvs_arena_make(0);
    cvs_explanation explanation = explain(&arena, inference, language);
    const char *text = about(&explanation, topic);
    if (!expected)
        ck_assert_msg(!text, "%s: %s", topic, text);
    else
        ck_assert_msg(text && strstr(text, expected), "%s: %s\nlacks: %s", topic, text ? text : "nothing", expected);
    cvs_arena_free(&arena);
}

static inline void says(const cvs_inference *inference, const char *topic, const char *expected) {
    says_in(CVS_ENGLISH, inference, topic, expected);
}

#endif
