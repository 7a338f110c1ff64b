/* layer_input.h - "layer" and "framework" of a request, and what goes wrong when they are put on an input. */
#ifndef CONVSCOPE_LAYER_INPUT_H
#define CONVSCOPE_LAYER_INPUT_H

#include "api/call.h"

/* The framework called `word`, which stands at `pointer`. */
cvs_status framework_find(const char *word, const char *pointer, cvs_framework *out, cvs_error *err) CVS_NODISCARD;

/* The member "framework" of the request; CVS_FRAMEWORK_AUTO where there is none. */
cvs_status framework_read(api_call *call, cvs_framework *out) CVS_NODISCARD;

/* The language of a tag, which stands at `pointer`. */
cvs_status language_find(const char *tag, const char *pointer, cvs_language *out, cvs_error *err) CVS_NODISCARD;

/* The request's "language" into `out`, which stays as it is where there is none. */
cvs_status language_read(api_call *call, cvs_language *out) CVS_NODISCARD;

/* Where a layer stands in the request, and where its input does. */
typedef struct layer_place {
    const char *layer;       /* "/layer"; of a chain "/layers", */
    size_t nth;              /* and which of them it is, from 1; 0 outside of chains */
    const char *input_shape; /* "/input_shape"; "/input/shape", "/input"; NULL: what the layer before gives */
    bool input_has_sizes;    /* is there an array of sizes at input_shape, whose entries a pointer can name? */
} layer_place;

/* The place as a pointer: "/layer", "/layers/2". Written only where there is something to say about it. */
#define LAYER_POINTER_SIZE 32
const char *layer_pointer(const layer_place *at, char out[LAYER_POINTER_SIZE]);

/* Read the layer that stands at `at`, in any dialect; settings written as "?" are in out->asked. */
cvs_status layer_read_asking(api_call *call, const json_t *json, const layer_place *at, cvs_framework framework,
                             cvs_reading *out) CVS_NODISCARD;

/* The same for a layer that has to be complete: "?" is an error that names /v1/solve. */
cvs_status layer_read(api_call *call, const json_t *json, const layer_place *at, cvs_framework framework,
                      cvs_reading *out) CVS_NODISCARD;

/*
 * Let an error from cvs_infer(), or from what follows it, name what the user wrote: a member of the layer, a place in
 * its text, or its input shape. What is about a "/cell" is left alone.
 */
void layer_locate(cvs_error *err, const cvs_reading *reading, const layer_place *at);

/* Fails with the sizes that an input shape for this layer needs, since none was given. */
cvs_status layer_input_missing(api_call *call, const cvs_layer *layer);

#endif
