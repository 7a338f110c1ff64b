/* shape_asked.h - the members of a shape answer that are only there when the request asks for them. */
#ifndef CONVSCOPE_SHAPE_ASKED_H
#define CONVSCOPE_SHAPE_ASKED_H

#include "api/layer_json.h"
#include "api/shape_answer.h"

/*
 * "weights_seen": is wish->weights what this layer's weights look like, and what are their axes? Its "message" says the
 * same in words, in wish->language; they are in `arena`.
 */
cvs_status shape_write_match(const layer_json *json, cvs_arena *arena, const cvs_inference *inference,
                             const shape_wish *wish, cvs_error *err) CVS_NODISCARD;

/* "receptive_window": the input positions that wish->cell reads, axis by axis: first, first + step, ... */
cvs_status shape_write_window(const layer_json *json, const cvs_inference *inference, const shape_wish *wish,
                              cvs_error *err) CVS_NODISCARD;

#endif
