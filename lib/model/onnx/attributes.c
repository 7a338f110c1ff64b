/* attributes.c - what a node's attributes say. */
#include <string.h>

#include "model/onnx/onnx.h"

const Onnx__AttributeProto *cvs__onnx_attribute(const cvs__onnx_node *node, const char *name) {
    for (size_t i = 0; i < node->proto->n_attribute; i++)
        if (strcmp(cvs__onnx_text(node->proto->attribute[i]->name), name) == 0) return node->proto->attribute[i];
    return NULL;
}

bool cvs__onnx_is_integer_attribute(const Onnx__AttributeProto *attribute) {
    const bool zero = attribute->has_type && attribute->type == ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__INT;
    return attribute->has_i || zero;
}

int64_t cvs__onnx_integer(const cvs__onnx_call *call, const char *name, int64_t otherwise) {
    const Onnx__AttributeProto *attribute = cvs__onnx_attribute(call->node, name);
    return attribute && cvs__onnx_is_integer_attribute(attribute) ? attribute->i : otherwise;
}

bool cvs__onnx_word_is(const cvs__onnx_call *call, const char *name, const char *word) {
    const Onnx__AttributeProto *attribute = cvs__onnx_attribute(call->node, name);
    const size_t length = strlen(word);
    return attribute && attribute->has_s && attribute->s.len == length && memcmp(attribute->s.data, word, length) == 0;
}

cvs_status cvs__onnx_integers(const cvs__onnx_call *call, const char *name, int most, int64_t *out, int *count) {
    const Onnx__AttributeProto *attribute = cvs__onnx_attribute(call->node, name);
    *count = -1;
    if (!attribute) return CVS_OK;
    if (attribute->n_ints > (size_t)most)
        return cvs__onnx_fail(call, "wrong-length",
                              "The attribute %s has %zu numbers, more than the %d that it can have.", name,
                              attribute->n_ints, most);
    *count = (int)attribute->n_ints;
    if (*count > 0) memcpy(out, attribute->ints, attribute->n_ints * sizeof *out);
    return CVS_OK;
}
