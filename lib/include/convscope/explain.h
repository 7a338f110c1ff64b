/*
 * explain.h - a layer in words: short paragraphs about this layer's own
 * numbers, for somebody who has seen CS231n and nothing else.
 *
 * Every sentence lives in one catalogue a language (lib/layer/explain/en.txt,
 * zh.txt); C only decides which ones apply and puts the numbers in.
 */
#ifndef CONVSCOPE_EXPLAIN_H
#define CONVSCOPE_EXPLAIN_H

#include <convscope/inspect.h>
#include <convscope/layer.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum cvs_language {
    CVS_ENGLISH = 0,
    CVS_CHINESE, /* Simplified */
    CVS_LANGUAGE_COUNT
} cvs_language;

/* "en", "zh". */
CVS_API const char *cvs_language_tag(cvs_language language);

/* From a tag such as "en", "zh-CN", "zh_Hans" (case does not matter); false when it is neither language. */
CVS_API bool cvs_language_from_tag(const char *tag, cvs_language *language);

#define CVS_MAX_PARAGRAPHS 24

typedef struct cvs_paragraph {
    const char *topic; /* stable and the same in every language: "volume", "depth", "weight-axes", ... Static. */
    const char *text;  /* in the arena */
} cvs_paragraph;

typedef struct cvs_explanation {
    int count;
    cvs_paragraph paragraph[CVS_MAX_PARAGRAPHS];
} cvs_explanation;

/*
 * Explain the layer on its input, the most needed first: what shape goes in and comes out, what the axes mean,
 * why channels do not survive, what each axis of the weights is, where one filter's kernel and map are, what
 * stride and padding do at the border, how the kernel slides. Only what is true of this layer is said.
 * CVS_NO_MEMORY.
 */
CVS_API cvs_status cvs_explain(cvs_arena *arena, const cvs_inference *inference, cvs_language language,
                               cvs_explanation *out, cvs_error *err) CVS_NODISCARD;

/*
 * What cvs_layer_match() found, in words, as one paragraph "weights-seen": whose layout it is and what every axis is;
 * or which sizes are wrong and what they should be; or what the layer stores instead. CVS_NO_MEMORY.
 */
CVS_API cvs_status cvs_explain_match(cvs_arena *arena, const cvs_inference *inference, const cvs_match *match,
                                     cvs_language language, cvs_explanation *out, cvs_error *err) CVS_NODISCARD;

/*
 * Append what cvs_layer_unsolved() found, in words: the obstacle with its numbers. What cvs_infer() says of a layer is
 * quoted in English. As with every append, look at out->failed in the end.
 */
CVS_API void cvs_explain_no_way(const cvs_no_way *why, cvs_language language, cvs_text *out);

#ifdef __cplusplus
}
#endif

#endif
