/* model_text.h - models from JSON with single quotes and from code, and what they say as text that a test can compare.
 */
#ifndef CONVSCOPE_TESTS_MODEL_TEXT_H
#define CONVSCOPE_TESTS_MODEL_TEXT_H

#include <convscope/convscope.h>
#include <jansson.h>

typedef struct read_model {
    cvs_arena *arena; /* stays where it is: the model goes on taking from it */
    json_t *json;
    cvs_symbols *symbols; /* names for sizes; NULL: none */
    cvs_model *model;     /* NULL: `error` says why */
    cvs_error error;
} read_model;

/* A model of Keras, inferred where it could be read. */
read_model keras_model(const char *text);
/* A model written as text, inferred likewise. */
read_model text_model(const char *text);
/* A model of any kind, as cvs_model_read_file() is given it. */
read_model file_model(const cvs_model_source *source);
void model_free(read_model *read);

/* Put it on an input, of the model's only one. */
void infer_on(read_model *read, cvs_shape shape);

/* The layer called `name`; fails the test when there is none. */
const cvs_model_layer *layer_of(const read_model *read, const char *name);

/* "(None, 4, 4, 2)", of a layer's first output; "?" without a shape. Static, until the next call. */
const char *output_of(const read_model *read, const char *name);

/* The tensor called `name`, and its shape likewise: "(N, 4, 2*W)"; fails the test when there is none. */
const cvs_model_tensor *find_tensor(const read_model *read, const char *name);
const char *tensor_of(const read_model *read, const char *name);

/* The names of the layers in their order, separated by spaces. Static, until the next call. */
const char *names_of(const read_model *read);

#endif
