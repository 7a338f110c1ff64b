/* round_trip.h - a layer written for a framework and read back: is it the same? */
#ifndef CONVSCOPE_TESTS_DIALECT_ROUND_TRIP_H
#define CONVSCOPE_TESTS_DIALECT_ROUND_TRIP_H

#include "support.h"

/* A merge has so many inputs, all of the shape of the first. */
enum { ROUND_TRIP_INPUTS = 3 };

typedef enum round_trip {
    ROUND_TRIP_REFUSED, /* *refusal says why the framework cannot express it */
    ROUND_TRIP_SINGLE,  /* one line or node: the same layer on the same input, in Keras's serialised form too */
    ROUND_TRIP_SEVERAL  /* several, one after another: the same output */
} round_trip;

/* The test fails, with the text that was written, where what is read back is something else. */
round_trip check_round_trip(const cvs_inference *inference, cvs_framework framework, cvs_error *refusal);

#endif
