/* unsolved.c - why no settings give the wanted output, in words: which axis, and the sizes that can be reached. */
#include "layer/explain/explain_catalogue.h"
#include "layer/layer_internal.h"

/* "the height": the names follow each other in the catalogue, the last axis being the width unless it is alone. */
static int axis_name(const cvs_no_way *why) {
    return why->spatial_rank == 1 ? EXPLAIN_NAME_LENGTH : EXPLAIN_NAME_WIDTH - (why->spatial_rank - 1 - why->axis);
}

static int size_text(const cvs_no_way *why) {
    if (why->below && why->above) return EXPLAIN_UNSOLVED_BETWEEN;
    return why->below ? EXPLAIN_UNSOLVED_LARGEST : EXPLAIN_UNSOLVED_SMALLEST;
}

static int text_of(const cvs_no_way *why) {
    switch (why->reason) {
    case CVS_NO_WAY_SIZE:
        return size_text(why);
    case CVS_NO_WAY_CHANNELS:
        return EXPLAIN_UNSOLVED_CHANNELS;
    case CVS_NO_WAY_LAYER:
        return EXPLAIN_UNSOLVED_LAYER;
    case CVS_NO_WAY_TOGETHER:
        break;
    }
    return EXPLAIN_UNSOLVED_TOGETHER;
}

void cvs_explain_no_way(const cvs_no_way *why, cvs_language language, cvs_text *out) {
    const bool channels = why->reason == CVS_NO_WAY_CHANNELS;
    cvs__value values[EXPLAIN_VALUE_COUNT] = {0};
    values[EXPLAIN_VALUE_AXIS] = cvs__string(cvs__catalogue_plain(&cvs__explain_catalogue, axis_name(why), language));
    values[EXPLAIN_VALUE_WANTED] = cvs__integer(channels ? why->wanted_channels : why->wanted);
    values[EXPLAIN_VALUE_BELOW] = cvs__integer(why->below);
    values[EXPLAIN_VALUE_ABOVE] = cvs__integer(why->above);
    values[EXPLAIN_VALUE_CHANNELS] = cvs__integer(why->channels);
    values[EXPLAIN_VALUE_REASON] = cvs__string(why->error.message);
    cvs__render(&cvs__explain_catalogue, text_of(why), language, values, out);
}
