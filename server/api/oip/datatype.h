/* datatype.h - the protocol's names for the types of a tensor's elements. */
#ifndef CONVSCOPE_OIP_DATATYPE_H
#define CONVSCOPE_OIP_DATATYPE_H

#include "api/tensor.h"

/* The type called `word`, which stands at `pointer`. CVS_INVALID, code "unsupported-datatype", for BYTES and others. */
cvs_status oip_datatype_find(const char *word, const char *pointer, tensor_element *out, cvs_error *err) CVS_NODISCARD;

/* Can a float32 be no value of this type? So it is for integers and BOOL. */
bool oip_datatype_is_narrow(tensor_element element);

/*
 * Are all `values`, of a narrow type and read from JSON, such a type's? The protocol leaves it to the server whether to
 * bend what is not; a fraction or -1 among bytes is rather a mistake. CVS_INVALID at "/data".
 */
cvs_status oip_datatype_check(tensor_element element, const float *values, int64_t count, cvs_error *err) CVS_NODISCARD;

/*
 * Elements of a BOOL: JSON's true and false, or numbers, in full rows nested `depth` deep; *out goes on behind what was
 * read. CVS_INVALID at "/data".
 */
cvs_status oip_datatype_read_bools(const json_t *json, int depth, float **out, cvs_error *err) CVS_NODISCARD;

#endif
