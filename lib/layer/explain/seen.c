/* seen.c - weights that somebody saw, in words: whose they are, or which sizes are wrong and what they should be. */
#include "teller.h"

/* "Keras 1 ('th')": the one framework whose kernels have two orders. */
static void put_owner(cvs__teller *teller) {
    const cvs_match *match = teller->match;
    bool two = match->framework == CVS_KERAS1 && teller->layer->spatial_rank > 1;
    size_t from = teller->piece.length;
    cvs__add_string(&teller->piece, cvs__framework_title(match->framework));
    if (two) cvs__add_string(&teller->piece, match->data_format == CVS_CHANNELS_FIRST ? " 'th'" : " 'tf'");
    cvs__put_piece(teller, EXPLAIN_VALUE_FRAMEWORK, from);
}

/* "`kernel` (5, 300, 111), `bias` (111,)" */
static void put_expected(cvs__teller *teller) {
    const cvs_weights *expected = &teller->match->expected;
    size_t from = teller->piece.length;
    for (int i = 0; i < expected->count; i++) {
        cvs__put_string(teller, EXPLAIN_VALUE_AXIS_NAME, expected->weight[i].name);
        cvs__put_shape(teller, EXPLAIN_VALUE_SHAPE, &expected->weight[i].tensor);
        cvs__write(teller, i ? EXPLAIN_TENSORS_NEXT : EXPLAIN_TENSORS_FIRST);
    }
    cvs__put_piece(teller, EXPLAIN_VALUE_AXES, from);
}

static void say_every_axis(cvs__teller *teller) {
    const cvs_weights *given = &teller->match->given;
    for (int i = 0; i < given->count; i++) {
        cvs__put_string(teller, EXPLAIN_VALUE_KERNEL_NAME, given->weight[i].name);
        cvs__put_shape(teller, EXPLAIN_VALUE_KERNEL_SHAPE, &given->weight[i].tensor);
        cvs__put_axis_list(teller, &given->weight[i].tensor);
        cvs__say(teller, EXPLAIN_TENSORS_ONE);
    }
}

static void say_wrong_sizes(cvs__teller *teller) {
    const cvs_match *match = teller->match;
    for (int i = 0; i < match->given.count; i++) {
        const cvs_tensor_shape *given = &match->given.weight[i].tensor, *wanted = &match->expected.weight[i].tensor;
        for (int axis = 0; axis < given->shape.rank; axis++) {
            if (!match->differs[i][axis]) continue;
            cvs__put(teller, EXPLAIN_VALUE_POSITION, axis);
            cvs__put_string(teller, EXPLAIN_VALUE_KERNEL_NAME, match->expected.weight[i].name);
            cvs__put_string(teller, EXPLAIN_VALUE_AXIS_NAME, cvs_axis_name(wanted->axes[axis]));
            cvs__put_size(teller, EXPLAIN_VALUE_SIZE, given, axis);
            cvs__put_size(teller, EXPLAIN_VALUE_TIMES, wanted, axis);
            cvs__say(teller, EXPLAIN_SEEN_WRONG);
        }
    }
}

/* How many tensors were given, where the layer has another number of them or they fit in no way. */
static void say_count(cvs__teller *teller) {
    const cvs_match *match = teller->match;
    const bool alike = match->expected.count == match->given.count;
    cvs__put(teller, EXPLAIN_VALUE_AMOUNT, match->expected.count);
    cvs__put(teller, EXPLAIN_VALUE_OTHER, match->given.count);
    cvs__say(teller, !match->expected.count ? EXPLAIN_SEEN_NO_WEIGHTS : alike ? EXPLAIN_SEEN_NONE : EXPLAIN_SEEN_COUNT);
}

void cvs__tell_match(cvs__teller *teller) {
    const cvs_match *match = teller->match;
    cvs__tell(teller, "weights-seen");
    put_owner(teller);
    put_expected(teller);
    switch (match->kind) {
    case CVS_MATCH_EXACT:
        cvs__say(teller, EXPLAIN_SEEN_EXACT);
        say_every_axis(teller);
        break;
    case CVS_MATCH_SIZE:
        cvs__say(teller, EXPLAIN_SEEN_NEAREST);
        say_wrong_sizes(teller);
        break;
    case CVS_MATCH_PERMUTATION:
        cvs__say(teller, cvs__match_is_old_keras(teller->inference, match) ? EXPLAIN_SEEN_OLD : EXPLAIN_SEEN_PERMUTED);
        break;
    case CVS_MATCH_NONE:
        say_count(teller);
        break;
    }
}
