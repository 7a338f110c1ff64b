/* model_checks.h - what holds of every model, whoever wrote it down. */
#ifndef CONVSCOPE_FUZZ_MODEL_CHECKS_H
#define CONVSCOPE_FUZZ_MODEL_CHECKS_H

#include "harness.h"

#include <convscope/model.h>

void fuzz_check_refusal(cvs_status status, const cvs_error *err);

/* Put it on its own inputs, and look at all that it says then. False: that was refused, for a reason. */
bool fuzz_check_model(cvs_model *model, cvs_symbols *symbols);

#endif
