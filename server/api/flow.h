/* flow.h - an answer whose numbers become text while it is read, on all idle cores. */
#ifndef CONVSCOPE_FLOW_H
#define CONVSCOPE_FLOW_H

#include "api/api.h"
#include "api/tensor_text.h"

/*
 * What `writer` has written, with `tensor` in its gap. tensor->data, which is `values`, is free()d in any case, the
 * writer is empty afterwards. NULL when memory is short, or ran out in the writer.
 */
api_flow *flow_create(const cvs_engine *engine, json_writer *writer, const tensor_text *tensor, float *values);

#endif
