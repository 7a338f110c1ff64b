/* positions.c - axes, positions along them and decimal numbers as an explanation writes them. */
#include "teller.h"

/* Keys in the order of cvs_axis: length, depth, height, width. */
_Static_assert(EXPLAIN_CELLS_WIDTH - EXPLAIN_CELLS_LENGTH == CVS_AXIS_WIDTH - CVS_AXIS_LENGTH, "order of keys");
_Static_assert(EXPLAIN_NAME_WIDTH - EXPLAIN_NAME_LENGTH == CVS_AXIS_WIDTH - CVS_AXIS_LENGTH, "order of keys");

static cvs_axis axis_of(const cvs__teller *teller, int axis) {
    return cvs__spatial_axis(teller->layer->spatial_rank, axis);
}

static int name_of(const cvs__teller *teller, int axis) {
    if (axis == CVS__EVERY_AXIS) return EXPLAIN_NAME_EVERY;
    return EXPLAIN_NAME_LENGTH + (int)(axis_of(teller, axis) - CVS_AXIS_LENGTH);
}

void cvs__put_axis(cvs__teller *teller, int value, int axis) { cvs__put_phrase(teller, value, name_of(teller, axis)); }

void cvs__put_axes(cvs__teller *teller, int value, int first) {
    int last = teller->layer->spatial_rank - 1;
    cvs__put_axis(teller, value, first);
    for (int axis = first + 1; axis <= last; axis++) {
        teller->values[EXPLAIN_VALUE_LEFT] = teller->values[value];
        cvs__put_axis(teller, EXPLAIN_VALUE_RIGHT, axis);
        cvs__put_written(teller, value, axis == last ? EXPLAIN_AND : EXPLAIN_COMMA);
    }
}

/* "0", "0 to 4", "0, 2, 4", "0, 2, 4, ..., 18" */
static void add_list(cvs__teller *teller, cvs__positions positions, bool as_range) {
    int64_t last = positions.first + (positions.count - 1) * positions.step;
    if (as_range && positions.count > 1) {
        cvs__put(teller, EXPLAIN_VALUE_FROM, positions.first);
        cvs__put(teller, EXPLAIN_VALUE_TO, last);
        cvs__write(teller, EXPLAIN_RANGE);
        return;
    }
    for (int64_t i = 0; i < positions.count; i++) {
        bool skips = i == 3 && positions.count > 4;
        cvs__put(teller, EXPLAIN_VALUE_TO, skips ? last : positions.first + i * positions.step);
        cvs__write(teller, skips ? EXPLAIN_LIST_LAST : i ? EXPLAIN_LIST_NEXT : EXPLAIN_LIST_FIRST);
        if (skips) return;
    }
}

static void put_list(cvs__teller *teller, int value, int axis, cvs__positions positions, bool as_range) {
    size_t from = teller->piece.length;
    add_list(teller, positions, as_range);
    cvs__put_piece(teller, EXPLAIN_VALUE_LIST, from);
    cvs__put(teller, EXPLAIN_VALUE_AMOUNT, positions.count);
    cvs__write(teller, axis == CVS__EVERY_AXIS ? EXPLAIN_CELLS_EVERY
                                               : EXPLAIN_CELLS_LENGTH + (int)(axis_of(teller, axis) - CVS_AXIS_LENGTH));
    cvs__put_piece(teller, value, from);
}

void cvs__put_positions(cvs__teller *teller, int value, int axis, cvs__positions positions) {
    put_list(teller, value, axis, positions, false);
}

void cvs__put_range(cvs__teller *teller, int value, int axis, cvs__positions positions) {
    put_list(teller, value, axis, positions, positions.step == 1);
}

void cvs__put_decimal(cvs__teller *teller, int value, double number) {
    enum { DECIMALS = 6 };
    size_t from = teller->piece.length;
    double scaled = number * 1e6 + 0.5;
    if (!(scaled >= 0 && scaled < 9e18)) scaled = 0; /* rates and scales are small and positive */
    int64_t digits = (int64_t)scaled, fraction = digits % 1000000;
    cvs_text_add_int(&teller->piece, digits / 1000000);
    char tail[DECIMALS + 1] = {0};
    int length = 0;
    for (int64_t unit = 100000; fraction; unit /= 10) {
        tail[length++] = (char)('0' + fraction / unit);
        fraction %= unit;
    }
    if (length) cvs__add_string(&teller->piece, ".");
    cvs__add_bytes(&teller->piece, tail, (size_t)length);
    cvs__put_piece(teller, value, from);
}
