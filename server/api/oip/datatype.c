#include "api/oip/datatype.h"

#include "api/members.h"

#include <math.h>

/* Those of the protocol's table, "Tensor Data Types", but BYTES; and Triton's BF16. */
static const char *const names[] = {"BOOL",  "UINT8", "UINT16", "UINT32", "UINT64", "INT8", "INT16",
                                    "INT32", "INT64", "FP16",   "FP32",   "FP64",   "BF16", NULL};
static const tensor_element elements[] = {TENSOR_BOOL, TENSOR_U8,  TENSOR_U16, TENSOR_U32, TENSOR_U64,
                                          TENSOR_I8,   TENSOR_I16, TENSOR_I32, TENSOR_I64, TENSOR_F16,
                                          TENSOR_F32,  TENSOR_F64, TENSOR_BF16};
_Static_assert(sizeof names / sizeof *names == sizeof elements / sizeof *elements + 1, "a name an element, and NULL");

cvs_status oip_datatype_find(const char *word, const char *pointer, tensor_element *out, cvs_error *err) {
    int choice;
    cvs_status status = members_choice(word, pointer, names, "unsupported-datatype", &choice, err);
    if (status == CVS_OK) *out = elements[choice];
    return status;
}

static const char *name_of(tensor_element element) {
    int i = 0;
    while (elements[i] != element) i++;
    return names[i];
}

/* ---- what a type holds ----------------------------------------------------------------- */

/* The least and the largest value, as float32. */
typedef struct range {
    float least, most;
} range;

static range range_of(tensor_element element) {
    switch (element) {
    case TENSOR_BOOL:
        return (range){0, 1};
    case TENSOR_U8:
        return (range){0, UINT8_MAX};
    case TENSOR_U16:
        return (range){0, UINT16_MAX};
    case TENSOR_U32:
        return (range){0, (float)UINT32_MAX};
    case TENSOR_U64:
        return (range){0, (float)UINT64_MAX};
    case TENSOR_I8:
        return (range){INT8_MIN, INT8_MAX};
    case TENSOR_I16:
        return (range){INT16_MIN, INT16_MAX};
    case TENSOR_I32:
        return (range){(float)INT32_MIN, (float)INT32_MAX};
    case TENSOR_I64:
        return (range){(float)INT64_MIN, (float)INT64_MAX};
    default:
        return (range){-INFINITY, INFINITY};
    }
}

bool oip_datatype_is_narrow(tensor_element element) { return isfinite(range_of(element).most); }

cvs_status oip_datatype_check(tensor_element element, const float *values, int64_t count, cvs_error *err) {
    const range held = range_of(element);
    for (int64_t i = 0; i < count; i++) {
        if (values[i] >= held.least && values[i] <= held.most && values[i] == truncf(values[i])) continue;
        (void)cvs_fail(err, CVS_INVALID, "number-not-of-datatype", "/data",
                       "Element %lld, counted from 0 in row-major order, is %g, which is no %s.", (long long)i,
                       (double)values[i], name_of(element));
        cvs_fail_value(err, "%g", (double)values[i]);
        cvs_fail_expected(err, "a whole number from %.9g to %.9g", (double)held.least, (double)held.most);
        return CVS_INVALID;
    }
    return CVS_OK;
}

cvs_status oip_datatype_read_bools(const json_t *json, int depth, float **out, cvs_error *err) {
    cvs_status status = CVS_OK;
    if (depth > 0) {
        const size_t size = json_array_size(json);
        for (size_t i = 0; i < size && status == CVS_OK; i++) {
            status = oip_datatype_read_bools(json_array_get(json, i), depth - 1, out, err);
        }
    } else if (json_is_boolean(json) || json_is_number(json)) {
        *(*out)++ = json_is_boolean(json) ? (float)json_is_true(json) : (float)json_number_value(json);
    } else {
        status = members_wrong_type(json, "/data", "true, false, 1 and 0", err);
    }
    return status;
}
