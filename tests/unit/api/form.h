/* form.h - bodies of multipart/form-data with .npy files in them, for the API's tests. */
#ifndef CONVSCOPE_TESTS_API_FORM_H
#define CONVSCOPE_TESTS_API_FORM_H

#include <convscope/base.h>

#define FORM_TYPE "multipart/form-data; boundary=form-boundary"

/* One part; `file` of float32 or whatever else its header says. */
void form_text(cvs_text *body, const char *name, const char *text);
void form_file(cvs_text *body, const char *name, const char *header, const void *numbers, size_t size);
/* float32 in `shape`, "(1, 3)". */
void form_floats(cvs_text *body, const char *name, const char *shape, const float *numbers, size_t count);
void form_end(cvs_text *body);

#endif
