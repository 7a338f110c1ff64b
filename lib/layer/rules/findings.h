/* findings.h - the findings on a layer with a choice of rules; cvs_layer_findings() takes those on by default. */
#ifndef CONVSCOPE_RULES_FINDINGS_H
#define CONVSCOPE_RULES_FINDINGS_H

#include "layer/rules/rule.h"

cvs_status cvs__find_in_layer(cvs_arena *arena, const cvs_inference *inference, cvs_language language,
                              cvs__selection selection, cvs_findings *out, cvs_error *err) CVS_NODISCARD;

#endif
