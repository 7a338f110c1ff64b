/* cannot.c - why a framework cannot express a layer, in the reader's language. */
#include "layer/layer_internal.h"

#include "dialect/writer.h"

static cvs__value word(const char *text) { return cvs__string(text ? text : ""); }

cvs_status cvs__cannot(const cvs__plan *plan, const cvs__obstacle *obstacle, cvs_error *err) {
    cvs__value values[EXPLAIN_VALUE_COUNT] = {0};
    cvs_text text = {0};
    if (!err) return CVS_UNSUPPORTED;
    values[EXPLAIN_VALUE_FRAMEWORK] = word(cvs__framework_title(plan->layer.framework));
    values[EXPLAIN_VALUE_TERM] = word(obstacle->term);
    values[EXPLAIN_VALUE_SETTING] = word(obstacle->setting);
    values[EXPLAIN_VALUE_AMOUNT] = cvs__integer(obstacle->amount);
    values[EXPLAIN_VALUE_OTHER] = cvs__integer(obstacle->other);
    cvs__render(&cvs__explain_catalogue, obstacle->sentence, plan->language, values, &text);
    cvs_status status = text.failed
                            ? cvs_fail(err, CVS_NO_MEMORY, "no-memory", NULL, "not enough memory to say why not")
                            : cvs_fail(err, CVS_UNSUPPORTED, obstacle->code, obstacle->pointer, "%s", text.data);
    cvs_text_free(&text);
    return status;
}
