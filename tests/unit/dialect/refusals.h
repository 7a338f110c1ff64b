/* refusals.h - what each framework cannot express, by what its documents have: the only reasons to refuse a layer. */
#ifndef CONVSCOPE_TESTS_DIALECT_REFUSALS_H
#define CONVSCOPE_TESTS_DIALECT_REFUSALS_H

#include "support.h"

/* The test fails where the layer was refused for a reason that it does not have. */
void check_refusal(const cvs_inference *inference, cvs_framework framework, cvs_status status, const cvs_error *err);

#endif
