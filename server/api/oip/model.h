/*
 * model.h - the one model that the Open Inference Protocol finds here.
 *
 * The protocol is that of KServe (github.com/kserve/open-inference-protocol, specification/protocol/inference_rest.md;
 * its first form is docs/predict-api/v2/required_api.md of github.com/kserve/kserve) with Triton's binary tensor data
 * extension (github.com/triton-inference-server/server, docs/protocol/extension_binary_data.md).
 */
#ifndef CONVSCOPE_OIP_MODEL_H
#define CONVSCOPE_OIP_MODEL_H

#include "api/api.h"

/* A model has versions so that fleets can ask for one by name; this one changes when the tensors' meaning does. */
extern const char oip_model_name[], oip_model_version[];

/* Is it the one that the path asks for, in any version or ours? Answers 404 where it is not. */
bool oip_model_asked(const api_request *request, api_response *response) CVS_NODISCARD;

#endif
