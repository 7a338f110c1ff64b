/* layer_json.h - how layers, shapes and weights are written. */
#ifndef CONVSCOPE_LAYER_JSON_H
#define CONVSCOPE_LAYER_JSON_H

#include "api/json_writer.h"

#include <convscope/dialect.h>

/* What all of them need: where to write, and what the sizes' names stand for. */
typedef struct layer_json {
    json_writer *writer;
    const cvs_symbols *symbols; /* may be NULL */
    cvs_text *scratch;
} layer_json;

/* A number; null when unknown; an expression as a string. */
void layer_json_dim(const layer_json *json, cvs_dim dim);
/* "shape": [...], "axes": [...]; the members of the object that is open. */
void layer_json_tensor(const layer_json *json, const cvs_tensor_shape *tensor);
/* {"name", "shape", "axes", "count"} */
void layer_json_weight(const layer_json *json, const cvs_weight *weight);
/* A number, or null when it is not known (CVS_DIM_UNKNOWN or below). */
void layer_json_count(json_writer *writer, const char *key, int64_t count);
/* An array of numbers, null for those that are not known. */
void layer_json_list(json_writer *writer, const char *key, const int64_t *values, int count);
/* {"macs", ...}, null where a size is not known. */
void layer_json_cost(json_writer *writer, const cvs_cost *cost);
/* {"size", "jump", "start"}, an entry an axis. */
void layer_json_receptive_field(json_writer *writer, const cvs_receptive_field *field);
/* The layer with everything settled, in our own form. */
cvs_status layer_json_layer(const layer_json *json, const cvs_inference *inference, cvs_error *err) CVS_NODISCARD;

#endif
